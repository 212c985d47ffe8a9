import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';

export const ROOT = path.resolve(__dirname, '..', '..');

/** What an app has beside the library; linked, so that nothing is downloaded. */
const BESIDE = ['aws-cdk-lib', 'constructs', 'cdk-nag', '@types/node'];

/** An empty project in a temporary directory that has the packed library installed. */
export class Consumer {
  /** Packs the library as it would be published, and unpacks it into a new project. */
  public static create(): Consumer {
    const dir = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'consumer-')));
    const packed = run('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', dir], ROOT);
    if (packed.status !== 0) throw new Error(`npm pack failed: ${packed.output}`);
    const [{ filename, files }] = JSON.parse(packed.stdout) as [{ filename: string; files: { path: string }[] }];

    const modules = path.join(dir, 'node_modules');
    const library = path.join(modules, 'cdk-secure-ai');
    fs.mkdirSync(library, { recursive: true });
    const unpacked = run('tar', ['-xzf', path.join(dir, filename), '-C', library, '--strip-components=1'], dir);
    if (unpacked.status !== 0) throw new Error(`the tarball cannot be unpacked: ${unpacked.output}`);
    for (const name of BESIDE) {
      fs.mkdirSync(path.dirname(path.join(modules, name)), { recursive: true });
      fs.symlinkSync(path.join(ROOT, 'node_modules', name), path.join(modules, name), 'dir');
    }
    fs.writeFileSync(path.join(dir, 'package.json'), JSON.stringify({ name: 'consumer', private: true }));
    return new Consumer(dir, files.map((file) => file.path).sort());
  }

  /** Where the library lies inside the project. */
  public readonly library: string;

  private constructor(
    public readonly dir: string,
    /** Files of the tarball, sorted. */
    public readonly files: readonly string[],
  ) {
    this.library = path.join(dir, 'node_modules', 'cdk-secure-ai');
  }

  public write(file: string, text: string): string {
    const target = path.join(this.dir, file);
    fs.mkdirSync(path.dirname(target), { recursive: true });
    fs.writeFileSync(target, text);
    return target;
  }

  /** Runs Node in the project, without the settings of the test run. */
  public node(...args: string[]): { status: number | null; stdout: string; output: string } {
    return run(process.execPath, args, this.dir);
  }

  /** Runs a script and gives back what it printed as JSON. */
  public evaluate(file: string, script: string): unknown {
    const { status, stdout, output } = this.node(this.write(file, script));
    if (status !== 0) throw new Error(`${file} failed:\n${output}`);
    return JSON.parse(stdout) as unknown;
  }

  public remove(): void {
    fs.rmSync(this.dir, { recursive: true, force: true });
  }
}

function run(command: string, args: readonly string[], cwd: string) {
  // The variables of the test run must not decide what a user's project sees.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(CDK_VALIDATION|NODE_OPTIONS|VITEST.*)$/.test(name)));
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, env, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  return { status, stdout, output: `${stdout ?? ''}${stderr ?? ''}${error?.message ?? ''}` };
}
