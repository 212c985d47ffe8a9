import { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { expect, test } from 'vitest';
import { DeadLetterQueue } from '../../lib/core/dead-letter-queue';

test('a dead-letter queue keeps messages encrypted for two weeks, takes them over TLS only, and passes them to no other queue', () => {
  const stack = new Stack();
  const queue = new DeadLetterQueue(stack, 'DeadLetters', { key: new Key(stack, 'Key') });
  const template = Template.fromStack(stack);
  template.hasResourceProperties('AWS::SQS::Queue', { KmsMasterKeyId: Match.anyValue(), MessageRetentionPeriod: 1209600, RedrivePolicy: Match.absent() });
  template.hasResourceProperties('AWS::SQS::QueuePolicy', {
    PolicyDocument: { Statement: [Match.objectLike({ Effect: 'Deny', Action: 'sqs:*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } })] },
  });
  expect(queue.node.findChild('Resource')).toBeDefined();
});
