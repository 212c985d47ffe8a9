import type { Resource } from '../../template';
import { isForEveryAction } from '../grant';
import type { JudgedApp } from '../judged-app';
import { coversAction } from '../statement-match';

/** Whether the role of a state machine names an action. */
export function mayStart(app: JudgedApp, machine: Resource, action: string): boolean {
  const role = app.named(machine.at('RoleArn'));
  if (role?.type !== 'AWS::IAM::Role') return false;
  return app
    .statementsOfHolder(role)
    .some(({ statement }) => statement.effect === 'Allow' && !isForEveryAction(statement) && coversAction(statement, action) === 'YES');
}
