import type { PolicyStatement } from '../../template';
import type { Answer } from '../answer';
import { all, any } from '../answer';
import type { Judgement } from '../judgement';
import { judged, undetermined } from '../judgement';
import type { When } from '../refusal';
import { refusesToAll } from '../refusal';
import { judgeAllows } from '../resource-policy';
import type { Subject } from '../subject';

/** The type that rules about keys are put to. Keys of logs and queues are keys to what an AI workload did. */
export const KEY = ['AWS::KMS::Key'];

const POLICY = 'KeyPolicy';

/** Judges the Allow statements of a key policy that concern a rule, and says what of it cannot be read. */
export function judgeKeyAllows(
  { app, resource }: Subject,
  concerns: (statement: PolicyStatement) => boolean,
  isRight: (statement: PolicyStatement) => Answer,
  message: string,
): readonly Judgement[] {
  const policy = { sites: app.statementsAt(resource, POLICY), unreadable: app.unreadable(resource, POLICY), property: POLICY };
  return judgeAllows(policy, concerns, isRight, message);
}

/** What the policy of a key is asked to refuse. */
export interface KeyRefusal {
  /** Each of them has to be refused. */
  readonly actions: readonly string[];
  /** When it is refused. @default - always */
  readonly when?: When;
  /** Whether principals may be spared. @default true */
  readonly maySpare?: boolean;
  /** What the key does without it, for the finding. */
  readonly message: string;
}

/** Judges whether a key policy refuses something to everybody. */
export function judgeKeyRefusal({ app, resource }: Subject, { actions, when, maySpare, message }: KeyRefusal): Judgement {
  const sites = app.statementsAt(resource, POLICY);
  const refused = all(actions.map((action) => any(sites.map(({ statement }) => refusesToAll(statement, action, when, maySpare)))));
  const [unread] = app.unreadable(resource, POLICY);
  if (refused === 'NO' && unread !== undefined) return undetermined(`the policy of the key cannot be read: ${unread.reason}`, POLICY);
  return judged(refused, message, POLICY);
}
