import type { Answer } from '../answer';
import { all } from '../answer';
import { placesAt } from '../places';
import { coversAction } from '../statement-match';
import type { PolicyStatement } from '../../template';
import { Unknown } from '../../template';
import type { Subject } from '../subject';

/** A value that a state machine takes from its input when it runs: it stands in no template. */
export class RunTimeChoice extends Unknown {
  constructor(reason: string) {
    super('FUNCTION', reason);
  }
}

/**
 * Whether the role of a state machine holds what the definition leaves to run time: every Allow of the call must satisfy the question.
 *
 * `UNKNOWN` when the role, or one of its policies, is not of the templates, and when nothing allows the call.
 */
export function heldByRole({ resource, app }: Subject, action: string, holds: (statement: PolicyStatement) => Answer): Answer {
  const role = app.named(resource.at('RoleArn'));
  if (role === undefined || placesAt(role.properties, 'ManagedPolicyArns.*').length > 0) return 'UNKNOWN';
  const allows = app
    .statementsOfHolder(role)
    .map(({ statement }) => statement)
    .filter((statement) => statement.effect === 'Allow' && coversAction(statement, action) !== 'NO');
  return allows.length > 0 && all(allows.map(holds)) === 'YES' ? 'YES' : 'UNKNOWN';
}
