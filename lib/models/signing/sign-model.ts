import type { Artifact, ArtifactStore } from '../ports/artifact-store';
import type { Signer } from '../ports/signer';
import { hashArtifacts } from './hash-artifacts';
import { ignoredBeside } from './ignore-rules';
import { takeInventory } from './inventory';
import type { SignedFiles} from './sign-files';
import { signFiles } from './sign-files';
import type { SigningCertificates } from './sign-statement';
import { SigningError } from './signing-error';

export interface SignModelOptions {
  /** @default - the key method */
  readonly certificates?: SigningCertificates;

  /** Paths to leave out, beside version control files and the signature. Exact, with all below. @default - none */
  readonly ignorePaths?: readonly string[];

  /** Name of the signature inside the model; `false` when it lies elsewhere. @default model.sig */
  readonly signatureName?: string | false;

  /** Files read at the same time. @default 4 */
  readonly readers?: number;

  /** Called with the bytes hashed so far. */
  readonly onProgress?: (bytes: number) => void;
}

/** One file as it was signed. The version is not in the signature; keep it beside to read the same content again. */
export interface SignedFile {
  readonly artifact: Artifact;
  readonly digest: string;
}

export interface SignedModel extends SignedFiles {
  readonly files: readonly SignedFile[];
}

/**
 * Signs a model as OpenSSF Model Signing v1.0 lays down: whole files, SHA-256, code point order.
 *
 * @throws SigningError MODEL_IS_ONE_FILE, MODEL_EMPTY, or what inventory, store and signer throw
 */
export async function signModel(store: ArtifactStore, signer: Signer, options: SignModelOptions = {}): Promise<SignedModel> {
  if (store.layout === 'file') {
    // Signers disagree on the name of a single file, so its signature would not verify elsewhere.
    throw new SigningError('MODEL_IS_ONE_FILE', `${store.name} is a single file; sign the directory that holds it`);
  }
  const ignore = ignoredBeside(options.signatureName, options.ignorePaths);
  const artifacts = await takeInventory(store, ignore);
  if (artifacts.length === 0) throw new SigningError('MODEL_EMPTY', `${store.name} has no file to sign`);
  const digests = await hashArtifacts(store, artifacts.map((artifact) => ({ artifact })), { ...options, algorithm: 'sha256' });
  const files = artifacts.map((artifact, index) => ({ artifact, digest: digests[index] }));
  const named = files.map(({ artifact: { name }, digest }) => ({ name, digest }));
  return { ...await signFiles(store.name, named, ignore, signer, options.certificates), files };
}
