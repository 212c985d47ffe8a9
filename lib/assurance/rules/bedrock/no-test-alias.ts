import { matches, not } from '../answer';
import type { Judgement } from '../judgement';
import { COMPLIANT, judged } from '../judgement';
import type { Rule } from '../rule';

/** The alias that always leads to the draft of an agent. */
const TEST_ALIAS = /TSTALIASID$/;

/** `AISec-BR29`. */
export const noTestAlias: Rule = {
  id: 'AISec-BR29',
  name: 'NoTestAlias',
  title: 'Agents and flows work with released versions of other agents, not with their drafts',
  severity: 'MEDIUM',
  controls: ['ML7'],
  threats: ['AML.T0018', 'LLM03'],
  why: 'Whoever may edit the draft of one agent changes what the supervisor and the flows answer, without a release.',
  remedy: 'Name an alias with a version, not TSTALIASID.',
  example: "agentCollaborators: [{ agentDescriptor: { aliasArn: alias.attrAgentAliasArn }, collaboratorName: 'billing', collaborationInstruction: 'bills' }]",
  source: 'https://docs.aws.amazon.com/bedrock/latest/userguide/agents-multi-agent-collaboration.html',
  types: ['AWS::Bedrock::Agent', 'AWS::Bedrock::Flow'],
  check: (subject) => {
    const judgeAlias = (value: Parameters<ReturnType<typeof matches>>[0], path: string): readonly Judgement[] => {
      if (value === undefined) return [];
      const released = subject.app.named(value)?.type === 'AWS::Bedrock::AgentAlias';
      const draft = matches(TEST_ALIAS, (text) => (TEST_ALIAS.test(text.toString()) ? 'YES' : 'UNKNOWN'));
      return [released ? COMPLIANT : judged(not(draft(value)), 'works with the draft of another agent', path)];
    };
    return [
      ...subject.forEach('AgentCollaborators', ({ path }, at) => judgeAlias(at('AgentDescriptor.AliasArn'), path)),
      ...subject.forEach('Definition.Nodes', ({ path }, at) => judgeAlias(at('Configuration.Agent.AgentAliasArn'), path)),
    ];
  },
};
