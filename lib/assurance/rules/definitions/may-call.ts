import { placesAt } from '../places';
import { coversAnyAction } from '../statement-match';
import type { Subject } from '../subject';

/** Whether a state machine may make one of these calls: a role of the templates without them cannot, any other role may. */
export function mayCall({ resource, app }: Subject, actions: readonly string[]): boolean {
  const role = app.named(resource.at('RoleArn'));
  if (role === undefined || placesAt(role.properties, 'ManagedPolicyArns.*').length > 0) return true;
  return app.statementsOfHolder(role).some(({ statement }) => statement.effect === 'Allow' && coversAnyAction(statement, actions) !== 'NO');
}
