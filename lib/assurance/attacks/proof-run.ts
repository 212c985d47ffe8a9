import type { TemplateInput, TemplateLimits } from '../template';
import { TemplateModel } from '../template';
import { AttackJudge } from './attack-judge';
import type { JudgeOptions } from './attack-judge';
import type { AttackResult, AttackVerdict } from './attack-result';
import type { AnyAttack } from './network-attack';

/** What the proofs of a set of templates came to as a whole. */
export type RunVerdict = 'PROVED' | 'REFUTED' | 'UNDETERMINED';

/** Proofs over the stacks of one account, which see each other. */
export interface ProofGroup {
  readonly account: string;
  readonly stacks: readonly string[];
  readonly results: readonly AttackResult[];
}

/** How proofs are made. */
export interface ProofRunOptions extends JudgeOptions {
  readonly templateLimits?: TemplateLimits;
}

/** A group before its attacks are judged. */
export interface JudgedGroup {
  readonly account: string;
  readonly stacks: readonly string[];
  readonly judge: AttackJudge;
}

/** Stacks of the same account see each other; those of another account are others. */
export function judgesOf(inputs: readonly TemplateInput[], options: ProofRunOptions = {}): JudgedGroup[] {
  const groups = new Map<string, TemplateInput[]>();
  for (const input of inputs) {
    const account = input.account ?? 'unknown account';
    groups.set(account, [...(groups.get(account) ?? []), input]);
  }
  return [...groups].map(([account, members]) => {
    const stacks = members.map(({ id, stackName }) => id ?? stackName);
    const model = TemplateModel.of(members, options.templateLimits === undefined ? {} : { limits: options.templateLimits });
    return { account, stacks, judge: AttackJudge.of(model, options) };
  });
}

/** Judges attacks for every group, one step for each. */
export function proofsOf(
  judged: readonly JudgedGroup[],
  attacks: readonly AnyAttack[],
  onStep: (text: string) => void = () => undefined,
): ProofGroup[] {
  return judged.map(({ account, stacks, judge }) => ({
    account,
    stacks,
    results: attacks.map((attack) => {
      onStep(`proving ${attack.id} for ${account}`);
      return judge.judge(attack);
    }),
  }));
}

/** One verdict for all: a single request refutes, a single open question leaves all open, and where nothing applied nothing is proved. */
export function runVerdict(groups: readonly ProofGroup[]): RunVerdict {
  const verdicts = new Set<AttackVerdict>(groups.flatMap(({ results }) => results.map(({ verdict }) => verdict)));
  if (verdicts.has('REFUTED')) return 'REFUTED';
  if (verdicts.has('UNDETERMINED')) return 'UNDETERMINED';
  return verdicts.has('PROVED') || verdicts.has('PROVED_VACUOUSLY') ? 'PROVED' : 'UNDETERMINED';
}
