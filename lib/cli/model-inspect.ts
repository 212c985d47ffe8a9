import type { Artifact, ArtifactStore } from '../models/ports/artifact-store';
import { artifactNameProblem } from '../models/signing/artifact-name';
import { DEFAULT_MAX_BUNDLE_BYTES } from '../models/signing/bundle';
import { sortedByCodePoint } from '../models/signing/code-point-order';
import { hashArtifacts } from '../models/signing/hash-artifacts';
import { ignoredBeside } from '../models/signing/ignore-rules';
import { SIGNATURE_NAME } from '../models/signing/signature-name';
import { SigningError } from '../models/signing/signing-error';
import { treeDigest } from '../models/signing/tree-digest';
import { type BundleListing, listBundle, looksLikeBundle } from './bundle-listing';
import { CliError } from './cli-error';
import type { ExitCode, Invocation } from './command';
import { displayBytes, displayJson, displayText } from './display-text';
import { readInput, shown } from './input-file';
import { openModel, placeBundle, readBundle as readBundleOf } from './model-place';
import { ProgressLine } from './progress-line';
import type { Terminal } from './terminal';

const SCHEMA = 'cdk-secure-ai/model-inspect/v1';

interface FileListing {
  readonly path: string;
  readonly kind: Artifact['kind'];
  readonly size: number;
  /** `null` for what is no file. */
  readonly sha256: string | null;
}

interface ModelListing {
  readonly files: readonly FileListing[];
  /** What a signature over these files would state; `null` where none is possible. */
  readonly rootDigest: string | null;
  /** Version control files, which a signature leaves out. */
  readonly leftOut: readonly string[];
  /** What lies there as `model.sig`. */
  readonly signature: (Omit<BundleListing, 'files'> & { readonly signedFiles: number }) | { readonly problem: string } | null;
}

/** Lists a directory, a file or a signature. */
export async function inspectCommand({ path: location, line, terminal }: Invocation): Promise<ExitCode> {
  const store = await openModel(location);
  if (store.layout === 'file') {
    const bytes = await readInput(location, 'file', { maxBytes: DEFAULT_MAX_BUNDLE_BYTES });
    if (looksLikeBundle(bytes) || location.endsWith('.sig')) {
      const bundle = readBundle(bytes, location);
      if (line.has('json')) terminal.out(displayJson({ schema: SCHEMA, kind: 'signature', path: location, ...bundle }));
      else showBundle(location, bundle, terminal);
      return 0;
    }
  }
  const model = await listModel(location, store, terminal);
  const kind = store.layout === 'file' ? 'file' : 'directory';
  if (line.has('json')) terminal.out(displayJson({ schema: SCHEMA, kind, path: location, ...model }));
  else showModel(location, model, terminal);
  return 0;
}

function readBundle(bytes: Buffer, location: string): BundleListing {
  try {
    return listBundle(bytes);
  } catch (cause) {
    if (!(cause instanceof SigningError)) throw cause;
    throw new CliError('INPUT_INVALID', `${shown(location)} is not the signature of a model: ${cause.code}, ${cause.message}`, { cause });
  }
}

async function listModel(location: string, store: ArtifactStore, terminal: Terminal): Promise<ModelListing> {
  const ignore = ignoredBeside(false);
  const found: Artifact[] = [];
  const leftOut = new Set<string>();
  const progress = new ProgressLine(terminal, 'hashing');
  try {
    for await (const artifact of store.list()) {
      if (store.layout === 'tree' && ignore.matches(artifact.name)) leftOut.add(artifact.name.split('/')[0]);
      else found.push(artifact);
    }
    const artifacts = sortedByCodePoint(found, ({ name }) => name);
    const hashed = artifacts.filter(({ kind, name }) => kind === 'file' && !artifactNameProblem(name));
    const digests = await hashArtifacts(store, hashed.map((artifact) => ({ artifact })), {
      algorithm: 'sha256', onProgress: (bytes) => progress.update(bytes),
    });
    const digestOf = new Map(hashed.map(({ name }, index) => [name, digests[index]]));
    const isSigned = ({ name }: Artifact) => store.layout === 'file' || name !== SIGNATURE_NAME;
    const signable = artifacts.filter(isSigned).map(({ name }) => digestOf.get(name));
    return {
      files: artifacts.map(({ name, kind, size }) => ({ path: name, kind, size, sha256: digestOf.get(name) ?? null })),
      rootDigest: signable.length > 0 && signable.every((digest) => digest !== undefined) ? treeDigest(signable) : null,
      leftOut: [...leftOut].sort(),
      signature: artifacts.every(isSigned) ? null : await readSignature(location, store),
    };
  } catch (cause) {
    if (cause instanceof CliError) throw cause;
    throw new CliError('INPUT_UNREADABLE', `model ${shown(location)} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  } finally {
    progress.end();
  }
}

async function readSignature(location: string, store: ArtifactStore): Promise<ModelListing['signature']> {
  try {
    const { files, ...rest } = listBundle(await readBundleOf(store, await placeBundle(location, undefined)));
    return { ...rest, signedFiles: files.length };
  } catch (error) {
    // Listing goes on: the rest of the model is still worth seeing.
    if (error instanceof SigningError) return { problem: `${error.code}: ${error.message}` };
    if (error instanceof CliError) return { problem: error.message };
    throw error;
  }
}

function showModel(location: string, { files, rootDigest, leftOut, signature }: ModelListing, terminal: Terminal): void {
  const { colours } = terminal;
  const sizes = files.map(({ size, kind }) => (kind === 'file' ? displayBytes(size) : kind));
  const width = Math.max(0, ...sizes.map(({ length }) => length));
  for (const [index, { path: name, sha256 }] of files.entries()) {
    terminal.out(`${sha256 ?? '-'.padEnd(64)}  ${sizes[index].padStart(width)}  ${displayText(name)}`);
  }
  const total = displayBytes(files.reduce((sum, { size }) => sum + size, 0));
  terminal.out(`\n${displayText(location)}: ${files.length} ${files.length === 1 ? 'file' : 'files'}, ${total}`);
  terminal.out(`  root digest  ${rootDigest ?? 'none: only regular files can be signed'}`);
  if (leftOut.length > 0) terminal.out(`  left out     ${leftOut.map(displayText).join(', ')}`);
  if (signature === null) return;
  if ('problem' in signature) {
    terminal.out(`  signature    ${SIGNATURE_NAME} is not readable: ${displayText(signature.problem)}`);
    return;
  }
  terminal.out(`  signature    ${SIGNATURE_NAME}, by ${signature.method}, over ${signature.signedFiles} files; root digest ${displayText(signature.rootDigest)}`);
  terminal.out(`  key hint     ${signature.keyHint === null ? 'none' : displayText(signature.keyHint)}`);
  terminal.out(colours.dim('  nothing is verified here'));
}

function showBundle(location: string, bundle: BundleListing, terminal: Terminal): void {
  for (const { path: name, digest, range } of bundle.files) {
    terminal.out(`${displayText(digest)}  ${displayText(name)}${range ? `  bytes ${range[0]} to ${range[1]}` : ''}`);
  }
  const row = (label: string, value: string) => `  ${label.padEnd(12)} ${displayText(value)}`;
  terminal.out([
    `\n${displayText(location)}: signature over ${bundle.files.length} ${bundle.files.length === 1 ? 'file' : 'files'}, by ${bundle.method}`,
    row('model', bundle.modelName),
    row('root digest', bundle.rootDigest),
    row('algorithm', bundle.algorithm),
    row('key hint', bundle.keyHint ?? 'none'),
    ...bundle.certificates.map(({ subject, validTo }) => row('certificate', `${subject}, until ${validTo}`)),
    row('left out', bundle.ignorePaths.join(', ') || 'nothing'),
    terminal.colours.dim('  nothing is verified here'),
  ].join('\n'));
}
