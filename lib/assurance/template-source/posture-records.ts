import { isObject } from './assembly-files';
import type { ConstructMetadata } from './construct-metadata';

/** Metadata key under which the library records what an organisation decided. */
export const POSTURE_METADATA_KEY = 'cdk-secure-ai:posture';

/** What the postures of an assembly say, by stack. */
export type PostureRecords = ReadonlyMap<string, Readonly<Record<string, unknown>>>;

/** The first posture of each stack that the library left in a cloud assembly; an assembly of another app has none. */
export function postureRecords(metadata: ConstructMetadata): PostureRecords {
  const records = new Map<string, Readonly<Record<string, unknown>>>();
  for (const stackId of metadata.stackIds) {
    const [posture] = metadata.dataInStack(stackId, POSTURE_METADATA_KEY).filter(isObject);
    if (posture !== undefined) records.set(stackId, posture);
  }
  return records;
}
