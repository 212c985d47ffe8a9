import { isOneOf, isPresent, not } from '../answer';
import type { Judgement } from '../judgement';
import { COMPLIANT, judged } from '../judgement';
import type { Rule } from '../rule';

/** `AISec-BR20`. */
export const aliasPinned: Rule = {
  id: 'AISec-BR20',
  name: 'AliasPinned',
  title: 'An alias of an agent or flow leads to a numbered version',
  severity: 'MEDIUM',
  controls: ['ML7', 'ML5'],
  threats: ['AML.T0018', 'LLM03'],
  why: 'An alias on the draft takes up every change of the instructions or tools at once, with no review and no way back.',
  remedy: 'Route the alias to a version; without a routing an agent alias makes one.',
  example: "new bedrock.CfnAgentAlias(this, 'Live', { agentId, agentAliasName: 'live', routingConfiguration: [{ agentVersion: '3' }] });",
  source: 'https://docs.aws.amazon.com/bedrock/latest/userguide/agents-deploy.html',
  types: ['AWS::Bedrock::AgentAlias', 'AWS::Bedrock::FlowAlias'],
  check: (alias) => {
    if (isPresent(alias.at('RoutingConfiguration')) === 'NO') return COMPLIANT;
    return alias.forEach('RoutingConfiguration', ({ path }, at): Judgement => {
      const version = at('AgentVersion') ?? at('FlowVersion');
      return judged(not(isOneOf('DRAFT')(isMade(alias.app.named(version)?.type) ? '1' : version)), 'the alias leads to the draft', path);
    });
  },
};

function isMade(type: string | undefined): boolean {
  return type === 'AWS::Bedrock::FlowVersion';
}
