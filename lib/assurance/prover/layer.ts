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

/**
 * Finds the layers that stop an attack on their own, and those without which it opens.
 *
 * @param verdict what the prover said of the attack, where that is known already
 */
export function defence(prover: Prover, attack: Attack, verdict: Verdict = prover.prove(attack).verdict): Defence {
  const present = LAYERS.filter((layer) => has(prover.estate, layer));
  const opened = new Map<string, Prover>();
  const without = (layers: readonly Layer[]): Prover => {
    const key = layers.join();
    const known = opened.get(key) ?? prover.over(withoutLayers(prover.estate, new Set(layers)));
    opened.set(key, known);
    return known;
  };
  const bare = without(LAYERS);
  const by: DefenceBy[] = [];
  let possible = false;
  for (const callers of verdict === 'REFUTED' ? [] : prover.callers(attack)) {
    // Callers who could not do it without any policy either say nothing about layers.
    if (bare.stops(attack, callers)) continue;
    possible = true;
    by.push({
      callers,
      alone: present.filter((layer) => without(LAYERS.filter((other) => other !== layer)).stops(attack, callers)),
      needed: present.filter((layer) => !without([layer]).stops(attack, callers)),
    });
  }
  return {
    attack: attack.id,
    verdict,
    alone: by.length === 0 ? [] : present.filter((layer) => by.every((b) => b.alone.includes(layer))),
    needed: present.filter((layer) => by.some((b) => b.needed.includes(layer))),
    by,
    impossible: verdict !== 'REFUTED' && !possible,
  };
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

/** Key policies and role trust decide on their own, so they are layers of their own. */
function layerOf(target: Target): Layer | undefined {
  if (target.service === 'kms') return 'KEY_POLICY';
  return target.service === 'sts' ? 'ROLE_TRUST' : undefined;
}

function has(estate: Estate, layer: Layer): boolean {
  switch (layer) {
    case 'IDENTITY':
      return estate.principals.some((p) => p.identity !== undefined);
    case 'BOUNDARY':
      return estate.principals.some((p) => p.boundary !== undefined);
    case 'SESSION':
      return estate.principals.some((p) => p.session !== undefined);
    case 'SERVICE_CONTROL':
      return estate.serviceControl.length > 0;
    case 'RESOURCE_CONTROL':
      return estate.resourceControl.length > 0;
    case 'RESOURCE_DENY':
    case 'RESOURCE_GRANT':
      return estate.targets.some((t) => layerOf(t) === undefined);
    case 'KEY_POLICY':
    case 'ROLE_TRUST':
      return estate.targets.some((t) => layerOf(t) === layer);
    case 'ENDPOINT_POLICY':
      return estate.endpoints.some((e) => e.policy !== undefined);
  }
}
