import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { ModelArtifactBucket, ModelPromoter } from 'cdk-secure-ai/models';
import { SecurityPosture, SecurityProfile, WeakerChoice } from 'cdk-secure-ai/posture';
import type { SecurityPostureProps } from 'cdk-secure-ai/posture';
import { describe, expect, test } from 'vitest';
import { HandlerFunction } from '../../lib/core/handler-function';
import { EncryptionKey } from '../../lib/core/encryption-key';
import { PROMOTE } from '../../lib/models/promote.contract';
import { headings } from '../support/runbook';

const TOPIC_ARN = 'arn:aws:sns:eu-central-1:111111111111:on-call';

function promoterWith(posture: SecurityPostureProps = {}): { stack: Stack; promoter: ModelPromoter } {
  const stack = new Stack(new App(), 'Stack', { env: { account: '111111111111', region: 'eu-central-1' } });
  SecurityPosture.attach(stack, posture);
  return { stack, promoter: new ModelPromoter(stack, 'Promoter', { store: new ModelArtifactBucket(stack, 'Models'), ...networkOf(stack) }) };
}

function networkOf(stack: Stack): { vpc: ReturnType<typeof Vpc.fromVpcAttributes>; securityGroups: ReturnType<typeof SecurityGroup.fromSecurityGroupId>[] } {
  return {
    vpc: Vpc.fromVpcAttributes(stack, 'Vpc', {
      vpcId: 'vpc-0a1b2c3d4e5f60718',
      availabilityZones: ['eu-central-1a', 'eu-central-1b'],
      isolatedSubnetIds: ['subnet-1', 'subnet-2'],
      isolatedSubnetRouteTableIds: ['rtb-1', 'rtb-2'],
    }),
    securityGroups: [SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-1', { mutable: false })],
  };
}

describe('the function of the promoter', () => {
  const { stack, promoter } = promoterWith();
  const template = Template.fromStack(stack);

  test('has everything that the library fixes for one', () => {
    template.hasResourceProperties('AWS::Lambda::Function', {
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      MemorySize: 1024,
      Timeout: 900,
      TracingConfig: { Mode: 'Active' },
      ReservedConcurrentExecutions: 5,
      KmsKeyArn: Match.anyValue(),
      DeadLetterConfig: { TargetArn: Match.anyValue() },
      VpcConfig: { SubnetIds: ['subnet-1', 'subnet-2'], SecurityGroupIds: ['sg-1'] },
      LoggingConfig: { LogFormat: 'JSON', LogGroup: { Ref: Match.stringLikeRegexp('PromoterHandlerLogs') } },
    });
    template.hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 2192, KmsKeyId: Match.anyValue() });
    template.hasResource('AWS::Logs::LogGroup', { DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' });
    template.hasResourceProperties('AWS::SQS::Queue', { KmsMasterKeyId: Match.anyValue() });
  });

  test('waits for all policies of its role', () => {
    const [handler] = Object.values(template.findResources('AWS::Lambda::Function')) as { DependsOn: string[] }[];
    expect(handler.DependsOn.map((id) => id.replace(/[0-9A-F]{8}$/, '')).sort()).toEqual([
      'PromoterHandlerRole', 'PromoterHandlerRolePolicy', 'PromoterHandlerRoleServiceWide',
    ]);
  });

  test('tells which endpoints and host names it needs, from the calls that it declares', () => {
    expect(promoter.requiredEndpoints).toEqual(['com.amazonaws.eu-central-1.s3']);
    expect(stack.resolve(promoter.requiredHosts)).toEqual([
      { 'Fn::Join': ['', ['s3.eu-central-1.', { Ref: 'AWS::URLSuffix' }]] },
      { 'Fn::Join': ['', ['*.s3.eu-central-1.', { Ref: 'AWS::URLSuffix' }]] },
    ]);
  });
});

test('what it could not promote is told to the alarm topic of the posture, and to nobody without one', () => {
  const { stack, promoter } = promoterWith();
  Template.fromStack(stack).resourcePropertiesCountIs('AWS::CloudWatch::Alarm', { AlarmDescription: Match.stringLikeRegexp('promoted') }, 0);
  expect(promoter.node.tryFindChild('Unpromoted')).toBeUndefined();

  const topics = new Stack(new App(), 'Topics', { env: { account: '111111111111', region: 'eu-central-1' } });
  const told = Template.fromStack(promoterWith({ alarmTopic: Topic.fromTopicArn(topics, 'OnCall', TOPIC_ARN) }).stack);
  const [handler] = Object.values(told.findResources('AWS::Lambda::Function')) as { Properties: { DeadLetterConfig: { TargetArn: { 'Fn::GetAtt': string[] } } } }[];
  const [queue] = handler.Properties.DeadLetterConfig.TargetArn['Fn::GetAtt'];
  told.hasResourceProperties('AWS::CloudWatch::Alarm', {
    AlarmDescription: Match.stringLikeRegexp('runbook.md#unpromoted-model$'),
    Namespace: 'AWS/SQS', MetricName: 'ApproximateNumberOfMessagesVisible', Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': [queue, 'QueueName'] } }],
    Statistic: 'Maximum', Threshold: 0, ComparisonOperator: 'GreaterThanThreshold', EvaluationPeriods: 1, TreatMissingData: 'notBreaching',
    AlarmActions: [TOPIC_ARN], OKActions: [TOPIC_ARN], InsufficientDataActions: [TOPIC_ARN],
  });
  expect(headings()).toContain('unpromoted-model');
});

test.each([
  ['BASELINE', { profile: SecurityProfile.BASELINE }],
  ['a named weaker choice', { unreservedConcurrency: WeakerChoice.of({ reason: 'new account', owner: 'platform', expires: '2027-03-31' }), evaluationDate: '2026-11-24' }],
])('%s reserves no concurrency, which a new account does not have', (_, posture) => {
  Template.fromStack(promoterWith(posture).stack).hasResourceProperties('AWS::Lambda::Function', { ReservedConcurrentExecutions: Match.absent() });
});

test.each([
  ['a slot without a resource', { resources: {} }, "slot 'quarantineObjects' has no resource"],
  ['a resource without a slot', { resources: { elsewhere: ['arn:aws:s3:::x'] } }, "no call names the slot 'elsewhere'"],
  ['a variable without a value', { environment: {} }, "variable 'QUARANTINE_BUCKET' has no value"],
  ['a variable that the contract lacks', { environment: { DEBUG: '1' } }, "variable 'DEBUG' is not in the contract"],
])('fails for %s', (_, wrong, message) => {
  const stack = new Stack(new App(), 'Stack');
  const key = new EncryptionKey(stack, 'Key', { description: 'test' });
  expect(() => new HandlerFunction(stack, 'Handler', {
    contract: PROMOTE, description: 'test', key, network: networkOf(stack), environment: {}, resources: {}, ...wrong,
  })).toThrow(message);
});

test.each([
  ['no security group', { securityGroups: [] }, 'securityGroups is empty'],
  ['one subnet', { subnets: { availabilityZones: ['eu-central-1a'] } }, 'needs at least two subnets, got 1'],
])('the promoter fails for %s', (_, wrong, message) => {
  const stack = new Stack(new App(), 'Stack');
  const store = new ModelArtifactBucket(stack, 'Models');
  expect(() => new ModelPromoter(stack, 'Promoter', { store, ...networkOf(stack), ...wrong })).toThrow(message);
});
