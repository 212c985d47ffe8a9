import { Duration, Token } from 'aws-cdk-lib';
import type { EndpointCapacity } from './endpoint-capacity';

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
