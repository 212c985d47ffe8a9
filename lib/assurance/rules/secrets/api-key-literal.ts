import { Unknown } from '../../template';
import { COMPLIANT, undetermined, violated } from '../judgement';
import type { Rule } from '../rule';

/** `AISec-SE14`. */
export const apiKeyLiteral: Rule = {
  id: 'AISec-SE14',
  name: 'ApiKeyLiteral',
  title: 'The value of an API key does not stand in the template',
  severity: 'HIGH',
  controls: ['AA5', 'RT4'],
  threats: ['AML.T0055', 'AML.T0083'],
  why: 'Whoever reads the template calls the model on the quota of that client.',
  remedy: 'Leave Value out: API Gateway generates it.',
  example: "new apigateway.ApiKey(this, 'Client', { description: 'value is generated' });",
  source: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-setup-api-keys.html',
  types: ['AWS::ApiGateway::ApiKey'],
  check: (key) => {
    const value = key.at('Value');
    // Where the authoriser names the key, no caller can: it only counts.
    const apis = key.app.ofTypes('AWS::ApiGateway::RestApi');
    const byAuthoriser = apis.length > 0 && apis.every((api) => api.at('ApiKeySourceType') === 'AUTHORIZER');
    if (value === undefined || byAuthoriser) return COMPLIANT;
    if (typeof value === 'string' && value !== '') return violated('the value of the key stands in the template', 'Value');
    const hidden = value instanceof Unknown && (value.kind === 'DYNAMIC_REFERENCE' || value.kind === 'HIDDEN_PARAMETER');
    return hidden ? COMPLIANT : undetermined('the value of the key may be known to others', 'Value');
  },
};
