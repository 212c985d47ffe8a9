import type { Resource } from '../../template';
import { AiWorkload } from '../ai-workload';
import type { Answer } from '../answer';
import { any, answer } from '../answer';
import { isForEveryAction } from '../grant';
import type { JudgedApp } from '../judged-app';
import { coversAnyAction } from '../statement-match';
import { RUN_WITH_ROLE, USE_MODEL } from './ai-actions';

/** Whether a role, user or group acts for an AI service, or may use models or start AI workloads by statements that name these actions. */
export function isAiPrincipal(app: JudgedApp, holder: Resource): Answer {
  return any([answer(holder.type === 'AWS::IAM::Role' && AiWorkload.of(app).isRole(holder)), maySpeakToModels(app, holder)]);
}

const SPEAK = [...USE_MODEL, ...RUN_WITH_ROLE];
const known = new WeakMap<Resource, Answer>();

/** Whether a holder may use models or start AI workloads; many rules ask it of each. */
export function maySpeakToModels(app: JudgedApp, holder: Resource): Answer {
  let may = known.get(holder);
  if (may === undefined) {
    const allows = app.statementsOfHolder(holder).filter(({ statement }) => statement.effect === 'Allow' && !isForEveryAction(statement));
    known.set(holder, (may = any(allows.map(({ statement }) => coversAnyAction(statement, SPEAK)))));
  }
  return may;
}
