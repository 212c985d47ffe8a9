import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { FindingSeverity, LogArchive, ProtectionPlan, ThreatDetection, ThreatDetector } from 'cdk-secure-ai/audit';
import type { ThreatDetectionProps } from 'cdk-secure-ai/audit';
import { SecurityPosture } from 'cdk-secure-ai/posture';
import { describe, expect, test } from 'vitest';

const env = { account: '111111111111', region: 'eu-central-1' };
const DETECTOR_ID = '0123456789abcdef0123456789abcdef';
const TOPIC_ARN = 'arn:aws:sns:eu-central-1:111111111111:on-call';
const subscriptions = [new EmailSubscription('on-call@example.com')];

interface Detection {
  readonly stack: Stack;
  readonly threats: ThreatDetection;
  readonly template: Template;
}

function detectionWith(props: Partial<ThreatDetectionProps> = {}, posture?: { readonly alarmTopicArn: string }): Detection {
  const stack = new Stack(new App(), 'Stack', { env });
  if (posture) SecurityPosture.attach(stack, { alarmTopic: Topic.fromTopicArn(stack, 'OnCall', posture.alarmTopicArn) });
  const threats = new ThreatDetection(stack, 'Threats', { detector: ThreatDetector.managedByOrganization(), ...(posture ? {} : { subscriptions }), ...props });
  return { stack, threats, template: Template.fromStack(stack) };
}

describe('the detector', () => {
  test.each([
    ['managed by the organisation', ThreatDetector.managedByOrganization(), undefined],
    ['existing', ThreatDetector.existing(DETECTOR_ID), DETECTOR_ID],
  ])('%s is left alone', (_, detector, id) => {
    const { threats, template } = detectionWith({ detector });
    template.resourceCountIs('AWS::GuardDuty::Detector', 0);
    expect(threats.detectorId).toBe(id);
  });

  test('new has every protection plan as a feature, none as a data source, and goes on when its stack goes', () => {
    const { template } = detectionWith({ detector: ThreatDetector.create() });
    template.hasResource('AWS::GuardDuty::Detector', {
      Properties: {
        Enable: true,
        FindingPublishingFrequency: 'FIFTEEN_MINUTES',
        DataSources: Match.absent(),
        Features: [
          'S3_DATA_EVENTS', 'EKS_AUDIT_LOGS', 'EBS_MALWARE_PROTECTION', 'RDS_LOGIN_EVENTS', 'LAMBDA_NETWORK_LOGS', 'RUNTIME_MONITORING',
        ].map((Name) => ({ Name, Status: 'ENABLED' })),
      },
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
    });
  });

  test('new with some plans has those', () => {
    const { template } = detectionWith({ detector: ThreatDetector.create([ProtectionPlan.S3]) });
    template.hasResourceProperties('AWS::GuardDuty::Detector', { Features: [{ Name: 'S3_DATA_EVENTS', Status: 'ENABLED' }] });
  });

  test.each(['', 'detector', DETECTOR_ID.toUpperCase(), `${DETECTOR_ID}0`])("fails for the id '%s'", (id) => {
    expect(() => ThreatDetector.existing(id)).toThrow(`a detector id has 32 hexadecimal digits, got '${id}'`);
  });

  test('fails for a plan that is named twice', () => {
    expect(() => ThreatDetector.create([ProtectionPlan.S3, ProtectionPlan.S3])).toThrow('a protection plan is named twice');
  });
});

describe('the way of a finding', () => {
  test.each([
    [undefined, 4], [FindingSeverity.LOW, 1], [FindingSeverity.MEDIUM, 4], [FindingSeverity.HIGH, 7], [FindingSeverity.CRITICAL, 9],
  ])('of severity %s starts at %d', (severity, lowest) => {
    const { template } = detectionWith(severity ? { severity } : {});
    template.hasResourceProperties('AWS::Events::Rule', {
      State: 'ENABLED',
      EventPattern: { source: ['aws.guardduty'], 'detail-type': ['GuardDuty Finding'], detail: { severity: [{ numeric: ['>=', lowest] }] } },
    });
  });

  test('leads to the new topic, or, if that fails, to an encrypted queue with an alarm', () => {
    const { template } = detectionWith();
    template.hasResourceProperties('AWS::Events::Rule', {
      Targets: [{
        Arn: { Ref: Match.stringLikeRegexp('^ThreatsTopic') },
        DeadLetterConfig: { Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^ThreatsDeadLetters'), 'Arn'] } },
        RoleArn: Match.absent(),
      }],
    });
    template.allResourcesProperties('AWS::SQS::Queue', { KmsMasterKeyId: Match.anyValue() });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'ApproximateNumberOfMessagesVisible', Threshold: 0, AlarmDescription: Match.stringLikeRegexp('runbook.md#undelivered-finding'),
      AlarmActions: [{ Ref: Match.stringLikeRegexp('^ThreatsTopic') }], OKActions: [Match.anyValue()], InsufficientDataActions: [Match.anyValue()],
    });
  });

  test('tells which finding it is, and none of its details', () => {
    const { template } = detectionWith();
    const [rule] = Object.values(template.findResources('AWS::Events::Rule')) as { Properties: { Targets: { InputTransformer: { InputPathsMap: Record<string, string> } }[] } }[];
    expect(Object.values(rule.Properties.Targets[0].InputTransformer.InputPathsMap).sort()).toEqual([
      '$.detail.accountId', '$.detail.id', '$.detail.region', '$.detail.severity', '$.detail.type',
    ]);
  });

  test.each([
    ['the posture', {}, { alarmTopicArn: TOPIC_ARN }],
    ['its property', { subscriptions: [], alarmTopic: Topic.fromTopicArn(new Stack(new App(), 'Other', { env }), 'OnCall', TOPIC_ARN) }, undefined],
  ])('leads to the topic of %s, and then none is made', (_, props, posture) => {
    const { threats, template } = detectionWith(props, posture);
    expect(threats.topic.topicArn).toBe(TOPIC_ARN);
    template.resourceCountIs('AWS::SNS::Topic', 0);
    template.hasResourceProperties('AWS::Events::Rule', { Targets: [Match.objectLike({ Arn: TOPIC_ARN })] });
  });

  test("opens a topic of the app to this account's rules, also one of another stack, without a cycle", () => {
    const app = new App();
    const topics = new Stack(app, 'Topics', { env });
    const alarmTopic = new Topic(topics, 'OnCall');
    new ThreatDetection(new Stack(app, 'Stack', { env }), 'Threats', { detector: ThreatDetector.managedByOrganization(), alarmTopic });
    app.synth();
    Template.fromStack(topics).hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: [Match.objectLike({
          Principal: { Service: 'events.amazonaws.com' }, Action: 'sns:Publish', Condition: { StringEquals: { 'aws:SourceAccount': '111111111111' }, ArnLike: Match.anyValue() },
        })],
      },
    });
  });
});

describe('the export of findings', () => {
  test.each([['a new', ThreatDetector.create()], ['an existing', ThreatDetector.existing(DETECTOR_ID)]])(
    'of %s detector goes to the archive, once bucket and key let it in',
    (_, detector) => {
      const stack = new Stack(new App(), 'Stack', { env });
      new ThreatDetection(stack, 'Threats', { detector, archive: new LogArchive(stack, 'Archive'), subscriptions });
      const [destination] = Object.values(Template.fromStack(stack).findResources('AWS::GuardDuty::PublishingDestination')) as { Properties: object; DependsOn: string[] }[];
      expect(destination.Properties).toMatchObject({
        DestinationType: 'S3',
        DestinationProperties: {
          DestinationArn: { 'Fn::GetAtt': [expect.stringMatching('ArchiveBucket'), 'Arn'] }, KmsKeyArn: { 'Fn::GetAtt': [expect.stringMatching('ArchiveKey'), 'Arn'] },
        },
      });
      expect(destination.DependsOn.map((id) => id.replace(/[0-9A-F]{8}$/, ''))).toEqual(expect.arrayContaining(['ArchiveBucketPolicy', 'ArchiveKey']));
      expect(JSON.stringify(Template.fromStack(stack).findResources('AWS::S3::BucketPolicy'))).toContain('guardduty.amazonaws.com');
    },
  );

  test('is not there without an archive', () => detectionWith({ detector: ThreatDetector.create() }).template.resourceCountIs('AWS::GuardDuty::PublishingDestination', 0));
});

describe('what detection refuses', () => {
  test.each<[string, Partial<ThreatDetectionProps>, { alarmTopicArn: string } | undefined, string]>([
    ['nobody to tell', { subscriptions: [] }, undefined, 'tells nobody of findings: give alarmTopic, subscriptions, or a posture with an alarm topic'],
    ['subscriptions beside a topic', { subscriptions }, { alarmTopicArn: TOPIC_ARN }, 'subscriptions are for a new one: subscribe to the topic'],
  ])('fails with %s', (_, props, posture, message) => {
    expect(() => detectionWith(props, posture)).toThrow(message);
  });

  test('fails to export findings of a detector that the organisation manages', () => {
    const stack = new Stack(new App(), 'Stack', { env });
    const archive = new LogArchive(stack, 'Archive');
    expect(() => new ThreatDetection(stack, 'Threats', { detector: ThreatDetector.managedByOrganization(), archive, subscriptions }))
      .toThrow('its administrator exports them, or name the detector with ThreatDetector.existing');
  });
});

test('declares its controls', () => {
  expect(detectionWith().threats.node.metadata.find(({ type }) => type === 'cdk-secure-ai:controls')?.data).toEqual(['OB4', 'OB5', 'P5']);
});
