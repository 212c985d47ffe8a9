import { serveInference } from '../../../lib/inference/proxy/serve-inference';
import { json, makeEvent, portsWith, SETTINGS } from './fixtures';

const SEEDS = [
  '{"prompt":"hello"}', '{"prompt":"e\\u0301\\ud83d\\ude00","count":3}', '{"prompt":"[[[[{{{{","count":9007199254740993}', '{"prompt":"\\u202e\\u0000"}',
  '{"prompt":"a","__proto__":{"polluted":1},"constructor":{"prototype":{}}}', '[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]', '{"prompt":1e999,"count":-0}',
];
const PIECES = ['{', '}', '[', ']', '"', '\\', '\\u', '\\ud800', ':', ',', '__proto__', 'constructor', '\u0000', '\u202e', '1e999', '-', '.', 'null', 'true', 'é', '😀', '\ud800', ' '];

export interface FuzzFigures {
  readonly runs: number;
  readonly byStatus: Readonly<Record<string, number>>;
  /** Bodies that the model was asked. */
  readonly asked: number;
}

/** Mutates requests; throws when the proxy throws, writes another number of records than one, or asks the model something that it must not. */
export async function fuzz(runs: number, seed: number): Promise<FuzzFigures> {
  const random = generator(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)];
  const byStatus: Record<string, number> = {};
  let asked = 0;
  for (let run = 0; run < runs; run += 1) {
    let body = pick(SEEDS);
    for (let change = Math.floor(random() * 6); change > 0; change -= 1) {
      const at = Math.floor(random() * (body.length + 1));
      const cut = random() < 0.5 ? Math.floor(random() * 4) : 0;
      body = body.slice(0, at) + pick(PIECES).repeat(random() < 0.02 ? 2_000 : 1) + body.slice(at + cut);
    }
    const { ports, records } = portsWith(async ({ body: bytes }) => {
      asked += 1;
      const value = JSON.parse(Buffer.from(bytes).toString()) as Record<string, unknown>;
      const isFine = typeof value.prompt === 'string' && !/\p{Cs}/u.test(value.prompt) && value.prompt === value.prompt.normalize('NFC')
         
        && !/[\u0000-\u0008\u202e]/.test(value.prompt) && Object.keys(value).every((name) => name === 'prompt' || name === 'count');
      if (!isFine) throw new Error(`the model was asked ${JSON.stringify(value)}`);
      return json({ echo: value });
    });
    const { statusCode } = await serveInference(makeEvent({ body }), SETTINGS, ports, 30_000);
    if (records.length !== 1) throw new Error(`${records.length} records for ${JSON.stringify(body)}`);
    if (statusCode === 500) throw new Error(`an internal error (${records[0].detail}) for ${JSON.stringify(body)}`);
    byStatus[statusCode] = (byStatus[statusCode] ?? 0) + 1;
  }
  if (({} as Record<string, unknown>).polluted !== undefined) throw new Error('the prototype of objects was changed');
  return { runs, byStatus, asked };
}

/** Mulberry32. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
