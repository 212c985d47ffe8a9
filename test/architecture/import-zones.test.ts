import * as path from 'node:path';
import { describe, expect, test } from 'vitest';
import { foreignPackages, importCycles, importedHandlers, loadProblems, runsWithoutCdk, runtimeProblems, zoneProblems } from './import-zones';
import { SourceTree } from './source-tree';

const lib = SourceTree.read(path.resolve(__dirname, '..', '..'), 'lib');
const tree = (texts: Record<string, string>) => new SourceTree(texts);

/** A small library in which everything is as it should be. */
const SOUND = {
  'lib/index.ts': `export * as posture from './posture';\nexport * as models from './models';\nexport * as assurance from './assurance';`,
  'lib/posture/index.ts': `export * from './profile';`,
  'lib/posture/profile.ts': `import { Token } from 'aws-cdk-lib';\nexport class Profile { public t = Token; }`,
  'lib/core/bucket.ts': `import { Profile } from '../posture';\nexport class Bucket { public p = new Profile(); }`,
  'lib/core/contract.ts': `export interface Contract {}`,
  'lib/data/index.ts': `export * from './api';`,
  'lib/data/api.ts': `export interface IData {}`,
  'lib/data/dataset.ts': `export class Dataset {}`,
  'lib/models/index.ts': `export * from './store';`,
  'lib/models/api.ts': `export interface IStore {}`,
  'lib/models/store.ts': `import { Bucket } from '../core/bucket';\nimport type { IData } from '../data/api';\nexport class Store { public b = Bucket; public d?: IData; }`,
  'lib/models/rules/locked.ts': `import { Token } from 'aws-cdk-lib';\nexport const locked = Token;`,
  'lib/models/scan.contract.ts': `import type { Contract } from '../core/contract';\nexport const SCAN: Contract = {};`,
  'lib/models/scan.lambda.ts': `import { S3Client } from '@aws-sdk/client-s3';\nimport { scan } from './scan/scan';\nexport const handler = () => scan(S3Client);`,
  'lib/models/scan/scan.ts': `export function scan(a: unknown) { return a; }`,
  'lib/assurance/index.ts': `export * from './checks';`,
  'lib/assurance/checks.ts': `import type { NagPack } from 'cdk-nag';\nimport { locked } from '../models/rules/locked';\nexport class Checks { public p?: NagPack; public l = locked; load() { return require('cdk-nag'); } }`,
  'lib/platform/platform.ts': `import { Store } from '../models/store';\nimport { Checks } from '../assurance/checks';\nexport const all = [Store, Checks];`,
  'lib/cli/check.ts': `import { Checks } from '../assurance/checks';\nimport { scan } from '../models/scan/scan';\nexport const check = [Checks, scan];`,
  'lib/assurance/report/read.ts': `import { CloudAssembly } from 'aws-cdk-lib/cx-api';\nexport const read = CloudAssembly;`,
};
const changed = (file: string, text: string) => tree({ ...SOUND, [file]: text });
const sound = tree(SOUND);

const CHECKS = { zoneProblems, importCycles, runtimeProblems, loadProblems, importedHandlers, foreignPackages };

describe.each(Object.entries(CHECKS))('%s', (_, check) => {
  test('finds nothing in the library', () => {
    expect(check(lib)).toEqual([]);
  });
  test('finds nothing in a sound example', () => {
    expect(check(sound)).toEqual([]);
  });
});

test('the graph is the whole library', () => {
  expect(lib.files.length).toBeGreaterThan(60);
  expect(lib.files.flatMap((file) => lib.imports(file)).length).toBeGreaterThan(200);
  expect(lib.loadedWith('lib/index.ts')).toContain('lib/core/handler-function.ts');
});

test('an import that leads nowhere is an error, not a hole in the graph', () => {
  expect(() => changed('lib/data/dataset.ts', `import { A } from './gone';`).imports('lib/data/dataset.ts')).toThrow(/'\.\/gone'/);
});

describe('the zones refuse', () => {
  test.each([
    ['posture importing core', 'lib/posture/profile.ts', '../core/bucket'],
    ['core importing an area', 'lib/core/bucket.ts', '../models/store'],
    ['core importing even the api of an area', 'lib/core/bucket.ts', '../models/api'],
    ['an area importing the construct of another', 'lib/models/store.ts', '../data/dataset'],
    ['an area importing the index of another', 'lib/models/store.ts', '../data'],
    ['an area importing assurance', 'lib/models/store.ts', '../assurance/checks'],
    ['an area importing the rules of another', 'lib/data/dataset.ts', '../models/rules/locked'],
    ['assurance importing a construct', 'lib/assurance/checks.ts', '../models/store'],
    ['assurance importing the api of an area', 'lib/assurance/checks.ts', '../models/api'],
    ['an area importing the root', 'lib/models/store.ts', '../index'],
    ['the command importing a construct', 'lib/cli/check.ts', '../models/store'],
    ['what users test with importing a construct', 'lib/testing/expect.ts', '../models/store'],
    ['an area importing the platform', 'lib/models/store.ts', '../platform/platform'],
    ['the root importing past the index of an area', 'lib/index.ts', './models/store'],
    ['the root exporting core', 'lib/index.ts', './core/bucket'],
  ])('%s, also as types', (_, file, to) => {
    for (const form of ['import', 'import type', 'export', 'export type']) {
      expect(zoneProblems(changed(file, `${form} { A } from '${to}';`)), form).toHaveLength(1);
    }
    expect(zoneProblems(changed(file, `export function f(): import('${to}').A { return require('${to}'); }`))).toHaveLength(2);
  });
});

describe('a cycle', () => {
  const pair = (first: string, second: string) => tree({ 'lib/a/x.ts': first, 'lib/a/y.ts': second });

  test('of imports is found, with the files on it', () => {
    expect(importCycles(pair(`import { y } from './y';`, `import { x } from './x';`))).toEqual(['lib/a/x.ts -> lib/a/y.ts -> lib/a/x.ts']);
    expect(importCycles(pair(`export * from './y';`, `import './x';`))).toHaveLength(1);
    expect(importCycles(tree({ 'lib/a/x.ts': `import './x';` }))).toHaveLength(1);
  });
  test('closed by a type or by a function is none', () => {
    expect(importCycles(pair(`import { y } from './y';`, `import type { X } from './x';`))).toEqual([]);
    expect(importCycles(pair(`import { y } from './y';`, `import { type X } from './x';`))).toEqual([]);
    expect(importCycles(pair(`import { y } from './y';`, `export const later = () => require('./x');`))).toEqual([]);
  });
});

describe('what runs without the CDK', () => {
  test('is known by its place', () => {
    const runs = lib.files.filter((file) => runsWithoutCdk(lib, file));
    expect(runs).toEqual(expect.arrayContaining(['lib/models/promote.lambda.ts', 'lib/models/promote.contract.ts', 'lib/models/promote/copy-parts.ts']));
    expect(runs).toContain('lib/models/signing/tree-digest.ts');
    expect(runs).not.toContain('lib/assurance/check-results/assembly.ts');
    expect(runs).not.toContain('lib/models/signing-key.ts');
  });
  test.each(['lib/models/scan.lambda.ts', 'lib/models/scan.contract.ts', 'lib/models/scan/scan.ts', 'lib/models/anything/else.ts'])(
    '%s may import neither the CDK nor its types',
    (file) => {
      expect(runtimeProblems(changed(file, `import type { Stack } from 'aws-cdk-lib';`))).toHaveLength(1);
      expect(runtimeProblems(changed(file, `import { Construct } from 'constructs';`))).not.toEqual([]);
      expect(runtimeProblems(changed(file, `import { Key } from 'aws-cdk-lib/aws-kms';`))).not.toEqual([]);
    },
  );
  test('may not load it by way of another file', () => {
    expect(runtimeProblems(changed('lib/models/scan.contract.ts', `import { Bucket } from '../core/bucket';`))).toEqual([
      'lib/models/scan.contract.ts runs without the CDK and loads lib/posture/profile.ts, which imports aws-cdk-lib',
    ]);
  });
  test('is also the logic of a handler in assurance', () => {
    const handler = { 'lib/assurance/report.lambda.ts': `export const handler = 1;` };
    expect(runtimeProblems(tree({ ...SOUND, ...handler }))).toEqual(['lib/assurance/report/read.ts runs without the CDK and imports aws-cdk-lib']);
  });
});

describe('what is loaded with the library', () => {
  test.each([
    ['the SDK', `import { S3Client } from '@aws-sdk/client-s3';`],
    ['the SDK on use', `export const later = () => import('@aws-sdk/client-s3');`],
    ['cdk-nag', `import { NagPack } from 'cdk-nag';`],
    ['cdk-nag by require at load', `const nag = require('cdk-nag');`],
  ])('must not be %s', (_, text) => {
    expect(loadProblems(changed('lib/models/store.ts', text))).toHaveLength(1);
    expect(loadProblems(changed('lib/core/bucket.ts', text))).toHaveLength(1);
  });
});

test('a handler that is imported is found', () => {
  expect(importedHandlers(changed('lib/models/store.ts', `import { handler } from './scan.lambda';`))).toHaveLength(1);
});

test('the command may import what shows its text, and nothing else may', () => {
  expect(foreignPackages(changed('lib/cli/check.ts', `import Table from 'cli-table3';\nimport pc from 'picocolors';`))).toEqual([]);
  expect(foreignPackages(changed('lib/cli/check.ts', `import { build } from 'esbuild';`))).toHaveLength(1);
  expect(foreignPackages(changed('lib/models/store.ts', `import Table from 'cli-table3';`))).toHaveLength(1);
});

test.each(['@cloud-copilot/iam-simulate', 'esbuild', 'fast-check', 'typescript', 'fs', 'cdk-secure-ai', '@aws-sdk/lib-storage'])(
  'a library that imports %s is refused, also for its types',
  (name) => {
    expect(foreignPackages(changed('lib/models/store.ts', `import { a } from '${name}';`))).toHaveLength(1);
    expect(foreignPackages(changed('lib/models/scan/scan.ts', `import type { A } from '${name}';`))).toHaveLength(1);
  },
);
