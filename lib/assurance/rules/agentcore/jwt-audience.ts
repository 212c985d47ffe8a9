import { any, isPresent, not } from '../answer';
import { COMPLIANT, judged } from '../judgement';
import type { Rule } from '../rule';

const JWT = 'AuthorizerConfiguration.CustomJWTAuthorizer';
const NARROWING = ['AllowedAudience', 'AllowedClients', 'AllowedScopes', 'CustomClaims'];

/** `AISec-AC02`. */
export const jwtAudience: Rule = {
  id: 'AISec-AC02',
  name: 'JwtAudience',
  title: 'A runtime or gateway takes tokens that were made for it, not every token of the issuer',
  severity: 'HIGH',
  controls: ['AA1', 'MI1'],
  threats: ['AML.T0012', 'AML.CS0048', 'LLM06'],
  why: 'A token for any other application of the same issuer opens the agent: every user of the company, or of the whole identity provider.',
  remedy: 'Name AllowedAudience or AllowedClients, or leave the authorizer out: then requests are signed by IAM.',
  example: "authorizerConfiguration: { customJwtAuthorizer: { discoveryUrl, allowedClients: [client.userPoolClientId] } }",
  source: 'https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/runtime-oauth.html',
  types: ['AWS::BedrockAgentCore::Runtime', 'AWS::BedrockAgentCore::Gateway', 'AWS::BedrockAgentCore::Harness'],
  check: (subject) => {
    const present = isPresent(subject.at(JWT));
    if (present === 'NO') return COMPLIANT;
    return judged(
      any([not(present), ...NARROWING.map((name) => isPresent(subject.at(`${JWT}.${name}`)))]),
      'every token of the issuer is enough',
      JWT,
    );
  },
};
