import { readFile, stat, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { parseArgs } from 'node:util';
import { ArtifactStoreError } from '../../lib/models/ports/artifact-store-error';
import { DirectoryArtifactStore } from '../../lib/models/ports/directory-artifact-store';
import { PemSigner } from '../../lib/models/ports/pem-signer';
import { Certificate } from '../../lib/models/signing/certificate';
import { signModel } from '../../lib/models/signing/sign-model';
import { SigningError } from '../../lib/models/signing/signing-error';
import type { TrustPolicy } from '../../lib/models/signing/trust-policy';
import { verifyModel } from '../../lib/models/signing/verify-model';

const OPTIONS = {
  'method': { type: 'string' },
  'model-path': { type: 'string' },
  'output-bundle': { type: 'string' },
  'bundle': { type: 'string' },
  'private-key': { type: 'string' },
  'public-key': { type: 'string' },
  'signing-cert': { type: 'string' },
  'cert-chain': { type: 'string', multiple: true },
  'ignore-paths': { type: 'string', multiple: true },
  'ignore-unsigned-files': { type: 'boolean' },
} as const;

type Flags = ReturnType<typeof readFlags>['values'];

/**
 * The command line of the public conformance suite: `sign-model` and `verify-model`.
 * Signed ignore paths are honoured, as the specification has it; the library's own default is stricter.
 *
 * @returns the exit code: 0 when signed or verified, 1 when refused, 2 when called wrongly
 */
export async function run(args: readonly string[]): Promise<number> {
  try {
    const { values, positionals: [action] } = readFlags(args);
    switch (action) {
      case 'sign-model': await sign(values); return 0;
      case 'verify-model': await verify(values); return 0;
      default: throw new TypeError(`action must be sign-model or verify-model, not ${action}`);
    }
  } catch (error) {
    console.error(error instanceof SigningError ? `${error.code} ${error.step ?? ''} ${error.message}` : String(error));
    return error instanceof SigningError || error instanceof ArtifactStoreError ? 1 : 2;
  }
}

function readFlags(args: readonly string[]) {
  return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true, strict: true });
}

async function sign(flags: Flags): Promise<void> {
  const modelPath = required(flags, 'model-path');
  const bundlePath = required(flags, 'output-bundle');
  const certified = isCertified(flags);
  const signer = PemSigner.of(await text(required(flags, 'private-key')));
  const { bundle } = await signModel(await DirectoryArtifactStore.open(modelPath), signer, {
    ...await scope(flags, modelPath, bundlePath),
    certificates: certified ? { leaf: await text(required(flags, 'signing-cert')), chain: await texts(flags['cert-chain']) } : undefined,
  });
  await writeFile(bundlePath, bundle);
}

async function verify(flags: Flags): Promise<void> {
  const modelPath = required(flags, 'model-path');
  const bundlePath = required(flags, 'bundle');
  const trust: TrustPolicy = isCertified(flags)
    ? { certificates: { anchors: (await texts(flags['cert-chain'])).flatMap((pem) => Certificate.allFromPem(pem)), at: new Date() } }
    : { publicKey: await text(required(flags, 'public-key')) };
  await verifyModel(await DirectoryArtifactStore.open(modelPath), await readFile(bundlePath), {
    ...await scope(flags, modelPath, bundlePath),
    trust,
    honourSignedIgnores: true,
    allowUnsignedFiles: flags['ignore-unsigned-files'],
  });
}

function isCertified(flags: Flags): boolean {
  if (flags.method !== 'key' && flags.method !== 'certificate') {
    throw new TypeError(`method must be key or certificate, not ${flags.method}`);
  }
  return flags.method === 'certificate';
}

/** Absolute paths of the suite as paths inside the model; those outside it say nothing about the model. */
async function scope(
  flags: Flags, modelPath: string, bundlePath: string,
): Promise<{ signatureName: string | false; ignorePaths: string[] }> {
  const root = (await stat(modelPath)).isDirectory() ? modelPath : path.dirname(modelPath);
  const inside = (place: string): string | undefined => {
    const relative = path.relative(root, path.resolve(place));
    return relative === '' || relative.split(path.sep)[0] === '..' ? undefined : relative.split(path.sep).join('/');
  };
  return {
    signatureName: inside(bundlePath) ?? false,
    ignorePaths: (flags['ignore-paths'] ?? []).map(inside).filter((name) => name !== undefined),
  };
}

function required(flags: Flags, name: 'model-path' | 'output-bundle' | 'bundle' | 'private-key' | 'public-key' | 'signing-cert'): string {
  const value = flags[name];
  if (value === undefined) throw new TypeError(`--${name} is missing`);
  return value;
}

async function text(file: string): Promise<string> {
  return readFile(file, 'utf8');
}

async function texts(files: readonly string[] = []): Promise<string[]> {
  return Promise.all(files.map(text));
}
