import { isPresent } from '../answer';
import { judged } from '../judgement';
import { ofAiApp } from '../of-ai-app';
import type { Rule } from '../rule';

/** `AISec-DP55`. */
export const deadLettersKey: Rule = {
  id: 'AISec-DP55',
  name: 'DeadLettersKey',
  title: 'Dead letters of an app with an AI workload are encrypted with a key of your own',
  severity: 'LOW',
  controls: ['DP2b', 'DP3'],
  threats: ['AML.T0035'],
  why: 'What failed lies there for days, prompts and names of models with it: whoever may read the queue reads it, no second lock is asked.',
  remedy: 'Set KmsMasterKeyId to a key of your own.',
  example: "new sqs.Queue(this, 'DeadLetters', { encryptionMasterKey: key });",
  source: 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-server-side-encryption.html',
  types: ['AWS::SQS::Queue'],
  check: ofAiApp(({ resource }) => {
    if (!resource.incoming.some(({ path }) => /DeadLetter|RedrivePolicy|OnFailure/.test(path))) return undefined;
    const key = resource.at('KmsMasterKeyId');
    return judged(key === 'alias/aws/sqs' ? 'NO' : isPresent(key), 'dead letters are under a key of AWS', 'KmsMasterKeyId');
  }),
};
