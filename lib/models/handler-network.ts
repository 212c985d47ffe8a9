import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import type { HandlerContract } from '../core/handler-contract';
import { servicesOf } from '../core/handler-contract';
import type { HandlerNetwork } from '../core/handler-function';
import type { INetworkSegment } from '../network/api';

/** A segment, or a VPC with its groups: what constructs with functions take. */
export interface NetworkChoice {
  readonly segment?: INetworkSegment;
  readonly vpc?: IVpc;
  readonly securityGroups?: ISecurityGroup[];
  readonly subnets?: SubnetSelection;
  /** Whether the handler answers CloudFormation. @default false */
  readonly customResources?: boolean;
}

/**
 * Where a handler runs. A segment is asked for the endpoints of the handler's calls.
 *
 * @throws when both or neither way is chosen, or the choice has too few subnets or no group
 */
export function handlerNetwork(
  scope: Construct, contract: HandlerContract, { segment, vpc, securityGroups, subnets, customResources }: NetworkChoice,
): HandlerNetwork {
  if (segment) {
    if (vpc || securityGroups) {
      throw new Error(`'${scope.node.path}': segment and ${vpc ? 'vpc' : 'securityGroups'} contradict each other: give one of them`);
    }
    segment.require({ services: servicesOf(contract), ...(customResources ? { customResources } : {}) });
    return { vpc: segment.vpc, subnets: subnets ?? segment.subnets, securityGroups: [segment.securityGroup] };
  }
  if (!vpc || !securityGroups) throw new Error(`'${scope.node.path}' needs a segment, or vpc and securityGroups`);
  if (securityGroups.length === 0) {
    throw new Error(`'${scope.node.path}': securityGroups is empty, for which the CDK makes a group that lets everything out: name at least one`);
  }
  const { subnetIds } = vpc.selectSubnets(subnets);
  if (subnetIds.length < 2) throw new Error(`'${scope.node.path}' needs at least two subnets, got ${subnetIds.length}: one zone may fail`);
  return { vpc, securityGroups, ...(subnets ? { subnets } : {}) };
}
