import type { ResolvedCapacity } from './resolved-capacity';
import type { LiveEndpoint } from './live-endpoint';

/**
 * Refuses a change that AWS refuses, or that would replace the endpoint.
 *
 * @throws with the steps that lead there
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling-prerequisites.html
 */
export function refuseReset(where: string, live: LiveEndpoint, endpointName: string, next: ResolvedCapacity | undefined): void {
  if (live.endpointName !== endpointName) {
    throw new Error(
      `${where}: the name changes from '${live.endpointName}' to '${endpointName}', which deletes the live endpoint: make a second endpoint beside it, `
      + 'move the route of the gateway to it, then remove the first',
    );
  }
  if ((live.instanceType === undefined) !== (next === undefined)) {
    throw new Error(
      `${where}: a live endpoint does not change between instances and serverless while it keeps its variant: make a second endpoint beside it, move the route of the `
      + 'gateway to it, then remove the first',
    );
  }
  if (next && live.instanceType !== next.instanceType && (live.scaled ?? true)) {
    throw new Error(
      `${where}: AWS refuses to change the instance type of a variant that scales (${live.instanceType} to ${next.instanceType}): (1) deploy with `
      + 'maxInstances equal to minInstances and the old type, (2) deploy with the new type and live.scaled false, (3) deploy with the old maxInstances',
    );
  }
}
