import type { WeakerChoice } from '../posture';

/** Instances behind a real-time endpoint. */
export interface EndpointCapacity {
  /**
   * The instance type.
   *
   * @default 'ml.m5.xlarge'
   */
  readonly instanceType?: string;
  /**
   * How many instances there are at least: two, so that one zone may fail.
   *
   * @default 2
   */
  readonly minInstances?: number;
  /**
   * How many there are at most, which caps what the endpoint can cost. As many as `minInstances`: it does not scale.
   *
   * @default - twice `minInstances`
   */
  readonly maxInstances?: number;
  /**
   * Invocations of one instance in a minute above which instances are added.
   *
   * @default 600
   */
  readonly invocationsPerInstance?: number;
  /**
   * Lets `minInstances` be 1: the endpoint is away while its instance or its zone is.
   *
   * @default - two instances
   */
  readonly singleInstance?: WeakerChoice;
  /**
   * Whether the instance type has a disk inside, which takes no key; only for types that the library's table does not hold.
   *
   * @default - as the table says
   */
  readonly localStorage?: boolean;
}

/** Serverless in place of instances: without VPC, network isolation, data capture and GPU. */
export interface ServerlessCapacity {
  /**
   * Memory in MiB: 1024 to 6144 in steps of 1024.
   *
   * @default 2048
   */
  readonly memoryMib?: number;
  /**
   * How many requests it takes at once, which caps what the endpoint can cost: 1 to 200.
   *
   * @default 5
   */
  readonly maxConcurrency?: number;
  /** Why the container may run without them. */
  readonly because: WeakerChoice;
}
