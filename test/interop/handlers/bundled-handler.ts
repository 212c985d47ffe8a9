import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { HandlerContract } from '../../../lib/core/handler-contract';

const TIMEOUT_MS = 60_000;

/** How an invocation ended: with a result, or with an error's name as Lambda reports it. */
export interface Invocation {
  readonly result?: unknown;
  readonly errorType?: string;
  readonly errorMessage?: string;
}

/**
 * Reads an event, calls the handler with the part of Lambda's context that one of them reads,
 * and writes how it ended to its own channel: the handler's log goes to standard output.
 */
const BOOTSTRAP = `
import * as fs from 'node:fs';
const { handler } = await import(process.argv[1]);
const end = (invocation) => fs.writeSync(3, JSON.stringify(invocation));
try {
  end({ result: await handler(JSON.parse(fs.readFileSync(0, 'utf8')), { getRemainingTimeInMillis: () => ${TIMEOUT_MS} }) });
} catch (error) {
  end({ errorType: error?.name ?? typeof error, errorMessage: String(error?.message ?? error) });
}
process.exit(0);
`;

/** Runs the bundle that is deployed, in a process of its own with nothing but the environment that its construct sets and Lambda's. */
export async function invoke(
  root: string,
  contract: HandlerContract,
  event: unknown,
  environment: Readonly<Record<string, string>>,
): Promise<Invocation> {
  const bundle = path.join(root, 'assets', contract.area, contract.name, 'index.mjs');
  if (!fs.existsSync(bundle)) throw new Error(`${contract.area}/${contract.name} is not bundled: run 'npm run build'`);
  const child = spawn(process.execPath, ['--input-type=module', '--no-warnings', '-e', BOOTSTRAP, pathToFileURL(bundle).href], {
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    timeout: TIMEOUT_MS,
  });
  const texts = ['', ''];
  const channel = child.stdio[3] as NodeJS.ReadableStream;
  channel.on('data', (chunk) => (texts[0] += String(chunk)));
  child.stderr?.on('data', (chunk) => (texts[1] += String(chunk)));
  child.stdout?.resume();
  child.stdin?.end(JSON.stringify(event));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  if (texts[0] === '') throw new Error(`${contract.area}/${contract.name} ended with ${code} and no result: ${texts[1].slice(-2000)}`);
  return JSON.parse(texts[0]) as Invocation;
}
