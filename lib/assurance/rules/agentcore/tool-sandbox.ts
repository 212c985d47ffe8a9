import { COMPLIANT } from '../judgement';
import type { Rule } from '../rule';

/** `AISec-AC08`. */
export const toolSandbox: Rule = {
  id: 'AISec-AC08',
  name: 'ToolSandbox',
  title: 'Code interpreters and browsers of agents have no open network, and what a browser does is recorded',
  severity: 'HIGH',
  controls: ['RT3', 'RT1', 'OB1'],
  threats: ['AML.T0105', 'AML.T0050', 'AML.T0086', 'LLM05'],
  why: 'Code that a prompt wrote runs there: with a public network it fetches the rest of the attack and sends the data out.',
  remedy: 'Set NetworkMode to SANDBOX (code interpreter) or VPC, and RecordingConfig of a browser to enabled.',
  example: "new agentcore.CfnCodeInterpreterCustom(this, 'Code', { name: 'code', networkConfiguration: { networkMode: 'SANDBOX' } });",
  source: 'https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/code-interpreter-resource-management.html',
  types: ['AWS::BedrockAgentCore::CodeInterpreterCustom', 'AWS::BedrockAgentCore::BrowserCustom'],
  check: (tool) => [
    tool.requireOneOf('NetworkConfiguration.NetworkMode', ['SANDBOX', 'VPC'], 'the tool has a network of the public internet'),
    tool.resource.type.endsWith('BrowserCustom') ? tool.requireTrue('RecordingConfig.Enabled', 'what the browser does is not recorded') : COMPLIANT,
  ],
};
