import type { Dict, Resource, TemplateModel, Unknown, Value } from '../../template';
import { listOf } from '../../template';
import { everything } from '../box';
import type { GroupRule, SecurityGroup } from '../parts';
import { doubtOf, handleOf, objectsOf } from './handle';
import { prefixListRanges } from './prefix-lists';
import type { Ports } from './ranges';
import { blockOf, knownRange, peerBox, portsOf } from './ranges';

const EVERY_PACKET = [everything(4), everything(6)];

/** Security groups of the templates with the rules that stand apart from them; others may let anything through. */
export class SecurityGroups {
  private readonly known = new Map<string, SecurityGroup>();
  private readonly extra = new Map<string, { ingress: GroupRule[]; egress: GroupRule[] }>();

  constructor(
    private readonly model: TemplateModel,
    private readonly gaps: Set<string>,
  ) {
    for (const side of ['Ingress', 'Egress'] as const) {
      for (const rule of model.ofType(`AWS::EC2::SecurityGroup${side}`)) this.apart(rule, side);
    }
    for (const resource of model.ofType('AWS::EC2::SecurityGroup')) this.known.set(resource.id, this.declared(resource));
    for (const vpc of model.ofType('AWS::EC2::VPC')) this.known.set(`${vpc.id}.DefaultSecurityGroup`, this.defaultGroup(vpc.id));
  }

  /** Groups of a VPC. */
  ofVpc(vpc: string): SecurityGroup[] {
    return [...this.known.values()].filter((group) => group.vpc === vpc);
  }

  /** A group by its id. */
  byId(id: string): SecurityGroup | undefined {
    return this.known.get(id);
  }

  /** The groups that a list names. */
  named(value: Value | undefined): SecurityGroup[] {
    return listOf(value).map((item) => {
      const { id, reason } = handleOf(item);
      return (id === undefined ? undefined : this.known.get(id)) ?? this.outside(id, reason);
    });
  }

  private outside(id: string | undefined, reason: string): SecurityGroup {
    const more = id === undefined ? undefined : this.extra.get(id);
    const unsure = `the rules of the security group ${id ?? `(${reason})`} are not in the templates`;
    const any = (way: string): GroupRule => ({
      boxes: EVERY_PACKET,
      hop: { resource: id ?? 'a security group', says: `may let anything ${way}` },
      unsure,
    });
    return {
      id: id ?? reason,
      vpc: undefined,
      ingress: [...(more?.ingress ?? []), any('in')],
      egress: [...(more?.egress ?? []), any('out')],
      anyGroup: id === undefined,
    };
  }

  private defaultGroup(vpc: string): SecurityGroup {
    const id = `${vpc}.DefaultSecurityGroup`;
    const more = this.extra.get(id);
    return {
      id,
      vpc,
      ingress: [{ boxes: EVERY_PACKET, members: id, hop: { resource: id, says: 'lets in everything from its members' } }, ...(more?.ingress ?? [])],
      egress: [{ boxes: EVERY_PACKET, hop: { resource: id, says: 'lets everything out: the default of AWS' } }, ...(more?.egress ?? [])],
    };
  }

  private declared(resource: Resource): SecurityGroup {
    const more = this.extra.get(resource.id);
    const rules = (side: 'Ingress' | 'Egress'): GroupRule[] => {
      const list: GroupRule[] = [];
      const value = resource.opaque ?? resource.at(`SecurityGroup${side}`);
      const unknown = (u: Unknown): void => void list.push(unknownRule(resource.id, u));
      for (const rule of objectsOf(value, unknown)) list.push(...this.rules(rule, side, resource.id, doubtOf(resource)));
      return list;
    };
    const egress = rules('Egress');
    if (egress.length === 0) {
      egress.push({ boxes: EVERY_PACKET, hop: { resource: resource.id, says: 'has no egress rule, so AWS adds one that lets everything out' } });
    }
    return {
      id: resource.id,
      vpc: handleOf(resource.at('VpcId')).id,
      ingress: [...rules('Ingress'), ...(more?.ingress ?? [])],
      egress: [...egress, ...(more?.egress ?? [])],
    };
  }

  private apart(rule: Resource, side: 'Ingress' | 'Egress'): void {
    const { id } = handleOf(rule.at('GroupId') ?? rule.at('GroupName'));
    if (id === undefined) {
      this.gaps.add(`the security group that ${rule.id} belongs to is not known`);
      return;
    }
    const lists = this.extra.get(id) ?? { ingress: [], egress: [] };
    const found = rule.opaque ? [unknownRule(rule.id, rule.opaque)] : this.rules(rule.properties, side, rule.id, doubtOf(rule));
    lists[side === 'Ingress' ? 'ingress' : 'egress'].push(...found);
    this.extra.set(id, lists);
  }

  /** A rule may name several peers at once in one entry. */
  private rules(rule: Dict, side: 'Ingress' | 'Egress', where: string, doubt: string | undefined): GroupRule[] {
    const outbound = side === 'Egress';
    const ports = portsOf(rule.IpProtocol, rule.FromPort, rule.ToPort, where);
    const verb = outbound ? 'lets out' : 'lets in';
    const group = outbound ? rule.DestinationSecurityGroupId : (rule.SourceSecurityGroupId ?? rule.SourceSecurityGroupName);
    const list = outbound ? rule.DestinationPrefixListId : rule.SourcePrefixListId;
    const found: GroupRule[] = [];
    const push = (says: string, more: Omit<GroupRule, 'hop' | 'unsure'>, unsure?: string): void => {
      const reason = doubt ?? ports.unsure ?? unsure;
      found.push({ ...more, hop: { resource: where, says: `${verb} ${portsText(ports)} ${says}` }, ...(reason ? { unsure: reason } : {}) });
    };
    const way = outbound ? 'to' : 'from';
    for (const [family, value] of [[4, rule.CidrIp], [6, rule.CidrIpv6]] as const) {
      if (value === undefined) continue;
      const { range, unsure } = knownRange(blockOf(value, this.model), family, where);
      push(`${way} ${textOfRange(value)}`, { boxes: [peerBox(range, ports, outbound)] }, unsure);
    }
    if (group !== undefined) {
      const { id, reason } = handleOf(group);
      const boxes = EVERY_PACKET.map((box) => ({ ...box, protocol: ports.protocol, port: ports.port }));
      if (id === undefined) push(`${way} a group that is not known`, { boxes }, `the group that ${where} names is not known: ${reason}`);
      else push(`${way} members of ${id}`, { boxes, members: id });
    }
    if (list !== undefined) {
      const { id, ranges } = prefixListRanges(list, this.model);
      for (const { range, unsure } of ranges) {
        push(`${way} the prefix list ${id}`, { boxes: [peerBox(range, ports, outbound)] }, unsure);
      }
      // A list without entries lets nothing through, and the rule is one all the same: AWS adds none.
      if (ranges.length === 0) push(`${way} the empty prefix list ${id}`, { boxes: [] });
    }
    return found;
  }
}

function unknownRule(where: string, unknown: Unknown): GroupRule {
  return { boxes: EVERY_PACKET, hop: { resource: where, says: 'may let anything through' }, unsure: `a rule of ${where} is not known: ${unknown.reason}` };
}

function textOfRange(value: Value): string {
  return typeof value === 'string' ? value : 'addresses that are not known';
}

function portsText({ protocol, port }: Ports): string {
  if (protocol.from !== protocol.to) return 'everything';
  const name = { 1: 'ICMP', 6: 'TCP', 17: 'UDP', 58: 'ICMPv6' }[Number(protocol.from)] ?? `protocol ${protocol.from}`;
  if (port.from === 0n && port.to === 65_535n) return name;
  return port.from === port.to ? `${name} ${port.from}` : `${name} ${port.from}-${port.to}`;
}
