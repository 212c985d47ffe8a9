import { Lazy } from 'aws-cdk-lib';
import type { CfnSecurityGroup, IPeer, ISecurityGroup, IVpc, Port } from 'aws-cdk-lib/aws-ec2';
import { SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';

export interface ClosedGroupProps {
  readonly vpc: IVpc;
  readonly description: string;
  /** The prefix list without entries: a group without any egress rule would get one to everywhere. */
  readonly nowhere: string;
}

/**
 * A security group that lets nobody in and reaches nothing until a rule names a group or a prefix list. Rules with addresses are refused.
 */
export class ClosedGroup extends SecurityGroup {
  private readonly destinations: CfnSecurityGroup.EgressProperty[] = [];

  constructor(scope: Construct, id: string, props: ClosedGroupProps) {
    super(scope, id, { vpc: props.vpc, description: props.description, allowAllOutbound: false });
    // In place of the L2's own "no traffic" rule, which is one with an address.
    (this.node.defaultChild as CfnSecurityGroup).securityGroupEgress = Lazy.any({
      produce: () => (this.destinations.length > 0 ? this.destinations : [https({ destinationPrefixListId: props.nowhere }, 'To nowhere')]),
    });
  }

  /** Lets members reach the members of another group on port 443. */
  public reachGroup(group: ISecurityGroup, description: string): void {
    this.reach({ destinationSecurityGroupId: group.securityGroupId }, description);
  }

  /** Lets members reach the addresses of a prefix list on port 443. */
  public reachPrefixList(prefixListId: string, description: string): void {
    this.reach({ destinationPrefixListId: prefixListId }, description);
  }

  public override addIngressRule(peer: IPeer, connection: Port, description?: string, remoteRule?: boolean): void {
    this.refuseAddresses(peer.toIngressRuleConfig());
    super.addIngressRule(peer, connection, description, remoteRule);
  }

  public override addEgressRule(peer: IPeer, connection: Port, description?: string, remoteRule?: boolean): void {
    this.refuseAddresses(peer.toEgressRuleConfig());
    super.addEgressRule(peer, connection, description, remoteRule);
  }

  private reach(destination: Partial<CfnSecurityGroup.EgressProperty>, description: string): void {
    const rule = https(destination, description);
    if (!this.destinations.some((other) => JSON.stringify(other) === JSON.stringify(rule))) this.destinations.push(rule);
  }

  private refuseAddresses(rule: { readonly cidrIp?: string; readonly cidrIpv6?: string }): void {
    const address = rule.cidrIp ?? rule.cidrIpv6;
    if (address === undefined) return;
    throw new Error(`'${this.node.path}' takes no rule with an address, got '${address}': name a group or a prefix list`);
  }
}

function https(destination: Partial<CfnSecurityGroup.EgressProperty>, description: string): CfnSecurityGroup.EgressProperty {
  return { ipProtocol: 'tcp', fromPort: 443, toPort: 443, description, ...destination };
}
