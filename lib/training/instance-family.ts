/** How the volumes of an instance family are encrypted. */
export enum InstanceStorage {
  /** Network volumes, encrypted with the volume key of the environment. */
  NETWORK_VOLUMES = 'NETWORK_VOLUMES',
  /** Local NVMe disks, encrypted by the instance itself: SageMaker refuses a volume key for them. */
  LOCAL_DISKS = 'LOCAL_DISKS',
}

/** An instance family that the library does not know yet, or whose volumes changed. */
export interface InstanceFamily {
  /** For example `g7e`. */
  readonly family: string;
  /** How its volumes are encrypted: see EC2's list of instance store volumes. */
  readonly storage: InstanceStorage;
}
