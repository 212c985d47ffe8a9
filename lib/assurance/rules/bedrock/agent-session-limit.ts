import { isPresent } from '../answer';
import { COMPLIANT } from '../judgement';
import type { Rule } from '../rule';

const LONGEST_SESSION = 1800;
const LONGEST_MEMORY = 30;

/** `AISec-BR15`. */
export const agentSessionLimit: Rule = {
  id: 'AISec-BR15',
  name: 'AgentSessionLimit',
  title: 'An agent forgets a session after half an hour and its memory after thirty days',
  severity: 'LOW',
  controls: ['DP6', 'P6'],
  threats: ['AML.T0080', 'LLM08'],
  why: 'What an attacker has planted in the memory of an agent works on in later sessions, and personal data is kept for no purpose.',
  remedy: 'Set IdleSessionTTLInSeconds to 1800 or less and StorageDays to 30 or less.',
  example: "new bedrock.CfnAgent(this, 'Agent', { agentName: 'support', idleSessionTtlInSeconds: 600 });",
  source: 'https://docs.aws.amazon.com/bedrock/latest/userguide/agents-memory.html',
  types: ['AWS::Bedrock::Agent'],
  check: (agent) =>
    // Where nothing is set, ten minutes and thirty days hold.
    [
      ['IdleSessionTTLInSeconds', LONGEST_SESSION, 'a session is kept for more than half an hour'] as const,
      ['MemoryConfiguration.StorageDays', LONGEST_MEMORY, 'memory is kept for more than thirty days'] as const,
    ].map(([path, limit, message]) => (isPresent(agent.at(path)) === 'NO' ? COMPLIANT : agent.requireAtMost(path, limit, message))),
};
