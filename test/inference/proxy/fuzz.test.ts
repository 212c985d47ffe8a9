import { expect, test } from 'vitest';
import { fuzz } from './fuzz';

test('3,000 mutated requests neither throw, nor fail inside, nor reach the model in a form that it must not see', async () => {
  const { runs, byStatus, asked } = await fuzz(3_000, 11);
  expect(Object.values(byStatus).reduce((sum, count) => sum + count, 0)).toBe(runs);
  // Both ways are taken.
  expect(asked).toBeGreaterThan(100);
  expect(byStatus[400]).toBeGreaterThan(500);
});
