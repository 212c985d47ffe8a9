import type { PolicyStatement } from '../../template';
import { Unknown, listOf } from '../../template';
import { AiWorkload } from '../ai-workload';
import { isForEveryAction } from '../grant';
import type { Judgement } from '../judgement';
import { COMPLIANT, undetermined, violated } from '../judgement';
import type { Rule } from '../rule';
import { coversEverything } from '../statement-match';
import { attachedPolicies } from './attached-policies';

const ADMINISTRATORS = /:policy\/(job-function\/)?(AdministratorAccess|PowerUserAccess|IAMFullAccess)$/;

/** `AISec-IAM10`. */
export const aiRoleIsNoAdministrator: Rule = {
  id: 'AISec-IAM10',
  name: 'AiRoleIsNoAdministrator',
  title: 'No notebook, job, endpoint or agent runs as an administrator',
  severity: 'CRITICAL',
  controls: ['P1', 'AA3'],
  threats: ['AML.T0012', 'AML.T0053', 'LLM06'],
  why: 'Whoever makes the agent or the notebook run a line of code, by a prompt or a package, owns the account.',
  remedy: 'Give the role the actions that it needs, by name, on named resources.',
  example: "bucket.grantRead(trainingRole); key.grantDecrypt(trainingRole);",
  source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html',
  types: ['AWS::IAM::Role'],
  check: (role) => {
    const { app, resource } = role;
    if (!AiWorkload.of(app).isRole(resource)) return undefined;
    const own = app
      .statementsOfHolder(resource)
      .filter(({ statement }) => statement.effect === 'Allow' && isForEveryAction(statement) && isForNearlyEverything(statement))
      .map(({ path, statement }): Judgement =>
        statement.presence === 'MAYBE'
          ? undetermined('may be allowed every action: a condition of the template decides', path)
          : violated('is allowed every action on every resource', path),
      );
    return [...own, ...attachedPolicies(role, ADMINISTRATORS, 'is an administrator'), COMPLIANT, ...unknownInline(listOf(resource.at('Policies')))];
  },
};

/** An Allow of all but some resources is as good as one of all. */
function isForNearlyEverything(statement: PolicyStatement): boolean {
  return coversEverything(statement) || statement.resources?.negated === true;
}

function unknownInline(policies: readonly unknown[]): Judgement[] {
  return policies.flatMap((policy) => (policy instanceof Unknown ? [undetermined(`the inline policies cannot be read: ${policy.reason}`, 'Policies')] : []));
}
