import { listOf } from '../../template';
import { AiWorkload } from '../ai-workload';
import { any, isOneOf, isPresent, not } from '../answer';
import { judged } from '../judgement';
import type { Rule } from '../rule';
import type { Subject } from '../subject';

/** `AISec-DP24`. */
export const aiMessageKey: Rule = {
  id: 'AISec-DP24',
  name: 'AiMessageKey',
  title: 'Topics and queues that carry results or findings of AI workloads are encrypted',
  severity: 'MEDIUM',
  controls: ['DP2b'],
  threats: ['AML.T0035', 'LLM02'],
  why: 'Messages name the place of each result, and findings say what was found: they lie readable in the service.',
  remedy: 'Set KmsMasterKeyId.',
  example: "new sns.Topic(this, 'Done', { masterKey: key });",
  source: 'https://docs.aws.amazon.com/sns/latest/dg/sns-server-side-encryption.html',
  types: ['AWS::SNS::Topic', 'AWS::SQS::Queue'],
  check: (channel) => {
    if (!carriesAi(channel)) return undefined;
    // A queue is encrypted with keys of the service unless that is switched off; a topic is not.
    const byService = channel.resource.type === 'AWS::SQS::Queue' ? not(isOneOf(false)(channel.at('SqsManagedSseEnabled'))) : 'NO';
    return judged(any([isPresent(channel.at('KmsMasterKeyId')), byService]), 'messages of an AI workload are not encrypted', 'KmsMasterKeyId');
  },
};

function carriesAi({ app, resource }: Subject): boolean {
  if (AiWorkload.of(app).isNamed(resource)) return true;
  return resource.incoming.some(({ from, path }) => {
    if (from.type !== 'AWS::Events::Rule' || !path.startsWith('Properties.Targets')) return false;
    return listOf(from.at('EventPattern.source')).some((source) => typeof source === 'string' && /^aws\.(sagemaker|bedrock)/.test(source));
  });
}
