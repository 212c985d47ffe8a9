import { textParts } from '../../template';
import type { Rule } from '../rule';

/** `AISec-LOG03`. */
export const aiLogGroup: Rule = {
  id: 'AISec-LOG03',
  name: 'AiLogGroup',
  title: 'Logs of AI services are encrypted with a key of your own, and expire',
  severity: 'MEDIUM',
  controls: ['OB1', 'DP2b', 'DP6'],
  threats: ['AML.T0025'],
  why: 'Invocation logs hold prompts and answers: kept for ever under a key of AWS, they are the easiest copy of the data.',
  remedy: 'Set KmsKeyId and RetentionInDays of the log group.',
  example:
    "new logs.LogGroup(this, 'Invocations', { logGroupName: '/aws/bedrock/invocations', encryptionKey: key, " +
    'retention: logs.RetentionDays.ONE_YEAR });',
  source: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html',
  types: ['AWS::Logs::LogGroup'],
  check: (group) => {
    const name = textParts(group.at('LogGroupName'))?.[0];
    if (typeof name !== 'string' || !/^\/?(?:aws\/)?(?:vendedlogs\/)?(?:sagemaker|bedrock)/i.test(name)) return undefined;
    return [
      group.requirePresent('KmsKeyId', 'prompts and answers are logged under a key of AWS'),
      group.requirePresent('RetentionInDays', 'prompts and answers are kept for ever'),
    ];
  },
};
