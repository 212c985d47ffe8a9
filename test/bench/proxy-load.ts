/**
 * The bundled proxy under load, against a stub endpoint on loopback in a process of its own: what it adds to a request of 8 KB, whether 500
 * requests a second all get an answer, and whether its memory grows.
 *
 * Arguments: the bundle, and for how many seconds. Prints one line of JSON.
 */
import { spawn } from 'node:child_process';
import * as http from 'node:http';
import { pathToFileURL } from 'node:url';

const RATE = 500;
const [bundle, duration] = process.argv.slice(2);
const SECONDS = Number(duration);
const STUB = `
const answer = JSON.stringify({ scores: Array.from({ length: 64 }, (_, i) => i / 64) });
require('node:http').createServer((request, response) => {
  request.resume().on('end', () => response.writeHead(200, { 'content-type': 'application/json' }).end(answer));
}).listen(0, '127.0.0.1', function () { process.stdout.write(String(this.address().port)); });
`;

interface Run {
  readonly p50: number;
  readonly p99: number;
  readonly errors: number;
}

async function main(): Promise<void> {
  const stub = spawn(process.execPath, ['-e', STUB], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const port = Number(await new Promise((resolve) => stub.stdout.once('data', resolve)));
    Object.assign(process.env, {
      AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`, AWS_REGION: 'eu-central-1', AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'example',
      ENDPOINT_NAME: 'stub',
      SETTINGS: JSON.stringify({
        route: '/infer/stub', modelDigest: 'sha256-0', maxRequestBytes: 65_536, maxAnswerBytes: 65_536, deadlineMs: 27_000,
        schema: { type: 'object', properties: { prompt: { type: 'string', maxLength: 20_000 } }, required: ['prompt'], additionalProperties: false },
      }),
    });
    const { handler } = await import(pathToFileURL(bundle).href) as { handler(event: unknown): Promise<{ statusCode: number }> };
    console.log = () => undefined;
    const body = JSON.stringify({ prompt: 'The quick brown fox. '.repeat(390).slice(0, 8_180) });
    const event = {
      resource: '/infer/stub', httpMethod: 'POST', headers: { 'content-type': 'application/json' }, isBase64Encoded: false, body,
      requestContext: { requestId: 'r', authorizer: { principalId: 'load' } },
    };
    const agent = new http.Agent({ keepAlive: true, maxSockets: 50 });
    const proxy = async () => (await handler(event)).statusCode === 200;
    const direct = () => new Promise<boolean>((resolve) => {
      http.request({ host: '127.0.0.1', port, method: 'POST', agent }, (response) => response.resume().on('end', () => resolve(response.statusCode === 200)))
        .on('error', () => resolve(false)).end(body);
    });
    for (let warm = 0; warm < 2_000; warm += 1) await proxy();
    // Alone: what one request costs. At the rate: whether all are answered.
    const [alone, bare] = [await sequential(proxy, 5_000), await sequential(direct, 5_000)];
    const memory: number[] = [];
    const sampler = setInterval(() => memory.push(process.memoryUsage().rss / 1e6), 1_000);
    const loaded = await atRate(proxy, RATE, SECONDS);
    clearInterval(sampler);
    const third = Math.max(1, Math.floor(memory.length / 3));
    const mean = (list: number[]) => list.reduce((sum, one) => sum + one, 0) / list.length;
    const growth = mean(memory.slice(-third)) - mean(memory.slice(third, 2 * third));
    process.stdout.write(JSON.stringify({
      addedP99: alone.p99 - bare.p99, addedP50: alone.p50 - bare.p50, requests: RATE * SECONDS, errors: loaded.errors, loadedP99: loaded.p99,
      startMb: mean(memory.slice(0, third)), endMb: mean(memory.slice(-third)), grownMb: growth,
    }));
  } finally {
    stub.kill();
  }
}

async function sequential(ask: () => Promise<boolean>, count: number): Promise<Run> {
  const times: number[] = [];
  let errors = 0;
  for (let index = 0; index < count; index += 1) {
    const start = performance.now();
    if (!(await ask())) errors += 1;
    times.push(performance.now() - start);
  }
  return summary(times, errors);
}

/** Sends at a fixed rate, whether or not earlier requests were answered. */
async function atRate(ask: () => Promise<boolean>, rate: number, seconds: number): Promise<Run> {
  const times: number[] = [];
  let errors = 0;
  const pending = new Set<Promise<void>>();
  const begin = performance.now();
  for (let sent = 0; sent < rate * seconds;) {
    const due = Math.min(rate * seconds, Math.floor(((performance.now() - begin) / 1000) * rate) + 1);
    for (; sent < due; sent += 1) {
      const start = performance.now();
      const one: Promise<void> = ask().catch(() => false).then((ok) => {
        if (!ok) errors += 1;
        if (times.length < 200_000) times.push(performance.now() - start);
        pending.delete(one);
      });
      pending.add(one);
    }
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  await Promise.all(pending);
  return summary(times, errors);
}

function summary(times: number[], errors: number): Run {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  return { p50: at(0.5), p99: at(0.99), errors };
}

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
