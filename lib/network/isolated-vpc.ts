import { Aws, Stack, Token } from 'aws-cdk-lib';
import type { IVpc } from 'aws-cdk-lib/aws-ec2';
import { CfnVPC, Subnet, Vpc } from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import { acknowledge } from '../core/acknowledge';
import { quartersOf } from './address-range';

/**
 * A VPC of isolated subnets: no internet gateway, no NAT, no route but the local one, each subnet with a route table of its own.
 *
 * Made of L1s, because the L2 asks the account for its zones as soon as the stack names an account. Zones are the region's name and a
 * letter for the same reason; `Fn::GetAZs` needs no look-up either, but its answer changes with the account's zones, and a subnet whose
 * zone changes is replaced with everything in it.
 */
export function isolatedVpc(scope: Construct, cidr: string, zones: readonly string[]): IVpc {
  if (Token.isUnresolved(cidr)) throw new Error(`'${scope.node.path}': cidr must be known at synthesis: write it out`);
  const ranges = quartersOf(cidr);
  if (zones.length < 2 || zones.length > ranges.length || new Set(zones).size !== zones.length) {
    throw new Error(`'${scope.node.path}': zones must be two to ${ranges.length} different zones, got ${JSON.stringify(zones)}`);
  }
  const vpc = new CfnVPC(scope, 'Vpc', { cidrBlock: cidr, enableDnsSupport: true, enableDnsHostnames: true });
  acknowledge(vpc, 'default-security-group', [
    'HIPAA.Security-VPCDefaultSecurityGroupClosed',
    'NIST.800.53.R4-VPCDefaultSecurityGroupClosed',
    'NIST.800.53.R5-VPCDefaultSecurityGroupClosed',
    'PCI.DSS.321-VPCDefaultSecurityGroupClosed',
  ]);
  const subnets = zones.map((availabilityZone, index) => new Subnet(scope, `Isolated${index + 1}`, {
    vpcId: vpc.ref,
    cidrBlock: ranges[index],
    availabilityZone: withRegion(scope, availabilityZone),
    mapPublicIpOnLaunch: false,
  }));
  return Vpc.fromVpcAttributes(scope, 'Network', {
    vpcId: vpc.ref,
    vpcCidrBlock: cidr,
    availabilityZones: [...zones],
    isolatedSubnetIds: subnets.map((subnet) => subnet.subnetId),
    isolatedSubnetRouteTableIds: subnets.map((subnet) => subnet.routeTable.routeTableId),
  });
}

/** The zones `a` and `b` of the stack's region, also when the region is known at deployment only. */
export function defaultZones(): string[] {
  return ['a', 'b'].map((letter) => `${Aws.REGION}${letter}`);
}

/** A zone of the stack's region by reference to the region: the CDK reports zones that are written out. */
function withRegion(scope: Construct, zone: string): string {
  const { region } = Stack.of(scope);
  if (Token.isUnresolved(region) || Token.isUnresolved(zone)) return zone;
  if (!zone.startsWith(region)) {
    throw new Error(`'${scope.node.path}': zones must be names of zones in ${region} such as '${region}a', got '${zone}'`);
  }
  return `${Aws.REGION}${zone.slice(region.length)}`;
}
