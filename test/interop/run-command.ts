import { spawn } from 'node:child_process';

/** How a command ended. */
export interface CommandResult {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Text for its standard input. Default: none. */
  readonly input?: string;
  /** Exit codes that are answers; any other is thrown. Default: 0 alone. */
  readonly answers?: readonly number[];
  /** In milliseconds. Default: five minutes. */
  readonly timeout?: number;
}

/** Runs a command; throws with its last output when it ends in another way than asked for. */
export function runCommand(command: string, args: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      stdio: ['pipe', 'pipe', 'pipe'],
      timeout: options.timeout ?? 300_000,
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    // A command that ends without reading breaks the pipe: how it ended says more.
    child.stdin.on('error', () => undefined).end(options.input ?? '');
    child.on('error', (cause) => reject(new Error(`'${command}' could not be started: ${cause.message}`, { cause })));
    child.on('close', (status, signal) => {
      if (status !== null && (options.answers ?? [0]).includes(status)) return resolve({ status, stdout, stderr });
      const end = signal ? `was ended by ${signal}` : `ended with ${status}`;
      reject(new Error(`'${[command, ...args].join(' ')}' ${end}; its last output:\n${`${stdout}${stderr}`.slice(-4000)}`));
    });
  });
}

/** Synthesises an app of the checkout into a directory. */
export async function synthesise(root: string, app: string, outdir: string): Promise<void> {
  await runCommand(process.execPath, ['node_modules/tsx/dist/cli.mjs', app], {
    cwd: root,
    env: { CDK_OUTDIR: outdir, AWS_EC2_METADATA_DISABLED: 'true' },
  });
}
