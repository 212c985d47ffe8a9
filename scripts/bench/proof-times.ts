import { spawnSync } from 'node:child_process';
import * as path from 'node:path';
import type { Measure } from './measure';
import { median } from './measure';
import type { Workshop } from './workshop';

const ROUNDS = 5;
const BUDGET = { estateSeconds: 3, estateMiB: 200, growth: 1.15, referenceSeconds: 1 };

interface ProofRun {
  readonly cpu: number;
  readonly rss: number;
  readonly verdicts: Readonly<Record<string, string>>;
}

const WHY = 'Proofs on the reference platform: by a profile, 27 % go into the attacks themselves (10 of these into finding a legitimate request), 22 % into layers, ' +
  '12 % into what callers can come to, 12 % into finding what an attack is about, 8 % into reading templates and 7 % into attacks of the network. By kind of ' +
  'work, a third is putting questions together, a tenth tells what is plainly impossible, another tenth finds classes of texts and solves. The remedy is ' +
  'to keep the formulas of resource policies for callers of one kind.';

/** Ten attacks on apps of many roles, and how that grows. */
export function estateProofs(workshop: Workshop): Measure[] {
  const script = workshop.bundle('prove-estate');
  const of = (roles: number): ProofRun[] => Array.from({ length: ROUNDS }, () => decided(`${roles} roles`, workshop.ask(script, String(roles), '50'), ['UNDETERMINED']));
  const [half, whole, twice] = [50, 100, 200].map(of);
  const cpu = (runs: readonly ProofRun[]): number => median(runs.map((run) => run.cpu)) / 1000;
  const rss = median(whole.map((run) => run.rss));
  const growth = Math.log2(cpu(twice) / cpu(half)) / 2;
  return [
    { what: 'seconds of CPU for ten attacks on 100 roles with 50 statements each', measured: `${cpu(whole).toFixed(2)} s`, against: '-', value: cpu(whole), budget: { atMost: BUDGET.estateSeconds } },
    { what: 'MiB of memory for the same', measured: `${rss.toFixed(0)} MiB`, against: '-', value: rss, budget: { atMost: BUDGET.estateMiB } },
    { what: 'growth of that CPU from 50 to 200 roles (1: in proportion)', measured: `${cpu(twice).toFixed(2)} s`, against: `${cpu(half).toFixed(2)} s`, value: growth, budget: { atMost: BUDGET.growth } },
  ];
}

/** Every attack of the catalogue on the reference platform, each account for itself. */
export function referenceProofs(workshop: Workshop): Measure {
  const outdir = workshop.outdir();
  const synth = spawnSync(process.execPath, [path.join(workshop.root, 'node_modules', 'tsx', 'dist', 'cli.mjs'), path.join(workshop.root, 'bin', 'reference-platform.ts')], {
    cwd: workshop.root,
    encoding: 'utf8',
    env: { ...process.env, CDK_OUTDIR: outdir, CDK_VALIDATION: 'false', AWS_EC2_METADATA_DISABLED: 'true' },
  });
  if (synth.status !== 0) throw new Error(`the reference platform ended with ${synth.status}:\n${synth.stderr.slice(-4000)}`);
  const script = workshop.bundle('prove-reference');
  const runs = Array.from({ length: ROUNDS }, () => decided('the reference platform', workshop.ask(script, outdir), ['UNDETERMINED', 'REFUTED']));
  const cpu = median(runs.map((run) => run.cpu)) / 1000;
  return { what: 'seconds of CPU for all attacks on the reference platform', measured: `${cpu.toFixed(2)} s`, against: '-', value: cpu, budget: { atMost: BUDGET.referenceSeconds }, explanation: WHY };
}

function decided(what: string, run: ProofRun, open: readonly string[]): ProofRun {
  const left = Object.entries(run.verdicts).filter(([, verdict]) => open.includes(verdict));
  if (left.length > 0) throw new Error(`proofs over ${what} left ${left.map(([id]) => id).join(', ')} open, so their time says nothing`);
  return run;
}
