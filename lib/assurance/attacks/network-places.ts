import type { Network, NetworkNode } from '../network';
import type { Bindings, Prover } from '../prover';
import { bind } from '../prover';
import type { Resource, TemplateModel } from '../template';
import type { PacketSource } from './network-attack';
import { isMeant } from './subject';

const FUNCTION = 'AWS::Lambda::Function';

/** Where the packets of an attack begin. */
export interface Places {
  /** Ids of workloads, or of the networks that they stand in. */
  readonly known: readonly string[];
  /** Ids of what runs code at a place that is not read. */
  readonly unread: readonly string[];
}

/** Finds where the packets of attacks begin. */
export class NetworkPlaces {
  constructor(
    private readonly model: TemplateModel,
    private readonly prover: Prover,
    private readonly network: Network,
  ) {}

  /** @param bindings values for the names of the source's texts: where one has none, no function counts for what it may do */
  of(source: PacketSource, bindings: Bindings): Places {
    const nodes = this.network.workloads.filter((node) => this.isSource(node, source, bindings));
    const unread = this.network.unread.filter((id) => {
      const resource = this.model.resource(id);
      return resource !== undefined && source.types.includes(resource.type) && isSelected(resource, source);
    });
    if (source.at !== 'NETWORK') return { known: nodes.map((node) => node.id), unread };
    const vpcs = new Set(nodes.flatMap((n) => [...n.placements, ...(n.behind ?? [])].flatMap((p) => p.subnets.map((s) => s.vpc.id))));
    return { known: this.network.vpcIds.filter((id) => vpcs.has(id)), unread };
  }

  private isSource({ id, type }: NetworkNode, source: PacketSource, bindings: Bindings): boolean {
    // A job has no resource of its own: it is called what starts it is called.
    const resource = this.model.resource(id.split('#')[0]);
    if (resource === undefined || !isSelected(resource, source)) return false;
    return source.types.includes(type) || (type === FUNCTION && this.isSourceFunction(resource, source, bindings));
  }

  private isSourceFunction(resource: Resource, { callersOf = [], functionsThatMay }: PacketSource, bindings: Bindings): boolean {
    if (resource.incoming.some((edge) => callersOf.includes(edge.from.type))) return true;
    if (functionsThatMay === undefined) return false;
    const { principals, arns } = this.prover.estate;
    const own = resource.edgesAt('Role').map((edge) => arns.get(edge.to.id));
    const role = principals.find((p) => p.arn !== undefined && own.includes(p.arn));
    const may = bind(functionsThatMay, bindings);
    return may.resource.length > 0 && role !== undefined && this.prover.ask(may, role).found !== 'NO';
  }
}

function isSelected(resource: Resource, { names, tags }: PacketSource): boolean {
  return isMeant(resource, { types: [resource.type], ...(names ? { names } : {}), ...(tags ? { tags } : {}) });
}
