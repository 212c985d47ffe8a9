import type { Resource, TemplateModel } from '../../template';
import { ALL_PORTS, ALL_PROTOCOLS } from '../box';
import type { Attachment, KnownRange, Peering, Route, TransitGateway } from '../parts';
import { doubtOf, handleOf, textOf, truthOf } from './handle';
import { knownRange, peerBox, wholeFamily } from './ranges';
import { byPrefix, prefixOf } from './route-tables';
import type { Vpcs } from './vpcs';

const ATTACHMENT_TYPES = ['AWS::EC2::TransitGatewayAttachment', 'AWS::EC2::TransitGatewayVpcAttachment'];

/** Peering connections of the templates. */
export function peerings(model: TemplateModel, vpcs: Vpcs): Map<string, Peering> {
  return new Map(
    model.ofType('AWS::EC2::VPCPeeringConnection').map((resource) => {
      const unsure = doubtOf(resource);
      const ends = [vpcs.vpc(resource.at('VpcId')), vpcs.vpc(resource.at('PeerVpcId'))] as const;
      return [resource.id, { id: resource.id, vpcs: ends, ...(unsure ? { unsure } : {}) }];
    }),
  );
}

/** Transit gateways to which something of the templates is attached. */
export function transitGateways(model: TemplateModel, vpcs: Vpcs, gaps: Set<string>): Map<string, TransitGateway> {
  const attachments = new Map<string, Attachment[]>();
  for (const resource of ATTACHMENT_TYPES.flatMap((type) => model.ofType(type))) {
    const gateway = handleOf(resource.at('TransitGatewayId')).id;
    if (gateway === undefined) {
      gaps.add(`the transit gateway of ${resource.id} is not known`);
      continue;
    }
    const unsure = doubtOf(resource);
    const made: Attachment = {
      id: resource.id,
      gateway,
      vpc: vpcs.vpc(resource.at('VpcId')),
      subnets: vpcs.named(resource.at('SubnetIds')),
      ...(unsure ? { unsure } : {}),
    };
    attachments.set(gateway, [...(attachments.get(gateway) ?? []), made]);
  }
  return new Map([...attachments].map(([id, list]) => [id, new Gateway(id, list, model, gaps)]));
}

class Gateway implements TransitGateway {
  constructor(
    readonly id: string,
    readonly attachments: readonly Attachment[],
    private readonly model: TemplateModel,
    private readonly gaps: Set<string>,
  ) {}

  routesFrom(attachment: Attachment): Route[] {
    const gateway = this.model.resource(this.id);
    const others = `what else is attached to ${this.id} is not in the templates`;
    const beyond = [4 as const, 6 as const].map((family) => route(this.id, wholeFamily(family), { to: 'OUTSIDE', name: `whatever is attached to ${this.id}` }, others, -1));
    if (gateway?.type !== 'AWS::EC2::TransitGateway') {
      const reason = `the route tables of ${this.id} are not in the templates`;
      return byPrefix([...this.attachments.flatMap((a) => toAttachment(a, this.id, reason)), ...beyond]);
    }
    const table = this.linked('AWS::EC2::TransitGatewayRouteTableAssociation', attachment.id);
    const isDefault = (property: string): boolean => textOf(gateway.at(property))?.toLowerCase() !== 'disable';
    if (table.length > 0) return byPrefix([...table.flatMap((t) => this.routesOf(t)), ...beyond]);
    if (!isDefault('DefaultRouteTableAssociation')) return byPrefix(beyond);
    const everyone = isDefault('DefaultRouteTablePropagation') ? this.attachments.flatMap((a) => toAttachment(a, this.id)) : [];
    return byPrefix([...everyone, ...beyond]);
  }

  /** The route tables that an attachment is joined to by resources of a type. */
  private linked(type: string, attachment: string): { readonly table: string; readonly unsure?: string }[] {
    return this.model.ofType(type).flatMap((link) => {
      const [of, table] = [handleOf(link.at('TransitGatewayAttachmentId')).id, handleOf(link.at('TransitGatewayRouteTableId')).id];
      if (of === undefined || table === undefined) {
        this.gaps.add(`the attachment or the route table that ${link.id} joins is not known`);
        return [];
      }
      const unsure = doubtOf(link);
      return of === attachment ? [{ table, ...(unsure ? { unsure } : {}) }] : [];
    });
  }

  private routesOf({ table, unsure }: { readonly table: string; readonly unsure?: string }): Route[] {
    const known = this.model.resource(table)?.type === 'AWS::EC2::TransitGatewayRouteTable';
    const doubt = unsure ?? (known ? undefined : `the routes of ${table} are not in the templates`);
    const propagated = this.attachments.flatMap((a) => {
      const link = this.linked('AWS::EC2::TransitGatewayRouteTablePropagation', a.id).find((l) => l.table === table);
      if (link === undefined && known) return [];
      return toAttachment(a, this.id, doubt ?? link?.unsure);
    });
    const fixed = this.model
      .ofType('AWS::EC2::TransitGatewayRoute')
      .filter((resource) => handleOf(resource.at('TransitGatewayRouteTableId')).id === table)
      .flatMap((resource) => this.fixed(resource, doubt));
    return [...fixed, ...propagated];
  }

  private fixed(resource: Resource, doubt: string | undefined): Route[] {
    const block = resource.at('DestinationCidrBlock');
    const family = textOf(block)?.includes(':') ? 6 : 4;
    const { range, unsure }: KnownRange = block === undefined ? { range: wholeFamily(4), unsure: `${resource.id} has no destination` } : knownRange(block, family, resource.id);
    const reason = doubt ?? doubtOf(resource) ?? unsure;
    const prefix = unsure === undefined ? prefixOf(range) : 200;
    if (truthOf(resource.at('Blackhole')) === true) return [route(resource.id, range, { to: 'NOWHERE' }, reason, prefix)];
    const target = handleOf(resource.at('TransitGatewayAttachmentId')).id;
    const attached = this.attachments.find((a) => a.id === target);
    return attached === undefined
      ? [route(resource.id, range, { to: 'OUTSIDE', name: `the attachment ${target ?? 'that is not known'}` }, reason, prefix)]
      : [route(resource.id, range, { to: 'TRANSIT', id: attached.id }, reason ?? attached.unsure, prefix)];
  }
}

function toAttachment(attachment: Attachment, gateway: string, doubt?: string): Route[] {
  return attachment.vpc.ranges.map(({ range, unsure }) =>
    route(gateway, range, { to: 'TRANSIT', id: attachment.id }, doubt ?? attachment.unsure ?? unsure, prefixOf(range)),
  );
}

function route(id: string, range: KnownRange['range'], target: Route['target'], unsure: string | undefined, prefix: number): Route {
  const to = 'id' in target ? target.id : 'name' in target ? target.name : 'nowhere';
  return {
    prefix,
    target,
    boxes: [peerBox(range, { protocol: ALL_PROTOCOLS, port: ALL_PORTS }, true)],
    hop: { resource: id, says: `passes packets on to ${to}` },
    ...(unsure ? { unsure } : {}),
  };
}
