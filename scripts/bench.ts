/**
 * Measures the library against its budgets: what it costs to load, the size of its handlers, the synthesis of a model store against the
 * same resources written by hand, one endpoint more and hundreds of them, and proofs over the policies of a large app.
 *
 * CPU times are user and system time of whole processes, medians of interleaved runs: only their ratio within one run means anything.
 * `--json` prints JSON; `--write` writes `docs/benchmarks.md`; it ends with 1 when a budget is missed.
 */
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import Table from 'cli-table3';
import { buildSync, transformSync } from 'esbuild';
import { table } from './docs/markdown';

const ROOT = path.resolve(__dirname, '..');
const LOAD_RUNS = 9;
const SYNTH_RUNS = 5;
const PROOF_RUNS = 3;
const RULE_RUNS = 3;
const ENDPOINT_RUNS = 3;

/** The budgets. */
const BUDGET = { load: 1.1, bundleKiB: 480, synth: 1, proofSeconds: 3, proofMiB: 200, proofGrowth: 1.15, referenceSeconds: 1,
  ruleSeconds: 2, ruleMiB: 300, rulesToNag: 0.25, endpoint: 1, endpointGrowth: 1.05, endpointResources: 25,
} as const;

interface Measure {
  readonly what: string;
  readonly measured: string;
  readonly against: string;
  readonly value: number;
  readonly budget: number;
}

/** Compiled scripts stand inside the package, which resolves itself from there. */
const cache = path.join(ROOT, '.cache', 'bench');
fs.mkdirSync(cache, { recursive: true });
const compiled = fs.mkdtempSync(path.join(cache, 'run-'));
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'cdk-secure-ai-bench-'));
let outdirs = 0;

/** Compiles a script; it reports the CPU time of its whole process when it ends. */
function compile(id: string, source: string): string {
  const { code } = transformSync(source, { loader: 'ts', format: 'cjs', platform: 'node', target: 'node20' });
  const file = path.join(compiled, `${id}.cjs`);
  const report = "process.on('exit', () => { const { user, system } = process.cpuUsage(); require('node:fs').writeSync(1, String(user + system)); });";
  fs.writeFileSync(file, `${report}\n${code}`);
  return file;
}

/** CPU milliseconds of one run, and where it synthesised to. */
function run(file: string): { readonly cpu: number; readonly outdir: string } {
  const outdir = path.join(scratch, `${outdirs++}`);
  const { status, stdout, stderr } = spawnSync(process.execPath, [file], {
    cwd: ROOT,
    encoding: 'utf8',
    env: { ...process.env, CDK_OUTDIR: outdir, CDK_VALIDATION: 'false', AWS_EC2_METADATA_DISABLED: 'true' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const cpu = Number(stdout) / 1000;
  if (status !== 0 || !(cpu > 0)) throw new Error(`${path.basename(file)} ended with ${status}:\n${stderr.slice(-4000)}`);
  return { cpu, outdir };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Two scripts in turn, the first round for the caches of the machine alone. */
function compare(what: string, ours: string, theirs: string, rounds: number, budget: number): Measure {
  const times = { ours: [] as number[], theirs: [] as number[] };
  for (let round = 0; round <= rounds; round++) {
    // Whoever runs second finds warmer caches: they take turns in that too.
    const pair = [['ours', ours], ['theirs', theirs]] as const;
    for (const [side, file] of round % 2 === 0 ? pair : [...pair].reverse()) {
      const { cpu } = run(file);
      if (round > 0) times[side].push(cpu);
    }
  }
  const [a, b] = [median(times.ours), median(times.theirs)];
  return { what, measured: `${a.toFixed(0)} ms`, against: `${b.toFixed(0)} ms`, value: a / b, budget };
}

function load(): Measure {
  const app = "const { App } = require('aws-cdk-lib'); if (typeof App !== 'function') throw new Error('no App');";
  const ours = compile('load-library', `require('cdk-secure-ai'); ${app}`);
  const theirs = compile('load-cdk', app);
  return compare("CPU of require('cdk-secure-ai') against require('aws-cdk-lib'), App touched", ours, theirs, LOAD_RUNS, BUDGET.load);
}

function bundles(): Measure[] {
  const assets = path.join(ROOT, 'assets');
  const files = fs.readdirSync(assets, { recursive: true, encoding: 'utf8' }).filter((file) => path.basename(file) === 'index.mjs').sort();
  if (files.length === 0) throw new Error(`no bundle in ${assets}: run 'npm run build'`);
  return files.map((file) => {
    const kib = fs.statSync(path.join(assets, file)).size / 1024;
    return { what: `KiB of the handler ${path.dirname(file)}`, measured: `${kib.toFixed(0)} KiB`, against: '-', value: kib, budget: BUDGET.bundleKiB };
  });
}

function synthesis(): Measure {
  const source = (name: string) => fs.readFileSync(path.join(ROOT, 'test', 'bench', `${name}.ts`), 'utf8');
  const ours = compile('library-store', source('library-store'));
  const theirs = compile('hand-written-store', source('hand-written-store'));
  const [a, b] = [ours, theirs].map((file) => beyond(contentOf(run(file).outdir)));
  if (a !== b) throw new Error(`the two stores differ, so their times say nothing:\nlibrary:    ${a}\nby hand:    ${b}`);
  return compare('CPU of synthesising a store with promoter against the same by hand', ours, theirs, SYNTH_RUNS, BUDGET.synth);
}

/** Resources and policy statements by type. */
function contentOf(outdir: string): Map<string, number> {
  interface Resource {
    readonly Type: string;
    readonly Properties?: Readonly<Record<string, { readonly Statement?: unknown[] } | undefined>>;
  }
  const counts = new Map<string, number>();
  const count = (name: string, by: number) => counts.set(name, (counts.get(name) ?? 0) + by);
  for (const file of fs.readdirSync(outdir).filter((name) => name.endsWith('.template.json'))) {
    const { Resources } = JSON.parse(fs.readFileSync(path.join(outdir, file), 'utf8')) as { readonly Resources: Readonly<Record<string, Resource>> };
    for (const { Type, Properties = {} } of Object.values(Resources)) {
      count(Type, 1);
      const statements = (Properties.PolicyDocument ?? Properties.KeyPolicy)?.Statement?.length;
      if (statements !== undefined) count(`${Type} statements`, statements);
    }
  }
  return counts;
}

/** What is in one and not in the other, on one line. */
function beyond(more: ReadonlyMap<string, number>, less: ReadonlyMap<string, number> = new Map()): string {
  const counts = [...more].map(([name, number]) => [name, number - (less.get(name) ?? 0)] as const);
  return JSON.stringify(counts.filter(([, number]) => number !== 0).sort(([x], [y]) => (x < y ? -1 : 1)));
}

/** Endpoints on gateways: what each further one costs against one by hand, and what hundreds cost. */
function endpoints(): Measure[] {
  const sides = ['library', 'hand-written'] as const;
  const source = new Map(sides.map((side) => [side, fs.readFileSync(path.join(ROOT, 'test', 'bench', `${side}-endpoints.ts`), 'utf8')]));
  const script = (side: (typeof sides)[number], number: number): string =>
    compile(`${side}-endpoints-${number}`, (source.get(side) as string).replace("'COUNT'", `'${number}'`));
  const further = sides.map((side) => {
    const [one, two] = [1, 2].map((number) => contentOf(run(script(side, number)).outdir));
    return beyond(two, one);
  });
  if (further[0] !== further[1]) throw new Error(`one more endpoint is another thing by hand, so their times say nothing:\nlibrary:    ${further[0]}\nby hand:    ${further[1]}`);
  const resources = (JSON.parse(further[0]) as [string, number][]).filter(([name]) => !name.endsWith(' statements')).reduce((sum, [, number]) => sum + number, 0);

  const runs = [['library', 1], ['library', 10], ['hand-written', 10], ['library', 100], ['hand-written', 100], ['library', 300]] as const;
  const files = runs.map(([side, number]) => script(side, number));
  const times = runs.map((): number[] => []);
  for (let round = 0; round < ENDPOINT_RUNS; round++) {
    const order = round % 2 === 0 ? [...files.keys()] : [...files.keys()].reverse();
    for (const i of order) times[i].push(run(files[i]).cpu);
  }
  const [one, ten, tenByHand, hundred, hundredByHand, threeHundred] = times.map(median);
  const [ours, theirs] = [(hundred - ten) / 90, (hundredByHand - tenByHand) / 90];
  const growth = Math.log((threeHundred - one) / (ten - one)) / Math.log(299 / 9);
  const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
  return [
    { what: 'resources that one more endpoint on a gateway adds', measured: String(resources), against: '-', value: resources, budget: BUDGET.endpointResources },
    { what: 'CPU of each further endpoint, from 10 to 100, against the same by hand', measured: `${ours.toFixed(0)} ms`, against: `${theirs.toFixed(0)} ms`, value: ours / theirs, budget: BUDGET.endpoint },
    {
      what: `growth of CPU from 10 to 300 endpoints, without the first one's ${seconds(one)} (1: in proportion; 100 take ${seconds(hundred)})`,
      measured: seconds(threeHundred), against: seconds(ten), value: growth, budget: BUDGET.endpointGrowth,
    },
  ];
}

interface ProofRun {
  readonly cpu: number;
  readonly rss: number;
  readonly verdicts: Readonly<Record<string, string>>;
}

/** Ten attacks on an app of so many roles with fifty statements each. */
function proofRun(script: string, roles: number): ProofRun {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, String(roles), '50'], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`proofs over ${roles} roles ended with ${status}:\n${stderr.slice(-4000)}`);
  const found = JSON.parse(stdout) as ProofRun;
  const open = Object.entries(found.verdicts).filter(([, verdict]) => verdict === 'UNDETERMINED');
  if (open.length > 0) throw new Error(`proofs over ${roles} roles left ${open.map(([id]) => id).join(', ')} open, so their time says nothing`);
  return found;
}

function proofs(): Measure[] {
  const script = path.join(compiled, 'prove-estate.cjs');
  buildSync({ entryPoints: [path.join(ROOT, 'test', 'bench', 'prove-estate.ts')], bundle: true, platform: 'node', target: 'node20', outfile: script, logLevel: 'silent' });
  const of = (roles: number): ProofRun[] => Array.from({ length: PROOF_RUNS }, () => proofRun(script, roles));
  const [half, whole, twice] = [50, 100, 200].map(of);
  const seconds = (runs: readonly ProofRun[]): number => median(runs.map((r) => r.cpu)) / 1000;
  const rss = median(whole.map((r) => r.rss));
  const growth = Math.log2(seconds(twice) / seconds(half)) / 2;
  return [
    { what: 'seconds of CPU for ten attacks on 100 roles with 50 statements each', measured: `${seconds(whole).toFixed(2)} s`, against: '-', value: seconds(whole), budget: BUDGET.proofSeconds },
    { what: 'MiB of memory for the same', measured: `${rss.toFixed(0)} MiB`, against: '-', value: rss, budget: BUDGET.proofMiB },
    { what: 'growth of that CPU from 50 to 200 roles (1: in proportion)', measured: `${seconds(twice).toFixed(2)} s`, against: `${seconds(half).toFixed(2)} s`, value: growth, budget: BUDGET.proofGrowth },
  ];
}

/** Every attack of the catalogue on the reference platform: four accounts, each for itself. */
function referenceProofs(): Measure {
  const outdir = path.join(scratch, 'reference');
  const synth = spawnSync(process.execPath, [path.join(ROOT, 'node_modules', 'tsx', 'dist', 'cli.mjs'), path.join(ROOT, 'bin', 'reference-platform.ts')], {
    cwd: ROOT,
    encoding: 'utf8',
    env: { ...process.env, CDK_OUTDIR: outdir, CDK_VALIDATION: 'false', AWS_EC2_METADATA_DISABLED: 'true' },
  });
  if (synth.status !== 0) throw new Error(`the reference platform ended with ${synth.status}:\n${synth.stderr.slice(-4000)}`);
  const script = path.join(compiled, 'prove-reference.cjs');
  buildSync({ entryPoints: [path.join(ROOT, 'test', 'bench', 'prove-reference.ts')], bundle: true, platform: 'node', target: 'node20', outfile: script, logLevel: 'silent' });
  const runs = Array.from({ length: PROOF_RUNS }, () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [script, outdir], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`proofs over the reference platform ended with ${status}:\n${stderr.slice(-4000)}`);
    const found = JSON.parse(stdout) as ProofRun;
    const open = Object.entries(found.verdicts).filter(([, verdict]) => verdict === 'UNDETERMINED' || verdict === 'REFUTED');
    if (open.length > 0) throw new Error(`on the reference platform ${open.map(([id]) => id).join(', ')} are open, so their time says nothing`);
    return found.cpu / 1000;
  });
  const seconds = median(runs);
  return { what: 'seconds of CPU for all attacks on the reference platform', measured: `${seconds.toFixed(2)} s`, against: '-', value: seconds, budget: BUDGET.referenceSeconds };
}

/** All rules over ten thousand resources, and what they add to a synthesis against what four packs of cdk-nag add to the same one. */
function rules(): Measure[] {
  const script = path.join(compiled, 'judge-estate.cjs');
  buildSync({ entryPoints: [path.join(ROOT, 'test', 'bench', 'judge-estate.ts')], bundle: true, platform: 'node', target: 'node20', outfile: script, logLevel: 'silent' });
  const runs = Array.from({ length: RULE_RUNS }, () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [script, '10000'], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`rules over 10000 resources ended with ${status}:\n${stderr.slice(-4000)}`);
    const found = JSON.parse(stdout) as { cpu: number; rss: number; resources: number; evaluations: number };
    if (found.resources !== 10000 || found.evaluations < 10000) throw new Error(`the rules judged ${found.evaluations} times over ${found.resources} resources: their time says nothing`);
    return found;
  });
  const seconds = median(runs.map((r) => r.cpu)) / 1000;
  const rss = median(runs.map((r) => r.rss));
  return [
    { what: 'seconds of CPU for all rules over 10000 resources, start included', measured: `${seconds.toFixed(2)} s`, against: '-', value: seconds, budget: BUDGET.ruleSeconds },
    { what: 'MiB of memory for the same', measured: `${rss.toFixed(0)} MiB`, against: '-', value: rss, budget: BUDGET.ruleMiB },
    addedByChecks(),
  ];
}

/** What the rules and what cdk-nag add to the synthesis of one app; each side beside the app without checks, in turn. */
function addedByChecks(): Measure {
  const source = fs.readFileSync(path.join(ROOT, 'test', 'bench', 'checked-app.ts'), 'utf8');
  const files = ['none', 'rules', 'nag'].map((checks) => compile(`checked-${checks}`, source.replace("'CHECKS'", `'${checks}'`)));
  const times = files.map((): number[] => []);
  for (let round = 0; round <= RULE_RUNS; round++) {
    files.forEach((file, i) => {
      const { cpu } = run(file);
      if (round > 0) times[i].push(cpu);
    });
  }
  const [none, withRules, withNag] = times.map(median);
  const [ours, theirs] = [withRules - none, withNag - none];
  if (!(ours > 0 && theirs > 0.1 * none)) throw new Error(`checks added ${ours.toFixed(0)} and ${theirs.toFixed(0)} ms to ${none.toFixed(0)}: one of them did not run`);
  return { what: 'CPU that the rules add to a synthesis against four packs of cdk-nag', measured: `${ours.toFixed(0)} ms`, against: `${theirs.toFixed(0)} ms`, value: ours / theirs, budget: BUDGET.rulesToNag };
}

const HEAD = ['what', 'measured', 'against', 'value', 'budget', ''];
const cells = ({ what, measured, against, value, budget }: Measure) => [
  what,
  measured,
  against,
  against !== '-' ? value.toFixed(3) : value < 10 ? value.toFixed(2) : value.toFixed(0),
  `≤ ${budget}`,
  value <= budget ? 'ok' : 'MISSED',
];

function page(measures: readonly Measure[]): string {
  return `# Benchmarks

Measured by \`npm run bench\` with Node ${process.versions.node.split('.')[0]} on ${os.cpus().length} cores. Times are CPU times of whole processes, medians of interleaved
runs, with the CDK's validation off on both sides: the ratio within one run counts, not the milliseconds.

${table(HEAD, measures.map(cells))}
${measures.some(isMissed) ? MISSED : ''}`;
}

/** What a profile of a missed budget showed. */
const MISSED = `
## What a missed budget is made of

Synthesis: the library's resources and statements are those of the app by hand, one for one. A profile of the difference shows the library's own
files first: about fifty small modules are read and compiled one by one, some 20 ms of CPU, where the app by hand is one file. The rest is the work that
the app by hand does not do: acknowledgements with their reasons, the wildcard findings of each policy, controls and posture in the assembly. The remedy
for the first part is to bundle each area after the build.

Proofs on the reference platform: seven tenths are those of the training account. By a profile, two thirds of all go into asking again with each layer
opened, which is what the number of layers rests on. Half of the work is to translate policies to formulas, an eighth to find the classes of texts
that they tell apart, a tenth to solve. The remedy is to keep the formulas of policies that an opened layer does not touch.
`;

function isMissed({ value, budget }: Measure): boolean {
  return value > budget;
}

function main(): void {
  const flags = new Set(process.argv.slice(2));
  const unknown = [...flags].find((flag) => flag !== '--json' && flag !== '--write');
  if (unknown !== undefined) throw new Error(`unknown argument '${unknown}': use --json, --write, or none`);
  const measures = [load(), ...bundles(), synthesis(), ...endpoints(), ...proofs(), referenceProofs(), ...rules()];
  if (flags.has('--json')) {
    process.stdout.write(`${JSON.stringify(measures, null, 2)}\n`);
  } else {
    const printed = new Table({ head: HEAD, style: { head: [], border: [] } });
    for (const measure of measures) printed.push(cells(measure));
    process.stdout.write(`${printed.toString()}\n`);
  }
  if (flags.has('--write')) fs.writeFileSync(path.join(ROOT, 'docs', 'benchmarks.md'), page(measures));
  if (measures.some(isMissed)) process.exitCode = 1;
}

try {
  main();
} catch (error) {
  process.stderr.write(`bench: ${(error as Error).message}\n`);
  process.exitCode = 2;
} finally {
  fs.rmSync(compiled, { recursive: true, force: true });
  fs.rmSync(scratch, { recursive: true, force: true });
}
