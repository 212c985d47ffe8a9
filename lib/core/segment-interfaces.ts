import { Stack } from 'aws-cdk-lib';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';

/** Sid of the deny of network interfaces in other subnets, or with other security groups, than those of a segment. */
export const INTERFACES_ELSEWHERE = 'DenyInterfacesElsewhere';

/** Where the containers of a SageMaker resource join the network. */
export interface InterfacePlaces {
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
}

/**
 * What SageMaker does with a role to attach containers to the network: most of these actions take no resource, so a deny holds the one
 * that makes interfaces to the places that were chosen.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html#amazonec2-actions-as-permissions
 */
export function segmentInterfaces(scope: IConstruct, { subnetIds, securityGroupIds }: InterfacePlaces): PolicyStatement[] {
  const ec2 = (resource: string, resourceName: string) => Stack.of(scope).formatArn({ service: 'ec2', resource, resourceName });
  return [
    new PolicyStatement({
      actions: [
        'ec2:CreateNetworkInterface', 'ec2:CreateNetworkInterfacePermission', 'ec2:DeleteNetworkInterface', 'ec2:DeleteNetworkInterfacePermission',
        'ec2:DescribeDhcpOptions', 'ec2:DescribeNetworkInterfaces', 'ec2:DescribeSecurityGroups', 'ec2:DescribeSubnets', 'ec2:DescribeVpcs',
      ],
      resources: ['*'],
    }),
    new PolicyStatement({
      sid: INTERFACES_ELSEWHERE,
      effect: Effect.DENY,
      actions: ['ec2:CreateNetworkInterface'],
      notResources: [
        ec2('network-interface', '*'),
        ...subnetIds.map((id) => ec2('subnet', id)),
        ...securityGroupIds.map((id) => ec2('security-group', id)),
      ],
    }),
  ];
}
