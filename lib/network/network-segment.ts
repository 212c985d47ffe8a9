import { Token } from 'aws-cdk-lib';
import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { SubnetType } from 'aws-cdk-lib/aws-ec2';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { declareControls } from '../core/control-declarations';
import { EncryptionKey } from '../core/encryption-key';
import { endpointOf } from '../core/handler-contract';
import type { INetworkSegment, NetworkNeeds } from './api';
import { DnsFirewall } from './dns-firewall';
import type { ExistingNetwork } from './existing-network';
import { NetworkPart } from './existing-network';
import { defaultZones, isolatedVpc } from './isolated-vpc';
import { FlowLogs, QueryLog } from './network-logs';
import { SegmentEndpoints } from './segment-endpoints';
import { SegmentGroups } from './segment-groups';

/** What a segment lets through, and how it is logged. */
export interface SegmentOptions {
  /**
   * The id of the region's prefix list of S3 (`aws ec2 describe-managed-prefix-lists`), so that the gateway endpoint, which costs nothing,
   * can be named in the security group.
   *
   * @default - S3 is reached through an interface endpoint, which costs by hour and by byte
   */
  readonly s3PrefixListId?: string;
  /**
   * The id of the region's prefix list of DynamoDB.
   *
   * @default - DynamoDB cannot be required
   */
  readonly dynamoDbPrefixListId?: string;
  /**
   * Services that something else than the library's constructs calls in the segment; its constructs tell by themselves. For the names see
   * `NetworkNeeds.services`.
   *
   * @default - none
   */
  readonly services?: string[];
  /**
   * Names besides those of the endpoints that are resolved, for example `*.corp.example` of a private hosted zone, or
   * `*.64.100.in-addr.arpa` in a VPC outside the private ranges of RFC 1918.
   *
   * @default - none
   */
  readonly allowedDomains?: string[];
  /**
   * Whether functions of CloudFormation custom resources run in the segment: their answers go to a bucket of AWS.
   *
   * @default false
   */
  readonly customResources?: boolean;
  /**
   * The key of flow logs and query log. Its policy must let CloudWatch Logs use it.
   *
   * @default - a new key
   */
  readonly logKey?: IKey;
}

/** A segment: new, or in a network that is there. */
export interface NetworkSegmentProps extends SegmentOptions {
  /**
   * The IPv4 range of the VPC, between /16 and /24. Each zone gets a quarter of it.
   *
   * @default '10.64.0.0/20'
   */
  readonly cidr?: string;
  /**
   * The availability zones, two to four. Zones can be added at the end, not moved. Give them where an account lacks the first two, as
   * new ones do in `ap-northeast-1`.
   *
   * @default - the zones `a` and `b` of the stack's region
   */
  readonly zones?: string[];
  /**
   * The network to use in place of a new VPC.
   *
   * @default - a new VPC
   */
  readonly existing?: ExistingNetwork;
}

/**
 * A VPC without internet in which functions and jobs reach the AWS services that they declare, and nothing else.
 *
 * Isolated subnets; endpoints whose policies carry only what own identities do with own resources; security groups that name groups and
 * prefix lists; a DNS firewall that answers the names of the endpoints; flow logs and a query log. No account is looked up.
 */
export class NetworkSegment extends Construct implements INetworkSegment {
  /** A segment in a network that the account has, or that is shared with it: only what it lacks is made. */
  public static fromExisting(scope: Construct, id: string, existing: ExistingNetwork, options: SegmentOptions = {}): NetworkSegment {
    return new NetworkSegment(scope, id, { ...options, existing });
  }

  public readonly vpc: IVpc;
  public readonly subnets: SubnetSelection;
  public readonly securityGroup: ISecurityGroup;
  private readonly endpoints: SegmentEndpoints;

  constructor(scope: Construct, id: string, props: NetworkSegmentProps = {}) {
    super(scope, id);
    checkProps(this, props);
    declareControls(this, 'P2', 'P3', 'P5', 'DP2b', 'OB1', 'RT1');
    const { existing } = props;
    const shared = existing?.shared ?? false;
    this.vpc = existing?.vpc ?? isolatedVpc(this, props.cidr ?? '10.64.0.0/20', props.zones ?? defaultZones());
    this.subnets = existing?.subnets ?? { subnetType: SubnetType.PRIVATE_ISOLATED };

    const groups = new SegmentGroups(this, 'Groups', {
      vpc: this.vpc,
      ...(existing?.securityGroup ? { workloads: existing.securityGroup } : {}),
    });
    this.securityGroup = groups.workloads;
    this.endpoints = new SegmentEndpoints(this, 'Endpoints', {
      vpc: this.vpc,
      subnets: this.subnets,
      groups,
      shared,
      prefixLists: {
        ...(props.s3PrefixListId ? { s3: props.s3PrefixListId } : {}),
        ...(props.dynamoDbPrefixListId ? { dynamodb: props.dynamoDbPrefixListId } : {}),
      },
      existing: new Map((existing?.endpoints ?? []).map(({ service, securityGroup }) => [endpointOf(service).service, securityGroup])),
    });
    this.require({ services: props.services ?? [], customResources: props.customResources ?? false });

    const missing = (part: NetworkPart) => !shared && !existing?.parts?.includes(part);
    if (missing(NetworkPart.FLOW_LOGS) || missing(NetworkPart.QUERY_LOG)) {
      const key = props.logKey ?? this.newLogKey();
      if (missing(NetworkPart.FLOW_LOGS)) new FlowLogs(this, 'FlowLogs', { vpc: this.vpc, key });
      if (missing(NetworkPart.QUERY_LOG)) new QueryLog(this, 'QueryLog', { vpc: this.vpc, key });
    }
    if (missing(NetworkPart.DNS_FIREWALL)) {
      new DnsFirewall(this, 'DnsFirewall', {
        vpc: this.vpc,
        hosts: () => this.endpoints.hosts,
        allowedDomains: props.allowedDomains ?? [],
      });
    }
  }

  /**
   * Opens the way to services, and for answers of custom resources, once for each, however often they are asked for.
   *
   * @throws when a service is not known, or cannot be reached in this segment
   */
  public require(needs: NetworkNeeds): void {
    for (const service of needs.services) this.endpoints.require(service);
    if (needs.customResources) this.endpoints.allowCustomResources();
  }

  /**
   * The ids of the endpoints of a service that the segment made, for example for `perimeter.vpcEndpointIds` of a posture. S3 has two where
   * an interface endpoint had to be made.
   */
  public vpcEndpointIds(service: string): string[] {
    return this.endpoints.idsOf(service);
  }

  /** The host names that are answered by the segment's endpoints. */
  public get hosts(): string[] {
    return this.endpoints.hosts;
  }

  private newLogKey(): EncryptionKey {
    const key = new EncryptionKey(this, 'LogKey', { description: 'Flow logs and query log of a network segment' });
    key.allowLogGroups();
    return key;
  }
}

function checkProps(scope: Construct, { cidr, zones, existing, s3PrefixListId, dynamoDbPrefixListId }: NetworkSegmentProps): void {
  const where = `'${scope.node.path}'`;
  const own = cidr !== undefined ? 'cidr' : zones !== undefined ? 'zones' : undefined;
  if (existing && own) throw new Error(`${where}: existing and ${own} contradict each other: an existing network has its own`);
  const listed = (existing?.endpoints ?? []).map(({ service }) => endpointOf(service).service);
  const twice = listed.find((service, index) => listed.indexOf(service) !== index);
  if (twice) throw new Error(`${where}: existing.endpoints names ${twice} twice: name the endpoint that answers its host names`);
  for (const [name, id] of Object.entries({ s3PrefixListId, dynamoDbPrefixListId })) {
    if (id !== undefined && !Token.isUnresolved(id) && !/^pl-[0-9a-f]{8,17}$/.test(id)) {
      throw new Error(`${where}: ${name} must look like 'pl-6ea54007', got '${id}'`);
    }
  }
}
