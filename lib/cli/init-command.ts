import * as fs from 'node:fs';
import * as path from 'node:path';
import { baselineText } from '../assurance/baseline-file';
import { partByAcknowledgement } from '../assurance/rules/acknowledgements';
import type { Finding } from '../assurance/rules/finding';
import { judge } from '../assurance/rules/judge';
import { RULE_PACK } from '../assurance/rules/rule-pack';
import { CliError } from './cli-error';
import type { ExitCode, Invocation } from './command';
import { displayJson, displayText } from './display-text';
import { applyChanges, type FileChange } from './file-changes';
import { linesByHand } from './init/by-hand';
import { readCdkApp, type CdkApp, type OtherLanguage } from './init/cdk-app';
import { BASELINE_FILE, editEntry } from './init/entry-edit';
import { isTooOld, OLDEST_CDK, packageFacts, withDependency, type PackageFacts } from './init/package-edit';
import { stackFile } from './init/stack-file';
import { readTextInput, shown } from './input-file';
import { lineDiff } from './line-diff';
import { openPlace } from './template-place';

const SCHEMA = 'cdk-secure-ai/init/v1';

/** Why an app is not edited. */
class ByHand extends Error {
  constructor(
    message: string,
    readonly language: OtherLanguage = 'UNKNOWN',
  ) {
    super(message);
  }
}

/** Adds the rules, with a baseline of what is open now, and a first construct to a CDK app; all of it or nothing. */
export async function initCommand(invocation: Invocation): Promise<ExitCode> {
  const { path: given, line, terminal, version } = invocation;
  const app = await readCdkApp(given === '' ? '.' : given);
  const dryRun = line.has('dry-run');
  let changes: readonly FileChange[];
  try {
    changes = await changesTo(app, version);
  } catch (error) {
    if (!(error instanceof ByHand)) throw error;
    const lines = linesByHand(error.language, version);
    if (line.has('json')) terminal.out(displayJson({ schema: SCHEMA, dryRun, changed: [], reason: error.message, byHand: lines }));
    else terminal.out([`${terminal.colours.yellow('!')} nothing was changed: ${displayText(error.message)}`, '  add by hand:', ...lines.map((one) => `    ${one}`)].join('\n'));
    return 1;
  }
  if (!dryRun) await applyChanges(changes);
  const names = changes.map(({ file }) => nameIn(app, file));
  if (line.has('json')) terminal.out(displayJson({ schema: SCHEMA, dryRun, changed: names, byHand: [] }));
  else if (changes.length === 0) terminal.out(`${terminal.colours.green('✔')} nothing to do: the app has the rules already`);
  else if (dryRun) terminal.out(changes.map(({ before, after }, i) => displayLines(lineDiff(names[i], before, after))).join('\n'));
  else terminal.out(doneText(names, changes, terminal.colours.green('✔')));
  return 0;
}

async function changesTo(app: CdkApp, version: string): Promise<FileChange[]> {
  if (!('file' in app.entry)) {
    const what = app.entry.language === 'UNKNOWN' ? 'names no file of the app' : 'runs an app in a language that is not edited';
    throw new ByHand(`the command of cdk.json, ${shown(app.command)}, ${what}`, app.entry.language);
  }
  const packageFile = path.join(app.directory, 'package.json');
  const manifest = await readTextInput(packageFile, 'package');
  const facts = readingPackage(packageFile, () => packageFacts(manifest));
  assertRecent(app, facts);
  const dependency = facts.hasPackage ? [] : [dependencyChange(packageFile, manifest, version)];

  const file = path.join(app.directory, app.entry.file);
  const entry = await readTextInput(file, 'entry file');
  if (/['"]cdk-secure-ai(\/\w+)?['"]/.test(entry)) return dependency;
  const { stack, module } = stackPlace(app, app.entry.file, entry, facts);
  const edit = editEntry(entry, { stackModule: module });
  if ('refused' in edit) throw new ByHand(`${shown(file)} is not recognised: ${edit.refused}`);
  const typed = /\.[cm]?tsx?$/.test(file);
  const baseline = path.join(app.directory, BASELINE_FILE);
  for (const made of [stack, baseline]) {
    if (fs.existsSync(made)) throw new CliError('OUTPUT_EXISTS', `${shown(made)} exists already and is not replaced; move it, or add the rules by hand`);
  }
  return [
    { file: baseline, after: baselineText(openFindings(app)) },
    ...dependency,
    { file: stack, after: newlinesOf(entry, stackFile(edit.style, typed)) },
    // Last: what it names is there before it.
    { file, before: entry, after: edit.text },
  ];
}

function openFindings({ output }: CdkApp): readonly Finding[] {
  if (!fs.existsSync(path.join(output, 'manifest.json'))) {
    throw new CliError('INPUT_UNREADABLE', `there is no cloud assembly in ${shown(output)}; run 'cdk synth' first: what is open now becomes the baseline`);
  }
  const { model, metadata } = openPlace([output]);
  return partByAcknowledgement(judge(model, RULE_PACK).findings, metadata).open;
}

function assertRecent({ directory }: CdkApp, { cdk }: PackageFacts): void {
  const installed = path.join(directory, 'node_modules', 'aws-cdk-lib', 'package.json');
  const version = fs.existsSync(installed) ? (JSON.parse(fs.readFileSync(installed, 'utf8')) as { version?: unknown }).version : undefined;
  const found = typeof version === 'string' ? version : cdk;
  if (found === undefined) throw new ByHand('package.json does not depend on aws-cdk-lib');
  if (isTooOld(found)) throw new ByHand(`the app has aws-cdk-lib ${found}; ${OLDEST_CDK} or later is needed, upgrade it first`);
}

function dependencyChange(file: string, before: string, version: string): FileChange {
  const after = withDependency(before, version);
  if (after === undefined) throw new ByHand(`${shown(file)} has a form that is not recognised`);
  return { file, before, after };
}

function readingPackage<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new CliError('INPUT_INVALID', `package ${shown(file)} cannot be read: ${(cause as Error).message}`, { cause });
  }
}

interface StackPlace {
  readonly stack: string;
  readonly module: string;
}

/** The file of the new stack, beside other stacks where there is a `lib`, and how the entry names it. */
function stackPlace(app: CdkApp, entry: string, text: string, { isModule }: PackageFacts): StackPlace {
  const folder = fs.existsSync(path.join(app.directory, 'lib')) ? 'lib' : path.dirname(entry);
  const extension = path.extname(entry);
  const relative = path.relative(path.dirname(entry), path.join(folder, 'secure-models-stack')).split(path.sep).join('/');
  // Node finds an ES module by its whole name; a TypeScript app says by its own imports whether it does so.
  const isWhole = /\.[cm]?ts$/.test(extension)
    ? extension !== '.ts' || /from ['"]\.[^'"]*\.[cm]?js['"]/.test(text)
    : extension === '.mjs' || (extension === '.js' && isModule);
  return {
    stack: path.join(app.directory, folder, `secure-models-stack${extension}`),
    module: `${relative.startsWith('.') ? '' : './'}${relative}${isWhole ? extension.replace('ts', 'js') : ''}`,
  };
}

function newlinesOf(model: string, text: string): string {
  return model.includes('\r\n') ? text.replaceAll('\n', '\r\n') : text;
}

function doneText(names: readonly string[], changes: readonly FileChange[], mark: string): string {
  const known = changes.find(({ file }) => path.basename(file) === BASELINE_FILE)?.after.match(/"fingerprint"/g)?.length ?? 0;
  return [
    `${mark} the rules judge this app at every synth from now on`,
    ...changes.map(({ before }, i) => `  ${before === undefined ? 'new    ' : 'edited '}  ${displayText(names[i])}`),
    ...(names.includes(BASELINE_FILE) ? [`  ${known} ${known === 1 ? 'finding is' : 'findings are'} known from before; new ones fail synthesis`] : []),
    "  next: 'npm install', then 'cdk synth'",
  ].join('\n');
}

function nameIn({ directory }: CdkApp, file: string): string {
  return path.relative(directory, file).split(path.sep).join('/');
}

function displayLines(text: string): string {
  return text.split('\n').map(displayText).join('\n');
}
