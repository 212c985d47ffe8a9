import type { Attack } from './attack';
import type { Estate, Principal, Target } from './estate/estate';
import type { GroundPolicy } from './estate/ground';
import type { Verdict } from './proof';
import type { Prover } from './prover';

/** The places at which a request can be stopped. */
export const LAYERS = [
  'IDENTITY',
  'BOUNDARY',
  'SESSION',
  'SERVICE_CONTROL',
  'RESOURCE_CONTROL',
  'RESOURCE_POLICY',
  'ENDPOINT_POLICY',
] as const;

/** One of {@link LAYERS}. */
export type Layer = (typeof LAYERS)[number];

/** Which layers stop an attack, and what remains when one is gone. */
export interface Defence {
  readonly attack: string;
  readonly verdict: Verdict;
  /** Layers that stop the attack with no help from the others: defence in depth as a number. */
  readonly alone: readonly Layer[];
  /** Layers without which the attack opens. */
  readonly needed: readonly Layer[];
}

/** Finds the layers that stop an attack on their own, and those without which it opens. */
export function defence(prover: Prover, attack: Attack): Defence {
  const stops = (without: readonly Layer[]): boolean => {
    const { verdict } = prover.over(withoutLayers(prover.estate, new Set(without))).prove(attack);
    return verdict === 'PROVED' || verdict === 'PROVED_VACUOUSLY';
  };
  const present = LAYERS.filter((layer) => has(prover.estate, layer));
  const { verdict } = prover.prove(attack);
  const alone = present.filter((layer) => stops(LAYERS.filter((other) => other !== layer)));
  return { attack: attack.id, verdict, alone, needed: verdict === 'REFUTED' ? [] : present.filter((layer) => !stops([layer])) };
}

/** An estate in which some layers let everything through. */
export function withoutLayers(estate: Estate, without: ReadonlySet<Layer>): Estate {
  return {
    ...estate,
    principals: estate.principals.map((p) => openPrincipal(p, without)),
    targets: without.has('RESOURCE_POLICY') ? estate.targets.map(openTarget) : estate.targets,
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

/** A resource that leaves the decision to the account; what it grants to others stays. */
function openTarget(target: Target): Target {
  const grantsOnly = (policy: GroundPolicy): GroundPolicy => ({
    ...policy,
    statements: policy.statements.filter((s) => s.effect === 'Allow'),
  });
  return { ...target, needsGrant: false, policies: target.policies.map(grantsOnly) };
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
    case 'RESOURCE_POLICY':
      return estate.targets.length > 0;
    case 'ENDPOINT_POLICY':
      return estate.endpoints.some((e) => e.policy !== undefined);
  }
}
