import type { AttackResult as Proof } from '../lib/assurance/attacks/attack-result';
import { EVERY_ATTACK } from '../lib/assurance/attacks/catalogue';
import type { ProofGroup } from '../lib/assurance/attacks/proof-run';
import { judgesOf, proofsOf } from '../lib/assurance/attacks/proof-run';

/** One stack of the reference platform, as synthesised. */
export interface AttackedStack {
  readonly name: string;
  readonly template: { readonly Resources?: object };
  readonly account: string;
  readonly region: string;
  /** The posture's record: what it leaves out is not asked. */
  readonly posture: Readonly<Record<string, unknown>>;
}

/** What became of one attack on one account. */
export interface AttackResult {
  readonly attack: string;
  readonly account: string;
  /** `blocked`: proved impossible. `not asked`: the account has nothing of the kind, or the posture leaves the protection out. */
  readonly outcome: 'blocked' | 'open' | 'not asked';
  /** Whether nobody can do the legitimate thing either. */
  readonly vacuous: boolean;
  /** Layers that each block it alone, for the caller who meets fewest. */
  readonly layers: readonly string[];
  /** Why there is one layer only. */
  readonly why?: string;
  readonly detail?: string;
}

/** Who may change and delete things on the platform, besides CloudFormation. */
const OPERATORS = ['arn:*:iam::*:role/cdk-*-cfn-exec-role-*', 'arn:*:iam::*:role/break-glass'];

/** Proves every attack of the catalogue impossible on each account, whose stacks see each other, or shows a request or a way for packets. */
export function attack(
  stacks: readonly AttackedStack[], onStep: (text: string) => void,
): { readonly rows: AttackResult[]; readonly groups: ProofGroup[] } {
  const inputs = stacks.map(({ name, template, account, region }) => ({ stackName: name, template, account, region }));
  const postures = new Map(stacks.map(({ name, posture }) => [name, posture]));
  const groups = proofsOf(judgesOf(inputs, { postures, operators: OPERATORS }), EVERY_ATTACK, onStep);
  return { rows: groups.flatMap(({ account, results }) => results.map((result) => rowOf(result, account))), groups };
}

function rowOf({ id, title, verdict, reasons, layers, depth, oneLayer }: Proof, account: string): AttackResult {
  const [weakest] = [...layers].sort((a, b) => a.alone.length - b.alone.length);
  const open = verdict === 'REFUTED' || verdict === 'UNDETERMINED';
  return {
    attack: `${id} ${title}`,
    account,
    outcome: open ? 'open' : verdict === 'NOT_APPLICABLE' ? 'not asked' : 'blocked',
    vacuous: verdict === 'PROVED_VACUOUSLY',
    layers: weakest?.alone ?? [],
    ...(depth < 2 && oneLayer !== undefined ? { why: oneLayer } : {}),
    ...(open || verdict === 'NOT_APPLICABLE' ? { detail: `${verdict}: ${reasons.join('\n')}` } : {}),
  };
}
