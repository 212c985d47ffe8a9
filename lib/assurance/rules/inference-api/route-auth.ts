import { isOneOf, not } from '../answer';
import { judged } from '../judgement';
import type { Rule } from '../rule';
import { ModelFront } from './model-front';

/** `AISec-API07`. */
export const routeAuth: Rule = {
  id: 'AISec-API07',
  name: 'RouteAuth',
  title: 'A route of an HTTP or WebSocket API that leads to a model asks who calls',
  severity: 'CRITICAL',
  controls: ['MI1', 'AA1', 'RT5'],
  threats: ['AML.T0040', 'AML.T0034', 'LLM10'],
  why: 'Whoever finds the address uses the model: its answers, its data and its cost are open to the internet.',
  remedy: 'Set AuthorizationType to JWT, AWS_IAM or CUSTOM with an authorizer.',
  example: "api.addRoutes({ path: '/ask', integration, authorizer: new HttpIamAuthorizer() });",
  source: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-access-control.html',
  types: ['AWS::ApiGatewayV2::Route'],
  check: ({ app, resource }) => {
    const integration = resource.edgesAt('Target').find(({ to }) => to.type === 'AWS::ApiGatewayV2::Integration')?.to;
    if (integration === undefined || !ModelFront.of(app).leadsToModel(integration, 'IntegrationUri')) return undefined;
    const key = resource.at('RouteKey');
    const api = app.named(resource.at('ApiId'));
    // Over a WebSocket only the connection is authorised, not each message.
    if (api?.at('ProtocolType') === 'WEBSOCKET' && key !== '$connect') return undefined;
    if (typeof key === 'string' && key.startsWith('OPTIONS ')) return undefined;
    const type = resource.at('AuthorizationType');
    return judged(type === undefined ? 'NO' : not(isOneOf('NONE')(type)), 'everybody may call the model', 'AuthorizationType');
  },
};
