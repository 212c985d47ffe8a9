import type { Rule } from '../rule';
import type { Subject } from '../subject';

const HARNESS = 'Environment.AgentCoreRuntimeEnvironment.NetworkConfiguration';

/** `AISec-AC01`. */
export const runtimeInVpc: Rule = {
  id: 'AISec-AC01',
  name: 'RuntimeInVpc',
  title: 'An agent runtime has its network in a VPC of the owner',
  severity: 'HIGH',
  controls: ['RT1', 'RT3'],
  threats: ['AML.T0086', 'AML.T0025', 'LLM06'],
  why: 'An injected instruction makes the agent send what it has read to any address: with public networking nothing is in the way.',
  remedy: 'Set NetworkMode to VPC with subnets and security groups without a way out but the needed endpoints.',
  example: "networkConfiguration: { networkMode: 'VPC', networkModeConfig: { subnets: subnetIds, securityGroups: [group.securityGroupId] } }",
  source: 'https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/agentcore-vpc.html',
  types: ['AWS::BedrockAgentCore::Runtime', 'AWS::BedrockAgentCore::Harness'],
  check: (runtime) => runtime.requireOneOf(`${networkPath(runtime)}.NetworkMode`, ['VPC'], 'the agent has a network of the public internet'),
};

function networkPath({ resource }: Subject): string {
  return resource.type.endsWith('Harness') ? HARNESS : 'NetworkConfiguration';
}
