import { expect, test } from 'vitest';
import { Random } from './differential/random-cases';
import { agreementOver } from './second-engine/agreement';

test('a decision diagram and the search agree on the queries of 10000 random cases', { timeout: 1_800_000 }, () => {
  const { possible, impossible, skipped, differences } = agreementOver(10_000, new Random(10_515));
  console.info(`${possible} possible, ${impossible} impossible, ${skipped} not decided by the diagram`);
  expect(differences).toEqual([]);
  expect(Math.min(possible, impossible)).toBeGreaterThan(2000);
});
