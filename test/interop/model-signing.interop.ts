import { execFile } from 'node:child_process';
import type { KeyObject } from 'node:crypto';
import { createPublicKey } from 'node:crypto';
import { appendFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import * as path from 'node:path';
import { promisify } from 'node:util';
import { DirectoryArtifactStore } from '../../lib/models/ports/directory-artifact-store';
import { Certificate } from '../../lib/models/signing/certificate';
import { signModel } from '../../lib/models/signing/sign-model';
import type { SigningCertificates } from '../../lib/models/signing/sign-statement';
import { SigningError } from '../../lib/models/signing/signing-error';
import type { TrustPolicy } from '../../lib/models/signing/trust-policy';
import { verifyModel } from '../../lib/models/signing/verify-model';
import { CODE_SIGNING, KEY_USAGE, newCertificate, toPem } from '../models/signing/certificate-builder';
import type { TestKey } from '../models/signing/test-key';
import { newTestKey } from '../models/signing/test-key';
import type { InteropContext, InteropResult } from './interop-context';

export const name = 'model signatures: the public Python client and the JavaScript verifier of Sigstore';

/** Names on which orders and encodings of the two clients differ, an empty file, and what both leave out. */
const FILES: ReadonlyArray<readonly [string, string]> = [
  ['a-1', 'one'],
  ['a.txt', 'two'],
  ['a/b', 'three'],
  ['model-00001.safetensors', 'four'],
  ['model/x', 'five'],
  ['\uFB01', 'six'],
  ['😀', 'seven'],
  ['path with spaces/file (copy).bin', 'eight'],
  ['empty.bin', ''],
  ['.env.example', 'nine'],
  ['sub/.gitignore', 'ten'],
  ['.gitignore', 'left out'],
  ['.git/HEAD', 'left out'],
];

/** One way to sign and to trust, as files for the Python client and as values for this library. */
interface Method {
  readonly label: string;
  readonly key: TestKey;
  readonly certificates?: SigningCertificates;
  readonly trust: TrustPolicy;
  readonly signArguments: readonly string[];
  readonly verifyArguments: readonly string[];
}

const CURVES = ['P-256', 'P-384', 'P-521'] as const;

export async function run(context: InteropContext): Promise<InteropResult> {
  const python = pythonClient(context.bin('model_signing'));
  const failed: string[] = [];
  let passed = 0;
  const check = async (what: string, work: () => Promise<void>): Promise<void> => {
    try {
      await work();
      passed += 1;
    } catch (error) {
      failed.push(`${what}: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  for (const curve of CURVES) {
    for (const method of [await keyMethod(context.temp, curve), await certificateMethod(context.temp, curve)]) {
      const { label } = method;
      await check(`${label}, signed here`, () => signHereVerifyThere(path.join(context.temp, `here-${label}`), method, python));
      await check(`${label}, signed there`, () => signThereVerifyHere(path.join(context.temp, `there-${label}`), method, python));
    }
  }
  await check('key P-256, the JavaScript verifier', () => verifyWithSigstore(path.join(context.temp, 'sigstore'), context));
  return { passed, failed };
}

type Python = (...args: string[]) => Promise<void>;

async function signHereVerifyThere(root: string, method: Method, python: Python): Promise<void> {
  const signature = await writeModel(root);
  const { bundle } = await signModel(await DirectoryArtifactStore.open(root), method.key.signer, { certificates: method.certificates });
  await writeFile(signature, bundle);
  const verify = (): Promise<void> => python('verify', ...method.verifyArguments, '--signature', signature, root);
  await verify();
  await expectRefusals(root, verify, method.label);
}

async function signThereVerifyHere(root: string, method: Method, python: Python): Promise<void> {
  const signature = await writeModel(root);
  await python('sign', ...method.signArguments, '--signature', signature, root);
  const verify = async (): Promise<void> => {
    await verifyModel(await DirectoryArtifactStore.open(root), await readFile(signature), { trust: method.trust });
  };
  await verify();
  await expectRefusals(root, verify, method.label, SigningError);
}

/** A changed, an added and a removed file must each be refused. */
async function expectRefusals(
  root: string,
  verify: () => Promise<void>,
  label: string,
  errorClass: abstract new (...args: never[]) => Error = Error,
): Promise<void> {
  const changed = path.join(root, 'a', 'b');
  const added = path.join(root, 'model', 'extra.py');
  const attacks: Array<[string, () => Promise<void>, () => Promise<void>]> = [
    ['a changed file', () => appendFile(changed, '!'), () => writeFile(changed, 'three')],
    ['an added file', () => writeFile(added, ''), () => rm(added)],
    ['a removed file', () => rm(changed), () => writeFile(changed, 'three')],
  ];
  for (const [attack, apply, undo] of attacks) {
    await apply();
    const error = await verify().then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    if (!(error instanceof errorClass)) throw new Error(`${label}: ${attack} was not refused (${String(error)})`);
    await undo();
    await verify();
  }
}

async function verifyWithSigstore(root: string, context: InteropContext): Promise<void> {
  const key = newTestKey('P-256');
  await writeModel(root);
  const { bundle } = await signModel(await DirectoryArtifactStore.open(root), key.signer);
  sigstoreVerify(context.root, bundle, createPublicKey(key.publicKey));
  const stranger = createPublicKey(newTestKey('P-256').publicKey);
  try {
    sigstoreVerify(context.root, bundle, stranger);
  } catch {
    return;
  }
  throw new Error('@sigstore/verify accepted a signature under another key');
}

/** The parts of the two packages that are used; they come without a shared type for them. */
interface SigstoreBundle {
  bundleFromJSON(json: unknown): unknown;
}
interface SigstoreVerify {
  toSignedEntity(bundle: unknown): unknown;
  Verifier: new (material: object, options: object) => { verify(entity: unknown): unknown };
}

function sigstoreVerify(root: string, bundle: Buffer, publicKey: KeyObject): void {
  const load = createRequire(path.join(root, 'package.json'));
  const { bundleFromJSON } = load('@sigstore/bundle') as SigstoreBundle;
  const { toSignedEntity, Verifier } = load('@sigstore/verify') as SigstoreVerify;
  const material = {
    certificateAuthorities: [],
    timestampAuthorities: [],
    tlogs: [],
    ctlogs: [],
    publicKey: () => ({ publicKey, validFor: () => true }),
  };
  const verifier = new Verifier(material, { tlogThreshold: 0, ctlogThreshold: 0, timestampThreshold: 0 });
  verifier.verify(toSignedEntity(bundleFromJSON(JSON.parse(bundle.toString()))));
}

async function keyMethod(work: string, curve: (typeof CURVES)[number]): Promise<Method> {
  const key = newTestKey(curve);
  const [privateFile, publicFile] = await writeAll(work, curve, { 'key.pem': key.privateKeyPem, 'key.pub': key.publicKey });
  return {
    label: `key ${curve}`,
    key,
    trust: { publicKey: key.publicKey },
    signArguments: ['key', '--private_key', privateFile],
    verifyArguments: ['key', '--public_key', publicFile],
  };
}

async function certificateMethod(work: string, curve: (typeof CURVES)[number]): Promise<Method> {
  const [root, middle, key] = [newTestKey('P-384'), newTestKey('P-256'), newTestKey(curve)];
  const anchor = newCertificate({
    subject: 'root',
    issuer: 'root',
    key: root.privateKey,
    issuerKey: root.privateKey,
    ca: true,
    keyUsage: KEY_USAGE.keyCertSign,
  });
  const intermediate = newCertificate({
    subject: 'middle',
    issuer: 'root',
    key: middle.privateKey,
    issuerKey: root.privateKey,
    ca: true,
    pathLength: 0,
    keyUsage: KEY_USAGE.keyCertSign,
  });
  const leaf = newCertificate({
    subject: 'leaf',
    issuer: 'middle',
    key: key.privateKey,
    issuerKey: middle.privateKey,
    ca: false,
    keyUsage: KEY_USAGE.digitalSignature,
    extendedUsages: [CODE_SIGNING],
  });
  const certificates = { leaf: toPem(leaf), chain: [toPem(intermediate)] };
  const [privateFile, leafFile, chainFile, anchorFile] = await writeAll(work, `certificate-${curve}`, {
    'key.pem': key.privateKeyPem,
    'leaf.pem': certificates.leaf,
    'chain.pem': certificates.chain[0],
    'root.pem': toPem(anchor),
  });
  return {
    label: `certificate ${curve}`,
    key,
    certificates,
    trust: { certificates: { anchors: [Certificate.fromDer(anchor)], at: new Date() } },
    signArguments: ['certificate', '--private_key', privateFile, '--signing_certificate', leafFile, '--certificate_chain', chainFile],
    verifyArguments: ['certificate', '--certificate_chain', anchorFile],
  };
}

async function writeAll(work: string, directory: string, files: Readonly<Record<string, string>>): Promise<string[]> {
  await mkdir(path.join(work, directory), { recursive: true });
  return Promise.all(
    Object.entries(files).map(async ([file, content]) => {
      const place = path.join(work, directory, file);
      await writeFile(place, content);
      return place;
    }),
  );
}

/** Writes the model and gives the place of its signature. */
async function writeModel(root: string): Promise<string> {
  for (const [file, content] of FILES) {
    await mkdir(path.dirname(path.join(root, file)), { recursive: true });
    await writeFile(path.join(root, file), content);
  }
  return path.join(root, 'model.sig');
}

function pythonClient(command: string): Python {
  return async (...args) => {
    // Without a locale Python may take names for ASCII.
    await promisify(execFile)(command, args, { env: { ...process.env, PYTHONUTF8: '1' }, timeout: 120_000 });
  };
}
