import type { Job, JobDefinition, SweptEnvironment } from './job';
import { isKey } from './kms-key-name';
import { isRoleOf } from './own-role';

/**
 * Whether a job is one of the environment: it carries its tag, or runs with one of its roles, or uses a key or subnet that is the
 * environment's alone.
 *
 * Anything else is a job of somebody else and is left alone. So is one that uses keys or subnets of this environment as a job of another
 * one, by its tag and by its roles: keys and subnets can come to be shared. The tag alone does not say so, since whoever starts a job
 * writes it; roles under the path of an environment are made by deployments only.
 */
export function belongsTo(environment: SweptEnvironment, job: Job): boolean {
  const { key, value } = environment.tag;
  const tag = job.tags.get(key);
  if (tag === value || job.definitions.some(({ roleArn }) => isRoleOf(value, roleArn, environment))) return true;
  if (tag !== undefined && isOfAnother(environment, job, tag)) return false;
  return job.definitions.some((definition) => usesOwnKey(environment, definition) || runsInside(environment, definition));
}

/** A tag with a slash names no environment: it would make roles further down the path of one, or of none, count for it. */
function isOfAnother(environment: SweptEnvironment, job: Job, tag: string): boolean {
  if (!/^[^/]+$/.test(tag)) return false;
  return job.definitions.length > 0 && job.definitions.every(({ roleArn }) => isRoleOf(tag, roleArn, environment));
}

function usesOwnKey({ ownMarks, volumeKeyArn, outputKeyArn }: SweptEnvironment, { volumeKey, outputKey = '' }: JobDefinition): boolean {
  const own = [...(ownMarks.has('volume-key') ? [volumeKeyArn] : []), ...(ownMarks.has('output-key') ? [outputKeyArn] : [])];
  return own.some((keyArn) => isKey(volumeKey, keyArn) || isKey(outputKey, keyArn));
}

function runsInside({ ownMarks, subnets }: SweptEnvironment, definition: JobDefinition): boolean {
  return ownMarks.has('segment') && definition.subnets.some((subnet) => subnets.has(subnet));
}
