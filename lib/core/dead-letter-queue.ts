import { Duration } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { acknowledge } from './acknowledge';

/** Where messages wait for two weeks that reached nobody: encrypted with a key, over TLS only, and the end of the line. */
export class DeadLetterQueue extends Queue {
  constructor(scope: Construct, id: string, props: { readonly key: IKey }) {
    super(scope, id, {
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: props.key,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    // cdk-nag sees that a queue is a dead-letter queue when a function or another queue says so; rules and topics it does not ask.
    acknowledge(this, 'dead-letter-queue', ['AwsSolutions-SQS3', 'Serverless-SQSRedrivePolicy']);
  }
}
