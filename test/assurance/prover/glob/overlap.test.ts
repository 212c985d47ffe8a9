import { expect, test } from 'vitest';
import { overlap } from '../../../../lib/assurance/prover/glob/overlap';
import { partition } from '../../../../lib/assurance/prover/glob/partition';
import type { Pattern } from '../../../../lib/assurance/prover/glob/pattern';
import { arnPattern, formatPattern, globPattern } from '../../../../lib/assurance/prover/glob/pattern';
import { Random } from '../differential/random-cases';

const glob = (text: string, fold = false): Pattern => globPattern([{ text, literal: false }], fold);

test.each<[string, Pattern, Pattern, boolean]>([
  ['equal texts', glob('models'), glob('models'), true],
  ['texts that differ', glob('models'), glob('logs'), false],
  ['a text that is longer', glob('models'), glob('models/'), false],
  ['a star and nothing', glob('models*'), glob('models'), true],
  ['stars on both sides', glob('*-models'), glob('prod-*'), true],
  ['stars that leave different ends', glob('*-models'), glob('prod-*-logs'), false],
  ['one character and none', glob('a?'), glob('a'), false],
  ['capitals, where they are of no matter', glob('S3:Get*', true), glob('s3:GetObject'), true],
  ['capitals, where they matter', glob('S3:Get*'), glob('s3:GetObject'), false],
  ['two that fold', glob('S3:*', true), glob('s3:?et', true), true],
  ['an ARN and a format', arnPattern([{ text: 'arn:aws:s3:::models/*', literal: false }]) as Pattern, formatPattern('arn:{ANY}:s3:::{NAME}/{ANY}'), true],
  ['an ARN and the format of something else', arnPattern([{ text: 'arn:aws:s3:::models', literal: false }]) as Pattern, formatPattern('arn:{ANY}:s3:::{NAME}/{ANY}'), false],
  ['a region and a name', formatPattern('{REGION}'), glob('a:b'), false],
  ['sets that share digits only', formatPattern('{DIGIT12}'), glob('*a*'), false],
  ['nothing', glob(''), glob('*'), true],
])('%s', (_name, a, b, meets) => {
  expect([overlap(a, b), overlap(b, a)]).toEqual([meets, meets]);
});

test('agrees with the classes of texts on patterns made at random', () => {
  const random = new Random(77);
  const text = (): string => Array.from({ length: random.pick([1, 2, 3, 4, 5]) }, () => random.pick(['a', 'b', '*', '?', ':', 'B'])).join('');
  const seen = { yes: 0, no: 0 };
  for (let i = 0; i < 2000; i++) {
    const [a, b] = [glob(text(), random.chance(0.3)), glob(text(), random.chance(0.3))];
    const classes = partition([a, b], 10_000);
    const together = Array.isArray(classes) && classes.some(({ accepted }) => accepted.length === 2);
    expect([a.key, b.key, overlap(a, b)]).toEqual([a.key, b.key, together]);
    seen[together ? 'yes' : 'no'] += 1;
  }
  expect(Math.min(seen.yes, seen.no)).toBeGreaterThan(300);
});
