import type { Resource, TemplateModel } from '../../template';
import { everything } from '../box';
import type { AccessList, AclEntry } from '../parts';
import { doubtOf, handleOf, textOf, truthOf } from './handle';
import { knownRange, peerBox, portsOf } from './ranges';

const EVERY_PACKET = [everything(4), everything(6)];

/** Network ACLs of the templates by subnet. */
export class AccessLists {
  private readonly entries = new Map<string, { inbound: AclEntry[]; outbound: AclEntry[] }>();
  private readonly bySubnet = new Map<string, { readonly acl: string; readonly unsure?: string }[]>();

  constructor(
    private readonly model: TemplateModel,
    private readonly gaps: Set<string>,
  ) {
    for (const entry of model.ofType('AWS::EC2::NetworkAclEntry')) this.declare(entry);
    for (const link of model.ofType('AWS::EC2::SubnetNetworkAclAssociation')) {
      const [subnet, acl] = [handleOf(link.at('SubnetId')).id, handleOf(link.at('NetworkAclId')).id];
      if (subnet === undefined || acl === undefined) {
        gaps.add(`the subnet or the network ACL that ${link.id} joins is not known`);
        continue;
      }
      const doubt = doubtOf(link);
      this.bySubnet.set(subnet, [...(this.bySubnet.get(subnet) ?? []), { acl, ...(doubt ? { unsure: doubt } : {}) }]);
    }
  }

  /** The list of a subnet; without one of its own it has that of its VPC, which lets everything through until entries say otherwise. */
  of(subnet: string, vpc: string, outside: boolean): AccessList {
    const links = this.bySubnet.get(subnet) ?? [];
    const link = links[0];
    if (link === undefined) {
      return outside ? open(`the network ACL of ${subnet}`, `the network ACL of ${subnet} is not in the templates`) : this.defaultList(vpc);
    }
    if (link.unsure !== undefined || links.length > 1) return open(link.acl, link.unsure ?? `${subnet} is joined to several network ACLs`);
    if (this.model.resource(link.acl)?.type !== 'AWS::EC2::NetworkAcl') {
      return link.acl.endsWith('.DefaultNetworkAcl')
        ? this.defaultList(link.acl.replace(/\.DefaultNetworkAcl$/, ''))
        : open(link.acl, `the entries of the network ACL ${link.acl} are not in the templates`);
    }
    return { id: link.acl, ...(this.entries.get(link.acl) ?? { inbound: [], outbound: [] }) };
  }

  private defaultList(vpc: string): AccessList {
    const id = `${vpc}.DefaultNetworkAcl`;
    const more = this.entries.get(id);
    const all: AclEntry = { number: 100, allow: true, boxes: EVERY_PACKET, hop: { resource: id, says: 'lets everything through: the default of AWS' } };
    const sorted = (list: AclEntry[] = []): AclEntry[] => [...list, all].sort((a, b) => a.number - b.number);
    return { id, inbound: sorted(more?.inbound), outbound: sorted(more?.outbound) };
  }

  private declare(entry: Resource): void {
    const { id } = handleOf(entry.at('NetworkAclId'));
    const number = Number(textOf(entry.at('RuleNumber')) ?? NaN);
    const action = textOf(entry.at('RuleAction'))?.toLowerCase();
    const egress = entry.at('Egress');
    if (id === undefined || !Number.isInteger(number) || (action !== 'allow' && action !== 'deny') || (egress !== undefined && truthOf(egress) === undefined)) {
      this.gaps.add(`the network ACL entry ${entry.id} has a list, a number, an action or a direction that is not known`);
      return;
    }
    const outbound = truthOf(egress) ?? false;
    const ports = portsOf(entry.at('Protocol'), entry.at('PortRange.From'), entry.at('PortRange.To'), entry.id);
    const ranges = ([[4, entry.at('CidrBlock')], [6, entry.at('Ipv6CidrBlock')]] as const).flatMap(([family, value]) =>
      value === undefined ? [] : [knownRange(value, family, entry.id)],
    );
    const unsure = doubtOf(entry) ?? ports.unsure ?? ranges.find((r) => r.unsure !== undefined)?.unsure;
    const verb = action === 'allow' ? 'lets through' : 'stops';
    const made: AclEntry = {
      number,
      allow: action === 'allow',
      boxes: ranges.map(({ range }) => peerBox(range, ports, outbound)),
      hop: { resource: entry.id, says: `entry ${number} ${verb} what ${outbound ? 'goes out' : 'comes in'}` },
      ...(unsure ? { unsure } : {}),
    };
    const lists = this.entries.get(id) ?? { inbound: [], outbound: [] };
    const list = outbound ? lists.outbound : lists.inbound;
    list.push(made);
    list.sort((a, b) => a.number - b.number);
    this.entries.set(id, lists);
  }
}

function open(id: string, unsure: string): AccessList {
  const entry: AclEntry = { number: 0, allow: true, boxes: EVERY_PACKET, hop: { resource: id, says: 'may let everything through' }, unsure };
  return { id, inbound: [entry], outbound: [entry] };
}
