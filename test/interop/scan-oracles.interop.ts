/** The artifact scanner, held against the public scanners, and against files that the real frameworks write at this moment. */
import { execFile } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { promisify } from 'node:util';
import { scanFile } from '../../lib/models/scanning/scan-file';
import type { Verdict } from '../../lib/models/scanning/verdict';
import { FileSource } from '../../lib/models/scanning-sources/file-source';
import { fuzzSeeds } from '../models/scanning/fixtures/fuzz-seeds';
import type { InteropContext, InteropResult } from './interop-context';

export const name = 'artifact scan';

const FRAMEWORKS = ['numpy', 'joblib', 'sklearn', 'safetensors', 'onnx', 'gguf', 'h5py', 'keras'];

/** What files of the frameworks must be judged as; a file that is not named here fails the suite. */
const EXPECTED: readonly (readonly [RegExp, Verdict])[] = [
  [/evil|lambda|external-(?:link|data)\.h5|h5-virtual/, 'DANGEROUS'],
  [/^sklearn-|custom-operator/, 'SUSPICIOUS'],
  [/joblib-xz|^onnx-external\//, 'UNSCANNABLE'],
  [/^(?:numpy|pickle-data|joblib|keras-plain|h5-|tensors|add|function|template-safe)/, 'SAFE'],
];

/** Files that every one of the scanners must flag, or it judges nothing. */
const CANARIES = ['stack-global.pkl', 'global.pkl'];
const ORACLES = ['picklescan', 'modelscan', 'fickling'];

type Opinions = Readonly<Record<string, Readonly<Record<string, boolean | null>>>>;

export async function run(context: InteropContext): Promise<InteropResult> {
  const fresh = await judgeFresh(context);
  const compared = await compare(context);
  return { passed: fresh.passed + compared.passed, failed: [...fresh.failed, ...compared.failed] };
}

async function judgeFresh(context: InteropContext): Promise<InteropResult> {
  const folder = path.join(context.temp, 'fresh');
  const script = path.join(context.root, 'test', 'models', 'scanning', 'fixtures', 'make-real.py');
  await promisify(execFile)(context.python, [script, `--out=${folder}`, ...FRAMEWORKS], { env: { ...process.env, KERAS_BACKEND: 'jax', JAX_PLATFORMS: 'cpu' } });
  const failed: string[] = [];
  let passed = 0;
  for (const file of filesOf(folder)) {
    const expected = EXPECTED.find(([pattern]) => pattern.test(file))?.[1];
    const verdict = await verdictOf(path.join(folder, file));
    if (verdict === expected) {
      passed += 1;
    } else {
      failed.push(`${file}, just written: ${verdict}, expected ${expected ?? 'to be named in this suite'}`);
    }
  }
  return { passed, failed };
}

/** Whatever one of the others flags must not be safe here. That this scanner blocks more is its purpose. */
async function compare(context: InteropContext): Promise<InteropResult> {
  const folder = path.join(context.temp, 'corpus');
  for (const { name: file, bytes } of fuzzSeeds()) {
    fs.mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    fs.writeFileSync(path.join(folder, file), bytes);
  }
  const script = path.join(context.root, 'test', 'interop', 'scan_oracles.py');
  const { stdout } = await promisify(execFile)(context.python, [script, folder], { maxBuffer: 64 * 1024 * 1024 });
  const opinions = JSON.parse(stdout.slice(stdout.indexOf('{'))) as Opinions;
  const failed = ORACLES.flatMap((oracle) =>
    CANARIES.filter((file) => opinions[file]?.[oracle] !== true).map((file) => `${oracle} does not flag ${file}: it judges less than it should`),
  );
  let passed = 0;
  for (const [file, row] of Object.entries(opinions)) {
    const verdict = await verdictOf(path.join(folder, file));
    const flagging = Object.keys(row).filter((oracle) => row[oracle] === true);
    if (verdict === 'SAFE' && flagging.length > 0) {
      failed.push(`${file}: safe here, flagged by ${flagging.join(', ')}`);
    } else {
      passed += 1;
    }
  }
  return { passed, failed };
}

async function verdictOf(file: string): Promise<Verdict> {
  const source = await FileSource.open(file);
  try {
    return (await scanFile(file, source)).verdict;
  } finally {
    await source.close();
  }
}

function filesOf(folder: string): string[] {
  return fs.readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .sort();
}
