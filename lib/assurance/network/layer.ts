import { everything } from './box';
import type { Hop, PacketRule } from './flow';
import type { AccessList, NetworkNode, Placement, Route, SecurityGroup } from './parts';

/** The places at which packets can be stopped. */
export const NETWORK_LAYERS = ['NETWORK_ISOLATION', 'ROUTES', 'SECURITY_GROUP', 'NETWORK_ACL'] as const;

/** One of {@link NETWORK_LAYERS}. */
export type NetworkLayer = (typeof NETWORK_LAYERS)[number];

const HOP: Hop = { resource: 'an open layer', says: 'lets everything through' };
const ALL: PacketRule = { boxes: [everything(4), everything(6)], hop: HOP };
const OPEN_ACL: AccessList = {
  id: HOP.resource,
  inbound: [{ ...ALL, number: 1, allow: true }],
  outbound: [{ ...ALL, number: 1, allow: true }],
};
const OPEN_GROUP: SecurityGroup = { id: HOP.resource, vpc: undefined, ingress: [ALL], egress: [ALL] };
const OPEN_ROUTE: Route = { ...ALL, prefix: 0, target: { to: 'INTERNET', oneWay: true } };

/** A node for which some layers let everything through: what then still stops packets does so with no help from them. */
export function opened(node: NetworkNode, layers: readonly NetworkLayer[]): NetworkNode {
  if (layers.length === 0) return node;
  const released = layers.includes('NETWORK_ISOLATION') ? withoutIsolation(node) : node;
  return { ...released, placements: released.placements.map((p) => openPlacement(p, layers)) };
}

function withoutIsolation({ isolated, behind = [], ...node }: NetworkNode): NetworkNode {
  if (isolated === undefined) return node;
  if (behind.length > 0) return { ...node, placements: behind };
  return { ...node, managed: { resource: node.id, says: 'without isolation it reaches the internet' } };
}

function openPlacement({ subnets, groups }: Placement, layers: readonly NetworkLayer[]): Placement {
  return {
    subnets: subnets.map((subnet) => ({
      ...subnet,
      ...(layers.includes('NETWORK_ACL') ? { acl: OPEN_ACL } : {}),
      // The longest prefix wins: what routes say about other networks stays.
      ...(layers.includes('ROUTES') ? { routes: [...subnet.routes, OPEN_ROUTE] } : {}),
    })),
    groups: layers.includes('SECURITY_GROUP') ? [...groups, OPEN_GROUP] : groups,
  };
}
