import { Names } from 'aws-cdk-lib';
import type { ISecurityGroup, IVpc } from 'aws-cdk-lib/aws-ec2';
import { CfnPrefixList, Port } from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { ClosedGroup } from './closed-group';

export interface SegmentGroupsProps {
  readonly vpc: IVpc;
  /** The group of functions and jobs, used as it is. */
  readonly workloads?: ISecurityGroup;
}

/** The two groups of a segment: functions and jobs reach the endpoints on port 443; the endpoints let them in and reach nothing. */
export class SegmentGroups extends Construct {
  /** The group of functions and jobs. */
  public readonly workloads: ISecurityGroup;
  /** The group of functions and jobs, when it is the segment's own. */
  public readonly own?: ClosedGroup;

  private readonly vpc: IVpc;
  private nowhere?: CfnPrefixList;
  private endpointsGroup?: ClosedGroup;

  constructor(scope: Construct, id: string, props: SegmentGroupsProps) {
    super(scope, id);
    this.vpc = props.vpc;
    if (!props.workloads) this.own = this.group('Workloads', 'Functions and jobs of the segment');
    this.workloads = props.workloads ?? this.own!;
  }

  /** The group of the segment's interface endpoints, made with the first of them. */
  public forEndpoints(): ClosedGroup {
    if (!this.endpointsGroup) {
      this.endpointsGroup = this.group('Endpoints', 'Interface endpoints of the segment');
      this.endpointsGroup.addIngressRule(this.workloads, Port.tcp(443), 'HTTPS from functions and jobs');
      this.own?.reachGroup(this.endpointsGroup, 'HTTPS to the endpoints of the segment');
    }
    return this.endpointsGroup;
  }

  /** Lets functions and jobs reach a gateway endpoint. */
  public allowToPrefixList(prefixListId: string, service: string): void {
    this.own?.reachPrefixList(prefixListId, `HTTPS to ${service} through its gateway endpoint`);
  }

  /** Lets functions and jobs reach an endpoint that was there, and the endpoint's group let them in unless it is immutable. */
  public allowToExisting(group: ISecurityGroup, service: string): void {
    this.own?.reachGroup(group, `HTTPS to the endpoint of ${service}`);
    group.addIngressRule(this.workloads, Port.tcp(443), `HTTPS to ${service} from functions and jobs`);
  }

  private group(id: string, description: string): ClosedGroup {
    this.nowhere ??= new CfnPrefixList(this, 'Nowhere', {
      addressFamily: 'IPv4',
      maxEntries: 1,
      // AWS forces a name, which need not be unique.
      prefixListName: Names.uniqueResourceName(this, { maxLength: 255, separator: '-' }),
    });
    return new ClosedGroup(this, id, { vpc: this.vpc, description, nowhere: this.nowhere.attrPrefixListId });
  }
}
