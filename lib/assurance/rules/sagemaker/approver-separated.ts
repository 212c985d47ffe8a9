import type { PolicyStatement } from '../../template';
import type { Answer } from '../answer';
import { all, any, not } from '../answer';
import { judged } from '../judgement';
import type { Rule } from '../rule';
import { coversAction, coversAnyAction, demands } from '../statement-match';

/** `AISec-SM27`. */
export const approverSeparated: Rule = {
  id: 'AISec-SM27',
  name: 'ApproverSeparated',
  title: 'Nobody both registers and approves models',
  severity: 'CRITICAL',
  controls: ['ML7', 'AA3'],
  threats: ['AML.T0018', 'AML.CS0028'],
  why: 'Whoever takes over the training role registers a poisoned version, approves it, and it is deployed: no second person is asked.',
  remedy: 'Give sagemaker:UpdateModelPackage to the gate or the approvers only, or bind it with the key sagemaker:ModelApprovalStatus.',
  example:
    "new iam.PolicyStatement({ actions: ['sagemaker:CreateModelPackage'], resources, conditions: { StringEquals: { " +
    "'sagemaker:ModelApprovalStatus': 'PendingManualApproval' } } });",
  source: 'https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsagemaker.html',
  types: ['AWS::IAM::Role', 'AWS::IAM::User', 'AWS::IAM::Group'],
  check: ({ resource, app }) => {
    const statements = app.statementsOfHolder(resource).map((site) => site.statement);
    if (statements.every((statement) => coversAnyAction(statement, [REGISTER, APPROVE]) === 'NO')) return undefined;
    const both = all([grants(statements, REGISTER), grants(statements, APPROVE)]);
    return judged(not(both), 'one principal may register model packages and approve them');
  },
};

const REGISTER = 'sagemaker:CreateModelPackage';
const APPROVE = 'sagemaker:UpdateModelPackage';

/** Administrators, whose statements name no service, are the matter of other rules. */
function grants(statements: readonly PolicyStatement[], action: string): Answer {
  const own = statements.filter(
    ({ actions }) => actions.negated || actions.texts.some(({ parts }) => /^sagemaker:/i.test(String(parts[0]))),
  );
  const denied = statements.some((statement) => statement.effect === 'Deny' && coversAction(statement, action) === 'YES');
  if (denied) return 'NO';
  return any(
    own
      .filter((statement) => statement.effect === 'Allow' && !statement.actions.negated)
      .map((statement) => {
        const bound = demands(statement, 'sagemaker:ModelApprovalStatus');
        const granted = all([coversAction(statement, action), not(bound)]);
        return granted === 'YES' && statement.presence === 'MAYBE' ? 'UNKNOWN' : granted;
      }),
  );
}
