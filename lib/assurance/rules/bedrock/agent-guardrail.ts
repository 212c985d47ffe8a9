import { all, isPresent } from '../answer';
import { judged } from '../judgement';
import type { Rule } from '../rule';
import { isPinnedVersion } from './guardrail-version';

/** `AISec-BR01`. */
export const agentGuardrail: Rule = {
  id: 'AISec-BR01',
  name: 'AgentGuardrail',
  title: 'An agent runs behind a fixed version of a guardrail',
  severity: 'CRITICAL',
  controls: ['MI5', 'ML1'],
  threats: ['AML.T0051', 'AML.T0054', 'LLM01', 'LLM02'],
  why: 'An injected instruction in a message or a document reaches the model, and what it makes the model say reaches the tools and the user.',
  remedy: 'Set GuardrailConfiguration with the id of a guardrail and the number of a version, not DRAFT.',
  example:
    "new bedrock.CfnAgent(this, 'Agent', { agentName: 'support', guardrailConfiguration: { guardrailIdentifier: guardrail.attrGuardrailId, guardrailVersion: version.attrVersion } });",
  source: 'https://docs.aws.amazon.com/bedrock/latest/userguide/agents-guardrail.html',
  types: ['AWS::Bedrock::Agent'],
  check: (agent) => {
    const given = isPresent(agent.at('GuardrailConfiguration.GuardrailIdentifier'));
    if (given !== 'YES') return judged(given, 'the agent has no guardrail', 'GuardrailConfiguration');
    const pinned = isPinnedVersion(agent.app)(agent.at('GuardrailConfiguration.GuardrailVersion'));
    return judged(all([given, pinned]), 'the guardrail is a draft that changes without notice', 'GuardrailConfiguration.GuardrailVersion');
  },
};
