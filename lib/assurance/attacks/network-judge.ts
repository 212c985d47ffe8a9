import type { Exit, NetworkLayer } from '../network';
import { NETWORK_LAYERS, Network, NetworkError, describePath } from '../network';
import type { Bindings, Proof, Prover, RequestPattern } from '../prover';
import { bind } from '../prover';
import type { TemplateModel } from '../template';
import type { AttackResult, AttackVerdict, LayersBy } from './attack-result';
import type { LegitimateConnection, NetworkAttack, WayOut } from './network-attack';
import { WAYS_OUT } from './network-attack';
import { NetworkPlaces } from './network-places';
import type { SubjectFinder } from './subject';
import { fits } from './subject';

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

const BLOCKED = 'the declared configuration does not block: whether anything answers at the other end is not known';

/** Judges attacks by the network, joined with what policies let through the endpoints that packets reach. */
export class NetworkJudge {
  private network: Network | undefined;
  private readonly requests = new Map<string, Proof>();

  constructor(private readonly input: NetworkJudgeInput) {}

  judge(spec: NetworkAttack): AttackResult {
    const network = (this.network ??= Network.of(this.input.model));
    const { model, prover } = this.input;
    const bindings = this.bindingsOf(spec);
    const missing = missingIn(spec, bindings);
    if (missing.length > 0) return result(spec, { verdict: 'NOT_APPLICABLE', reasons: [`the template has no ${missing.join(' and no ')}`] });
    const { known: places, unread } = new NetworkPlaces(model, prover, network).of(spec.network, bindings);
    if (places.length + unread.length === 0) {
      const what = spec.network.at === 'NETWORK' ? 'no network of its own in which such things stand' : 'nothing on a network that the attack is about';
      return result(spec, { verdict: 'NOT_APPLICABLE', reasons: [`the template has ${what}`] });
    }
    const to = spec.to ?? WAYS_OUT;
    const ways = places.map((id) => waysOf(network, id, to));
    const joined = spec.through === undefined ? [] : ways.map(({ endpoints }) => this.requestsThrough(spec, endpoints, bindings));
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
    const verdict = open.length > 0 ? 'REFUTED' : unclear.length > 0 ? 'UNDETERMINED' : this.provedAs(spec, network, places, bindings);
    const proofs = carried.flatMap(({ proof }) => proof ?? []);
    const isProved = verdict === 'PROVED' || verdict === 'PROVED_VACUOUSLY';
    const unguarded = network.endpoints.filter((e) => !e.hasPolicy && ways.some((w) => w.endpoints.includes(e.logicalId)));
    return result(spec, {
      verdict,
      reasons: verdict === 'PROVED_VACUOUSLY' ? [unreached(spec.legitimate)] : [...new Set(open.length > 0 ? open : unclear)],
      layers: isProved ? layersOf(network, places, to, proofs) : [],
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

  private bindingsOf({ subjects = {} }: NetworkAttack): Bindings {
    const own = Object.entries(subjects).map(([name, subject]) => [name, this.input.finder.find(subject).arns] as const);
    return { ...this.input.bindings, ...Object.fromEntries(own) };
  }

  /** Whether somebody can do through some endpoints what must not be done through them. */
  private requestsThrough({ id, title, through }: NetworkAttack, reached: readonly string[], bindings: Bindings): Proof | undefined {
    const { prover } = this.input;
    const ids = this.endpointIds(reached);
    if (through === undefined || ids.length === 0) return undefined;
    const key = `${id} ${ids.join()}`;
    const known = this.requests.get(key);
    if (known !== undefined) return known;
    const proof = prover.prove({ ...bind(comingThrough(through, ids), bindings), id, title });
    this.requests.set(key, proof);
    return proof;
  }

  /** A network that nothing can use is closed, and says little. */
  private provedAs({ legitimate }: NetworkAttack, network: Network, places: readonly string[], bindings: Bindings): AttackVerdict {
    if (legitimate === undefined) return 'PROVED';
    const { reaches, request } = legitimate;
    const possible = places.some((id) => {
      // AWS fetches and brings for a container without network what it needs, from the network that the container would stand in.
      const all = network.exits(id, ['NETWORK_ISOLATION']);
      const exits = all.filter((exit) => exit.path !== undefined);
      const reached = network.endpoints.filter(
        ({ id: to, serviceName = '' }) => exits.some((exit) => exit.to === to) && reaches.some((pattern) => fits(serviceName, pattern)),
      );
      // That network may be one of AWS, or one that no template holds: neither is a network in which nothing can be used.
      if (reached.length === 0) return all.some((exit) => exit.kind === 'INTERNET');
      if (request === undefined) return true;
      const ids = this.endpointIds(reached.map((e) => e.logicalId));
      return this.input.prover.find(bind(comingThrough(request, ids), bindings)) !== undefined;
    });
    return possible ? 'PROVED' : 'PROVED_VACUOUSLY';
  }

  private endpointIds(logicalIds: readonly string[]): string[] {
    return this.input.prover.estate.endpoints.filter((e) => logicalIds.includes(e.id)).map((e) => e.endpointId);
  }
}

/** Subjects without a resource in what requests say: they would be about nothing. */
function missingIn({ subjects = {}, through, legitimate }: NetworkAttack, bindings: Bindings): string[] {
  const text = JSON.stringify([through, legitimate?.request]);
  return Object.keys(subjects).filter((name) => text.includes(`@${name}@`) && bindings[name].length === 0);
}

function comingThrough({ where = {}, ...request }: RequestPattern, endpointIds: readonly string[]): RequestPattern {
  return { ...request, where: { ...where, StringEquals: { ...where.StringEquals, 'aws:SourceVpce': endpointIds } } };
}

function unreached(legitimate: LegitimateConnection | undefined): string {
  const { reaches = [], request } = legitimate ?? {};
  const use = request === undefined ? '' : ` with which somebody may do ${request.action.join(', ')}`;
  return `legitimate use is not possible either: no endpoint of ${reaches.join(', ')} is reached${use}`;
}

function waysOf(network: Network, id: string, to: readonly WayOut[]): Ways {
  let exits: readonly Exit[];
  try {
    exits = network.exits(id);
  } catch (cause) {
    if (!(cause instanceof NetworkError)) throw cause;
    return { open: [], unclear: [cause.message], endpoints: [], certain: false };
  }
  const out = exits.filter((exit) => isOut(exit, to));
  const service = exits.filter((exit) => exit.kind === 'AWS_SERVICE');
  const ids = network.endpoints.filter((e) => service.some((exit) => exit.to === e.id)).map((e) => e.logicalId);
  return {
    open: out.flatMap((exit) => (exit.path === undefined ? [] : [`${id} reaches ${exit.to}: ${describePath(exit.path)}`])),
    unclear: out.flatMap((exit) => (exit.path === undefined ? [`${id} to ${exit.to}: ${exit.reasons.join('; ')}`] : [])),
    endpoints: ids,
    certain: service.every((exit) => exit.path !== undefined),
  };
}

function isOut({ kind }: Exit, to: readonly WayOut[]): boolean {
  return to.some((way) => way === kind);
}

/** What stops packets from every place, and what stops requests through the endpoints that they reach. */
function layersOf(network: Network, places: readonly string[], to: readonly WayOut[], requests: readonly Proof[]): LayersBy[] {
  const isClosed = (id: string, without: readonly NetworkLayer[]): boolean => !network.exits(id, without).some((exit) => isOut(exit, to));
  const alone = NETWORK_LAYERS.filter((layer) => places.every((id) => isClosed(id, NETWORK_LAYERS.filter((other) => other !== layer))));
  const needed = NETWORK_LAYERS.filter((layer) => places.some((id) => !isClosed(id, [layer])));
  return [
    { callers: 'PACKET', alone, needed },
    ...(requests.length === 0 ? [] : [{ callers: 'REQUEST', alone: ['ENDPOINT_POLICY'], needed: ['ENDPOINT_POLICY'] } as const]),
  ];
}

function result(spec: NetworkAttack, found: Partial<AttackResult> & Pick<AttackResult, 'verdict' | 'reasons'>): AttackResult {
  const { id, title, threats = [], controls = [], oneLayer } = spec;
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
