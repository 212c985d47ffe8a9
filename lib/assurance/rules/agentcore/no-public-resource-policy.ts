import { COMPLIANT, undetermined } from '../judgement';
import { judgeAnybody } from '../open-to-anybody';
import type { Rule } from '../rule';

/** `AISec-AC11`. */
export const noPublicResourcePolicy: Rule = {
  id: 'AISec-AC11',
  name: 'NoPublicResourcePolicy',
  title: 'Agents and gateways are called by named principals only',
  severity: 'CRITICAL',
  controls: ['MI1', 'AA3'],
  threats: ['AML.T0040', 'AML.CS0048', 'LLM06'],
  why: 'Every account of the world may talk to the agent, and it acts with the permissions of the owner.',
  remedy: 'Name accounts or roles in Principal, or demand aws:PrincipalOrgID or the own endpoint of the network.',
  example: "new agentcore.CfnResourcePolicy(this, 'Callers', { resourceArn, policy: JSON.stringify({ Statement: [{ Effect: 'Allow', Principal: { AWS: callerArn }, Action: 'bedrock-agentcore:InvokeAgentRuntime', Resource: resourceArn }] }) });",
  source: 'https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/resource-based-policies.html',
  types: ['AWS::BedrockAgentCore::ResourcePolicy'],
  check: ({ app, resource }) => [
    COMPLIANT,
    ...app.unreadable(resource, 'Policy').map(({ reason }) => undetermined(`the policy cannot be read: ${reason}`, 'Policy')),
    ...judgeAnybody(app.statementsAt(resource, 'Policy'), /^aws:(principal(orgid|orgpaths|account|arn)|source(account|arn|vpce?|ip))$/, 'anybody may call it'),
  ],
};
