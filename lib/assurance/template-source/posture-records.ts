import { isObject } from './assembly-files';
import type { ConstructMetadata } from './construct-metadata';

/** Metadata key under which the library records what an organisation decided. */
export const POSTURE_METADATA_KEY = 'cdk-secure-ai:posture';

/** What the postures of an assembly say, by stack. */
export type PostureRecords = ReadonlyMap<string, Readonly<Record<string, unknown>>>;

/**
 * What each stack of a cloud assembly was held to; an assembly of another app says nothing.
 *
 * Several postures in one stack do not say which of its resources each is about: only what all of them say counts.
 */
export function postureRecords(metadata: ConstructMetadata): PostureRecords {
  const records = new Map<string, Readonly<Record<string, unknown>>>();
  for (const stackId of metadata.stackIds) {
    const [first, ...others] = metadata.dataInStack(stackId, POSTURE_METADATA_KEY).filter(isObject);
    if (first !== undefined) records.set(stackId, shared(first, others));
  }
  return records;
}

function shared(first: Readonly<Record<string, unknown>>, others: readonly Readonly<Record<string, unknown>>[]): Record<string, unknown> {
  const same = ([key, value]: [string, unknown]): boolean =>
    others.every((one) => Object.hasOwn(one, key) && JSON.stringify(one[key]) === JSON.stringify(value));
  return Object.fromEntries(Object.entries(first).filter(same));
}
