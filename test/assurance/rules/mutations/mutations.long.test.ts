import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readAssembly } from '../../../../lib/assurance/template-source';
import { referenceAssembly } from '../../../support/reference-platform';
import { policyMutants, propertyMutants } from './mutants';
import { scoreOf } from './score';

/** What the rules find today: `docs/rule-quality.md` says which kinds they miss. The target is 0.95; the floor only ever rises. */
const FLOOR = 0.82;

let directory: string;
beforeAll(async () => void (directory = await referenceAssembly()));
afterAll(() => fs.rmSync(directory, { recursive: true, force: true }));

test('of all mutants of the reference platform the rules find no fewer than they did', () => {
  const rows: Record<string, { mutants: number; survivors: number }> = {};
  const survivors: string[] = [];
  let [mutants, killed] = [0, 0];
  const app = readAssembly(directory);
  // Development and staging are the stacks of production again, under weaker profiles.
  for (const input of app.filter(({ stackName }) => !/(Development|Staging)$/.test(stackName))) {
    const template = input.template as Record<string, unknown>;
    // Every second one, evenly spread: all of them take longer than the rest of the long tests together.
    const made = [...propertyMutants(template), ...policyMutants(template)].filter((_, i) => i % 2 === 0);
    const score = scoreOf(input, made, app.filter(({ account }) => account === input.account));
    mutants += score.mutants;
    killed += score.killed.size;
    for (const { kind } of made) (rows[kind] ??= { mutants: 0, survivors: 0 }).mutants += 1;
    for (const { kind, name } of score.survivors) {
      rows[kind].survivors += 1;
      survivors.push(`${input.stackName} ${kind}: ${name}`);
    }
  }
  const results = path.join(__dirname, '..', '..', '..', '..', 'test-results');
  fs.mkdirSync(results, { recursive: true });
  fs.writeFileSync(path.join(results, 'mutations.json'), `${JSON.stringify({ mutants, killed, kinds: rows, survivors }, null, 2)}\n`);
  expect(mutants).toBeGreaterThan(1000);
  expect(killed / mutants).toBeGreaterThanOrEqual(FLOOR);
});
