import { any, isOneOf, not } from '../answer';
import { judged } from '../judgement';
import type { Rule } from '../rule';
import { ModelFront } from './model-front';

/** `AISec-API12`. */
export const graphqlAuth: Rule = {
  id: 'AISec-API12',
  name: 'GraphqlAuth',
  title: 'A GraphQL API before a model asks for more than an API key',
  severity: 'HIGH',
  controls: ['AA1', 'MI1'],
  threats: ['AML.T0040', 'AML.T0055', 'LLM10'],
  why: 'The key stands in the page that uses it: everybody who opens the page may use the model without it.',
  remedy: 'Use AMAZON_COGNITO_USER_POOLS, OPENID_CONNECT, AWS_IAM or AWS_LAMBDA as AuthenticationType.',
  example: "new appsync.GraphqlApi(this, 'Api', { name: 'ask', definition, authorizationConfig: { defaultAuthorization: { authorizationType: appsync.AuthorizationType.IAM } } });",
  source: 'https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html',
  types: ['AWS::AppSync::GraphQLApi'],
  check: (api) => {
    const { app, resource } = api;
    const front = ModelFront.of(app);
    const leads = app
      .ofTypes('AWS::AppSync::DataSource')
      .filter((source) => app.named(source.at('ApiId')) === resource)
      .some((source) => source.at('Type') === 'AMAZON_BEDROCK_RUNTIME' || front.leadsToModel(source, 'LambdaConfig.LambdaFunctionArn'));
    if (!leads) return undefined;
    return judged(any([not(isOneOf('API_KEY')(api.at('AuthenticationType')))]), 'an API key is all that is asked for', 'AuthenticationType');
  },
};
