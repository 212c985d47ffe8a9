import { COMPLIANT, undetermined, violated } from '../judgement';
import type { Rule } from '../rule';
import { BEDROCK_USE_TYPES, usesBedrock } from './bedrock-use';

/** `AISec-BR06`. */
export const enforcedGuardrail: Rule = {
  id: 'AISec-BR06',
  name: 'EnforcedGuardrail',
  title: 'A guardrail is enforced for every call of a model in the account',
  severity: 'MEDIUM',
  controls: ['MI5'],
  threats: ['AML.T0054', 'LLM01'],
  why: 'What is not built with this app calls models without any filter: a notebook, a script, a stolen session.',
  remedy: 'Add an EnforcedGuardrailConfiguration, or enforce a guardrail for the organisation.',
  example: "new bedrock.CfnEnforcedGuardrailConfiguration(this, 'Enforced', { guardrailIdentifier: guardrail.attrGuardrailArn, guardrailVersion: '1' });",
  source: 'https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-enforcements.html',
  types: BEDROCK_USE_TYPES,
  scope: 'APP',
  evidenceOnly: true,
  check: (subject) => {
    if (!usesBedrock(subject)) return undefined;
    const found = subject.app.ofTypes('AWS::Bedrock::EnforcedGuardrailConfiguration');
    if (found.some(({ presence }) => presence === 'YES')) return COMPLIANT;
    if (found.length > 0) return undetermined('whether a guardrail is enforced is decided at deploy time');
    return violated('models are used, and no guardrail is enforced in these templates');
  },
};
