import { artifactNameProblem } from './artifact-name';
import type { DigestAlgorithm} from './digest-algorithm';
import { isHexDigest } from './digest-algorithm';
import type { JsonShape } from './json-shape';
import { quoted, SigningError } from './signing-error';

/** The name that early signers gave to a model of one file. */
export const ONE_FILE_NAME = '.';

/** One signed file, or one signed range of a file. */
export interface Resource {
  /** Path of the file. */
  readonly path: string;
  readonly digest: string;

  /** Set for a shard. Unit: bytes; the end is the first byte after it. */
  readonly range?: { readonly start: number; readonly end: number };
}

/**
 * Reads one resource descriptor. Fields beyond the three are allowed by the specification and ignored.
 *
 * @param shardSize set when files are signed in pieces; unit: bytes
 * @throws SigningError ALGORITHM_MISMATCH, RESOURCE_NAME_INVALID, RESOURCE_DIGEST_INVALID or SHARDS_INVALID
 */
export function readResource(shape: JsonShape, algorithm: DigestAlgorithm, shardSize?: number): Resource {
  const name = shape.string('name');
  const named = shape.string('algorithm');
  // The reference signer puts the size of the shards into the algorithm's name.
  if (named !== algorithm && (shardSize === undefined || named !== `${algorithm}-sharded-${shardSize}`)) {
    throw new SigningError('ALGORITHM_MISMATCH', `resource ${quoted(name)} uses ${quoted(named)}, its statement ${algorithm}`);
  }
  const digest = shape.string('digest');
  if (!isHexDigest(algorithm, digest)) {
    throw new SigningError('RESOURCE_DIGEST_INVALID', `resource ${quoted(name)} has no ${algorithm} digest in lower-case hexadecimal`);
  }
  const resource = shardSize === undefined ? { path: name, digest } : { ...readShardName(name), digest };
  const problem = resource.path === ONE_FILE_NAME ? undefined : artifactNameProblem(resource.path);
  if (problem) throw new SigningError('RESOURCE_NAME_INVALID', `resource name ${quoted(resource.path)} ${problem}`);
  return resource;
}

/** `path:start:end`; the path itself may hold colons. */
function readShardName(name: string): Pick<Resource, 'path' | 'range'> {
  const parts = /^(.*):(0|[1-9][0-9]{0,15}):(0|[1-9][0-9]{0,15})$/su.exec(name);
  const start = Number(parts?.[2]);
  const end = Number(parts?.[3]);
  if (!parts || !Number.isSafeInteger(start) || !Number.isSafeInteger(end) || end < start) {
    throw new SigningError('SHARDS_INVALID', `resource name ${quoted(name)} is not a path with a byte range`);
  }
  return { path: parts[1], range: { start, end } };
}
