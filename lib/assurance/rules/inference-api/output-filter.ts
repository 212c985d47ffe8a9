import { isDict } from '../../template';
import type { Resource } from '../../template';
import type { Answer } from '../answer';
import { answer, any } from '../answer';
import { isForEveryAction } from '../grant';
import { INVOKE_FOUNDATION_MODEL } from '../identity/ai-actions';
import type { JudgedApp } from '../judged-app';
import { judged } from '../judgement';
import type { Rule } from '../rule';
import { coversAction, coversAnyAction, demandsLike } from '../statement-match';
import { ModelFront } from './model-front';

/** `AISec-API04`. */
export const outputFilter: Rule = {
  id: 'AISec-API04',
  name: 'OutputFilter',
  title: 'What a model writes is filtered before a caller sees it',
  severity: 'MEDIUM',
  controls: ['MI5'],
  threats: ['AML.T0057', 'AML.T0054', 'LLM02', 'LLM05'],
  why: 'What the model was made to say, code and personal data included, goes to the page of the user as it is.',
  remedy: 'Call the model with a guardrail, or apply one to the answer, and give the function the permission for it.',
  example: "fn.addToRolePolicy(new iam.PolicyStatement({ actions: ['bedrock:ApplyGuardrail'], resources: [guardrailArn] }));",
  source: 'https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-use-independent-api.html',
  types: ['AWS::Lambda::Function'],
  evidenceOnly: true,
  check: ({ app, resource }) => {
    const role = app.named(resource.at('Role'));
    if (role === undefined || !ModelFront.of(app).functions.has(resource)) return undefined;
    const allows = app.statementsOfHolder(role).map(({ statement }) => statement).filter((statement) => statement.effect === 'Allow' && !isForEveryAction(statement));
    const calls = allows.filter((statement) => coversAnyAction(statement, INVOKE_FOUNDATION_MODEL) === 'YES');
    if (calls.length === 0) return undefined;
    return judged(
      any([
        ...allows.map((statement) => coversAction(statement, 'bedrock:ApplyGuardrail')),
        ...calls.map((statement) => demandsLike(statement, /^bedrock:guardrailidentifier$/)),
        namesGuardrail(app, resource),
      ]),
      'nothing shows that answers of the model are filtered',
    );
  },
};

function namesGuardrail(app: JudgedApp, fn: Resource): Answer {
  const variables = fn.at('Environment.Variables');
  if (app.ofTypes('AWS::Bedrock::EnforcedGuardrailConfiguration').length > 0) return 'YES';
  return answer(isDict(variables) && Object.keys(variables).some((name) => /guardrail|output_?filter/i.test(name)));
}
