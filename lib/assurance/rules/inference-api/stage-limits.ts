import type { Resource } from '../../template';
import { valueAt } from '../../template';
import type { Answer } from '../answer';
import { all, any, answer, isAtLeast, isPresent, isTrue, not } from '../answer';
import type { JudgedApp } from '../judged-app';
import { judged } from '../judgement';
import type { Rule } from '../rule';
import type { Subject } from '../subject';
import { itemsOf } from '../subject';
import { ModelFront } from './model-front';

/** `AISec-API01`. */
export const stageLimits: Rule = {
  id: 'AISec-API01',
  name: 'StageLimits',
  title: 'An API before a model limits the rate of all callers and the use of each',
  severity: 'HIGH',
  controls: ['MI4', 'RT5', 'ML8'],
  threats: ['AML.T0024', 'AML.T0029', 'AML.T0034', 'LLM10'],
  why: 'Without limits one caller asks until a copy of the model can be trained, or until the money is gone.',
  remedy: 'Set throttling on the stage or in a usage plan, and a quota of the plan or a rate rule of a web ACL.',
  example: "api.addUsagePlan('Plan', { throttle: { rateLimit: 10, burstLimit: 20 }, quota: { limit: 10000, period: apigateway.Period.DAY } });",
  source: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html',
  types: ['AWS::ApiGateway::Stage'],
  check: (stage) => {
    if (!isBeforeModel(stage)) return undefined;
    const plans = plansOf(stage.app, stage.resource);
    const throttled = any([
      ...itemsOf(stage.at('MethodSettings'), 'MethodSettings').map(({ value }) =>
        all([isPresent(valueAt(value, ['ThrottlingRateLimit'])), isAtLeast(0)(valueAt(value, ['ThrottlingRateLimit']))]),
      ),
      ...plans.map((plan) => isPresent(plan.at('Throttle.RateLimit'))),
    ]);
    const limited = any([...plans.map((plan) => isPresent(plan.at('Quota.Limit'))), rateRule(stage)]);
    return [
      judged(throttled, 'nothing limits the rate of requests', 'MethodSettings'),
      judged(limited, 'nothing limits what one caller uses: no quota, and no rate rule of a web ACL'),
    ];
  },
};

/** `AISec-API03`. */
export const noPromptLogging: Rule = {
  id: 'AISec-API03',
  name: 'NoPromptLogging',
  title: 'An API before a model keeps prompts and answers out of its log',
  severity: 'MEDIUM',
  controls: ['DP1', 'P6'],
  threats: ['AML.T0057', 'LLM02'],
  why: 'Full traces write each prompt and answer, with the personal data in them, where everybody who runs the service reads.',
  remedy: 'Leave DataTraceEnabled off and log ids, times and sizes.',
  example: 'deployOptions: { loggingLevel: apigateway.MethodLoggingLevel.INFO, dataTraceEnabled: false }',
  source: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html',
  types: ['AWS::ApiGateway::Stage'],
  check: (stage) => {
    if (!isBeforeModel(stage)) return undefined;
    const traced = itemsOf(stage.at('MethodSettings'), 'MethodSettings').map(({ value }) => isTrue(valueAt(value, ['DataTraceEnabled'])));
    return judged(not(any(traced)), 'prompts and answers are written to the log', 'MethodSettings');
  },
};

function isBeforeModel({ app, resource }: Subject): boolean {
  const api = app.named(resource.at('RestApiId'));
  return api !== undefined && ModelFront.of(app).restApis.has(api);
}

function plansOf(app: JudgedApp, stage: Resource): Resource[] {
  return app.ofTypes('AWS::ApiGateway::UsagePlan').filter((plan) => {
    const names = itemsOf(plan.at('ApiStages'), 'ApiStages').map(({ value }) => valueAt(value, ['Stage']));
    return names.some((name) => app.named(name) === stage || (name !== undefined && name === stage.at('StageName'))) || plan.edgesAt('ApiStages').some(({ to }) => to === stage);
  });
}

function rateRule({ app, resource }: Subject): Answer {
  const lists = app
    .ofTypes('AWS::WAFv2::WebACLAssociation')
    .filter((association) => association.edgesAt('ResourceArn').some(({ to }) => to === resource))
    .map((association) => app.named(association.at('WebACLArn')));
  return any(
    lists.map((list) => {
      // A list from elsewhere may hold the rule.
      if (list === undefined) return 'UNKNOWN';
      const rules = itemsOf(list.at('Rules'), 'Rules');
      return any(rules.map(({ value }) => answer(valueAt(value, ['Statement', 'RateBasedStatement']) !== undefined)));
    }),
  );
}
