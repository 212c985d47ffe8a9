import { IgnoreRules } from './ignore-rules';
import type { DigestAlgorithm} from './digest-algorithm';
import { toDigestAlgorithm } from './digest-algorithm';
import { readStatement, writeStatement } from './in-toto-statement';
import type { JsonShape } from './json-shape';
import type { Resource } from './resource';
import { readResource } from './resource';
import { quoted, SigningError } from './signing-error';
import { treeDigest } from './tree-digest';

/** Predicate type of OpenSSF Model Signing v1.0. */
export const MODEL_SIGNATURE_PREDICATE = 'https://model_signing/signature/v1.0';

/** What a model signature states. */
export interface ModelStatement {
  /** Informational; signers disagree on it. */
  readonly modelName: string;
  readonly rootDigest: string;
  readonly algorithm: DigestAlgorithm;

  /** Set when files are signed in pieces of this many bytes. */
  readonly shardSize?: number;
  readonly ignorePaths: readonly string[];
  readonly resources: readonly Resource[];
}

/** The payload to sign for whole files; earlier and optional forms are read, never written. */
export function writeModelStatement(statement: Omit<ModelStatement, 'rootDigest' | 'shardSize'>): Buffer {
  return writeStatement({
    subject: [{ name: statement.modelName, digest: { sha256: rootDigestOf(statement.resources) } }],
    predicateType: MODEL_SIGNATURE_PREDICATE,
    predicate: {
      serialization: {
        method: 'files',
        hash_type: statement.algorithm,
        allow_symlinks: false,
        ignore_paths: statement.ignorePaths,
      },
      resources: statement.resources.map(({ path, digest }) => ({ name: path, algorithm: statement.algorithm, digest })),
    },
  });
}

/**
 * Reads and checks the statement of a model signature: one subject, at least one resource, no duplicates, canonical names,
 * one algorithm. The root digest is checked by `assertRootDigest`.
 *
 * @throws SigningError with the code of the first check that fails
 */
export function readModelStatement(payload: Uint8Array): ModelStatement {
  const { subjects, predicate } = readStatement(payload, MODEL_SIGNATURE_PREDICATE);
  if (subjects.length !== 1) throw new SigningError('SUBJECT_COUNT', `statement has ${subjects.length} subjects; it must have one`);
  predicate.only('serialization', 'resources');
  const serialization = readSerialization(predicate.object('serialization'));
  const resources = predicate.objects('resources')
    .map((resource) => readResource(resource, serialization.algorithm, serialization.shardSize));
  if (resources.length === 0) throw new SigningError('RESOURCES_EMPTY', 'statement has no resources');
  assertUnique(resources);
  return {
    modelName: subjects[0].string('name'),
    rootDigest: subjects[0].object('digest').string('sha256'),
    ...serialization,
    resources,
  };
}

/** @throws SigningError ROOT_DIGEST_MISMATCH */
export function assertRootDigest(statement: ModelStatement): void {
  const root = rootDigestOf(statement.resources);
  if (root !== statement.rootDigest) {
    throw new SigningError('ROOT_DIGEST_MISMATCH', `subject has the digest ${quoted(statement.rootDigest)}, the resources give ${root}`);
  }
}

function rootDigestOf(resources: readonly Resource[]): string {
  return treeDigest(resources.map((resource) => resource.digest));
}

function readSerialization(shape: JsonShape): Pick<ModelStatement, 'algorithm' | 'shardSize' | 'ignorePaths'> {
  shape.only('method', 'hash_type', 'shard_size', 'allow_symlinks', 'ignore_paths');
  const method = shape.string('method');
  if (method !== 'files' && method !== 'shards') {
    throw new SigningError('FIELD_INVALID', `serialization.method is ${quoted(method)}; it must be files or shards`);
  }
  if (method === 'files' && shape.has('shard_size')) {
    throw new SigningError('FIELD_INVALID', 'serialization.shard_size must be left out with the method files');
  }
  // Signers may have followed links; this verifier finds none, because inventories refuse them.
  shape.boolean('allow_symlinks');
  return {
    algorithm: toDigestAlgorithm(shape.string('hash_type')),
    shardSize: method === 'shards' ? shape.positiveInteger('shard_size') : undefined,
    ignorePaths: shape.has('ignore_paths') ? new IgnoreRules(shape.strings('ignore_paths')).paths : [],
  };
}

function assertUnique(resources: readonly Resource[]): void {
  const seen = new Set<string>();
  for (const { path, range } of resources) {
    const name = range ? `${path}:${range.start}:${range.end}` : path;
    if (seen.has(name)) throw new SigningError('RESOURCE_DUPLICATE', `resource ${quoted(name)} is listed twice`);
    seen.add(name);
  }
}
