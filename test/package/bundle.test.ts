import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { buildScript, type Bundle } from './build-scripts';
import { ROOT } from './consumer';

/** Provided by whoever deploys: no handler contains them. */
const NOT_BUNDLED = /^(node:|aws-cdk-lib|constructs|cdk-nag)/;

const elsewhere = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'another-place-')));
afterAll(() => fs.rmSync(elsewhere, { recursive: true, force: true }));

const filesUnder = (dir: string) =>
  fs
    .readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .filter((file) => fs.statSync(path.join(dir, file)).isFile())
    .sort();

test('the bundles have the same bytes wherever they are built', async () => {
  fs.cpSync(path.join(ROOT, 'lib'), path.join(elsewhere, 'lib'), { recursive: true });
  for (const file of ['package.json', 'tsconfig.json']) fs.copyFileSync(path.join(ROOT, file), path.join(elsewhere, file));
  // Copied, not linked: a link would lead back to the first place.
  for (const name of bundledPackages()) {
    fs.cpSync(path.join(ROOT, 'node_modules', name), path.join(elsewhere, 'node_modules', name), { recursive: true });
  }
  const { bundleHandlers } = await buildScript<Bundle>('bundle.mjs');
  const [here, there] = [path.join(ROOT, 'assets'), path.join(elsewhere, 'assets')];
  await bundleHandlers(elsewhere, there);

  expect(filesUnder(there)).toContain(path.join('models', 'promote', 'index.mjs'));
  expect(filesUnder(there)).toEqual(filesUnder(here));
  for (const file of filesUnder(there)) {
    const [first, second] = [here, there].map((dir) => fs.readFileSync(path.join(dir, file), 'utf8'));
    expect(second === first, `${file} differs`).toBe(true);
    expect(second.includes(ROOT) || second.includes(elsewhere), `${file} names the place that it was built in`).toBe(false);
  }

  // The comparison sees a difference: another source gives other bytes.
  const handler = path.join(elsewhere, 'lib', 'models', 'promote.lambda.ts');
  fs.appendFileSync(handler, `console.log('one line more');\n`);
  await bundleHandlers(elsewhere, path.join(elsewhere, 'changed'));
  const bundle = path.join('models', 'promote', 'index.mjs');
  expect(fs.readFileSync(path.join(elsewhere, 'changed', bundle)).equals(fs.readFileSync(path.join(here, bundle)))).toBe(false);
}, 60_000);

/** The packages that the sources of handlers name, and what these depend on. */
function bundledPackages(): Set<string> {
  const sources = filesUnder(path.join(ROOT, 'lib')).map((file) => fs.readFileSync(path.join(ROOT, 'lib', file), 'utf8'));
  const named = sources.flatMap((source) => [...source.matchAll(/ from '((?:@[\w-]+\/)?[\w:-]+)/g)].map(([, name]) => name));
  const found = new Set<string>();
  const add = (name: string) => {
    const manifest = path.join(ROOT, 'node_modules', name, 'package.json');
    if (found.has(name) || !fs.existsSync(manifest)) return;
    found.add(name);
    const { dependencies = {} } = JSON.parse(fs.readFileSync(manifest, 'utf8')) as { dependencies?: Record<string, string> };
    Object.keys(dependencies).forEach(add);
  };
  named.filter((name) => !NOT_BUNDLED.test(name)).forEach(add);
  return found;
}
