import { AttackJudge } from '../lib/assurance/attacks/attack-judge';
import type { AttackResult as Proof } from '../lib/assurance/attacks/attack-result';
import { EVERY_ATTACK } from '../lib/assurance/attacks/catalogue';
import type { ProofGroup } from '../lib/assurance/attacks/proof-run';
import { TemplateModel } from '../lib/assurance/template';

/** One stack of the reference platform, as synthesised. */
export interface AttackedStack {
  readonly name: string;
  readonly template: { readonly Resources?: object };
  readonly account: string;
  readonly region: string;
  readonly organizationId?: string;
  /** The posture's record: what it leaves out is not asked. */
  readonly posture?: Readonly<Record<string, unknown>>;
}

/** What became of one attack on one stack. */
export interface AttackResult {
  readonly attack: string;
  readonly stack: string;
  /** `blocked`: proved impossible. `not asked`: the stack has nothing of the kind, or the posture leaves the protection out. */
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

/** Proves every attack of the catalogue impossible on a stack, or shows a request or a way for packets. */
export function attack(stack: AttackedStack): { readonly rows: AttackResult[]; readonly group: ProofGroup } {
  const { name, account, region, organizationId, posture } = stack;
  const model = TemplateModel.of([{ stackName: name, template: stack.template, account, region }]);
  const judge = AttackJudge.of(model, {
    operators: OPERATORS,
    ...(organizationId === undefined ? {} : { organizationId }),
    ...(posture === undefined ? {} : { posture }),
  });
  const results = EVERY_ATTACK.map((spec) => judge.judge(spec));
  return { rows: results.map((result) => rowOf(result, name)), group: { account, stacks: [name], results } };
}

function rowOf({ id, title, verdict, reasons, layers, depth, oneLayer }: Proof, stack: string): AttackResult {
  const [weakest] = [...layers].sort((a, b) => a.alone.length - b.alone.length);
  const open = verdict === 'REFUTED' || verdict === 'UNDETERMINED';
  return {
    attack: `${id} ${title}`,
    stack,
    outcome: open ? 'open' : verdict === 'NOT_APPLICABLE' ? 'not asked' : 'blocked',
    vacuous: verdict === 'PROVED_VACUOUSLY',
    layers: weakest?.alone ?? [],
    ...(depth < 2 && oneLayer !== undefined ? { why: oneLayer } : {}),
    ...(open || verdict === 'NOT_APPLICABLE' ? { detail: `${verdict}: ${reasons.join('\n')}` } : {}),
  };
}
