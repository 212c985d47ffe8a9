/** How the volumes of an instance family are made. */
export type FamilyStorage =
  /** Network volumes, which take a KMS key. */
  | 'EBS'
  /** Local NVMe disks, encrypted by a module of the instance: a request that names a KMS key for them is refused. */
  | 'NVME';

/** Where the table comes from, and the day on which it was read. */
export const INSTANCE_FAMILIES_SOURCE = {
  url: 'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-store-volumes.html',
  rules: [
    'https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ResourceConfig.html',
    'https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpointConfig.html',
  ],
  date: '2026-11-24',
} as const;

/**
 * Families of SageMaker instances, for training and for serving. EC2 gives a family with local disks a `d`, and each family with GPUs since
 * `g4dn` has them, as have `trn1` and later; a family that is not listed is refused, since either guess would be wrong: no key on a network
 * volume, or a request that AWS rejects.
 */
const FAMILIES: Readonly<Record<FamilyStorage, readonly string[]>> = {
  EBS: [
    'c4', 'c5', 'c5n', 'c6g', 'c6gn', 'c6i', 'c6in', 'c7g', 'c7i', 'c8g', 'inf1', 'inf2', 'm4', 'm5', 'm6g', 'm6i', 'm7i', 'm8g', 'p2', 'p3', 'r5', 'r6g',
    'r6i', 'r7i', 'r8g', 't2', 't3',
  ],
  NVME: [
    'c5d', 'c6gd', 'c6id', 'g4dn', 'g5', 'g6', 'g6e', 'gr6', 'i3en', 'i4i', 'm5d', 'm6gd', 'm6id', 'p3dn', 'p4d', 'p4de', 'p5', 'p5e', 'p5en', 'p6-b200',
    'p6e-gb200', 'r5d', 'r6gd', 'r6id', 'trn1', 'trn1n', 'trn2',
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

/** What to say of an instance type whose family is not in the table; `prop` is where its user can say how its volumes are made. */
export function unknownFamily(instanceType: string, prop: string): string {
  const { url, date } = INSTANCE_FAMILIES_SOURCE;
  return `whether the instance family of '${instanceType}' has local disks, which take no volume key, is not known as of ${date}: `
    + `say it in ${prop}, see ${url}`;
}
