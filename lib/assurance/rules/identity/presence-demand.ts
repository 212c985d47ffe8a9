import type { PolicyStatement } from '../../template';
import type { Answer } from '../answer';
import { answer } from '../answer';
import { testsOn } from '../statement-match';

/** Whether an Allow holds only where the key is there: `Null` with the value false. */
export function demandsPresence(statement: PolicyStatement, key: string): Answer {
  return answer(testsOn(statement, key).some(({ operator, values }) => operator === 'Null' && values.some(({ parts }) => parts.join('') === 'false')));
}
