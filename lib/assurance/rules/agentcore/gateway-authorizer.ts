import { isOneOf, not } from '../answer';
import { judged } from '../judgement';
import type { Rule } from '../rule';

/** `AISec-AC04`. */
export const gatewayAuthorizer: Rule = {
  id: 'AISec-AC04',
  name: 'GatewayAuthorizer',
  title: 'A gateway to tools asks who calls',
  severity: 'CRITICAL',
  controls: ['MI1', 'AA1'],
  threats: ['AML.T0053', 'AML.CS0048', 'AML.CS0053', 'LLM06'],
  why: 'Whoever finds the address lists the tools and uses them with the permissions of the gateway.',
  remedy: 'Set AuthorizerType to CUSTOM_JWT or AWS_IAM.',
  example: "new agentcore.CfnGateway(this, 'Gateway', { name: 'tools', roleArn, protocolType: 'MCP', authorizerType: 'AWS_IAM' });",
  source: 'https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/gateway-inbound-auth.html',
  types: ['AWS::BedrockAgentCore::Gateway'],
  check: (gateway) => judged(not(isOneOf('NONE')(gateway.at('AuthorizerType'))), 'the gateway lets everybody use its tools', 'AuthorizerType'),
};
