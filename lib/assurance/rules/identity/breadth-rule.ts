import type { PolicyStatement } from '../../template';
import { AiWorkload } from '../ai-workload';
import { any, not } from '../answer';
import { IDENTITY_POLICY_TYPES, judgeGrants } from '../grant';
import type { Judgement } from '../judgement';
import { isOpen } from '../resource-breadth';
import { demandsLike } from '../statement-match';
import type { Subject } from '../subject';

/** What the roles of AI services may do on named resources only. */
export interface BreadthLimit {
  readonly actions: readonly string[];
  /** Matches the text of a resource that is too wide; `~` stands for a part that is not known. */
  readonly wide: RegExp;
  /** Matches the lower-case condition keys that narrow it. */
  readonly narrowing: RegExp;
  readonly message: string;
}

/** The types that such a rule is put to. */
export const BREADTH_TYPES = IDENTITY_POLICY_TYPES;

/** Judges the policies of roles that act for AI services; those of other principals are none of its business. */
export function judgeBreadth(policy: Subject, { actions, wide, narrowing, message }: BreadthLimit): readonly Judgement[] | undefined {
  const { app, resource } = policy;
  const workload = AiWorkload.of(app);
  if (!app.holdersOf(resource).some((holder) => workload.isRole(holder))) return undefined;
  const isRight = (statement: PolicyStatement) => any([not(isOpen(statement, wide)), demandsLike(statement, narrowing)]);
  return judgeGrants(policy, actions, isRight, message);
}
