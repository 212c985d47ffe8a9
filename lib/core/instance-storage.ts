/** Whether the volume of an instance can be encrypted with a key of the customer. */
export type InstanceStorage =
  /** The volume takes a key. */
  | 'VOLUME'
  /** A disk inside the instance, which its hardware encrypts: AWS refuses a key. */
  | 'LOCAL'
  /** The family is not in the table. */
  | 'UNKNOWN';

/**
 * Families of SageMaker instances with a disk inside, without those whose name says so by the letter `d` (`m5d`, `c6gd`, `r6id`).
 *
 * Gathered on 2026-11-24 from https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/InstanceStorage.html, to which the page of the
 * property refers: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpointConfig.html.
 */
const LOCAL_FAMILIES = new Set([
  'g4dn', 'g5', 'g6', 'g6e', 'gr6', 'i3en', 'i4i', 'p3dn', 'p4d', 'p4de', 'p5', 'p5e', 'p5en', 'p6-b200', 'p6e-gb200', 'trn1', 'trn1n', 'trn2',
]);

/** Families whose storage is a volume on the network. */
const VOLUME_FAMILIES = new Set([
  'c4', 'c5', 'c5n', 'c6g', 'c6gn', 'c6i', 'c6in', 'c7g', 'c7i', 'c8g', 'inf1', 'inf2', 'm4', 'm5', 'm6g', 'm6i', 'm7i', 'm8g', 'p2', 'p3', 'r5', 'r6g', 'r6i',
  'r7i', 'r8g', 't2', 't3',
]);

/** The storage of a SageMaker instance type such as `ml.g5.xlarge`. */
export function storageOf(instanceType: string): InstanceStorage {
  const family = /^ml\.([a-z0-9-]+)\.[a-z0-9-]+$/.exec(instanceType)?.[1] ?? '';
  if (LOCAL_FAMILIES.has(family) || /^[cmrx]\d[a-z]*d[a-z]*$/.test(family)) return 'LOCAL';
  return VOLUME_FAMILIES.has(family) ? 'VOLUME' : 'UNKNOWN';
}
