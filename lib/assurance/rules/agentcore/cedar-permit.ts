import type { Value } from '../../template';
import { Unknown, textParts } from '../../template';
import type { Answer } from '../answer';
import { answer, ask, not } from '../answer';
import type { Judgement } from '../judgement';
import { judged } from '../judgement';
import type { Rule } from '../rule';

/** A permit for everybody, everything and every tool, which no condition narrows. */
const PERMIT_ALL = /permit\s*\(\s*principal\s*,\s*action\s*,\s*resource\s*,?\s*\)\s*(;|when\s*\{\s*true\s*\}\s*;)/;

/** `AISec-AC10`. */
export const cedarPermit: Rule = {
  id: 'AISec-AC10',
  name: 'CedarPermit',
  title: 'A policy for tools permits named principals, actions or tools, or under a condition',
  severity: 'HIGH',
  controls: ['AA3', 'P1'],
  threats: ['AML.T0053', 'LLM06'],
  why: 'One permit for everything makes the policy engine say yes to each call that an injected prompt can think of.',
  remedy: 'Name the action and the resource, or add a when clause.',
  example: 'permit(principal, action == AgentCore::Action::"orders___read", resource == AgentCore::Gateway::"arn:…") when { principal.hasTag("role") };',
  source: 'https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/policy.html',
  types: ['AWS::BedrockAgentCore::Policy'],
  check: (policy) =>
    ['Cedar', 'Policy'].flatMap((kind): Judgement[] => {
      const path = `Definition.${kind}.Statement`;
      const text = policy.at(path);
      return text === undefined ? [] : [judged(not(ask(text, permitsAll)), 'permits everybody everything', path)];
    }),
};

function permitsAll(text: Value | undefined): Answer {
  const parts = textParts(text) ?? [];
  const known = parts.map((part) => (part instanceof Unknown ? '~' : part)).join('');
  // Comments could hide the words or stand between them.
  return answer(PERMIT_ALL.test(known.replace(/\/\/[^\n]*/g, '')));
}
