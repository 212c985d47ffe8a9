import { any, answer, not } from '../answer';
import { IDENTITY_POLICY_TYPES, deniedByAll, judgeGrants } from '../grant';
import { INVOKE_FOUNDATION_MODEL } from '../identity/ai-actions';
import { isOpen } from '../resource-breadth';
import type { Rule } from '../rule';
import { demandsLike } from '../statement-match';

const ANY_MODEL = /^\*+$|^arn:[^:]*:(bedrock|\*):[^:]*:[^:]*:(\*|(foundation-model|inference-profile|\*)\/\*+)$/;

/** `AISec-BR07`. */
export const invokeModelAllowList: Rule = {
  id: 'AISec-BR07',
  name: 'InvokeModelAllowList',
  title: 'A principal may call the models that it needs, and no others',
  severity: 'HIGH',
  controls: ['AA3', 'SC4', 'MI1'],
  threats: ['AML.T0034', 'AML.CS0030', 'LLM10'],
  why: 'With a star over the models a stolen session runs the dearest of them all day, or one that nobody has vetted.',
  remedy: 'Name the ARNs of the foundation models and inference profiles.',
  example:
    "new iam.PolicyStatement({ actions: ['bedrock:InvokeModel'], resources: [`arn:${Aws.PARTITION}:bedrock:${Aws.REGION}::foundation-model/anthropic.claude-sonnet-4-20250514-v1:0`] });",
  source: 'https://docs.aws.amazon.com/bedrock/latest/userguide/security_iam_id-based-policy-examples.html',
  types: IDENTITY_POLICY_TYPES,
  check: (policy) =>
    judgeGrants(
      policy,
      INVOKE_FOUNDATION_MODEL,
      (statement) =>
        any([
          not(isOpen(statement, ANY_MODEL)),
          demandsLike(statement, /^bedrock:(inferenceprofilearn|promptrouterarn|modelarn)$/),
          deniedByAll(policy, statement, INVOKE_FOUNDATION_MODEL, (deny) =>
            answer(deny.resources?.negated === true && deny.conditions.length === 0),
          ),
        ]),
      'may call every model',
    ),
};
