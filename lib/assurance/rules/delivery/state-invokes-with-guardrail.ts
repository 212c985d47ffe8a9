import type { Value } from '../../template';
import { textParts, valueAt } from '../../template';
import { isOneOf, isPresent, not } from '../answer';
import { stepsCalling } from '../definitions/definition';
import type { Step } from '../definitions/step';
import type { Judgement } from '../judgement';
import { COMPLIANT, judged } from '../judgement';
import type { Rule } from '../rule';

/** `AISec-SF01`. */
export const stateInvokesWithGuardrail: Rule = {
  id: 'AISec-SF01',
  name: 'StateInvokesWithGuardrail',
  title: 'A state machine calls models of Bedrock through a guardrail',
  severity: 'HIGH',
  controls: ['MI5'],
  threats: ['AML.T0051', 'AML.T0054', 'LLM01', 'LLM05'],
  why: 'What the model says goes on to the next state unchecked: an injected document steers the workflow.',
  remedy: 'Set GuardrailIdentifier and a numbered GuardrailVersion in the request, or enforce a guardrail for the account.',
  example: "new tasks.BedrockInvokeModel(this, 'Summarise', { model, body, guardrail: tasks.Guardrail.enable(guardrailId, 1) });",
  source: 'https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-use-invoke.html',
  types: ['AWS::StepFunctions::StateMachine'],
  check: ({ resource, app }) => {
    const enforced = app.ofTypes('AWS::Bedrock::EnforcedGuardrailConfiguration').length > 0;
    return stepsCalling(resource, ...CALLS).flatMap((step) => (enforced ? COMPLIANT : judgeCall(step)));
  },
};

const CALLS: readonly string[] = ['bedrock:invokeModel', 'bedrockruntime:invokeModel', 'bedrockruntime:converse'];

function judgeCall({ name, path, action, request }: Step): Judgement[] {
  const model = valueAt(request, ['ModelId']);
  const text = textParts(model)?.map(String).join('') ?? '';
  // Vectors and rankings are no text that a guardrail could judge.
  if (/embed|rerank/i.test(text)) return [];
  const holder = action.endsWith(':converse') ? ['GuardrailConfig'] : [];
  const at = (key: string): Value | undefined => valueAt(request, [...holder, key]);
  const place = [path, ...holder].join('.');
  return [
    judged(isPresent(at('GuardrailIdentifier')), `${name} calls the model without a guardrail`, `${place}.GuardrailIdentifier`),
    ...(at('GuardrailIdentifier') === undefined
      ? []
      : [
          judged(
            not(isOneOf('DRAFT')(at('GuardrailVersion') ?? 'DRAFT')),
            `${name} uses the draft of the guardrail`,
            `${place}.GuardrailVersion`,
          ),
        ]),
  ];
}
