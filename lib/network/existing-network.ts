import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';

/** What the owner of an existing VPC has set up already. */
export enum NetworkPart {
  /** Flow logs of the whole VPC. */
  FLOW_LOGS = 'FLOW_LOGS',
  /** A Resolver DNS Firewall rule group. */
  DNS_FIREWALL = 'DNS_FIREWALL',
  /** A log of the Resolver's queries. */
  QUERY_LOG = 'QUERY_LOG',
}

/** A VPC endpoint that is there already. */
export interface ExistingEndpoint {
  /** The service, by the name of its VPC endpoint: see `NetworkNeeds.services`. */
  readonly service: string;
  /**
   * The security group of an interface endpoint. The segment's group is let in, unless it was imported as immutable.
   *
   * @default - a gateway endpoint, which has none: it is reached through its prefix list
   */
  readonly securityGroup?: ISecurityGroup;
}

/** A network that the account has, or that another account shares with it. Only what it lacks is made. */
export interface ExistingNetwork {
  /** The VPC, for example from `Vpc.fromVpcAttributes`. Look-ups are your decision: the library makes none. */
  readonly vpc: IVpc;
  /**
   * The subnets of functions and jobs: without a route to the internet.
   *
   * @default - the VPC's isolated subnets
   */
  readonly subnets?: SubnetSelection;
  /**
   * The endpoints that it has. A second one for the same service would fail, or take over its host names.
   *
   * @default - none
   */
  readonly endpoints?: ExistingEndpoint[];
  /**
   * The security group of functions and jobs, used as it is.
   *
   * @default - a new one, which reaches the segment's endpoints only
   */
  readonly securityGroup?: ISecurityGroup;
  /**
   * What its owner has set up.
   *
   * @default - nothing: flow logs, DNS firewall and query log are made
   */
  readonly parts?: NetworkPart[];
  /**
   * Whether another account owns the VPC and shares its subnets. Then endpoints, logs and firewall are that account's, and only a security
   * group is made here.
   *
   * @default false
   */
  readonly shared?: boolean;
}
