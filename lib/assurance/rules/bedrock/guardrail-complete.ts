import type { Value } from '../../template';
import { Unknown, isDict, isList } from '../../template';
import type { Answer } from '../answer';
import { all, any, isOneOf, isPresent, not } from '../answer';
import type { Judgement } from '../judgement';
import { judged } from '../judgement';
import type { Rule } from '../rule';
import type { Subject } from '../subject';

const CATEGORIES = ['HATE', 'INSULTS', 'SEXUAL', 'VIOLENCE', 'MISCONDUCT'];
const FILTERS = 'ContentPolicyConfig.FiltersConfig';
const PII = 'SensitiveInformationPolicyConfig';

/** `AISec-BR02`. */
export const guardrailComplete: Rule = {
  id: 'AISec-BR02',
  name: 'GuardrailComplete',
  title: 'A guardrail stops prompt attacks, harmful content and personal data, and ungrounded answers where documents are read',
  severity: 'HIGH',
  controls: ['MI5', 'ML1', 'P6'],
  threats: ['AML.T0051', 'AML.T0054', 'AML.T0057', 'LLM01', 'LLM02'],
  why: 'A guardrail with weak or missing filters is a name in a report: the attack passes, and so does the personal data in the answer.',
  remedy: 'Set PROMPT_ATTACK to HIGH, the five categories to MEDIUM or HIGH, block or mask personal data, and add grounding with a knowledge base.',
  example:
    "contentPolicyConfig: { filtersConfig: [{ type: 'PROMPT_ATTACK', inputStrength: 'HIGH', outputStrength: 'NONE' }, { type: 'HATE', inputStrength: 'HIGH', outputStrength: 'HIGH' }] }",
  source: 'https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-components.html',
  types: ['AWS::Bedrock::Guardrail'],
  check: (guardrail) => [
    judged(
      filter(guardrail, 'PROMPT_ATTACK', (at) => all([isOneOf('HIGH')(at('InputStrength')), not(isOneOf('NONE')(at('InputAction'))), enabled(at('InputEnabled'))])),
      'prompt attacks are not stopped with strength HIGH',
      FILTERS,
    ),
    harm(guardrail),
    judged(any([isPresent(guardrail.at(`${PII}.PiiEntitiesConfig`)), isPresent(guardrail.at(`${PII}.RegexesConfig`))]), 'personal data is not filtered', PII),
    ...guardrail.forEach(`${PII}.PiiEntitiesConfig`, ({ path }, at): Judgement =>
      judged(not(isOneOf('NONE')(at('Action'))), 'personal data is found and let pass', path),
    ),
    ...grounding(guardrail),
  ],
};

/** One judgement for all categories: what is missing is named together. */
function harm(guardrail: Subject): Judgement {
  const answers = CATEGORIES.map((category) => [category, filter(guardrail, category, strong)] as const);
  const weak = answers.filter(([, given]) => given !== 'YES').map(([category]) => category);
  return judged(all(answers.map(([, given]) => given)), `${weak.join(', ')}: not filtered with at least MEDIUM on input and output`, FILTERS);
}

type At = (below: string) => Value | undefined;

function strong(at: At): Answer {
  const enough = isOneOf('MEDIUM', 'HIGH');
  return all([enough(at('InputStrength')), enough(at('OutputStrength')), enabled(at('InputEnabled')), enabled(at('OutputEnabled'))]);
}

function enabled(value: Value | undefined): Answer {
  return not(isOneOf(false)(value));
}

function filter(guardrail: Subject, type: string, isStrong: (at: At) => Answer): Answer {
  const list = guardrail.at(FILTERS);
  if (list instanceof Unknown) return 'UNKNOWN';
  if (!isList(list)) return 'NO';
  return any(
    list.map((item) => {
      if (!isDict(item)) return item instanceof Unknown ? 'UNKNOWN' : 'NO';
      return all([isOneOf(type)(item.Type), isStrong((below) => item[below])]);
    }),
  );
}

function grounding(guardrail: Subject): Judgement[] {
  if (guardrail.app.ofTypes('AWS::Bedrock::KnowledgeBase').length === 0) return [];
  return [guardrail.requirePresent('ContextualGroundingPolicyConfig', 'answers from the knowledge base are not checked for grounding')];
}
