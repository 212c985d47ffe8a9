import type { Answer, Question } from '../answer';
import { answer, ask } from '../answer';
import type { JudgedApp } from '../judged-app';
import type { Value } from '../../template';
import { Unknown } from '../../template';

/** Whether a version is one that cannot change: a number, or that of a version resource, not `DRAFT` or that of the guardrail itself. */
export function isPinnedVersion(app: JudgedApp): Question {
  return (value) => (value instanceof Unknown && value.candidates === undefined ? pinnedByOrigin(app, value) : ask(value, pinnedByText));
}

function pinnedByText(value: Value | undefined): Answer {
  if (typeof value === 'string' || typeof value === 'number' || value === undefined) return answer(/^\d+$/.test(String(value)));
  return 'UNKNOWN';
}

function pinnedByOrigin(app: JudgedApp, value: Unknown): Answer {
  const type = app.named(value)?.type;
  if (type === 'AWS::Bedrock::GuardrailVersion') return 'YES';
  return type === 'AWS::Bedrock::Guardrail' ? 'NO' : 'UNKNOWN';
}
