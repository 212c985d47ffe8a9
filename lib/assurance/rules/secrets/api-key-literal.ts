import { Unknown } from '../../template';
import { COMPLIANT, undetermined, violated } from '../judgement';
import { placesAt } from '../places';
import type { Rule } from '../rule';
import type { Subject } from '../subject';

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
    if (value === undefined || isNamedByAuthorisers(key)) return COMPLIANT;
    if (typeof value === 'string' && value !== '') return violated('the value of the key stands in the template', 'Value');
    const hidden = value instanceof Unknown && (value.kind === 'DYNAMIC_REFERENCE' || value.kind === 'HIDDEN_PARAMETER');
    return hidden ? COMPLIANT : undetermined('the value of the key may be known to others', 'Value');
  },
};

/** Whether the authoriser of each API that the key opens names the key: no caller can, and the key only counts. */
function isNamedByAuthorisers({ app, resource }: Subject): boolean {
  const plans = app.naming(resource, 'AWS::ApiGateway::UsagePlanKey', 'KeyId').map((member) => app.named(member.at('UsagePlanId')));
  const apis = [
    ...placesAt(resource.at('StageKeys'), '*.RestApiId'),
    ...plans.flatMap((plan) => placesAt(plan?.at('ApiStages'), '*.ApiId')),
  ].map(({ value }) => app.named(value));
  // What cannot be followed may be an API that takes the key from its caller; a key that opens nothing yet may open one tomorrow.
  return apis.length > 0 && !plans.includes(undefined) && apis.every((api) => api?.at('ApiKeySourceType') === 'AUTHORIZER');
}
