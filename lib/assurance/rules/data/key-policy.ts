import type { PolicyStatement } from '../../template';
import { AiWorkload } from '../ai-workload';
import type { Answer } from '../answer';
import { all, any, answer } from '../answer';
import type { Judgement } from '../judgement';
import { COMPLIANT, judged, undetermined } from '../judgement';
import { coversAction, isForAnybody, sparesPrincipals } from '../statement-match';
import type { Subject } from '../subject';

/** The type that rules about keys are put to. */
export const KEY = ['AWS::KMS::Key'];

/** Puts a question to every key of an app with an AI workload: those of its logs and queues are keys to what it did. */
export function ofKeyOfAiApp(
  judge: (key: Subject) => Judgement | readonly Judgement[],
): (key: Subject) => ReturnType<typeof judge> | undefined {
  return (key) => (AiWorkload.of(key.app).isAnywhere ? judge(key) : undefined);
}

/** Judges the Allow statements of a key policy that concern a rule, and says what of it cannot be read. */
export function judgeKeyAllows(
  { app, resource }: Subject,
  concerns: (statement: PolicyStatement) => boolean,
  isRight: (statement: PolicyStatement) => Answer,
  message: string,
): readonly Judgement[] {
  return [
    COMPLIANT,
    ...app.unreadable(resource, 'KeyPolicy').map(({ reason }) => undetermined(`the policy of the key cannot be read: ${reason}`, 'KeyPolicy')),
    ...app
      .statementsAt(resource, 'KeyPolicy')
      .filter(({ statement }) => statement.effect === 'Allow' && concerns(statement))
      .map(({ statement, path }) => judged(isRight(statement), message, `${path}.Statement.${statement.index}`)),
  ];
}

/** Judges whether a key policy refuses actions to everybody but principals that it spares, or but when a test on `when` fails. */
export function judgeKeyRefusal(
  { app, resource }: Subject,
  actions: readonly string[],
  when: RegExp | undefined,
  message: string,
): Judgement {
  const denies = app.statementsAt(resource, 'KeyPolicy').map(({ statement }) => statement).filter(({ effect }) => effect === 'Deny');
  const refused = all(actions.map((action) => any(denies.map((deny) => refuses(deny, action, when)))));
  const [unread] = app.unreadable(resource, 'KeyPolicy');
  if (refused === 'NO' && unread !== undefined) return undetermined(`the policy of the key cannot be read: ${unread.reason}`, 'KeyPolicy');
  return judged(refused, message, 'KeyPolicy');
}

function refuses(statement: PolicyStatement, action: string, when: RegExp | undefined): Answer {
  const covers = coversAction(statement, action);
  if (!isForAnybody(statement) || covers === 'NO') return 'NO';
  if (statement.opaque.length > 0) return 'UNKNOWN';
  const narrowed = statement.conditions.filter((test) => !sparesPrincipals(test));
  const met = answer(when === undefined ? narrowed.length === 0 : narrowed.every(({ foldedKey }) => when.test(foldedKey)));
  return met === 'YES' && statement.presence === 'MAYBE' ? 'UNKNOWN' : all([covers, met]);
}
