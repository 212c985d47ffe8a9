import type { Exit, NetworkLayer, NetworkNode } from '../network';
import { NETWORK_LAYERS, Network, NetworkError, describePath } from '../network';
import type { Bindings, Proof, Prover } from '../prover';
import { bind } from '../prover';
import type { TemplateModel } from '../template';
import type { AttackResult, LayersBy } from './attack-result';
import { MODEL_BUCKETS } from './catalogue/subjects';
import type { NetworkAttack, PacketSource } from './network-attack';
import type { SubjectFinder } from './subject';

/** What a network judge works with. */
export interface NetworkJudgeInput {
  readonly model: TemplateModel;
  readonly prover: Prover;
  readonly finder: SubjectFinder;
  readonly bindings: Bindings;
}

/** What one place on the network lets out. */
interface Ways {
  readonly open: readonly string[];
  readonly unclear: readonly string[];
  /** Logical ids of the endpoints of AWS that it reaches, or may reach. */
  readonly endpoints: readonly string[];
  readonly certain: boolean;
}

const FUNCTION = 'AWS::Lambda::Function';
const BLOCKED = 'the declared configuration does not block: whether anything answers at the other end is not known';

/** Judges attacks by the network, joined with what policies let through the endpoints that packets reach. */
export class NetworkJudge {
  private network: Network | undefined;
  private readonly requests = new Map<string, Proof>();

  constructor(private readonly input: NetworkJudgeInput) {}

  judge(spec: NetworkAttack): AttackResult {
    const network = (this.network ??= Network.of(this.input.model));
    const places = this.places(network, spec.network);
    const unread = network.unread.filter((id) => spec.network.types.includes(this.input.model.resource(id)?.type ?? ''));
    if (places.length + unread.length === 0) {
      const what = spec.network.at === 'NETWORK' ? 'no network of its own in which models are handled' : 'nothing on a network that the attack is about';
      return result(spec, { verdict: 'NOT_APPLICABLE', reasons: [`the template has ${what}`] });
    }
    const ways = places.map((id) => waysOf(network, id));
    const joined = spec.through === undefined ? [] : ways.map(({ endpoints }) => this.requestsThrough(spec, endpoints));
    const carried = joined.map((proof, i) => ({ proof, certain: ways[i].certain }));
    const open = [
      ...ways.flatMap((w) => w.open),
      ...carried.flatMap(({ proof, certain }) => (certain && proof?.verdict === 'REFUTED' ? proof.reasons : [])),
    ];
    const unclear = [
      ...ways.flatMap((w) => w.unclear),
      ...unread.map((id) => `${id} runs code at a place that is not read`),
      ...carried.flatMap(({ proof, certain }) => {
        if (proof?.verdict === 'UNDETERMINED') return proof.reasons;
        return proof?.verdict === 'REFUTED' && !certain ? proof.reasons.map((r) => `it is not certain that packets reach the endpoint: ${r}`) : [];
      }),
    ];
    const verdict = open.length > 0 ? 'REFUTED' : unclear.length > 0 ? 'UNDETERMINED' : 'PROVED';
    const proofs = carried.flatMap(({ proof }) => proof ?? []);
    const layers = verdict === 'PROVED' ? layersOf(network, places, proofs) : [];
    const unguarded = network.endpoints.filter((e) => !e.hasPolicy && ways.some((w) => w.endpoints.includes(e.logicalId)));
    return result(spec, {
      verdict,
      reasons: [...new Set(open.length > 0 ? open : unclear)],
      layers,
      subjects: { places: [...places, ...unread] },
      callers: [...new Set(proofs.flatMap((p) => p.principals))],
      counterexamples: proofs.flatMap((p) => p.counterexamples),
      assumptions: [
        ...new Set([
          ...network.assumptions,
          BLOCKED,
          ...unguarded.map((e) => `${e.id} has no policy: what it carries is judged for ${spec.through?.action.join(', ') ?? 'nothing'} only`),
          ...proofs.flatMap((p) => p.assumptions),
        ]),
      ],
      approximations: [...new Set(proofs.flatMap((p) => p.approximations))],
    });
  }

  private places(network: Network, source: PacketSource): string[] {
    const nodes = network.workloads.filter((node) => this.isMeant(node, source));
    if (source.at !== 'NETWORK') return nodes.map((node) => node.id);
    const vpcs = new Set(nodes.flatMap((n) => [...n.placements, ...(n.behind ?? [])].flatMap((p) => p.subnets.map((s) => s.vpc.id))));
    return network.vpcIds.filter((id) => vpcs.has(id));
  }

  private isMeant({ id, type }: NetworkNode, { types, callersOf = [], functionsThatMay }: PacketSource): boolean {
    if (types.includes(type)) return true;
    const resource = type === FUNCTION ? this.input.model.resource(id) : undefined;
    if (resource === undefined) return false;
    if (resource.incoming.some((edge) => callersOf.includes(edge.from.type))) return true;
    if (functionsThatMay === undefined) return false;
    const { prover, finder, bindings } = this.input;
    const models = finder.find(MODEL_BUCKETS).arns;
    const arns = resource.edgesAt('Role').map((edge) => prover.estate.arns.get(edge.to.id));
    const role = prover.estate.principals.find((p) => p.arn !== undefined && arns.includes(p.arn));
    return models.length > 0 && role !== undefined && prover.ask(bind(functionsThatMay, { ...bindings, models }), role).found !== 'NO';
  }

  /** Whether somebody can do through some endpoints what must not be done through them. */
  private requestsThrough({ id, title, through }: NetworkAttack, reached: readonly string[]): Proof | undefined {
    const { prover, bindings } = this.input;
    const ids = prover.estate.endpoints.filter((e) => reached.includes(e.id)).map((e) => e.endpointId);
    if (through === undefined || ids.length === 0) return undefined;
    const key = `${id} ${ids.join()}`;
    const known = this.requests.get(key);
    if (known !== undefined) return known;
    const { where = {}, principals, ...request } = through;
    const pattern = bind({ ...request, where: { ...where, StringEquals: { ...where.StringEquals, 'aws:SourceVpce': ids } } }, bindings);
    const proof = prover.prove({ ...pattern, id, title, ...(principals === undefined ? {} : { principals }) });
    this.requests.set(key, proof);
    return proof;
  }
}

function waysOf(network: Network, id: string): Ways {
  let exits: readonly Exit[];
  try {
    exits = network.exits(id);
  } catch (cause) {
    if (!(cause instanceof NetworkError)) throw cause;
    return { open: [], unclear: [cause.message], endpoints: [], certain: false };
  }
  const out = exits.filter((exit) => exit.kind !== 'AWS_SERVICE');
  const service = exits.filter((exit) => exit.kind === 'AWS_SERVICE');
  const ids = network.endpoints.filter((e) => service.some((exit) => exit.to === e.id)).map((e) => e.logicalId);
  return {
    open: out.flatMap((exit) => (exit.path === undefined ? [] : [`${id} reaches ${exit.to}: ${describePath(exit.path)}`])),
    unclear: out.flatMap((exit) => (exit.path === undefined ? [`${id} to ${exit.to}: ${exit.reasons.join('; ')}`] : [])),
    endpoints: ids,
    certain: service.every((exit) => exit.path !== undefined),
  };
}

/** What stops packets from every place, and what stops requests through the endpoints that they reach. */
function layersOf(network: Network, places: readonly string[], requests: readonly Proof[]): LayersBy[] {
  const isClosed = (id: string, without: readonly NetworkLayer[]): boolean => network.exits(id, without).every((exit) => exit.kind === 'AWS_SERVICE');
  const alone = NETWORK_LAYERS.filter((layer) => places.every((id) => isClosed(id, NETWORK_LAYERS.filter((other) => other !== layer))));
  const needed = NETWORK_LAYERS.filter((layer) => places.some((id) => !isClosed(id, [layer])));
  return [
    { callers: 'PACKET', alone, needed },
    ...(requests.length === 0 ? [] : [{ callers: 'REQUEST', alone: ['ENDPOINT_POLICY'], needed: ['ENDPOINT_POLICY'] } as const]),
  ];
}

function result(spec: NetworkAttack, found: Partial<AttackResult> & Pick<AttackResult, 'verdict' | 'reasons'>): AttackResult {
  const { id, title, threats, controls, oneLayer } = spec;
  const layers = found.layers ?? [];
  const depth = layers.length === 0 ? 0 : Math.min(...layers.map((by) => by.alone.length));
  return {
    id,
    title,
    threats,
    controls,
    counterexamples: [],
    layers,
    subjects: {},
    callers: [],
    assumptions: [],
    approximations: [],
    ...found,
    depth,
    ...(found.verdict === 'PROVED' && depth < 2 && oneLayer !== undefined ? { oneLayer } : {}),
  };
}
