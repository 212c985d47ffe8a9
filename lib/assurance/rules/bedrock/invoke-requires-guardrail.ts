import type { PolicyStatement } from '../../template';
import { AiWorkload } from '../ai-workload';
import { any, answer } from '../answer';
import { IDENTITY_POLICY_TYPES, deniedUnless, judgeGrants } from '../grant';
import { INVOKE_FOUNDATION_MODEL } from '../identity/ai-actions';
import type { Rule } from '../rule';
import { demandsLike } from '../statement-match';
import type { Subject } from '../subject';

const KEY = 'bedrock:GuardrailIdentifier';

/** `AISec-BR05`. */
export const invokeRequiresGuardrail: Rule = {
  id: 'AISec-BR05',
  name: 'InvokeRequiresGuardrail',
  title: 'A model is called only with a guardrail that the policy names',
  severity: 'CRITICAL',
  controls: ['MI5', 'AA3'],
  threats: ['AML.T0051', 'AML.T0054', 'LLM01', 'LLM02'],
  why: 'The guardrail is a parameter of the call: whoever takes over the application leaves it out and gets the unfiltered model.',
  remedy: 'Add StringEquals on bedrock:GuardrailIdentifier with the ARN and version, or enforce a guardrail for the account.',
  example:
    "new iam.PolicyStatement({ actions: ['bedrock:InvokeModel'], resources: [modelArn], conditions: { StringEquals: { 'bedrock:GuardrailIdentifier': `${guardrailArn}:1` } } });",
  source: 'https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-permissions-id.html',
  types: IDENTITY_POLICY_TYPES,
  check: (policy) => {
    if (isServiceRole(policy)) return undefined;
    return judgeGrants(
      policy,
      INVOKE_FOUNDATION_MODEL,
      (statement) =>
        any([
          answer(policy.app.ofTypes('AWS::Bedrock::EnforcedGuardrailConfiguration').length > 0),
          answer(takesNoPrompt(statement)),
          demandsLike(statement, /^bedrock:guardrailidentifier$/),
          deniedUnless(policy, statement, INVOKE_FOUNDATION_MODEL, KEY),
        ]),
      'may call a model without a guardrail',
    );
  },
};

/** Agents, knowledge bases and flows name their guardrail themselves: AISec-BR01 and AISec-BR25 look at them. */
function isServiceRole({ app, resource }: Subject): boolean {
  const holders = app.holdersOf(resource);
  return holders.length > 0 && holders.every((holder) => AiWorkload.of(app).trustedServices(holder).includes('bedrock.amazonaws.com'));
}

/** Embedding and ranking models return numbers: there is nothing that a guardrail could filter. */
function takesNoPrompt({ resources }: PolicyStatement): boolean {
  return resources !== undefined && !resources.negated && resources.texts.every(({ parts }) => /embed|rerank/i.test(parts.join('')));
}

