import type { Job, JobDefinition, SweptEnvironment } from './job';
import { isKey } from './kms-key-name';

/**
 * Whether a job is one of the environment: it carries its tag, or uses its role or one of its keys, or runs in its subnets.
 *
 * Anything else is a job of somebody else and is left alone. So is one in a shared subnet whose tag names another environment, unless it
 * uses what is this environment's alone.
 */
export function belongsTo(environment: SweptEnvironment, job: Job): boolean {
  const tag = job.tags.get(environment.tag.key);
  if (tag === environment.tag.value) return true;
  const untagged = tag === undefined;
  return job.definitions.some((definition) => usesOwn(environment, definition) || (untagged && runsInside(environment, definition)));
}

function usesOwn({ roleArn, volumeKeyArn, outputKeyArn }: SweptEnvironment, definition: JobDefinition): boolean {
  const keys = [definition.volumeKey, definition.outputKey ?? ''];
  return definition.roleArn === roleArn || keys.some((key) => isKey(key, volumeKeyArn) || isKey(key, outputKeyArn));
}

function runsInside({ subnets }: SweptEnvironment, definition: JobDefinition): boolean {
  return definition.subnets.some((subnet) => subnets.has(subnet));
}
