import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { AnyPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { AlarmTopic } from 'cdk-secure-ai/audit';
import { SecurityPosture } from 'cdk-secure-ai/posture';
import { describe, expect, test } from 'vitest';
import type { Request } from '../support/iam';
import { IamWorld, administrator, awsService, expectGuarded } from '../support/iam';

const ACCOUNT = '111111111111';
const REGION = 'eu-central-1';
const OTHER = '999988887777';
const env = { account: ACCOUNT, region: REGION };

function alarmTopic(): { stack: Stack; alarms: AlarmTopic } {
  const stack = new Stack(new App(), 'Stack', { env });
  return { stack, alarms: new AlarmTopic(stack, 'Alarms', { subscriptions: [new EmailSubscription('on-call@example.com')] }) };
}

/** Who publishes, for what of an account. */
const PUBLISHERS: readonly [string, string, (account: string) => string][] = [
  ['cloudwatch', 'PublishAlarms', (account) => `arn:aws:cloudwatch:${REGION}:${account}:alarm:too-many`],
  ['events', 'PublishEvents', (account) => `arn:aws:events:${REGION}:${account}:rule/findings`],
  ['budgets', 'PublishBudgets', (account) => `arn:aws:budgets::${account}:budget/inference`],
];

describe.each(PUBLISHERS)('%s publishes to the topic (FD-9)', (service, sid, arnIn) => {
  const { stack, alarms } = alarmTopic();
  const world = IamWorld.of(stack, { accountId: ACCOUNT, region: REGION });
  const from = (account: string) => awsService(`${service}.amazonaws.com`, { sourceAccount: account, sourceArn: arnIn(account) });
  const publish: Request = { principal: from(ACCOUNT), action: 'sns:Publish', resource: alarms.topic };

  test('for this account, and not for another', async () => {
    expect((await world.request(publish)).decision).toBe('allowed');
    expect((await world.request({ ...publish, principal: from(OTHER) })).decision).toBe('implicit-deny');
    const held = ['aws:SourceArn', 'aws:SourceAccount'].map((key) => ({ sid, key }));
    for (const mutation of held) expect((await world.without(mutation).request({ ...publish, principal: from(OTHER) })).decision).toBe('implicit-deny');
    expect((await held.reduce((at, mutation) => at.without(mutation), world).request({ ...publish, principal: from(OTHER) })).decision).toBe('allowed');
  });

  test.each(['kms:Decrypt', 'kms:GenerateDataKey'])('with the key of the topic: %s, or its alarms would vanish', async (action) => {
    const use: Request = { principal: from(ACCOUNT), action, resource: alarms.key };
    expect((await world.request(use)).decision).toBe('allowed');
    expect((await world.without({ sid: 'Publishers' }).request(use)).decision).toBe('implicit-deny');
    expect((await world.request({ ...use, principal: from(OTHER) })).decision).toBe('implicit-deny');
  });
});

test('nobody publishes without TLS', () => {
  const { stack, alarms } = alarmTopic();
  alarms.topic.addToResourcePolicy(new PolicyStatement({ sid: 'Accident', principals: [new AnyPrincipal()], actions: ['sns:Publish'], resources: [alarms.topic.topicArn] }));
  const publish: Request = { principal: administrator(), action: 'sns:Publish', resource: alarms.topic };
  return expectGuarded({
    world: IamWorld.of(stack, { accountId: ACCOUNT, region: REGION }),
    allowed: publish,
    denied: { 'plain HTTP': { ...publish, context: { 'aws:SecureTransport': 'false' } } },
    protections: ['AllowPublishThroughSSLOnly'],
  });
});

test('a service that is not named does not publish', async () => {
  const { stack, alarms } = alarmTopic();
  const world = IamWorld.of(stack, { accountId: ACCOUNT, region: REGION });
  const principal = awsService('s3.amazonaws.com', { sourceAccount: ACCOUNT, sourceArn: 'arn:aws:s3:::bucket' });
  expect((await world.request({ principal, action: 'sns:Publish', resource: alarms.topic })).decision).toBe('implicit-deny');
});

describe('subscriptions', () => {
  test('get the dead-letter queue of the topic, unless they have one', () => {
    const stack = new Stack(new App(), 'Stack', { env });
    const own = new Queue(stack, 'Own');
    new AlarmTopic(stack, 'Alarms', { subscriptions: [new EmailSubscription('a@example.com'), new EmailSubscription('b@example.com', { deadLetterQueue: own })] });
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::SNS::Subscription', {
      Endpoint: 'a@example.com', Protocol: 'email', RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^AlarmsDeadLetters'), 'Arn'] } },
    });
    template.hasResourceProperties('AWS::SNS::Subscription', {
      Endpoint: 'b@example.com', RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Own'), 'Arn'] } },
    });
  });

  test('fails without any', () => {
    expect(() => new AlarmTopic(new Stack(), 'Alarms', { subscriptions: [] })).toThrow("'Default/Alarms' has no subscription: name at least one, or alarms reach nobody");
  });
});

test('a topic of a stack with a posture of its own can be the topic of the app', () => {
  const app = new App();
  const stack = new Stack(app, 'Alarms', { env });
  SecurityPosture.attach(stack);
  const { topic } = new AlarmTopic(stack, 'Alarms', { subscriptions: [new EmailSubscription('on-call@example.com')] });
  SecurityPosture.attach(app, { alarmTopic: topic });
  expect(SecurityPosture.of(new Stack(app, 'Workload', { env })).alarmTopic).toBe(topic);
});
