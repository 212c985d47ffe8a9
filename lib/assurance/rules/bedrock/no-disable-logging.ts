import type { PolicyStatement } from '../../template';
import { all, any, answer, not } from '../answer';
import { IDENTITY_POLICY_TYPES, deniedByAll, deniesSameResources, holderMay, judgeGrants } from '../grant';
import { EDIT_INVOCATION_LOGGING, USE_MODEL } from '../identity/ai-actions';
import type { Rule } from '../rule';

/** `AISec-BR10`. */
export const noDisableLogging: Rule = {
  id: 'AISec-BR10',
  name: 'NoDisableLogging',
  title: 'Whoever uses models may not switch off the log of their use',
  severity: 'HIGH',
  controls: ['OB1', 'P5'],
  threats: ['AML.CS0030', 'AML.T0012', 'LLM10'],
  why: 'Thieves of model use look whether invocations are logged and switch the log off first: afterwards nobody sees what was asked.',
  remedy: 'Keep the two actions to the role that sets up the log, and give that role no model.',
  example:
    "new iam.PolicyStatement({ effect: iam.Effect.DENY, actions: ['bedrock:DeleteModelInvocationLoggingConfiguration', 'bedrock:PutModelInvocationLoggingConfiguration'], resources: ['*'] });",
  source: 'https://docs.aws.amazon.com/bedrock/latest/userguide/model-invocation-logging.html',
  types: IDENTITY_POLICY_TYPES,
  check: (policy) =>
    judgeGrants(
      policy,
      EDIT_INVOCATION_LOGGING,
      (statement) =>
        any([
          all([not(answer(isByWildcard(statement))), not(holderMay(policy, USE_MODEL))]),
          deniedByAll(policy, statement, EDIT_INVOCATION_LOGGING, (deny) =>
            answer(deny.conditions.length === 0 && deniesSameResources(deny, statement)),
          ),
        ]),
      'may switch off or divert the log of model invocations',
    ),
};

/** A pattern such as `bedrock:*` or `bedrock:Put*`: the log is within reach by accident. */
function isByWildcard({ actions }: PolicyStatement): boolean {
  return !actions.texts.some(({ parts }) => EDIT_INVOCATION_LOGGING.includes(parts.join('')));
}

