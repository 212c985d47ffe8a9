import type { Value } from '../../template';
import { Unknown, joinParts, textParts } from '../../template';
import { IDENTITY_POLICY_TYPES, grantsOf } from '../grant';
import { INVOKE_FOUNDATION_MODEL } from '../identity/ai-actions';
import type { Judgement } from '../judgement';
import { judged } from '../judgement';
import type { Rule } from '../rule';
import type { Subject } from '../subject';
import { staysIn } from './inference-geography';

/** Where a type names a model. */
const MODEL_AT: Readonly<Record<string, string>> = {
  'AWS::Bedrock::Agent': 'FoundationModel',
  'AWS::Bedrock::ApplicationInferenceProfile': 'ModelSource.CopyFrom',
  'AWS::Bedrock::Guardrail': 'CrossRegionConfig.GuardrailProfileArn',
};

/** `AISec-BR21`. */
export const profileResidency: Rule = {
  id: 'AISec-BR21',
  name: 'ProfileResidency',
  title: 'Requests to models stay in the geography of the region',
  severity: 'HIGH',
  controls: ['PG2'],
  threats: ['LLM02'],
  why: 'An inference profile sends the prompt, with the personal data in it, to whichever region has room: for a global one that is any.',
  remedy: 'Use the profile of the own geography or the model of the region; deny others by aws:RequestedRegion.',
  example: "new bedrock.CfnAgent(this, 'Agent', { agentName: 'support', foundationModel: 'eu.anthropic.claude-sonnet-4-20250514-v1:0' }); // in an eu- region",
  source: 'https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-support.html',
  types: [...Object.keys(MODEL_AT), 'AWS::Bedrock::Prompt', ...IDENTITY_POLICY_TYPES],
  check: (subject) => {
    const { type } = subject.resource;
    if (Object.hasOwn(MODEL_AT, type)) return judgeModel(subject, subject.at(MODEL_AT[type]), MODEL_AT[type]);
    if (type === 'AWS::Bedrock::Prompt') return subject.forEach('Variants', ({ path }, at) => judgeModel(subject, at('ModelId'), `${path}.ModelId`));
    return grantsOf(subject, INVOKE_FOUNDATION_MODEL).flatMap(({ statement, path }) =>
      (statement.resources?.texts ?? []).flatMap(({ parts }) => judgeModel(subject, joinParts(parts), path)),
    );
  },
};

function judgeModel({ resource }: Subject, value: Value | undefined, path: string): Judgement[] {
  const parts = textParts(value);
  if (parts === undefined) return [];
  const id = parts.join('');
  const last = parts.at(-1);
  const stays = staysIn(resource.stack.region, id);
  // A model that is chosen at deploy time may be a profile.
  const open = stays === 'YES' && last instanceof Unknown && last.isParameter;
  return [judged(open ? 'UNKNOWN' : stays, `requests may leave the geography of the region: ${id}`, path)];
}
