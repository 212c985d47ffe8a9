import type { AddressRange } from '../prover/domain/address';
import type { Box } from './box';
import type { Hop, PacketRule } from './flow';

/** A range of addresses, and why it may be another. */
export interface KnownRange {
  readonly range: AddressRange;
  /** @default - it is certain */
  readonly unsure?: string;
}

/** A VPC of the templates, or one that they only name. */
export interface Vpc {
  readonly id: string;
  readonly ranges: readonly KnownRange[];
  /** Not part of the templates: what else is in it is not known. */
  readonly outside: boolean;
}

/** Where a route leads. */
export type RouteTarget =
  | { readonly to: 'LOCAL' | 'NOWHERE' }
  /** `oneWay`: nobody out there can begin a conversation. */
  | { readonly to: 'INTERNET'; readonly oneWay: boolean }
  /** Another network that is no part of the templates, such as one behind a VPN. */
  | { readonly to: 'OUTSIDE'; readonly name: string }
  /** Something that may pass packets on to anywhere: a machine, an inspection endpoint, what is not known. */
  | { readonly to: 'ANYWHERE'; readonly reason: string }
  | { readonly to: 'NAT'; readonly subnet: string | undefined; readonly id: string }
  | { readonly to: 'PEERING' | 'TRANSIT'; readonly id: string };

/** A route with the length of its prefix, by which the longest wins. */
export interface Route extends PacketRule {
  readonly prefix: number;
  readonly target: RouteTarget;
}

/** Entry of a network ACL. */
export interface AclEntry extends PacketRule {
  readonly number: number;
  readonly allow: boolean;
}

/** A network ACL: the first entry that speaks of a packet decides; none denies. */
export interface AccessList {
  readonly id: string;
  readonly inbound: readonly AclEntry[];
  readonly outbound: readonly AclEntry[];
}

/** A subnet with what decides about its packets. */
export interface Subnet {
  readonly id: string;
  readonly vpc: Vpc;
  readonly ranges: readonly KnownRange[];
  readonly routes: readonly Route[];
  readonly acl: AccessList;
}

/** A rule of a security group: for some addresses, for the members of a group, or for what cannot be told. */
export interface GroupRule {
  readonly boxes: readonly Box[];
  /** The group whose members are meant; undefined: the addresses of the boxes. */
  readonly members?: string;
  readonly hop: Hop;
  /** @default - it is certain */
  readonly unsure?: string;
}

/** A security group: whatever no rule lets through is dropped, and answers pass. */
export interface SecurityGroup {
  readonly id: string;
  readonly vpc: string | undefined;
  readonly ingress: readonly GroupRule[];
  readonly egress: readonly GroupRule[];
  /** It is not known which group this is, so it can be any. */
  readonly anyGroup?: boolean;
}

/** Where network interfaces stand: one in any of the subnets, with all of the groups. */
export interface Placement {
  readonly subnets: readonly Subnet[];
  readonly groups: readonly SecurityGroup[];
}

/** Something that sends and receives packets. */
export interface NetworkNode {
  readonly id: string;
  readonly type: string;
  readonly placements: readonly Placement[];
  /** AWS gives it an interface of its own that reaches the internet. @default - it has none */
  readonly managed?: Hop & { readonly unsure?: string };
  /** Why it has no network at all. @default - it has one */
  readonly isolated?: string;
  /** Where it would stand if it were not isolated; empty: on a network of AWS. @default - it is not isolated */
  readonly behind?: readonly Placement[];
  /** Why its place is not known. */
  readonly unclear: readonly string[];
}

/** A VPC endpoint. */
export interface NetworkEndpoint extends NetworkNode {
  readonly logicalId: string;
  readonly kind: 'INTERFACE' | 'GATEWAY' | 'OTHER';
  readonly vpc: string | undefined;
  /** As the template names it; undefined when it is not known. */
  readonly serviceName: string | undefined;
  /** Of AWS and not of somebody else. */
  readonly ofAws: boolean;
  readonly hasPolicy: boolean;
  /** Route tables of a gateway. */
  readonly tables: readonly string[];
}

/** An attachment of a VPC to a transit gateway. */
export interface Attachment {
  readonly id: string;
  readonly gateway: string;
  readonly vpc: Vpc;
  readonly subnets: readonly Subnet[];
  readonly unsure?: string;
}

/** A transit gateway: its attachments and where it sends what comes from each of them. */
export interface TransitGateway {
  readonly id: string;
  readonly attachments: readonly Attachment[];
  /** Routes by the attachment that packets come from; `target.id` of a TRANSIT route names an attachment. */
  readonly routesFrom: (attachment: Attachment) => readonly Route[];
}

/** A peering connection between two VPCs. */
export interface Peering {
  readonly id: string;
  readonly vpcs: readonly [Vpc, Vpc];
  readonly unsure?: string;
}
