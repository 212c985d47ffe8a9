import type { Attack, Estate, Mutant, Prover } from '../prover';
import { mapPolicies, mutantsOf } from '../prover';
import type { AttackJudge } from './attack-judge';
import type { AnyAttack } from './network-attack';
import { isNetworkAttack } from './network-attack';

/** A weakening that an attack notices, or none does. */
export interface MutantResult {
  readonly mutant: string;
  /** The first attack that opens. */
  readonly noticedBy?: string;
}

/** How much of what the policies say the attacks ask for. */
export interface MutationReport {
  readonly account: string;
  readonly total: number;
  readonly killed: number;
  /** Weakenings that let no request through which was not before: nobody could notice them. */
  readonly equivalent: readonly string[];
  /**
   * Weakenings of one of two conditions that say for whom a service acts: AWS gives both for the same resource, so the other one holds,
   * and an attack notices when both are gone.
   */
  readonly twins: readonly string[];
  readonly survivors: readonly MutantResult[];
}

/** Weakens the policies in every way by one step, and sees which attack opens. */
export function mutationReport(
  account: string,
  judge: AttackJudge,
  specs: readonly AnyAttack[],
  onMutant: (name: string) => void = () => undefined,
): MutationReport {
  const attacks = specs.flatMap((spec) => {
    // What is weakened are policies: the network stays as it is.
    if (isNetworkAttack(spec)) return [];
    const meant = judge.meant(spec);
    return typeof meant !== 'string' && isStopped(judge.prover, meant.attack) ? [meant.attack] : [];
  });
  const equivalent: string[] = [];
  const twins: string[] = [];
  const survivors: MutantResult[] = [];
  const mutants = mutantsOf(judge.prover.estate);
  let killed = 0;
  for (const mutant of mutants) {
    onMutant(mutant.name);
    const weaker = judge.prover.over(mutant.estate);
    const isNoticed = (prover: Prover): boolean => attacks.some((attack) => concerns(attack, mutant) && !isStopped(prover, attack));
    if (isNoticed(weaker)) killed += 1;
    else if (weaker.letsNoMoreThrough(judge.prover, [...mutant.services].map((s) => (s === '*' ? '*' : `${s}:*`)))) equivalent.push(mutant.name);
    else {
      const unheld = withoutTwin(mutant);
      if (unheld !== undefined && isNoticed(judge.prover.over(unheld))) twins.push(mutant.name);
      else survivors.push({ mutant: mutant.name });
    }
  }
  return { account, total: mutants.length, killed, equivalent, twins, survivors };
}

/** The policies of a mutant without the other condition that says for whom a service acts; undefined where it is about neither. */
function withoutTwin({ name, estate }: Mutant): Estate | undefined {
  const [, label, key] = /^(.*) does not test (aws:Source(?:Account|Arn))$/.exec(name) ?? [];
  if (label === undefined) return undefined;
  const twin = key === 'aws:SourceArn' ? 'aws:sourceaccount' : 'aws:sourcearn';
  return mapPolicies(estate, (policy) => ({
    ...policy,
    statements: policy.statements.map((s) =>
      s.label === label ? { ...s, conditions: s.conditions.filter((c) => c.foldedKey !== twin) } : s,
    ),
  }));
}

function isStopped(prover: Prover, attack: Attack): boolean {
  return prover.callers(attack).every((callers) => prover.stops(attack, callers));
}

function concerns(attack: Attack, { services }: Mutant): boolean {
  const asked = [attack, ...(attack.and ?? [])].flatMap(({ action }) => action.map((a) => a.split(':')[0].toLowerCase()));
  return services.has('*') || asked.some((service) => service === '*' || services.has(service));
}
