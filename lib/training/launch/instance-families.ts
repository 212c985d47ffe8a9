/** How the volumes of an instance family are made. */
export type FamilyStorage =
  /** Network volumes, which take a KMS key. */
  | 'EBS'
  /** Local NVMe disks, encrypted by a module of the instance: a request that names a KMS key for them is refused. */
  | 'NVME';

/** Where the table comes from, and the day on which it was read. */
export const INSTANCE_FAMILIES_SOURCE = {
  url: 'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-store-volumes.html',
  rule: 'https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ResourceConfig.html',
  date: '2026-11-24',
} as const;

/**
 * Families of SageMaker training instances. EC2 gives a family with local disks a `d`, and each accelerated family since `g4dn` has them;
 * a family that is not listed is refused, since either guess would be wrong: no key on a network volume, or a job that AWS rejects.
 */
const FAMILIES: Readonly<Record<FamilyStorage, readonly string[]>> = {
  EBS: [
    'c4', 'c5', 'c5n', 'c6i', 'c7i', 'm4', 'm5', 'm6i', 'm7i', 'p2', 'p3', 'r5', 'r6i', 'r7i', 't3',
  ],
  NVME: [
    'c5d', 'c6id', 'g4dn', 'g5', 'g6', 'g6e', 'm5d', 'm6id', 'p3dn', 'p4d', 'p4de', 'p5', 'p5e', 'p5en', 'p6-b200', 'r5d', 'r6id', 'trn1', 'trn1n', 'trn2',
  ],
};

/** The storage of each listed family. */
export const INSTANCE_FAMILIES: ReadonlyMap<string, FamilyStorage> = new Map(
  (Object.keys(FAMILIES) as FamilyStorage[]).flatMap((storage) => FAMILIES[storage].map((family) => [family, storage] as const)),
);

/** The family of an instance type: `ml.g5.2xlarge` is of `g5`. Undefined when the text is no instance type of SageMaker. */
export function familyOf(instanceType: string): string | undefined {
  return /^ml\.([a-z0-9-]{1,20})\.[a-z0-9-]{1,20}$/.exec(instanceType)?.[1];
}
