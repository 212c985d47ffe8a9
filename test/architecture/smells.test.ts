import * as path from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  codeInIndex,
  environmentReads,
  instanceChecks,
  longFiles,
  publicValues,
  silentTests,
  strayChildren,
  vagueNames,
} from './smells';
import { SourceTree } from './source-tree';

const root = path.resolve(__dirname, '..', '..');
const lib = SourceTree.read(root, 'lib');
const tests = SourceTree.read(root, 'test');
const one = (file: string, text: string) => new SourceTree({ [file]: text });

test.each(Object.entries({ codeInIndex, environmentReads, instanceChecks, longFiles, publicValues, strayChildren, vagueNames }))(
  '%s finds nothing in the library',
  (_, check) => {
    expect(lib.files.length).toBeGreaterThan(60);
    expect(check(lib)).toEqual([]);
  },
);

test.each(Object.entries({ silentTests, vagueNames }))('%s finds nothing in the tests', (_, check) => {
  expect(tests.files.length).toBeGreaterThan(25);
  expect(check(tests)).toEqual([]);
});

describe('a smell is found:', () => {
  test.each(['utils.ts', 'util.ts', 'helpers.ts', 'common.ts', 'types.ts', 'bucket-utils.ts', 'key-types.ts'])('a file named %s', (name) => {
    expect(vagueNames(one(`lib/core/${name}`, ''))).toHaveLength(1);
  });
  test.each(['bucket.ts', 'data-class.ts', 'prototypes.ts', 'commons-licence.ts'])('but not in %s', (name) => {
    expect(vagueNames(one(`lib/core/${name}`, ''))).toEqual([]);
  });

  test('a file of more than 400 lines', () => {
    expect(longFiles(one('lib/a.ts', 'f();\n'.repeat(400)))).toEqual([]);
    expect(longFiles(one('lib/a.ts', 'f();\n'.repeat(401)))).toHaveLength(1);
  });

  test.each([`export const a = 1;`, `export class A {}`, `import './a';`, `const a = 1;\nexport { a };`, `f();`])('an index with the code %j', (code) => {
    expect(codeInIndex(one('lib/models/index.ts', code)).length).toBeGreaterThan(0);
  });
  test('but not in exports', () => {
    expect(codeInIndex(one('lib/models/index.ts', `// The parts.\nexport * from './a';\nexport { B } from './b';`))).toEqual([]);
  });

  test.each([
    `const a = process.env.A;`,
    `const a = process.env['A'];`,
    `const { A } = process.env;`,
    `const a = globalThis.process.env.A;`,
    `const { env } = process;`,
    `import { env } from 'node:process';`,
  ])('the environment read by %j', (code) => {
    expect(environmentReads(one('lib/models/scan.lambda.ts', code))).toHaveLength(1);
    expect(environmentReads(one('lib/core/handler-environment.ts', code))).toEqual([]);
  });

  test.each([`if (node instanceof CfnBucket) f();`, `const b = node instanceof s3.CfnBucket;`])('the instance check %j', (code) => {
    expect(instanceChecks(one('lib/a.ts', code))).toHaveLength(1);
  });
  test('but not other instance checks', () => {
    expect(instanceChecks(one('lib/a.ts', `if (error instanceof PromotionError) f();`))).toEqual([]);
  });

  test.each(['Construct', 'Bucket', 's3.Bucket'])('a child in the scope of the parent, in a class that extends %s', (base) => {
    const construct = (child: string) =>
      one('lib/a.ts', `class A extends ${base} { constructor(scope: Construct, id: string) { super(scope, id, { key: new Key(this, 'K') }); ${child} } }`);
    expect(strayChildren(construct(`new Topic(scope, 'T');`))).toHaveLength(1);
    expect(strayChildren(construct(`if (id) this.topics = ids.map((x) => new Topic(scope, x));`))).toHaveLength(1);
    expect(strayChildren(construct(`new Topic(this, 'T');`))).toEqual([]);
  });
  test('also as an argument of super, and with another name of the scope', () => {
    expect(strayChildren(one('lib/a.ts', `class A extends B { constructor(parent: C) { super(parent, new Key(parent, 'K')); } }`))).toHaveLength(1);
  });

  describe('a public value', () => {
    const area = (text: string, index = `export * from './a';`) =>
      new SourceTree({
        'lib/index.ts': `export * as models from './models';`,
        'lib/models/index.ts': index,
        'lib/models/a.ts': text,
        'lib/models/b.ts': `export const B = 1;\nexport class Bee {}`,
      });
    test.each([`export const A = 1;`, `export let a = 1;`, `export function a() {}`, `export default function () {}`, `export const [A] = [1];`])('%j', (code) => {
      expect(publicValues(area(code))).toHaveLength(1);
    });
    test('exported under its name, or by way of another file', () => {
      expect(publicValues(area('', `export { B } from './b';`))).toHaveLength(1);
      expect(publicValues(area('', `export { B as C } from './b';`))).toHaveLength(1);
      expect(publicValues(area(`import { B } from './b';\nexport * from './b';\nexport class A { public b = B; }`))).toHaveLength(1);
    });
    test('is none when it is a type, or nobody reaches it', () => {
      expect(publicValues(area(`export class A {}\nexport interface B {}\nexport enum C { D = 'D' }\nconst e = 1;`))).toEqual([]);
      expect(publicValues(area('', `export { Bee } from './b';`))).toEqual([]);
      expect(publicValues(area(`import { B } from './b';\nexport class A { public b = B; }`))).toEqual([]);
    });
  });

  // Put together here, or this file would find itself.
  test.each(['test.skip(f)', 'it.only(f)', 'describe.todo(f)', 'test.concurrent.skip(f)', 'test.each([1]).only(f)', 'describe.skipIf(x)(f)', 'xit(f)'])(
    'the silent test %s',
    (code) => {
      expect(silentTests(one('test/a.test.ts', `${code};`))).toHaveLength(1);
    },
  );
  test('but not a method of the same name', () => {
    expect(silentTests(one('test/a.test.ts', `reader.skip(3); const only = fc.only; test('skip', () => {});`))).toEqual([]);
  });
});
