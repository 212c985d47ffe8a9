import { expect, test } from 'vitest';
import { fuzz } from './fuzz';

test('300,000 mutated requests neither throw, nor fail inside, nor reach the model in a form that it must not see', { timeout: 30 * 60_000 }, async () => {
  const figures = await fuzz(300_000, 12);
  console.log(`requests ${figures.runs}, asked ${figures.asked}, by status ${JSON.stringify(figures.byStatus)}`);
  expect(figures.asked).toBeGreaterThan(10_000);
});
