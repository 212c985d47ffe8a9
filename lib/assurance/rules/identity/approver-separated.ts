import type { PolicyStatement } from '../../template';
import { any, not, all } from '../answer';
import { isForEveryAction } from '../grant';
import { judged } from '../judgement';
import type { Rule } from '../rule';
import { coversAction, demands, testsOn } from '../statement-match';
import { APPROVE_MODEL, REGISTER_MODEL } from './ai-actions';

const KEY = 'sagemaker:ModelApprovalStatus';

/** `AISec-SM27`. */
export const approverSeparated: Rule = {
  id: 'AISec-SM27',
  name: 'ApproverSeparated',
  title: 'Nobody may both register a model and approve it',
  severity: 'CRITICAL',
  controls: ['ML7', 'AA3'],
  threats: ['AML.T0018', 'AML.CS0028', 'LLM04'],
  why: 'Whoever takes over the training pipeline registers a poisoned model and approves it himself: the gate never asks a person.',
  remedy: `Give approval to another role, or tie both actions of this one to ${KEY} = PendingManualApproval.`,
  example:
    "new iam.PolicyStatement({ actions: ['sagemaker:CreateModelPackage', 'sagemaker:UpdateModelPackage'], resources: [packageArn], conditions: { StringEquals: { 'sagemaker:ModelApprovalStatus': 'PendingManualApproval' } } });",
  source: 'https://docs.aws.amazon.com/sagemaker/latest/dg/model-registry-approve.html',
  types: ['AWS::IAM::Role', 'AWS::IAM::User', 'AWS::IAM::Group'],
  check: ({ app, resource }) => {
    const statements = app.statementsOfHolder(resource).map(({ statement }) => statement);
    const allows = statements.filter((statement) => statement.effect === 'Allow' && !isForEveryAction(statement));
    const registers = any(allows.map((statement) => maybe(statement, coversAction(statement, REGISTER_MODEL))));
    const updates = any(allows.map((statement) => maybe(statement, coversAction(statement, APPROVE_MODEL))));
    if (registers === 'NO' && updates === 'NO') return undefined;
    const approves = any(
      allows.map((statement) => all([maybe(statement, coversAction(statement, APPROVE_MODEL)), not(demandsPending(statement))])),
    );
    const denied = any(
      statements.filter(({ effect }) => effect === 'Deny').map((deny) => all([coversAction(deny, APPROVE_MODEL), refusesApproval(deny)])),
    );
    return judged(not(all([registers, approves, not(denied)])), `may register models and approve them: no condition on ${KEY} separates the two`);
  },
};

function maybe(statement: PolicyStatement, covers: ReturnType<typeof coversAction>): ReturnType<typeof coversAction> {
  return covers === 'YES' && statement.presence === 'MAYBE' ? 'UNKNOWN' : covers;
}

function demandsPending(statement: PolicyStatement): ReturnType<typeof demands> {
  const approved = testsOn(statement, KEY).some(({ values }) => values.some(({ parts }) => /^(Approved|\*)$/.test(parts.join(''))));
  return approved ? 'NO' : demands(statement, KEY);
}

/** A Deny of the action as a whole, or of the value Approved. */
function refusesApproval(deny: PolicyStatement): ReturnType<typeof demands> {
  if (deny.opaque.length > 0) return 'UNKNOWN';
  return deny.conditions.every(({ foldedKey }) => foldedKey === KEY.toLowerCase()) ? 'YES' : 'UNKNOWN';
}
