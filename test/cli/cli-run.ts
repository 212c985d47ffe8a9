import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { newTestKey, type TestKey } from '../models/signing/test-key';

export const ROOT = path.resolve(__dirname, '..', '..');
/** The command as it ships. */
export const COMMAND = path.join(ROOT, 'dist', 'cli', 'secure-ai.js');

export interface CliResult {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
  /** What `--json` printed. */
  json(): Record<string, unknown>;
}

export interface CliOptions {
  readonly env?: Readonly<Record<string, string>>;
}

/** A directory of its own, in which the built command runs as users run it. */
export class CliBench {
  public readonly key: TestKey = newTestKey();
  private readonly root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'secure-ai-')));

  public constructor() {
    this.write('key.pem', this.key.privateKeyPem);
    this.write('key.pub', this.key.publicKey);
  }

  public remove(): void {
    fs.rmSync(this.root, { recursive: true, force: true });
  }

  public path(name: string): string {
    return path.join(this.root, name);
  }

  public write(name: string, content: string | Uint8Array): void {
    fs.mkdirSync(path.dirname(this.path(name)), { recursive: true });
    fs.writeFileSync(this.path(name), content);
  }

  /** A model of three files. */
  public model(name: string): string {
    fs.rmSync(this.path(name), { recursive: true, force: true });
    fs.mkdirSync(this.path(name), { recursive: true });
    fs.copyFileSync(path.join(ROOT, 'examples', 'fraud-model', 'model.onnx'), path.join(this.path(name), 'model.onnx'));
    this.write(`${name}/README.md`, '# A model\n');
    this.write(`${name}/config/labels.json`, '["benign", "malignant"]\n');
    return name;
  }

  /** A signed model. */
  public signed(name: string): string {
    this.model(name);
    const { code, err } = this.run('model', 'sign', name, '--key', 'key.pem');
    if (code !== 0) throw new Error(`cannot sign: ${err}`);
    return name;
  }

  public run(...args: string[]): CliResult {
    return this.runWith({}, ...args);
  }

  public runWith({ env }: CliOptions, ...args: string[]): CliResult {
    return this.spawn(COMMAND, args, env);
  }

  /** Runs another copy of the command. */
  public runAs(command: string, ...args: string[]): CliResult {
    return this.spawn(command, args);
  }

  private spawn(command: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): CliResult {
    const { status, stdout, stderr } = spawnSync(command, args, {
      cwd: this.root, encoding: 'utf8', timeout: 20_000, env: { PATH: process.env.PATH, ...env },
    });
    return { code: status, out: stdout, err: stderr, json: () => JSON.parse(stdout) as Record<string, unknown> };
  }
}
