import type { Job, JobDefinition, SweptEnvironment } from './job';
import { isKey } from './kms-key-name';
import { isRoleOf } from './own-role';

/** What takes a job out of isolation. */
export type Violation =
  | 'NO_NETWORK_ISOLATION' | 'NO_TRAFFIC_ENCRYPTION' | 'NO_VPC' | 'FOREIGN_SUBNET' | 'FOREIGN_SECURITY_GROUP' | 'FOREIGN_ROLE'
  | 'NO_VOLUME_KEY' | 'FOREIGN_VOLUME_KEY' | 'NO_OUTPUT_KEY' | 'FOREIGN_OUTPUT_KEY'
  | 'NO_RUNTIME_LIMIT' | 'RUNTIME_TOO_LONG' | 'REMOTE_DEBUG' | 'IMAGE_WITHOUT_DIGEST' | 'NO_DEFINITION';

const BY_DIGEST = /@sha256:[0-9a-f]{64}$/;

/** The violations of a job that belongs to the environment, sorted, each once. A job that says nothing of itself violates. */
export function violationsOf(job: Job, environment: SweptEnvironment): Violation[] {
  if (job.definitions.length === 0) return ['NO_DEFINITION'];
  return [...new Set(job.definitions.flatMap((definition) => violationsIn(definition, environment)))].sort();
}

function violationsIn(definition: JobDefinition, environment: SweptEnvironment): Violation[] {
  const { subnets, securityGroups, images, maxRuntime } = definition;
  const refusals: readonly (readonly [boolean, Violation])[] = [
    [!isRoleOf(environment.tag.value, definition.roleArn, environment), 'FOREIGN_ROLE'],
    [!definition.networkIsolated, 'NO_NETWORK_ISOLATION'],
    [definition.trafficEncrypted === false, 'NO_TRAFFIC_ENCRYPTION'],
    [subnets.length === 0 || securityGroups.length === 0, 'NO_VPC'],
    [!subnets.every((subnet) => environment.subnets.has(subnet)), 'FOREIGN_SUBNET'],
    [!securityGroups.every((group) => environment.securityGroups.has(group)), 'FOREIGN_SECURITY_GROUP'],
    [definition.volumeKey === '' && !isKeyless(definition, environment), 'NO_VOLUME_KEY'],
    [definition.volumeKey !== '' && !isKey(definition.volumeKey, environment.volumeKeyArn), 'FOREIGN_VOLUME_KEY'],
    [definition.outputKey === '', 'NO_OUTPUT_KEY'],
    [Boolean(definition.outputKey) && !isKey(definition.outputKey!, environment.outputKeyArn), 'FOREIGN_OUTPUT_KEY'],
    [maxRuntime === Infinity, 'NO_RUNTIME_LIMIT'],
    [maxRuntime !== undefined && maxRuntime !== Infinity && !(maxRuntime <= environment.maxRuntime), 'RUNTIME_TOO_LONG'],
    [definition.remoteDebug === true, 'REMOTE_DEBUG'],
    [images.length === 0 || !images.every((image) => BY_DIGEST.test(image)), 'IMAGE_WITHOUT_DIGEST'],
  ];
  return refusals.filter(([refused]) => refused).map(([, violation]) => violation);
}

/** Local storage takes no key; a job that may get any other instance type needs one. */
function isKeyless({ instanceTypes }: JobDefinition, { keylessFamilies }: SweptEnvironment): boolean {
  return instanceTypes.length > 0 && instanceTypes.every((type) => keylessFamilies.has(type.split('.')[1] ?? ''));
}
