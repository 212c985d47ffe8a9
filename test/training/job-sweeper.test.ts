import { App, Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { NetworkSegment } from 'cdk-secure-ai/network';
import type { SecurityPostureProps } from 'cdk-secure-ai/posture';
import { SecurityPosture } from 'cdk-secure-ai/posture';
import { describe, expect, test } from 'vitest';
import { EncryptionKey } from '../../lib/core/encryption-key';
import { RAISE_FINDING } from '../../lib/core/finding-sink';
import { permitsOf } from '../../lib/core/handler-contract';
import type { JobSweeperProps } from '../../lib/training/job-sweeper';
import { JobSweeper } from '../../lib/training/job-sweeper';
import { SWEEP, SWEEP_ENV } from '../../lib/training/sweep.contract';
import { IamWorld } from '../support/iam';

const ENV = { account: '111111111111', region: 'eu-central-1' };

function sweeperWith(props: Partial<JobSweeperProps> = {}, posture: SecurityPostureProps = {}) {
  const stack = new Stack(new App(), 'Stack', { env: ENV });
  SecurityPosture.attach(stack, posture);
  const segment = new NetworkSegment(stack, 'Network');
  const sweeper = new JobSweeper(stack, 'Sweeper', {
    environmentTag: { key: 'secure-ai:environment', value: 'fraud' },
    rolesUnder: '/secure-ai/',
    volumeKey: new EncryptionKey(stack, 'Volume', { description: 'volumes' }),
    outputKey: new EncryptionKey(stack, 'Output', { description: 'outputs' }),
    segment,
    maxRuntime: Duration.days(1),
    ...props,
  });
  return { stack, sweeper, segment };
}

describe('the sweeper of a training environment', () => {
  const { stack } = sweeperWith();
  const template = Template.fromStack(stack);

  test('is started by running jobs of its own account and region, and by nothing else', () => {
    template.resourceCountIs('AWS::Events::Rule', 1);
    template.hasResourceProperties('AWS::Events::Rule', {
      ScheduleExpression: Match.absent(),
      EventPattern: {
        source: ['aws.sagemaker'],
        account: ['111111111111'],
        region: ['eu-central-1'],
        'detail-type': [
          'SageMaker Training Job State Change', 'SageMaker Processing Job State Change', 'SageMaker Transform Job State Change',
          'SageMaker HyperParameter Tuning Job State Change',
        ],
        detail: {
          $or: [
            { TrainingJobStatus: ['InProgress'] }, { ProcessingJobStatus: ['InProgress'] }, { TransformJobStatus: ['InProgress'] },
            { HyperParameterTuningJobStatus: ['InProgress'] },
          ],
        },
      },
      Targets: [Match.objectLike({ DeadLetterConfig: { Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('SweeperHandlerDeadLetters'), 'Arn'] } } })],
    });
    template.resourceCountIs('AWS::Scheduler::Schedule', 0);
  });

  test('knows its environment', () => {
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: {
        Variables: Match.objectLike({
          [SWEEP_ENV.ROLES_UNDER]: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::111111111111:role/secure-ai/']] },
          [SWEEP_ENV.OWN_MARKS]: 'volume-key,output-key,segment',
          [SWEEP_ENV.JOB_ARN_PREFIX]: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':sagemaker:eu-central-1:111111111111:']] },
          [SWEEP_ENV.SUBNET_IDS]: { 'Fn::Join': ['', [Match.anyValue(), ',', Match.anyValue()]] },
          [SWEEP_ENV.MAX_RUNTIME_SECONDS]: '86400',
          [SWEEP_ENV.KEYLESS_FAMILIES]: 'none',
        }),
      },
    });
  });

  test('opens the ways to SageMaker and to the bus in its segment', () => {
    for (const service of ['sagemaker.api', 'events']) {
      template.hasResourceProperties('AWS::EC2::VPCEndpoint', { ServiceName: Match.stringLikeRegexp(`\\.${service.replace('.', '\\.')}$`) });
    }
  });

  test('keeps events that reached no function, and its key lets EventBridge write them', () => {
    template.hasResourceProperties('AWS::SQS::QueuePolicy', {
      PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Action: 'sqs:SendMessage', Principal: { Service: 'events.amazonaws.com' } })]) },
    });
    template.hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: { Statement: Match.arrayWith([Match.objectLike({ Sid: 'UndeliveredEvents', Principal: { Service: 'events.amazonaws.com' } })]) },
    });
  });

  test('knows what it shares', () => {
    Template.fromStack(sweeperWith({ shared: ['output-key'] }).stack).hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: Match.objectLike({ [SWEEP_ENV.OWN_MARKS]: 'volume-key,segment' }) },
    });
  });

  test('names the families that take no key', () => {
    Template.fromStack(sweeperWith({ keylessFamilies: ['p4d', 'g5'] }).stack).hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: Match.objectLike({ [SWEEP_ENV.KEYLESS_FAMILIES]: 'g5,p4d' }) },
    });
  });
});

describe('the alarm', () => {
  const topic = (stack: Stack) => Topic.fromTopicArn(stack, 'OnCall', 'arn:aws:sns:eu-central-1:111111111111:on-call');
  const alarm = {
    MetricName: 'ApproximateNumberOfMessagesVisible',
    Threshold: 0,
    AlarmActions: ['arn:aws:sns:eu-central-1:111111111111:on-call'],
    AlarmDescription: Match.stringLikeRegexp('docs/runbook\\.md#unswept-job'),
  };

  test("goes to the posture's topic", () => {
    const { stack } = sweeperWith({}, { alarmTopic: topic(new Stack(new App(), 'Other')) });
    Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Alarm', alarm);
  });

  test('is not there without a topic', () => {
    Template.fromStack(sweeperWith().stack).resourceCountIs('AWS::CloudWatch::Alarm', 0);
  });
});

describe('the role of the sweeper', () => {
  const { stack, sweeper } = sweeperWith();
  const role = sweeper.node.findChild('Handler').node.findChild('Role');
  const world = IamWorld.of(stack, { accountId: ENV.account, region: ENV.region });
  const job = 'arn:aws:sagemaker:eu-central-1:111111111111:training-job/fraud-7';
  const may = async (action: string, resource: string) => (await world.request({ principal: role, action, resource })).decision === 'allowed';

  test('may describe and stop jobs, and put findings on the bus', async () => {
    expect(await may('sagemaker:DescribeTrainingJob', job)).toBe(true);
    expect(await may('sagemaker:StopTrainingJob', job)).toBe(true);
    expect(await may('events:PutEvents', 'arn:aws:events:eu-central-1:111111111111:event-bus/default')).toBe(true);
  });

  test.each([
    ['sagemaker:CreateTrainingJob', job],
    ['sagemaker:UpdateTrainingJob', job],
    ['sagemaker:DeleteTrainingJob', job],
    ['sagemaker:DeleteModel', 'arn:aws:sagemaker:eu-central-1:111111111111:model/fraud'],
    ['sagemaker:StopTrainingJob', 'arn:aws:sagemaker:us-east-1:111111111111:training-job/fraud-7'],
    ['sagemaker:AddTags', job],
    ['events:PutEvents', 'arn:aws:events:eu-central-1:111111111111:event-bus/other'],
    ['iam:PassRole', 'arn:aws:iam::111111111111:role/training'],
  ])('may not %s on %s', async (action, resource) => {
    expect(await may(action, resource)).toBe(false);
  });
});

test('every call of the contract has a permission, and findings are raised through the one of core', () => {
  expect(permitsOf(SWEEP).flatMap(({ actions }) => actions)).toContain('events:PutEvents');
  expect(SWEEP.calls).toContain(RAISE_FINDING);
});

test('without a posture the sweeper takes the fallback, which reserves concurrency', () => {
  const stack = new Stack(new App(), 'Stack', { env: ENV });
  const key = new EncryptionKey(stack, 'Key', { description: 'test' });
  new JobSweeper(stack, 'Sweeper', {
    environmentTag: { key: 'a', value: 'b' }, rolesUnder: '/c/', volumeKey: key, outputKey: key, segment: new NetworkSegment(stack, 'Network'), maxRuntime: Duration.hours(1),
  });
  Template.fromStack(stack).hasResourceProperties('AWS::Lambda::Function', { ReservedConcurrentExecutions: 5 });
});
