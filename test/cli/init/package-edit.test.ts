import * as fs from 'node:fs';
import * as path from 'node:path';
import { describe, expect, test } from 'vitest';
import { isTooOld, OLDEST_CDK, packageFacts, withDependency } from '../../../lib/cli/init/package-edit';

describe('a dependency', () => {
  test.each([
    ['a list', '{\n  "name": "x",\n  "dependencies": {\n    "constructs": "10.0.0"\n  }\n}\n', '{\n  "name": "x",\n  "dependencies": {\n    "cdk-secure-ai": "1.2.3",\n    "constructs": "10.0.0"\n  }\n}\n'],
    ['an empty list', '{\n\t"dependencies": {},\n\t"name": "x"\n}', '{\n\t"dependencies": {\n\t\t"cdk-secure-ai": "1.2.3"\n\t},\n\t"name": "x"\n}'],
    ['no list', '{\n  "name": "x"\n}\n', '{\n  "dependencies": {\n    "cdk-secure-ai": "1.2.3"\n  },\n  "name": "x"\n}\n'],
    ['nothing at all', '{}', '{\n  "dependencies": {\n    "cdk-secure-ai": "1.2.3"\n  }\n}'],
    ['Windows lines', '{\r\n  "dependencies": {\r\n    "a": "1"\r\n  }\r\n}', '{\r\n  "dependencies": {\r\n    "cdk-secure-ai": "1.2.3",\r\n    "a": "1"\r\n  }\r\n}'],
  ])('goes into %s, and nothing else changes', (_, text, expected) => {
    expect(withDependency(text, '1.2.3')).toBe(expected);
  });

  test('is not put into a section of the same name elsewhere', () => {
    const text = '{"config": {"dependencies": {}}, "dependencies": {"a": "1"}}';
    expect(withDependency(text, '1.2.3')).toBeUndefined();
  });
});

test('what a package says is read from its own names alone', () => {
  expect(packageFacts('{"type": "module", "devDependencies": {"cdk-secure-ai": "1", "aws-cdk-lib": "^2.1.0"}}')).toEqual({ hasPackage: true, isModule: true, cdk: '^2.1.0' });
  expect(packageFacts('{"__proto__": {"type": "module"}, "dependencies": {"__proto__": {"aws-cdk-lib": "1"}}}')).toEqual({ hasPackage: false, isModule: false });
  expect(() => packageFacts('[]')).toThrow('it is no JSON object');
});

test.each([
  ['2.275.9', true], ['~2.275.0', true], ['1.204.0', true], ['^1.0.0', true], ['2.276.0', false], ['2.300.1', false],
  ['^2.100.0', false], ['>=2.0.0', false], ['3.0.0', false], ['*', false], ['file:../cdk', false], ['2', false],
])('whether aws-cdk-lib %s is too old: %s', (range, answer) => expect(isTooOld(range)).toBe(answer));

test('the oldest aws-cdk-lib is that of the package', () => {
  const { peerDependencies } = JSON.parse(fs.readFileSync(path.join(__dirname, '..', '..', '..', 'package.json'), 'utf8')) as { peerDependencies: Record<string, string> };
  expect(peerDependencies['aws-cdk-lib']).toBe(`^${OLDEST_CDK}`);
});
