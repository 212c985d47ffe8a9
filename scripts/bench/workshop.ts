import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { buildSync, transformSync } from 'esbuild';
import { median } from './measure';

const ROOT = path.resolve(__dirname, '..', '..');
const BENCH = path.join(ROOT, 'test', 'bench');

/** What one run of a script took. */
export interface Run {
  /** User and system time of the whole process, in milliseconds. */
  readonly cpu: number;
  /** From its start to its end, in milliseconds. */
  readonly wall: number;
  /** Where it synthesised to. */
  readonly outdir: string;
}

/** Medians of runs in turn. */
export interface Times {
  readonly cpu: number;
  readonly wall: number;
}

/** Compiles the scripts that are compared, and runs each in a process of its own. */
export class Workshop {
  public readonly root = ROOT;
  private readonly compiled: string;
  private readonly scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'cdk-secure-ai-bench-'));
  private outdirs = 0;

  constructor(private readonly announce: (text: string) => void) {
    // Compiled scripts stand inside the package, which resolves itself from there.
    const cache = path.join(ROOT, '.cache', 'bench');
    fs.mkdirSync(cache, { recursive: true });
    this.compiled = fs.mkdtempSync(path.join(cache, 'run-'));
  }

  public dispose(): void {
    fs.rmSync(this.compiled, { recursive: true, force: true });
    fs.rmSync(this.scratch, { recursive: true, force: true });
  }

  /** A script of `test/bench`, with its constant filled in; it reports the CPU time of its whole process when it ends. */
  public app(name: string, constant?: readonly [name: string, value: string]): string {
    const source = fs.readFileSync(path.join(BENCH, `${name}.ts`), 'utf8');
    if (constant === undefined) return this.script(name, source);
    if (!source.includes(`'${constant[0]}'`)) throw new Error(`test/bench/${name}.ts has no constant '${constant[0]}'`);
    return this.script(`${name}-${constant[1]}`, source.replace(`'${constant[0]}'`, `'${constant[1]}'`));
  }

  /** The same from source text. */
  public script(id: string, source: string): string {
    const { code } = transformSync(source, { loader: 'ts', format: 'cjs', platform: 'node', target: 'node20' });
    const file = path.join(this.compiled, `${id}.cjs`);
    const report = "process.on('exit', () => { const { user, system } = process.cpuUsage(); require('node:fs').writeSync(1, String(user + system)); });";
    fs.writeFileSync(file, `${report}\n${code}`);
    return file;
  }

  /** A script of `test/bench` with all that it imports, which prints one line of JSON. */
  public bundle(name: string): string {
    const outfile = path.join(this.compiled, `${name}.cjs`);
    buildSync({ entryPoints: [path.join(BENCH, `${name}.ts`)], bundle: true, platform: 'node', target: 'node20', outfile, logLevel: 'silent' });
    return outfile;
  }

  /** A new place below what is thrown away at the end. */
  public readonly outdir = (): string => path.join(this.scratch, String(this.outdirs++));

  /** Runs a script of `app` or `script` once. */
  public run(file: string, environment: Readonly<Record<string, string>> = { CDK_VALIDATION: 'false' }): Run {
    const outdir = this.outdir();
    const start = process.hrtime.bigint();
    const { status, stdout, stderr } = spawnSync(process.execPath, [file], {
      cwd: ROOT,
      encoding: 'utf8',
      env: { ...process.env, ...environment, CDK_OUTDIR: outdir, AWS_EC2_METADATA_DISABLED: 'true' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const wall = Number(process.hrtime.bigint() - start) / 1e6;
    const cpu = Number(stdout) / 1000;
    if (status !== 0 || !(cpu > 0)) throw new Error(`${path.basename(file)} ended with ${status}:\n${stderr.slice(-4000)}`);
    return { cpu, wall, outdir };
  }

  /** Runs a script of `bundle`, and parses what it prints. */
  public ask<T>(file: string, ...args: string[]): T {
    const { status, stdout, stderr } = spawnSync(process.execPath, [file, ...args], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`${path.basename(file)} ${args.join(' ')} ended with ${status}:\n${stderr.slice(-4000)}`);
    return JSON.parse(stdout) as T;
  }

  /** Medians of scripts that run in turn. Whoever runs later finds warmer caches, so the order is turned round after each round. */
  public inTurn(what: string, files: readonly string[], rounds: number, options: { warmUp: boolean; environment?: Readonly<Record<string, string>> }): Times[] {
    const runs = files.map((): Run[] => []);
    for (let round = options.warmUp ? 0 : 1; round <= rounds; round++) {
      this.announce(`${what}, round ${round} of ${rounds}`);
      const order = round % 2 === 0 ? [...files.keys()] : [...files.keys()].reverse();
      for (const i of order) {
        const run = this.run(files[i], options.environment);
        fs.rmSync(run.outdir, { recursive: true, force: true });
        if (round > 0) runs[i].push(run);
      }
    }
    return runs.map((each) => ({ cpu: median(each.map(({ cpu }) => cpu)), wall: median(each.map(({ wall }) => wall)) }));
  }
}
