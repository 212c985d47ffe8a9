import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { FindingSeverity, LogArchive, ProtectionPlan, ThreatDetection, ThreatDetector } from 'cdk-secure-ai/audit';
import type { ThreatDetectionProps } from 'cdk-secure-ai/audit';
import { SecurityPosture } from 'cdk-secure-ai/posture';
import { describe, expect, test } from 'vitest';
import { detectionFinding } from '../../lib/core/finding';
import { FINDING_EVENT } from '../../lib/core/finding-sink';
import { awsService, IamWorld, resolveTemplate } from '../support/iam';
import { headings } from '../support/runbook';

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

const JOB_ARN = 'arn:aws:sagemaker:eu-central-1:111111111111:training-job/escaped';
const FINDING = detectionFinding({
  detector: 'training.job-isolation', title: 'Job outside of isolation', level: 'high', outcome: 'blocked', reasons: ['NO_VPC'], time: 2000,
  resource: { arn: JOB_ARN, type: 'AWS::SageMaker::TrainingJob', createdAt: 1000 }, runbook: 'job-outside-of-isolation',
});

interface OwnRule {
  readonly EventPattern: Readonly<Record<string, readonly unknown[]>>;
  readonly Targets: readonly { readonly InputTransformer: { readonly InputPathsMap: Readonly<Record<string, string>>; readonly InputTemplate: string } }[];
}

function ownRuleOf(template: Template): OwnRule {
  const rules = Object.values(template.findResources('AWS::Events::Rule')) as { readonly Properties: OwnRule }[];
  return rules.find(({ Properties }) => Properties.EventPattern.source.includes('secure-ai'))!.Properties;
}

/** A pattern of texts at the top, as EventBridge reads one. */
function matches(pattern: OwnRule['EventPattern'], event: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(pattern).every(([name, values]) => values.includes(event[name]));
}

/** What the target gets for an event, as EventBridge fills in its template. */
function rendered({ InputTransformer }: OwnRule['Targets'][number], event: object): unknown {
  const valueAt = (path: string) => path.split(/[.[\]]+/).filter((step) => step !== '$' && step !== '')
    .reduce<unknown>((value, step) => (value as Record<string, unknown>)[step], event);
  return JSON.parse(InputTransformer.InputTemplate.replace(/<([^>]+)>/g, (_, name: string) => String(valueAt(InputTransformer.InputPathsMap[name]))));
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

  test('of the library leads to the topic with all that it says, whatever the severity of GuardDuty is', () => {
    const { template } = detectionWith({ severity: FindingSeverity.CRITICAL });
    const rule = ownRuleOf(template);
    const event = { 'source': FINDING_EVENT.source, 'detail-type': FINDING_EVENT.detailType, 'detail': FINDING };
    expect(matches(rule.EventPattern, event)).toBe(true);
    expect(headings()).toEqual(expect.arrayContaining(['job-outside-of-isolation', 'finding-of-the-library']));
    const [target] = rule.Targets;
    expect(target).toMatchObject({ Arn: { Ref: expect.stringMatching('^ThreatsTopic') }, DeadLetterConfig: { Arn: { 'Fn::GetAtt': [expect.stringMatching('^ThreatsDeadLetters'), 'Arn'] } } });
    expect(rendered(target, event)).toBe(
      'Finding training.job-isolation, severity 4 of 5, disposition 2, account 111111111111, region eu-central-1, '
      + `resource ${JOB_ARN}, id ${FINDING.finding_info.uid}: Job outside of isolation: NO_VPC; see docs/runbook.md#job-outside-of-isolation, and #finding-of-the-library`,
    );
  });

  test.each([
    ['of another source', { source: 'aws.sagemaker' }], ['of another kind', { 'detail-type': 'Training Job Prepared' }],
  ])('of the library is not taken for an event %s', (_, change) => {
    const event = { 'source': FINDING_EVENT.source, 'detail-type': FINDING_EVENT.detailType, 'detail': FINDING, ...change };
    expect(matches(ownRuleOf(detectionWith().template).EventPattern, event)).toBe(false);
  });

  test('that the topic does not take may be left in the queue by each of the two rules, and by no other', async () => {
    const { stack, template } = detectionWith();
    const rules = Object.keys(template.findResources('AWS::Events::Rule'));
    expect(rules).toHaveLength(2);
    const resolved = resolveTemplate(template.toJSON(), { stackName: 'Stack', accountId: env.account, region: env.region });
    const queue = resolved.arnOf(resolved.resourceIds('AWS::SQS::Queue').find((id) => id.startsWith('ThreatsDeadLetters'))!);
    const world = IamWorld.of(stack, { accountId: env.account, region: env.region });
    const decisionFor = async (rule: string) => (await world.request({
      principal: awsService('events.amazonaws.com', { sourceArn: rule, sourceAccount: env.account }), action: 'sqs:SendMessage', resource: queue,
    })).decision;
    for (const rule of rules) expect(await decisionFor(resolved.arnOf(rule))).toBe('allowed');
    expect(await decisionFor('arn:aws:events:eu-central-1:111111111111:rule/other')).not.toBe('allowed');
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
