/**
 * Prints the documents that are made from the code: `API.md`, and in `docs/` the profiles, acknowledgements,
 * controls, rules, and the pictures of the architecture.
 *
 * With `--check` it writes nothing, and fails on a printed document that is out of date, a link that leads nowhere, and a code block that
 * does not compile against the built package.
 */
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { acknowledgementsPage } from './docs/acknowledgements-page';
import { controlsPage } from './docs/controls-page';
import { brokenLinks } from './docs/links';
import { profilesPage } from './docs/profiles-page';
import { rulesPage } from './docs/rules-page';
import { uncompiledSnippets } from './docs/snippets';
import { architecturePictures } from './draw-architecture';

const ROOT = path.resolve(__dirname, '..');
const API_BYTES = 400 * 1024;
const UNREAD = new Set(['node_modules', 'dist', 'assets', 'cdk.out', 'test-results', 'coverage']);

/** The documents that are printed, each with what it should hold. */
function printed(): Map<string, string> {
  return new Map([
    ...apiReference(),
    ['docs/profiles.md', profilesPage()],
    ['docs/acknowledgements.md', acknowledgementsPage()],
    ['docs/controls.md', controlsPage()],
    ['docs/rules.md', rulesPage()],
    ...architecturePictures(),
  ]);
}

/** The reference: an index, and one file for each area, which GitHub still shows. */
function apiReference(): [string, string][] {
  const temp = fs.mkdtempSync(path.join(os.tmpdir(), 'cdk-secure-ai-api-'));
  try {
    const file = path.join(temp, 'API.md');
    const { status, stdout, stderr } = spawnSync(process.execPath, ['node_modules/jsii-docgen/bin/jsii-docgen', '--output', file, '--split-by-submodule'], {
      cwd: ROOT,
      encoding: 'utf8',
      env: { ...process.env, JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '1', JSII_SILENCE_WARNING_DEPRECATED_NODE_VERSION: '1' },
      timeout: 300_000,
    });
    if (status !== 0) throw new Error(`jsii-docgen ended with ${status}:\n${`${stdout}${stderr}`.slice(-4000)}`);
    return fs.readdirSync(temp).map((name): [string, string] => {
      const text = fs.readFileSync(path.join(temp, name), 'utf8');
      if (text.length > API_BYTES) throw new Error(`${name} has ${text.length} bytes, more than ${API_BYTES}: split the area`);
      // The index stays where readers of a package look for it.
      return name === 'API.md' ? [name, text.replaceAll('](./', '](./docs/api/')] : [`docs/api/${name}`, text];
    });
  } finally {
    fs.rmSync(temp, { recursive: true, force: true });
  }
}

/** Every Markdown file of the repository, as relative paths. */
function documents(directory = ''): string[] {
  return fs
    .readdirSync(path.join(ROOT, directory), { withFileTypes: true })
    .filter((entry) => !entry.name.startsWith('.') && !UNREAD.has(entry.name))
    .flatMap((entry) => {
      const file = path.posix.join(directory, entry.name);
      if (entry.isDirectory()) return documents(file);
      return entry.name.endsWith('.md') ? [file] : [];
    });
}

function check(): string[] {
  const outdated = [...printed()]
    .filter(([file, text]) => !fs.existsSync(path.join(ROOT, file)) || fs.readFileSync(path.join(ROOT, file), 'utf8') !== text)
    .map(([file]) => `${file} is out of date: run 'npm run docs' and commit it`);
  const files = documents();
  const written = files.filter((file) => file !== 'API.md' && !file.startsWith('docs/api/'));
  const snippets = uncompiledSnippets(ROOT, written);
  process.stdout.write(`${files.length} documents, ${snippets.count} code blocks\n`);
  return [...outdated, ...brokenLinks(ROOT, files), ...snippets.problems];
}

function write(): void {
  for (const [file, text] of printed()) {
    fs.mkdirSync(path.dirname(path.join(ROOT, file)), { recursive: true });
    fs.writeFileSync(path.join(ROOT, file), text);
    process.stdout.write(`wrote ${file}\n`);
  }
}

const [flag, ...rest] = process.argv.slice(2);
if (rest.length > 0 || (flag !== undefined && flag !== '--check')) {
  process.stderr.write(`docs: unknown argument '${[flag, ...rest].join(' ')}': use --check, or none\n`);
  process.exit(2);
}
if (flag === '--check') {
  const problems = check();
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  if (problems.length > 0) process.exit(1);
} else {
  write();
}
