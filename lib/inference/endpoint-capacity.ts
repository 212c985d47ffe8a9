import { Duration, Token } from 'aws-cdk-lib';
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

/** What was chosen, with all defaults. */
export interface ResolvedCapacity {
  readonly instanceType: string;
  readonly minInstances: number;
  readonly maxInstances: number;
  readonly invocationsPerInstance: number;
}

/** How long a scale-out and a scale-in rest. */
export const COOLDOWN = { out: Duration.minutes(1), in: Duration.minutes(5) } as const;

/** @throws for numbers that AWS refuses, or that leave one instance without a reason */
export function resolveCapacity(where: string, capacity: EndpointCapacity): ResolvedCapacity {
  const minInstances = capacity.minInstances ?? (capacity.singleInstance ? 1 : 2);
  const resolved: ResolvedCapacity = {
    instanceType: capacity.instanceType ?? 'ml.m5.xlarge',
    minInstances,
    maxInstances: capacity.maxInstances ?? minInstances * 2,
    invocationsPerInstance: capacity.invocationsPerInstance ?? 600,
  };
  if (!Token.isUnresolved(resolved.instanceType) && !/^ml\.[a-z0-9-]+\.[a-z0-9-]+$/.test(resolved.instanceType)) {
    throw new Error(`${where}: instanceType must look like 'ml.m5.xlarge', got '${resolved.instanceType}'`);
  }
  for (const name of ['minInstances', 'maxInstances', 'invocationsPerInstance'] as const) {
    if (!Number.isInteger(resolved[name]) || resolved[name] < 1) throw new Error(`${where}: ${name} must be a whole number above zero, got ${resolved[name]}`);
  }
  if (minInstances < 2 && !capacity.singleInstance) {
    throw new Error(`${where}: one instance is away when its zone is: take two, or give singleInstance, a WeakerChoice`);
  }
  if (resolved.maxInstances < minInstances) {
    throw new Error(`${where}: maxInstances (${resolved.maxInstances}) is below minInstances (${minInstances})`);
  }
  return resolved;
}
