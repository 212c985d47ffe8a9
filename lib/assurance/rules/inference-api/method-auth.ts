import type { Resource } from '../../template';
import type { Answer } from '../answer';
import { any, isOneOf, isTrue, not } from '../answer';
import type { JudgedApp } from '../judged-app';
import { judged } from '../judgement';
import type { Rule } from '../rule';
import { demandsLike } from '../statement-match';
import { ModelFront } from './model-front';

/** `AISec-API06`. */
export const methodAuth: Rule = {
  id: 'AISec-API06',
  name: 'MethodAuth',
  title: 'A method that leads to a model asks who calls',
  severity: 'CRITICAL',
  controls: ['MI1', 'AA1', 'RT5'],
  threats: ['AML.T0040', 'AML.T0034', 'LLM10'],
  why: 'Whoever finds the address uses the model: its answers, its data and its cost are open to the internet.',
  remedy: 'Set AuthorizationType to AWS_IAM, COGNITO_USER_POOLS or CUSTOM with an authorizer.',
  example: "resource.addMethod('POST', integration, { authorizationType: apigateway.AuthorizationType.IAM });",
  source: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-control-access-to-api.html',
  types: ['AWS::ApiGateway::Method'],
  check: ({ app, resource }) => {
    if (!ModelFront.of(app).methods.includes(resource)) return undefined;
    // A key alone is judged by AISec-API10.
    if (isTrue(resource.at('ApiKeyRequired')) === 'YES') return undefined;
    return judged(any([authorised(resource), boundByPolicy(app, resource)]), 'everybody may call the model', 'AuthorizationType');
  },
};

/** `AISec-API10`. */
export const notByKeyAlone: Rule = {
  id: 'AISec-API10',
  name: 'NotByKeyAlone',
  title: 'A method that leads to a model asks for more than an API key',
  severity: 'HIGH',
  controls: ['AA1', 'AA2'],
  threats: ['AML.T0012', 'AML.T0055', 'LLM10'],
  why: 'An API key stands in the code of each client, never changes and says nothing about the person: one leak opens the model for all.',
  remedy: 'Keep the key for the usage plan and add an authorizer.',
  example: "resource.addMethod('POST', integration, { apiKeyRequired: true, authorizer });",
  source: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html',
  types: ['AWS::ApiGateway::Method'],
  check: ({ app, resource }) => {
    if (isTrue(resource.at('ApiKeyRequired')) !== 'YES' || !ModelFront.of(app).methods.includes(resource)) return undefined;
    return judged(any([authorised(resource), boundByPolicy(app, resource)]), 'a key is all that is asked for', 'AuthorizationType');
  },
};

function authorised(method: Resource): Answer {
  const type = method.at('AuthorizationType');
  return type === undefined ? 'NO' : not(isOneOf('NONE')(type));
}

/** A policy of the API that names networks, accounts or the organisation. */
function boundByPolicy(app: JudgedApp, method: Resource): Answer {
  const api = app.named(method.at('RestApiId'));
  if (api === undefined) return 'NO';
  return any(
    app
      .statementsAt(api, 'Policy')
      .map(({ statement }) => (statement.effect === 'Allow' ? demandsLike(statement, /^aws:(sourcevpce?|sourceip|vpcsourceip|principal)/) : negates(statement.conditions))),
  );
}

function negates(conditions: readonly { readonly operator: string; readonly foldedKey: string }[]): Answer {
  return conditions.some(({ operator, foldedKey }) => operator.includes('Not') && /^aws:(sourcevpce?|sourceip|vpcsourceip|principal)/.test(foldedKey)) ? 'YES' : 'NO';
}
