import type { Job, JobDefinition, SweptEnvironment } from './job';
import { isKey } from './kms-key-name';
import { isOwnRole } from './own-role';

/**
 * Whether a job is one of the environment: it carries its tag, or runs with one of its roles, or uses a key or subnet that is the
 * environment's alone.
 *
 * Anything else is a job of somebody else and is left alone. So is one whose tag names another environment, unless it runs with a role of
 * this one: keys and subnets can come to be shared, a role cannot be borrowed.
 */
export function belongsTo(environment: SweptEnvironment, job: Job): boolean {
  const tag = job.tags.get(environment.tag.key);
  if (tag === environment.tag.value || job.definitions.some(({ roleArn }) => isOwnRole(roleArn, environment.roles))) return true;
  if (tag !== undefined) return false;
  return job.definitions.some((definition) => usesOwnKey(environment, definition) || runsInside(environment, definition));
}

function usesOwnKey({ ownMarks, volumeKeyArn, outputKeyArn }: SweptEnvironment, { volumeKey, outputKey = '' }: JobDefinition): boolean {
  const own = [...(ownMarks.has('volume-key') ? [volumeKeyArn] : []), ...(ownMarks.has('output-key') ? [outputKeyArn] : [])];
  return own.some((keyArn) => isKey(volumeKey, keyArn) || isKey(outputKey, keyArn));
}

function runsInside({ ownMarks, subnets }: SweptEnvironment, definition: JobDefinition): boolean {
  return ownMarks.has('segment') && definition.subnets.some((subnet) => subnets.has(subnet));
}
