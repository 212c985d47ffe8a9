import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildScript, type SyncExports } from './build-scripts';
import { Consumer, ROOT } from './consumer';
import { assemblyProblems, tarballProblems } from './file-list';

let consumer: Consumer;
beforeAll(() => {
  consumer = Consumer.create();
}, 120_000);
afterAll(() => consumer.remove());

const filesUnder = (folder: string) =>
  fs
    .readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => fs.statSync(path.join(ROOT, folder, file)).isFile())
    .map((file) => file.replaceAll(path.sep, '/'));

/** The bundles that the handlers of the library call for, and the notices that belong to them. */
const assets = [
  ...filesUnder('lib').filter((file) => file.endsWith('.lambda.ts')).map((file) => `assets/${file.replace(/\.lambda\.ts$/, '')}/index.mjs`),
  ...filesUnder('assets').filter((file) => file.endsWith('.txt')).map((file) => `assets/${file}`),
];

describe('the files of the tarball', () => {
  test('are the compiled library, its declarations, its bundles and its documents', () => {
    expect(assets).toContain('assets/models/promote/index.mjs');
    expect(consumer.files.length).toBeGreaterThan(50);
    expect(tarballProblems(consumer.files, assets)).toEqual([]);
  });

  test.each([
    'dist/models/promote.lambda.js',
    'dist/models/promote.lambda.d.ts',
    'tsconfig.tsbuildinfo',
    'dist/.source-hash',
    'dist/models/signing-key.ts',
    'lib/index.ts',
    'test/index.test.ts',
    '.jsii.gz',
    'cdk.out/manifest.json',
    '.npmrc',
  ])('a list with %s in it is refused', (file) => {
    expect(tarballProblems([...consumer.files, file], assets)).toEqual([`${file} must not be in the tarball`]);
  });

  test.each(['.jsii', 'dist/index.js', 'dist/index.d.ts', 'assets/models/promote/index.mjs'])('a list without %s is refused', (file) => {
    expect(
      tarballProblems(
        consumer.files.filter((name) => name !== file),
        assets,
      ),
    ).toEqual([`${file} is missing from the tarball`]);
  });
});

describe('the jsii assembly', () => {
  const read = () => JSON.parse(fs.readFileSync(path.join(consumer.library, '.jsii'), 'utf8')) as Record<string, unknown>;
  /** Every class and enum that users reach in JavaScript. */
  const types = () =>
    consumer.evaluate(
      'types.cjs',
      `const library = require('cdk-secure-ai');
      console.log(JSON.stringify(Object.entries(library).flatMap(([area, members]) => Object.keys(members).map((name) => 'cdk-secure-ai.' + area + '.' + name))));`,
    ) as string[];

  test('lists every class and enum of the package', () => {
    expect(types()).toContain('cdk-secure-ai.models.ModelArtifactBucket');
    expect(assemblyProblems(read(), types())).toEqual([]);
  });

  test('is refused when it is a redirect or leaves a type out', () => {
    expect(assemblyProblems({ schema: 'jsii/file-redirect' }, [])).toHaveLength(1);
    const { types: listed, ...rest } = read() as { types: Record<string, unknown> };
    const others = Object.fromEntries(Object.entries(listed).filter(([name]) => name !== 'cdk-secure-ai.models.SigningKey'));
    expect(assemblyProblems({ ...rest, types: others }, types())).toEqual(['the assembly does not list cdk-secure-ai.models.SigningKey']);
  });
});

describe('the entry points in package.json', () => {
  test('are the areas of the root', async () => {
    const { areasOf, expectedExports } = await buildScript<SyncExports>('sync-exports.mjs');
    const areas = areasOf(ROOT);
    const manifest = JSON.parse(fs.readFileSync(path.join(consumer.library, 'package.json'), 'utf8')) as Record<string, unknown>;
    const root = consumer.evaluate('areas.cjs', `console.log(JSON.stringify(Object.keys(require('cdk-secure-ai'))));`);
    expect(root).toEqual(areas);
    expect({ exports: manifest.exports, typesVersions: manifest.typesVersions }).toEqual(expectedExports(areas));
    expect(manifest.exports).not.toEqual(expectedExports([...areas, 'elsewhere']).exports);
    expect(manifest.exports).not.toEqual(expectedExports(areas.slice(1)).exports);
  });

  test('all lead to files of the tarball', () => {
    const { exports } = JSON.parse(fs.readFileSync(path.join(consumer.library, 'package.json'), 'utf8')) as {
      exports: Record<string, string | Record<string, string>>;
    };
    const targets = Object.values(exports).flatMap((entry) => (typeof entry === 'string' ? [entry] : Object.values(entry)));
    expect(targets.filter((target) => !consumer.files.includes(target.replace('./', '')))).toEqual([]);
  });
});
