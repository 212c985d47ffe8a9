import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ITopic, ITopicSubscription } from 'aws-cdk-lib/aws-sns';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { declareControls } from '../core/control-declarations';
import { DeadLetterQueue } from '../core/dead-letter-queue';
import { EncryptionKey } from '../core/encryption-key';

/** Who is told. */
export interface AlarmTopicProps {
  /** At least one: an alarm that reaches nobody is none. A subscription without a dead-letter queue of its own gets the topic's. */
  readonly subscriptions: ITopicSubscription[];
}

/** Services that publish alarms, and the ARN of what they publish for, behind the partition. */
const PUBLISHERS: readonly (readonly [service: string, sid: string, source: (stack: Stack) => string])[] = [
  ['budgets', 'PublishBudgets', ({ account }) => `budgets::${account}:*`],
  ['cloudwatch', 'PublishAlarms', ({ region, account }) => `cloudwatch:${region}:${account}:alarm:*`],
  ['events', 'PublishEvents', ({ region, account }) => `events:${region}:${account}:rule/*`],
];

/**
 * The topic that alarms, findings and budgets go to.
 *
 * It is encrypted with a key that the services which publish may use: with any other key, alarms vanish without a trace. Nobody publishes
 * without TLS, and no service on behalf of another account.
 *
 * To give it to a posture of the app, make it in a stack that has a posture of its own: the topic asks for one, too.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#compatibility-with-aws-services
 */
export class AlarmTopic extends Construct {
  /** The topic. */
  public readonly topic: ITopic;
  /** Encrypts the messages. */
  public readonly key: IKey;

  /** @throws when nobody is subscribed */
  constructor(scope: Construct, id: string, props: AlarmTopicProps) {
    super(scope, id);
    if (props.subscriptions.length === 0) {
      throw new Error(`'${this.node.path}' has no subscription: name at least one, or alarms reach nobody`);
    }
    declareControls(this, 'DP2a', 'DP2b', 'OB5');
    const { partition, account } = Stack.of(this);

    this.key = new EncryptionKey(this, 'Key', { description: 'Alarms and findings' });
    const services = [...PUBLISHERS.map(([service]) => service), 'sns'].map((service) => new ServicePrincipal(`${service}.amazonaws.com`));
    this.key.addToResourcePolicy(new PolicyStatement({
      sid: 'Publishers',
      principals: services,
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources: ['*'],
      conditions: { StringEquals: { 'aws:SourceAccount': account } },
    }));

    const topic = new Topic(this, 'Resource', { masterKey: this.key, enforceSSL: true });
    for (const [service, sid, source] of PUBLISHERS) {
      topic.addToResourcePolicy(new PolicyStatement({
        sid,
        principals: [new ServicePrincipal(`${service}.amazonaws.com`)],
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        conditions: {
          StringEquals: { 'aws:SourceAccount': account },
          ArnLike: { 'aws:SourceArn': `arn:${partition}:${source(Stack.of(this))}` },
        },
      }));
    }
    this.topic = topic;

    const deadLetterQueue = new DeadLetterQueue(this, 'DeadLetters', { key: this.key });
    for (const subscription of props.subscriptions) {
      topic.addSubscription({ bind: (target) => ({ deadLetterQueue, ...withoutUndefined(subscription.bind(target)) }) });
    }
  }
}

/** An undefined property would replace the topic's dead-letter queue. */
function withoutUndefined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as T;
}
