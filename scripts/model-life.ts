/** A model's life on one machine: a real model is scanned, signed, verified and judged by the command, then tampered with and refused. */
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

  const evidence = writeEvidence(work);

  const inModel = (name: string) => path.join(model, name);
  const verify = ['model', 'verify', model, '--key', publicKey];
  const refused = { exitCode: 1, result: ({ code }: Readonly<Record<string, unknown>>) => `refused ${String(code)}`, detail: ({ reason }: Readonly<Record<string, unknown>>) => String(reason) } as const;
  const inWork = (name: string) => path.join(work, name);
  const attest = (name: string, from: string) => ['model', 'attest', model, '--result', from, '--key', privateKey, '--output', inWork(`${name}.sig`)];
  const gate = (result: string) => [
    'model', 'gate', model, '--policy', evidence.policy, '--key', publicKey, '--provenance', inWork('provenance.sig'), '--result', inWork(`${result}.sig`),
  ];
  const attested: Pick<Step, 'result' | 'detail'> = {
    result: ({ kind }) => `${String(kind)} signed`,
    detail: ({ rootDigest }) => `about the model with the root digest ${String(rootDigest).slice(0, 16)}…`,
  };
  const judged: Pick<Step, 'result' | 'detail'> = {
    result: ({ passed, findings }) => {
      const codes = [...new Set((findings as { code: string }[]).map(({ code }) => code))];
      return passed === true ? 'passes' : `fails ${codes.join(', ')}`;
    },
    detail: ({ passed, findings, metrics }) => (passed === true
      ? (metrics as { metric: string; group: string | null; compared: number[] }[])
        .map(({ metric, group, compared }) => `${metric}${group === null ? '' : ` of ${group}`} ${compared.join(' to ')}`)
      : (findings as { about: string; reason: string }[]).map(({ about, reason }) => `${about}: ${reason}`)).join('; '),
  };
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
      step: 'sign its provenance', args: ['model', 'attest', model, '--provenance', evidence.provenance, '--key', privateKey, '--output', inWork('provenance.sig')],
      exitCode: 0, expected: 'provenance signed', ...attested,
    },
    {
      step: 'sign an evaluation that is weak for one age group', args: attest('weak', evidence.weak), exitCode: 0, expected: 'result signed', ...attested,
    },
    {
      step: 'gate', args: gate('weak'), exitCode: 1, expected: 'fails THRESHOLD_MISSED', ...judged,
    },
    {
      step: 'sign an evaluation that is good for both', args: attest('good', evidence.good), exitCode: 0, expected: 'result signed', ...attested,
    },
    {
      step: 'gate', args: gate('good'), exitCode: 0, expected: 'passes', ...judged,
    },
    {
      step: 'gate with a result that nobody signed', args: gate('forged'), exitCode: 1, expected: 'fails RESULT_UNSIGNED, RESULT_MISSING', ...judged,
      before: () => fs.copyFileSync(evidence.good, inWork('forged.sig')),
    },
    {
      step: 'tamper with one bit, verify', args: verify, expected: 'refused FILE_MISMATCH', ...refused,
      before: () => flipBit(inModel('model.onnx')),
    },
    {
      step: 'gate the tampered model', args: gate('good'), exitCode: 1, expected: 'fails SIGNATURE_REFUSED', ...judged,
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

/** What people and tools write about the model: a policy, a provenance, and two evaluations, of which one is not good enough. */
function writeEvidence(work: string): Readonly<Record<'policy' | 'provenance' | 'weak' | 'good', string>> {
  const builder = 'https://example.com/training';
  const write = (name: string, document: object) => {
    const file = path.join(work, `${name}.json`);
    fs.writeFileSync(file, `${JSON.stringify(document, undefined, 2)}\n`);
    return file;
  };
  const auc = (value: number, width: number) => ({ id: 'auc', value, interval: { lower: value - width, upper: value + width, level: 0.95 } });
  const evaluation = (young: number) => ({
    schema: 'cdk-secure-ai/evaluation-result/v1',
    suite: 'holdout',
    tool: { name: 'demonstration', version: '1.0' },
    measuredAt: new Date().toISOString(),
    metrics: [
      { ...auc(0.9375, 0.0078125), samples: 20_000 },
      { ...auc(young, 0.015625), group: 'age<25', samples: 4_000 },
      { ...auc(0.9375, 0.015625), group: 'age>=25', samples: 16_000 },
    ],
  });
  return {
    policy: write('policy', {
      schema: 'cdk-secure-ai/gate-policy/v1', name: 'fraud-production', builders: [builder], maxAgeDays: 30,
      requirements: [{ metric: 'auc', min: 0.92, minSamples: 10_000 }, { metric: 'auc', min: 0.88, groups: 'every' }],
    }),
    provenance: write('provenance', {
      buildDefinition: { buildType: 'https://example.com/training/v1', externalParameters: { epochs: '12' } }, runDetails: { builder: { id: builder } },
    }),
    weak: write('weak', evaluation(0.875)),
    good: write('good', evaluation(0.921875)),
  };
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
