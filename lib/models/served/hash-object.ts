import { createHash } from 'node:crypto';
import type { RecordStore } from '../gate/record-store';
import type { Artifact, ArtifactStore } from '../ports/artifact-store';
import { digestKey, readDigest, writeDigest } from './object-digest';
import { ServedModelError } from './served-model-error';

/** What hashing takes from outside. */
export interface HashPorts {
  readonly bucket: string;
  /** A store of this one object at the version that is served now. */
  readonly store: ArtifactStore;
  readonly records: Pick<RecordStore, 'read' | 'writeOnce'>;
  /** Whether the time is up in which one function can hash. */
  readonly expired: () => boolean;
}

/**
 * Records the digest of the served version of an object, unless it is recorded already: whatever stops the work on a model, the next run
 * goes on behind the last object that was done.
 *
 * @throws ServedModelError OBJECT_TOO_LARGE, or what store and records fail with
 */
export async function hashObject(key: string, { bucket, store, records, expired }: HashPorts): Promise<{ readonly hashed: boolean }> {
  for await (const artifact of store.list()) {
    const { size, version: versionId } = artifact;
    const place = { bucket, key, versionId, size };
    const record = digestKey(place);
    if (readDigest(await records.read(record), place) !== undefined) return { hashed: false };
    const sha256 = await digestOf(store, artifact, expired);
    await records.writeOnce(record, writeDigest({ ...place, sha256 }));
  }
  return { hashed: true };
}

async function digestOf(store: ArtifactStore, artifact: Artifact, expired: () => boolean): Promise<string> {
  const hash = createHash('sha256');
  let seen = 0;
  for await (const chunk of store.read(artifact)) {
    if (expired()) throw new ServedModelError('OBJECT_TOO_LARGE', `${seen} of ${artifact.size} bytes were hashed in the time of one function: split the file`);
    hash.update(chunk);
    seen += chunk.length;
  }
  if (seen !== artifact.size) throw new Error(`the object ended after ${seen} of ${artifact.size} bytes`);
  return hash.digest('hex');
}
