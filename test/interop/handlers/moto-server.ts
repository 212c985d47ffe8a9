import { spawn } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs';
import { createServer } from 'node:net';
import * as path from 'node:path';
import type { InteropContext } from '../interop-context';

const START_MS = 60_000;

/** A moto server of its own: an AWS for direct calls. It evaluates no policy, so what a role may do is judged apart. */
export interface MotoServer {
  readonly host: '127.0.0.1';
  readonly port: number;
  /** Forgets everything: each handler has an account of its own. */
  reset(): Promise<void>;
  stop(): Promise<void>;
}

/** @throws with its last output when it does not answer in time */
export async function startMoto(context: InteropContext, accountId: string): Promise<MotoServer> {
  const port = await freePort();
  const file = path.join(context.temp, 'moto.log');
  const log = fs.openSync(file, 'w');
  const child = spawn(context.bin('moto_server'), ['-H', '127.0.0.1', '-p', String(port)], {
    env: { ...process.env, MOTO_ACCOUNT_ID: accountId },
    stdio: ['ignore', log, log],
  });
  fs.closeSync(log);
  let ended: string | undefined;
  child.on('error', (error) => (ended = error.message));
  child.on('exit', (code) => (ended = `it ended with ${code}`));
  const started = Date.now();
  while (!(await answers(port))) {
    if (ended === undefined && Date.now() - started < START_MS) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      continue;
    }
    child.kill();
    throw new Error(`moto_server does not answer: ${ended ?? `not in ${START_MS / 1000} s`}\n${fs.readFileSync(file, 'utf8').slice(-2000)}`);
  }
  return {
    host: '127.0.0.1',
    port,
    reset: async () => {
      const { ok, status } = await fetch(`http://127.0.0.1:${port}/moto-api/reset`, { method: 'POST' });
      if (!ok) throw new Error(`moto_server could not be reset: it answered ${status}`);
    },
    stop: async () => {
      if (ended !== undefined) return;
      const end = once(child, 'exit');
      child.kill();
      await end;
    },
  };
}

async function answers(port: number): Promise<boolean> {
  return fetch(`http://127.0.0.1:${port}/moto-api/data.json`).then((response) => response.ok, () => false);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('no port is free');
  return address.port;
}
