import * as fs from 'node:fs';
import * as path from 'node:path';
import { describe, expect, test } from 'vitest';
import { CORPUS, corpusFindings, findingName, readReview } from './judged-corpus';

const HIGHEST_WRONG_RATE = 0.02;

describe('the rules on the constructs of other people', () => {
  const names = corpusFindings().map(findingName);
  const reviewed = readReview();

  test('find nothing that nobody has reviewed, and every review is of a finding', () => {
    expect(names.filter((name) => !Object.hasOwn(reviewed, name))).toEqual([]);
    expect(Object.keys(reviewed).filter((name) => !names.includes(name))).toEqual([]);
    expect(names.length).toBeGreaterThan(100);
  });

  test('are wrong in at most 2 of 100 findings', () => {
    for (const { verdict, why } of Object.values(reviewed)) {
      expect(['right', 'wrong']).toContain(verdict);
      expect(why.length).toBeGreaterThan(15);
    }
    const wrong = names.filter((name) => reviewed[name]?.verdict === 'wrong');
    expect(wrong.length / names.length).toBeLessThanOrEqual(HIGHEST_WRONG_RATE);
  });

  test('find nothing in the apps that hold no AI', () => {
    for (const stack of ['Clamscan', 'SolutionsApi', 'SolutionsData']) {
      expect(fs.existsSync(path.join(CORPUS, 'templates', `${stack}.template.json`)), stack).toBe(true);
      expect(names.filter((name) => name.startsWith(`${stack}/`))).toEqual([]);
    }
  });

  test('the corpus says of which versions it is, and stays small', () => {
    const versions = JSON.parse(fs.readFileSync(path.join(CORPUS, 'versions.json'), 'utf8')) as Record<string, string>;
    expect(Object.keys(versions)).toEqual(expect.arrayContaining(['@cdklabs/generative-ai-cdk-constructs', 'cdk-serverless-clamscan', 'aws-cdk-lib']));
    const bytes = fs.readdirSync(path.join(CORPUS, 'templates')).map((file) => fs.statSync(path.join(CORPUS, 'templates', file)).size);
    expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThan(3 * 1024 * 1024);
  });
});
