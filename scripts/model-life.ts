/** A model's life on one machine: a real model is scanned, signed and verified by the command, then tampered with and refused. */
import { spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';

const ROOT = path.join(__dirname, '..');
const COMMAND = path.join(ROOT, 'dist', 'cli', 'secure-ai.js');
const MODEL = path.join(ROOT, 'examples', 'fraud-model', 'model.onnx');

/** One step as a table shows it. */
export interface ModelLifeRow {
  readonly step: string;
  readonly result: string;
  readonly detail: string;
  /** Whether the step ended as it must: a refusal is right where something was tampered with. */
  readonly asExpected: boolean;
}

interface Step {
  readonly step: string;
  readonly args: readonly string[];
  readonly exitCode: 0 | 1;
  readonly result: (document: Readonly<Record<string, unknown>>) => string;
  readonly detail: (document: Readonly<Record<string, unknown>>) => string;
  /** What the step must end with, beside its exit code. */
  readonly expected: string;
  /** What an attacker does before. */
  readonly before?: () => void;
}

/**
 * Takes the example model through its life, by the built command.
 *
 * @param outdir an own folder below it is emptied and filled
 * @throws when the command is not built, or does not answer with JSON
 */
export function modelLife(outdir: string): ModelLifeRow[] {
  const work = path.join(outdir, 'model-life');
  const model = path.join(work, 'fraud-model');
  const [privateKey, publicKey] = [path.join(work, 'signer.pem'), path.join(work, 'signer.pub.pem')];
  fs.rmSync(work, { recursive: true, force: true });
  fs.mkdirSync(model, { recursive: true });
  fs.copyFileSync(MODEL, path.join(model, 'model.onnx'));
  fs.writeFileSync(path.join(model, 'README.md'), '# Fraud model\n\nA demonstration.\n');
  const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  fs.writeFileSync(privateKey, keys.privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  fs.writeFileSync(publicKey, keys.publicKey.export({ type: 'spki', format: 'pem' }));

  const inModel = (name: string) => path.join(model, name);
  const verify = ['model', 'verify', model, '--key', publicKey];
  const refused = { exitCode: 1, result: ({ code }: Readonly<Record<string, unknown>>) => `refused ${String(code)}`, detail: ({ reason }: Readonly<Record<string, unknown>>) => String(reason) } as const;
  const steps: readonly Step[] = [
    {
      step: 'scan', args: ['model', 'scan', model], exitCode: 0, expected: 'SAFE',
      result: ({ verdict }) => String(verdict),
      detail: ({ files }) => (files as { path: string; formats: string[] }[]).map((file) => `${file.path} (${file.formats.join(', ').toLowerCase()})`).join(', '),
    },
    {
      step: 'sign', args: ['model', 'sign', model, '--key', privateKey], exitCode: 0, expected: 'signed',
      result: ({ signed }) => (signed === true ? 'signed' : 'not signed'),
      detail: ({ rootDigest, keyHint }) => `root digest ${String(rootDigest).slice(0, 16)}…, key ${String(keyHint).slice(0, 16)}…`,
    },
    {
      step: 'verify', args: verify, exitCode: 0, expected: 'verified',
      result: ({ verified }) => (verified === true ? 'verified' : 'not verified'),
      detail: ({ files }) => `${(files as unknown[]).length} files as signed`,
    },
    {
      step: 'tamper with one bit, verify', args: verify, expected: 'refused FILE_MISMATCH', ...refused,
      before: () => flipBit(inModel('model.onnx')),
    },
    {
      step: 'put it back, add a loader script, verify', args: verify, expected: 'refused FILE_EXTRA', ...refused,
      before: () => {
        flipBit(inModel('model.onnx'));
        fs.writeFileSync(inModel('loader.py'), 'import os\nos.system("id")\n');
      },
    },
    {
      step: 'take it away, change the signature, verify', args: verify, expected: 'refused SIGNATURE_INVALID', ...refused,
      before: () => {
        fs.rmSync(inModel('loader.py'));
        fs.copyFileSync(inModel('model.sig'), path.join(work, 'model.sig'));
        renameSignedModel(inModel('model.sig'));
      },
    },
    {
      step: 'put everything back, verify', args: verify, exitCode: 0, expected: 'verified',
      result: ({ verified }) => (verified === true ? 'verified' : 'not verified'),
      detail: ({ files }) => `${(files as unknown[]).length} files as signed`,
      before: () => fs.renameSync(path.join(work, 'model.sig'), inModel('model.sig')),
    },
    {
      step: 'replace the model by a pickle that runs a command, scan', args: ['model', 'scan', model], exitCode: 1, expected: 'DANGEROUS',
      result: ({ verdict }) => String(verdict),
      detail: ({ files }) => (files as { reasons: { code: string; found: string }[] }[]).flatMap(({ reasons }) => reasons.map(({ code, found }) => `${code} ${found}`)).join('; '),
      // posix.system('id'), called while the file is loaded.
      before: () => fs.writeFileSync(inModel('model.onnx'), Buffer.from('\x80\x02cposix\nsystem\nX\x02\x00\x00\x00id\x85R.', 'latin1')),
    },
  ];
  return steps.map(run);
}

function run({ step, args, exitCode, result, detail, expected, before }: Step): ModelLifeRow {
  before?.();
  const { status, stdout, stderr } = spawnSync(process.execPath, [COMMAND, ...args, '--json'], { encoding: 'utf8', cwd: ROOT });
  let document: Readonly<Record<string, unknown>>;
  try {
    document = JSON.parse(stdout) as Readonly<Record<string, unknown>>;
  } catch (cause) {
    throw new Error(`secure-ai ${args.join(' ')} ended with ${status} and no JSON: ${stderr}`, { cause });
  }
  if (status === 2) return { step, result: 'error', detail: String(document.message), asExpected: false };
  const found = result(document);
  return { step, result: found, detail: detail(document), asExpected: status === exitCode && found === expected };
}

/** The smallest change that there is, in the middle of the file. A second call undoes it. */
function flipBit(file: string): void {
  const bytes = fs.readFileSync(file);
  bytes[bytes.length >> 1] ^= 1;
  fs.writeFileSync(file, bytes);
}

/** Changes what the signature states, and keeps it well-formed. */
function renameSignedModel(file: string): void {
  const bundle = JSON.parse(fs.readFileSync(file, 'utf8')) as { dsseEnvelope: { payload: string } };
  const statement = JSON.parse(Buffer.from(bundle.dsseEnvelope.payload, 'base64').toString()) as { subject: { name: string }[] };
  statement.subject[0].name = 'another-model';
  bundle.dsseEnvelope.payload = Buffer.from(JSON.stringify(statement)).toString('base64');
  fs.writeFileSync(file, JSON.stringify(bundle));
}
