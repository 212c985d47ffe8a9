import { any, isOneOf, not } from '../answer';
import { COMPLIANT, judged } from '../judgement';
import type { Rule } from '../rule';

const RUNS_CODE = ['AMAZON.CodeInterpreter', 'ANTHROPIC.Computer', 'ANTHROPIC.Bash', 'ANTHROPIC.TextEditor'];

/** `AISec-BR14`. */
export const noCodeInterpreter: Rule = {
  id: 'AISec-BR14',
  name: 'NoCodeInterpreter',
  title: 'An agent runs code or a computer only where somebody has decided so',
  severity: 'MEDIUM',
  controls: ['RT3', 'P4'],
  threats: ['AML.T0050', 'AML.T0053', 'LLM05', 'LLM06'],
  why: 'Whatever the user or a document says may become code that runs: the largest step from a prompt to an attack.',
  remedy: 'Leave the action group out or set its state to DISABLED; where it is needed, acknowledge the rule with the reason.',
  example: "actionGroups: [{ actionGroupName: 'code', parentActionGroupSignature: 'AMAZON.CodeInterpreter', actionGroupState: 'DISABLED' }]",
  source: 'https://docs.aws.amazon.com/bedrock/latest/userguide/agents-code-interpretation.html',
  types: ['AWS::Bedrock::Agent'],
  check: (agent) => [
    COMPLIANT,
    ...agent.forEach('ActionGroups', ({ path }, at) =>
      judged(
        any([not(isOneOf(...RUNS_CODE)(at('ParentActionGroupSignature'))), isOneOf('DISABLED')(at('ActionGroupState'))]),
        'the agent may run code',
        `${path}.ParentActionGroupSignature`,
      ),
    ),
  ],
};
