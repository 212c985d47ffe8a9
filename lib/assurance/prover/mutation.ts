import type { Attack } from './attack';
import type { Estate } from './estate/estate';
import type { GroundPolicy } from './estate/ground';
import type { Verdict } from './proof';
import type { Prover } from './prover';

/** What became of the attacks when one statement was taken away. */
export interface Mutation {
  /** `Policy#Sid` of the statement that was removed. */
  readonly removed: string;
  /** Attacks with another verdict than before. */
  readonly changed: readonly {
    readonly attack: string;
    readonly before: Verdict;
    readonly after: Verdict;
    readonly reason: string | undefined;
  }[];
}

/**
 * Removes each statement of the estate in turn and proves the attacks again: a statement that nothing misses is one that
 * no attack asks for.
 */
export function mutations(prover: Prover, attacks: readonly Attack[], effects: readonly ('Allow' | 'Deny')[] = ['Deny']): Mutation[] {
  const before = new Map(attacks.map((a) => [a.id, prover.prove(a).verdict]));
  return labels(prover.estate, effects).map((removed) => {
    const weakened = prover.over(withoutStatement(prover.estate, removed));
    const changed = attacks.flatMap((attack) => {
      const proof = weakened.prove(attack);
      const was = before.get(attack.id) as Verdict;
      return proof.verdict === was ? [] : [{ attack: attack.id, before: was, after: proof.verdict, reason: proof.reasons[0] }];
    });
    return { removed, changed };
  });
}

/** The estate without the statements of a label (`Policy#Sid`). */
export function withoutStatement(estate: Estate, label: string): Estate {
  return mapPolicies(estate, (policy) =>
    policy.statements.some((s) => s.label === label)
      ? { ...policy, statements: policy.statements.filter((s) => s.label !== label) }
      : policy,
  );
}

function labels(estate: Estate, effects: readonly ('Allow' | 'Deny')[]): string[] {
  const found = new Set<string>();
  mapPolicies(estate, (policy) => {
    for (const s of policy.statements) if (effects.includes(s.effect)) found.add(s.label);
    return policy;
  });
  return [...found];
}

/** The estate with every policy changed. */
export function mapPolicies(estate: Estate, change: (policy: GroundPolicy) => GroundPolicy): Estate {
  const maybe = (policy: GroundPolicy | undefined): GroundPolicy | undefined => policy && change(policy);
  return {
    ...estate,
    principals: estate.principals.map((p) => ({
      ...p,
      identity: p.identity?.map(change),
      boundary: maybe(p.boundary),
      session: maybe(p.session),
    })),
    targets: estate.targets.map((t) => ({ ...t, policies: t.policies.map(change) })),
    endpoints: estate.endpoints.map((e) => ({ ...e, policy: maybe(e.policy) })),
    serviceControl: estate.serviceControl.map((level) => level.map(change)),
    resourceControl: estate.resourceControl.map((level) => level.map(change)),
  };
}
