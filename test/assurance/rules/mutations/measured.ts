import * as fs from 'node:fs';
import * as path from 'node:path';
import { readAssembly } from '../../../../lib/assurance/template-source';
import { referenceAssembly } from '../../../support/reference-platform';
import { policyMutants, propertyMutants } from './mutants';
import { scoreOf } from './score';

/** What became of all mutants of some stacks of the reference platform, each judged in what its account holds. */
export interface Measured {
  readonly mutants: number;
  readonly killed: number;
  /** Made, but set aside: they provably mean the same as the template. */
  readonly changesNothing: number;
}

/** Measures the mutants of stacks, and writes every kind and every survivor to `test-results/mutations-<name>.json`. */
export async function measured(name: string, stackNames: readonly string[]): Promise<Measured> {
  const directory = await referenceAssembly();
  try {
    const kinds: Record<string, { mutants: number; survivors: number; changesNothing: number }> = {};
    const survivors: string[] = [];
    const tally = { mutants: 0, killed: 0, changesNothing: 0 };
    const kindOf = (kind: string) => (kinds[kind] ??= { mutants: 0, survivors: 0, changesNothing: 0 });
    const app = readAssembly(directory);
    for (const input of app.filter(({ stackName }) => stackNames.includes(stackName ?? ''))) {
      const template = input.template as Record<string, unknown>;
      const all = [...propertyMutants(template), ...policyMutants(template)];
      const made = all.filter(({ changesNothing }) => !changesNothing);
      const score = scoreOf(input, made, app.filter(({ account }) => account === input.account));
      tally.mutants += score.mutants;
      tally.killed += score.killed.size;
      tally.changesNothing += all.length - made.length;
      for (const { kind, changesNothing } of all) kindOf(kind)[changesNothing ? 'changesNothing' : 'mutants'] += 1;
      for (const survivor of score.survivors) {
        kindOf(survivor.kind).survivors += 1;
        survivors.push(`${input.stackName} ${survivor.kind}: ${survivor.name}`);
      }
    }
    const results = path.join(__dirname, '..', '..', '..', '..', 'test-results');
    fs.mkdirSync(results, { recursive: true });
    fs.writeFileSync(path.join(results, `mutations-${name}.json`), `${JSON.stringify({ ...tally, kinds, survivors }, null, 2)}\n`);
    return tally;
  } finally {
    fs.rmSync(directory, { recursive: true, force: true });
  }
}
