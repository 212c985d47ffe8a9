import { isOneOf, not } from '../answer';
import { judged } from '../judgement';
import type { Rule } from '../rule';

/** `AISec-AC06`. */
export const gatewayKeyAndErrors: Rule = {
  id: 'AISec-AC06',
  name: 'GatewayKeyAndErrors',
  title: 'A gateway is encrypted with a key of the owner and keeps its inner errors to itself',
  severity: 'MEDIUM',
  controls: ['DP2b', 'RT2'],
  threats: ['AML.T0084', 'LLM02'],
  why: 'Debug errors tell a caller the names, roles and addresses behind the tools; the schemas of the tools lie with the service.',
  remedy: 'Set KmsKeyArn and leave ExceptionLevel out.',
  example: "new agentcore.CfnGateway(this, 'Gateway', { name: 'tools', roleArn, authorizerType: 'AWS_IAM', kmsKeyArn: key.keyArn });",
  source: 'https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/gateway-encryption.html',
  types: ['AWS::BedrockAgentCore::Gateway'],
  check: (gateway) => [
    gateway.requirePresent('KmsKeyArn', 'the gateway has no key of the owner'),
    judged(not(isOneOf('DEBUG')(gateway.at('ExceptionLevel'))), 'callers see inner errors', 'ExceptionLevel'),
  ],
};
