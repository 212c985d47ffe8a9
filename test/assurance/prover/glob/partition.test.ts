import { describe, expect, test } from 'vitest';
import type { TextClass} from '../../../../lib/assurance/prover/glob/partition';
import { partition } from '../../../../lib/assurance/prover/glob/partition';
import type { Pattern} from '../../../../lib/assurance/prover/glob/pattern';
import { arnPattern, formatPattern, globPattern, matches } from '../../../../lib/assurance/prover/glob/pattern';
import { Random } from '../differential/random-cases';

const glob = (text: string, fold = false): Pattern => globPattern([{ text, literal: false }], fold);
const arn = (text: string): Pattern | undefined => arnPattern([{ text, literal: false }]);

describe('patterns', () => {
  test.each([
    ['a*c', 'abc', true],
    ['a*c', 'ac', true],
    ['a*c', 'acb', false],
    ['a?c', 'abc', true],
    ['a?c', 'ac', false],
    ['*', '', true],
    ['a**b', 'ab', true],
    ['*a*a*', 'aba', true],
    ['', '', true],
    ['', 'a', false],
    ['*.*', 'a.b.c', true],
  ])('%s on %s: %s', (pattern, text, expected) => expect(matches(glob(pattern), text)).toBe(expected));
  test('literal parts hold no wildcards', () => {
    expect(matches(globPattern([{ text: 'a*', literal: true }]), 'ab')).toBe(false);
    expect(matches(globPattern([{ text: 'a*', literal: true }]), 'a*')).toBe(true);
  });
  test('case is folded on demand only', () => {
    expect(matches(glob('s3:Get*', true), 'S3:GETobject')).toBe(true);
    expect(matches(glob('s3:Get*'), 'S3:GETobject')).toBe(false);
  });
  test('a wildcard of an ARN does not cross a colon in the first five segments', () => {
    expect(matches(arn('arn:aws:s3:*:*:b') as Pattern, 'arn:aws:s3:::b')).toBe(true);
    expect(matches(arn('arn:aws:*:b/*:x:y') as Pattern, 'arn:aws:s3:::b/1:x:y')).toBe(false);
    expect(matches(arn('arn:aws:s3:::b/*') as Pattern, 'arn:aws:s3:::b/x:y')).toBe(true);
    expect(arn('arn:aws:s3:*')).toBeUndefined();
    expect(arn('*')).toBeDefined();
  });
  test('formats', () => {
    const bucket = formatPattern('arn:{REGION}:s3:::{NAME}');
    expect(matches(bucket, 'arn:aws:s3:::b')).toBe(true);
    expect(matches(bucket, 'arn:aws:s3:::b/x')).toBe(false);
    expect(matches(bucket, 'arn:aws:s3:::')).toBe(false);
    expect(matches(formatPattern('{DIGIT12}'), '111122223333')).toBe(true);
    expect(matches(formatPattern('{DIGIT12}'), '11112222333')).toBe(false);
  });
});

describe('a partition', () => {
  const random = new Random(5);
  const letters = ['a', 'b', '/', ':', '*', '?', '*'];
  const word = (list: readonly string[], max: number): string =>
    Array.from({ length: Math.floor(random.next() * max) }, () => random.pick(list)).join('');
  const vector = (patterns: readonly Pattern[], text: string): string => patterns.flatMap((p, i) => (matches(p, text) ? [i] : [])).join();

  test('holds every combination that a text can have, each with a text that has it', () => {
    for (let round = 0; round < 60; round++) {
      const patterns = Array.from({ length: 4 }, (_, i) => glob(word(letters, 6), i % 2 === 0));
      const classes = partition(patterns, 100_000) as TextClass[];
      for (const c of classes) expect(vector(patterns, c.witness)).toBe(c.accepted.join());
      const known = new Set(classes.map((c) => c.accepted.join()));
      for (let i = 0; i < 200; i++) expect(known).toContain(vector(patterns, word(['a', 'b', 'A', '/', ':', 'z', '0'], 8)));
    }
  });
  test('looks only at texts that a required pattern accepts', () => {
    const classes = partition([glob('a*'), glob('b*')], 1000, [glob('a*1'), glob('c')]) as TextClass[];
    expect(classes.map((c) => [c.witness, c.accepted])).toEqual(
      expect.arrayContaining([
        ['a1', [0]],
        ['c', []],
      ]),
    );
    expect(classes).toHaveLength(2);
  });
  test('gives up at the cap', () => {
    const infix = Array.from({ length: 14 }, (_, i) => glob(`*word${i}*`));
    expect(partition(infix, 2000)).toMatchObject({ states: expect.any(Number) as number });
  });
  test('thousands of prefixes stay in proportion', () => {
    const prefixes = Array.from({ length: 1000 }, (_, i) => glob(`arn:aws:s3:::bucket/${i}/*`));
    expect(partition(prefixes, 400_000)).toHaveLength(1001);
  });
});
