import type { Attack } from './attack';
import type { Estate, Principal, PrincipalType, Target } from './estate/estate';
import type { Verdict } from './proof';
import type { Prover } from './prover';

/** The places at which a request can be stopped. */
export const LAYERS = [
  /** Policies of the caller. */
  'IDENTITY',
  'BOUNDARY',
  'SESSION',
  'SERVICE_CONTROL',
  'RESOURCE_CONTROL',
  /** Denials in the policy of the resource: they hold even when something grants access by accident. */
  'RESOURCE_DENY',
  /** Nothing in the policy of the resource lets callers from outside the account in. */
  'RESOURCE_GRANT',
  'KEY_POLICY',
  'ROLE_TRUST',
  'ENDPOINT_POLICY',
] as const;

/** One of {@link LAYERS}. */
export type Layer = (typeof LAYERS)[number];

/** Layers against one kind of caller. */
export interface DefenceBy {
  readonly callers: PrincipalType;
  /** Layers that stop the attack with no help from the others: defence in depth as a number. */
  readonly alone: readonly Layer[];
  /** Layers without which the attack opens. */
  readonly needed: readonly Layer[];
}

/** Which layers stop an attack, and what remains when one is gone. */
export interface Defence {
  readonly attack: string;
  readonly verdict: Verdict;
  /** Layers that stop the attack for every caller with no help from the others. */
  readonly alone: readonly Layer[];
  /** Layers without which the attack opens for some caller. */
  readonly needed: readonly Layer[];
  /** The same for each kind of caller: an administrator meets fewer layers than a role. */
  readonly by: readonly DefenceBy[];
  /** True if the attack is impossible even with all layers open: it asks for something that cannot be, so nothing stops it. */
  readonly impossible: boolean;
}

/** Estates with layers opened, by the prover that they were opened for: every attack asks for the same ones. */
const openedOf = new WeakMap<Prover, Map<string, Prover>>();

/**
 * Finds the layers that stop an attack on their own, and those without which it opens.
 *
 * @param verdict what the prover said of the attack, where that is known already
 */
export function defence(prover: Prover, attack: Attack, verdict: Verdict = prover.prove(attack).verdict): Defence {
  const opened = openedOf.get(prover) ?? new Map<string, Prover>();
  openedOf.set(prover, opened);
  const without = (layers: readonly Layer[]): Prover => {
    const key = layers.join();
    const known = opened.get(key) ?? prover.over(withoutLayers(prover.estate, new Set(layers)));
    opened.set(key, known);
    return known;
  };
  const by: DefenceBy[] = [];
  for (const callers of verdict === 'REFUTED' ? [] : prover.callers(attack)) {
    const relevant = relevantLayers(prover, attack, callers);
    const stops = (closed: readonly Layer[], caller: number): boolean => {
      const other = without(LAYERS.filter((one) => !closed.includes(one)));
      return other.stopsCaller(attack, other.select(attack, callers)[caller]);
    };
    const proved = verdict === 'PROVED' || verdict === 'PROVED_VACUOUSLY' ? relevant : undefined;
    const closings = new Closings(stops, kindsOf(prover, attack, callers), proved);
    const alone = relevant.filter((layer) => closings.stop([layer]));
    // Callers who could not do it without any policy either say nothing about layers.
    if (closings.stop([])) continue;
    by.push({ callers, alone, needed: relevant.filter((layer) => !closings.stop(relevant.filter((other) => other !== layer))) });
  }
  const present = LAYERS.filter((layer) => by.some((b) => [...b.alone, ...b.needed].includes(layer)));
  return {
    attack: attack.id,
    verdict,
    alone: present.filter((layer) => by.every((b) => b.alone.includes(layer))),
    needed: present.filter((layer) => by.some((b) => b.needed.includes(layer))),
    by,
    impossible: verdict !== 'REFUTED' && by.length === 0,
  };
}

/** Which callers get the same answer where their own policies have no say, and whether layer by layer they have policies of their own. */
interface CallerOfKind {
  readonly kind: string;
  readonly own: ReadonlySet<Layer>;
}

function kindsOf(prover: Prover, attack: Attack, type: PrincipalType): CallerOfKind[] {
  const kinds = prover.kinds(attack);
  return prover.select(attack, type).map((caller) => ({
    kind: kinds.of(caller),
    own: new Set<Layer>([
      ...(caller.identity === undefined ? [] : (['IDENTITY'] as const)),
      ...(caller.boundary === undefined ? [] : (['BOUNDARY'] as const)),
      ...(caller.session === undefined ? [] : (['SESSION'] as const)),
    ]),
  }));
}

/**
 * Which sets of layers stop an attack when all others are open, asked once for each set and each kind of caller.
 *
 * More layers never let more through: what is known of one set tells about those around it.
 */
class Closings {
  private readonly stopping: (readonly Layer[])[][];
  private readonly passing: (readonly Layer[])[][];
  private readonly answers = new Map<string, boolean>();

  /** @param proved all layers together, where it is known that they stop the attack */
  constructor(
    private readonly ask: (closed: readonly Layer[], caller: number) => boolean,
    private readonly callers: readonly CallerOfKind[],
    proved: readonly Layer[] | undefined,
  ) {
    this.stopping = callers.map(() => (proved === undefined ? [] : [proved]));
    this.passing = callers.map(() => []);
  }

  /** Whether they stop it for every caller. */
  stop(closed: readonly Layer[]): boolean {
    return this.callers.every((_caller, i) => this.stopsCaller(closed, i));
  }

  private stopsCaller(closed: readonly Layer[], i: number): boolean {
    if (this.stopping[i].some((known) => isWithin(known, closed))) return true;
    if (this.passing[i].some((known) => isWithin(closed, known))) return false;
    const { kind, own } = this.callers[i];
    const key = `${closed.filter((layer) => !OWN.has(layer) || own.has(layer)).join()} ${closed.some((layer) => own.has(layer)) ? i : kind}`;
    const stops = this.answers.get(key) ?? this.ask(closed, i);
    this.answers.set(key, stops);
    (stops ? this.stopping[i] : this.passing[i]).push(closed);
    return stops;
  }
}

/** Layers that travel with the caller. */
const OWN: ReadonlySet<Layer> = new Set(['IDENTITY', 'BOUNDARY', 'SESSION']);

function isWithin(some: readonly Layer[], others: readonly Layer[]): boolean {
  return some.every((layer) => others.includes(layer));
}

/** An estate in which some layers let everything through. */
export function withoutLayers(estate: Estate, without: ReadonlySet<Layer>): Estate {
  return {
    ...estate,
    principals: estate.principals.map((p) => openPrincipal(p, without)),
    targets: estate.targets.map((t) => openTarget(t, without)),
    endpoints: without.has('ENDPOINT_POLICY') ? estate.endpoints.map((e) => ({ ...e, policy: undefined })) : estate.endpoints,
    serviceControl: without.has('SERVICE_CONTROL') ? [] : estate.serviceControl,
    resourceControl: without.has('RESOURCE_CONTROL') ? [] : estate.resourceControl,
  };
}

function openPrincipal(principal: Principal, without: ReadonlySet<Layer>): Principal {
  return {
    ...principal,
    ...(without.has('IDENTITY') ? { identity: undefined, externalPolicies: [] } : {}),
    ...(without.has('BOUNDARY') ? { boundary: undefined } : {}),
    ...(without.has('SESSION') ? { session: undefined } : {}),
  };
}

function openTarget(target: Target, without: ReadonlySet<Layer>): Target {
  const whole = layerOf(target);
  if (whole !== undefined) return without.has(whole) ? { ...target, needsGrant: false, policies: [], openToOthers: true } : target;
  return {
    ...target,
    ...(without.has('RESOURCE_GRANT') ? { needsGrant: false, openToOthers: true } : {}),
    ...(without.has('RESOURCE_DENY')
      ? { policies: target.policies.map((p) => ({ ...p, statements: p.statements.filter((s) => s.effect === 'Allow') })) }
      : {}),
  };
}

/** Layers that have a say about some callers of an attack: the others are as good as open. */
function relevantLayers(prover: Prover, attack: Attack, callers: PrincipalType): Layer[] {
  const { estate } = prover;
  const principals = prover.select(attack, callers);
  const isTouched = (service: string): boolean => prover.speaksOf(attack, service);
  const targets = estate.targets.filter((t) => isTouched(t.service));
  const resources = targets.filter((t) => layerOf(t) === undefined);
  const isRelevant: Readonly<Record<Layer, () => boolean>> = {
    IDENTITY: () => principals.some((p) => p.identity !== undefined),
    BOUNDARY: () => principals.some((p) => p.boundary !== undefined),
    SESSION: () => principals.some((p) => p.session !== undefined),
    SERVICE_CONTROL: () => estate.serviceControl.length > 0 && principals.some((p) => p.account !== undefined),
    RESOURCE_CONTROL: () => estate.resourceControl.length > 0 && targets.length > 0,
    RESOURCE_DENY: () => resources.some((t) => t.policies.some((p) => p.statements.some((s) => s.effect !== 'Allow'))),
    RESOURCE_GRANT: () => resources.some((t) => t.needsGrant || principals.some((p) => p.account !== t.account)),
    KEY_POLICY: () => targets.some((t) => layerOf(t) === 'KEY_POLICY'),
    ROLE_TRUST: () => targets.some((t) => layerOf(t) === 'ROLE_TRUST'),
    ENDPOINT_POLICY: () => estate.endpoints.some((e) => e.policy !== undefined && (e.services?.some(isTouched) ?? true)),
  };
  return LAYERS.filter((layer) => isRelevant[layer]());
}

/** Key policies and role trust decide on their own, so they are layers of their own. */
function layerOf(target: Target): Layer | undefined {
  if (target.service === 'kms') return 'KEY_POLICY';
  return target.service === 'sts' ? 'ROLE_TRUST' : undefined;
}
