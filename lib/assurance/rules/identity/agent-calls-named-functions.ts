import type { Rule } from '../rule';
import { BREADTH_TYPES, judgeBreadth } from './breadth-rule';

/** `AISec-IAM18`. */
export const agentCallsNamedFunctions: Rule = {
  id: 'AISec-IAM18',
  name: 'AgentCallsNamedFunctions',
  title: 'The role of an agent, flow or gateway calls named functions only',
  severity: 'HIGH',
  controls: ['AA3', 'P1'],
  threats: ['AML.T0053', 'LLM06'],
  why: 'An injected prompt or a changed schema turns every function of the account into a tool of the agent.',
  remedy: 'Name the functions of the action groups and targets in Resource.',
  example: 'toolFunction.grantInvoke(agentRole);',
  source: 'https://docs.aws.amazon.com/bedrock/latest/userguide/agents-permissions.html',
  types: BREADTH_TYPES,
  check: (policy) =>
    judgeBreadth(policy, {
      actions: ['lambda:InvokeFunction'],
      wide: /^\*+$|^arn:[^:]*:(lambda|\*):[^:]*:[^:]*:(function:)?\*+$/,
      narrowing: /^aws:resourcetag\//,
      message: 'the role of an AI service may call every function',
    }),
};
