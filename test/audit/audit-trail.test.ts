import { App, Stack, Stage } from 'aws-cdk-lib';
import type { Environment } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { AuditTrail, LogArchive, ManagementEvents } from 'cdk-secure-ai/audit';
import type { AuditTrailProps } from 'cdk-secure-ai/audit';
import { ModelArtifactBucket } from 'cdk-secure-ai/models';
import { SecurityPosture, SecurityProfile } from 'cdk-secure-ai/posture';
import { describe, expect, test } from 'vitest';
import { TAMPERING } from '../../lib/audit/tampering-actions';
import { PROFILE_POSTURES } from '../support/full-platform';

const env: Environment = { account: '111111111111', region: 'eu-central-1' };
const ORGANIZATION_TRAIL = ManagementEvents.recordedBy('arn:aws:cloudtrail:eu-central-1:222222222222:trail/organization');

interface FieldSelector {
  readonly Field: string;
  readonly Equals?: string[];
  readonly StartsWith?: unknown[];
}
interface Trail {
  readonly Properties: Record<string, unknown> & { readonly AdvancedEventSelectors?: { FieldSelectors: FieldSelector[] }[]; readonly EventSelectors?: unknown };
  readonly DependsOn: string[];
}

function trailsOf(stack: Stack): Record<string, Trail> {
  return Template.fromStack(stack).findResources('AWS::CloudTrail::Trail') as unknown as Record<string, Trail>;
}

function theTrailOf(stack: Stack): Trail {
  return Object.entries(trailsOf(stack)).find(([id]) => !id.includes('AccountWide'))![1];
}

/** What a trail records: `Management`, resource types, and the prefixes of objects. */
function recordedBy(trail: Trail): { types: string[]; objects: unknown[] } {
  const fields = (trail.Properties.AdvancedEventSelectors ?? []).map(({ FieldSelectors }) => FieldSelectors);
  const of = (selector: FieldSelector[], field: string) => selector.find(({ Field }) => Field === field);
  for (const selector of fields) expect(of(selector, 'eventCategory')?.Equals).toHaveLength(1);
  return {
    types: fields.map((selector) => of(selector, 'resources.type')?.Equals?.[0] ?? of(selector, 'eventCategory')!.Equals![0]),
    objects: fields.flatMap((selector) => of(selector, 'resources.ARN')?.StartsWith ?? []),
  };
}

/** The logical ids of buckets whose objects are recorded. */
function bucketsIn(objects: unknown[]): string[] {
  return objects.map((object) => /"Fn::GetAtt":\["([A-Za-z]+)[0-9A-F]{8}"/.exec(JSON.stringify(object))?.[1] ?? JSON.stringify(object)).sort();
}

function stackWith(props: AuditTrailProps = {}, profile?: SecurityProfile, at: Environment = env): { app: App; stack: Stack; trail: AuditTrail } {
  const app = new App();
  const stack = new Stack(app, 'Stack', { env: at });
  if (profile) SecurityPosture.attach(stack, PROFILE_POSTURES[profile](app));
  return { app, stack, trail: new AuditTrail(stack, 'Trail', props) };
}

const BEDROCK = ['AgentAlias', 'AsyncInvoke', 'FlowAlias', 'Guardrail', 'InlineAgent', 'KnowledgeBase', 'Model'].map((type) => `AWS::Bedrock::${type}`);

describe('a trail without any property', () => {
  const { stack, trail } = stackWith();
  const resource = theTrailOf(stack);

  test('is one trail for all regions, encrypted, with validated files, in an archive of its own', () => {
    Template.fromStack(stack).resourceCountIs('AWS::CloudTrail::Trail', 1);
    expect(resource.Properties).toMatchObject({
      IsLogging: true, IsMultiRegionTrail: true, IncludeGlobalServiceEvents: true, EnableLogFileValidation: true,
      KMSKeyId: trail.archive.keyId, S3BucketName: { Ref: expect.stringMatching('TrailArchiveBucket') },
    });
    expect(resource.Properties).not.toHaveProperty('TrailName');
  });

  test('records management events, endpoints and Bedrock, and no object of any bucket', () => {
    expect(recordedBy(resource)).toEqual({ types: ['Management', 'AWS::SageMaker::Endpoint', ...BEDROCK], objects: [] });
  });

  test('waits for the policies of bucket and role, which CloudTrail tries at once (FD-7)', () => {
    expect(resource.DependsOn.map((id) => id.replace(/[0-9A-F]{8}$/, ''))).toEqual(expect.arrayContaining([
      'TrailArchiveBucketPolicy', 'TrailArchiveKey', 'TrailArchiveKeyAlias', 'TrailDeliveryRole', 'TrailDeliveryRolePolicy',
    ]));
  });

  test('writes to an encrypted log group that is kept, with a role for nothing else', () => {
    const template = Template.fromStack(stack);
    template.hasResource('AWS::Logs::LogGroup', { Properties: { RetentionInDays: 2192, KmsKeyId: Match.anyValue() }, DeletionPolicy: 'RetainExceptOnCreate' });
    template.hasResourceProperties('AWS::IAM::ManagedPolicy', {
      PolicyDocument: {
        Statement: [{
          Effect: 'Allow', Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: { 'Fn::GetAtt': [Match.stringLikeRegexp('^TrailEvents'), 'Arn'] },
        }],
      },
    });
    template.hasResourceProperties('AWS::IAM::Role', { AssumeRolePolicyDocument: { Statement: [{ Principal: { Service: 'cloudtrail.amazonaws.com' } }] } });
  });

  test('declares its controls, and has no alarm without a topic', () => {
    expect(trail.node.metadata.find(({ type }) => type === 'cdk-secure-ai:controls')?.data).toEqual(['OB1', 'P5']);
    Template.fromStack(stack).resourceCountIs('AWS::CloudWatch::Alarm', 0);
  });
});

describe('which buckets are recorded', () => {
  test.each([['before', true], ['after', false]])('those of a model store that was made %s the trail', (_, storeFirst) => {
    const stack = new Stack(new App(), 'Stack', { env });
    if (storeFirst) new ModelArtifactBucket(stack, 'Models');
    new AuditTrail(stack, 'Trail');
    if (!storeFirst) new ModelArtifactBucket(stack, 'Models');
    const { types, objects } = recordedBy(theTrailOf(stack));
    expect(types).toContain('AWS::S3::Object');
    expect(bucketsIn(objects)).toEqual(['ModelsQuarantine', 'ModelsServed']);
  });

  test('those that are registered, wholly or below a prefix, each once', () => {
    const { stack, trail } = stackWith();
    const bucket = Bucket.fromBucketName(stack, 'Data', 'datasets');
    trail.registerBucket(bucket);
    trail.registerBucket(bucket);
    trail.registerBucket(Bucket.fromBucketName(stack, 'Shared', 'shared'), 'training/');
    const arn = (path: string) => ({ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:s3:::${path}`]] });
    expect(recordedBy(theTrailOf(stack)).objects).toEqual([arn('datasets/'), arn('shared/training/')]);
  });

  test('those of a store in another stack, of the same account and region only', () => {
    const app = new App();
    const audit = new Stack(app, 'Audit', { env });
    new AuditTrail(audit, 'Trail');
    new ModelArtifactBucket(new Stack(app, 'Near', { env }), 'Models');
    new ModelArtifactBucket(new Stack(app, 'Abroad', { env: { ...env, region: 'us-east-1' } }), 'Models');
    new ModelArtifactBucket(new Stack(app, 'Foreign', { env: { ...env, account: '222222222222' } }), 'Models');
    new ModelArtifactBucket(new Stack(new Stage(app, 'Stage'), 'Staged', { env }), 'Models');
    app.synth();
    const { objects } = recordedBy(theTrailOf(audit));
    expect(objects).toHaveLength(2);
    expect(JSON.stringify(objects)).toMatch(/Near:.*Near:/);
  });

  test('those of a store that logs to the archive, with the trail in a stack of its own', () => {
    const app = new App();
    const archive = new LogArchive(new Stack(app, 'Archive', { env }), 'Archive');
    const models = new Stack(app, 'Models', { env });
    new ModelArtifactBucket(models, 'Models', { accessLogs: archive.accessLogs });
    const audit = new Stack(app, 'Audit', { env });
    new AuditTrail(audit, 'Trail', { archive });
    app.synth();
    expect(recordedBy(theTrailOf(audit)).objects).toHaveLength(2);
    expect(audit.dependencies.map(({ node }) => node.id).sort()).toEqual(['Archive', 'Models']);
  });

  test('by one trail alone: the nearest, and the second one is warned about', () => {
    const app = new App();
    const [first, second] = ['First', 'Second'].map((id) => {
      const stack = new Stack(app, id, { env });
      new AuditTrail(stack, 'Trail');
      new ModelArtifactBucket(stack, 'Models');
      return stack;
    });
    app.synth();
    for (const stack of [first, second]) expect(bucketsIn(recordedBy(theTrailOf(stack)).objects)).toEqual(['ModelsQuarantine', 'ModelsServed']);
    Annotations.fromStack(first).hasNoWarning('*', Match.anyValue());
    Annotations.fromStack(second).hasWarning('*', Match.stringLikeRegexp("have the audit trail 'First/Trail' already"));
  });
});

describe('an account that has a trail of its organisation', () => {
  test('gets a trail without management events, of which a second copy costs', () => {
    const { stack } = stackWith({ managementEvents: ORGANIZATION_TRAIL });
    expect(recordedBy(theTrailOf(stack)).types).toEqual(['AWS::SageMaker::Endpoint', ...BEDROCK]);
  });

  test('gets no alarm on changes, which the trail that records them must raise', () => {
    const app = new App();
    const stack = new Stack(app, 'Stack', { env });
    SecurityPosture.attach(stack, { alarmTopic: PROFILE_POSTURES[SecurityProfile.HIGH_ASSURANCE](app).alarmTopic! });
    new AuditTrail(stack, 'Trail', { managementEvents: ORGANIZATION_TRAIL });
    Template.fromStack(stack).resourceCountIs('AWS::CloudWatch::Alarm', 0);
  });

  test.each(['arn:aws:s3:::trail/x', 'arn:aws:cloudtrail:eu-central-1:222222222222:channel/x'])("fails for the trail '%s'", (arn) => {
    expect(() => ManagementEvents.recordedBy(arn)).toThrow(`recordedBy takes the ARN of a trail, got '${arn}'`);
  });
});

describe('account-wide object events', () => {
  test.each([[SecurityProfile.BASELINE], [SecurityProfile.REGULATED]])('are not recorded under %s, where they cost without end', (profile) => {
    const { stack } = stackWith({}, profile);
    Template.fromStack(stack).resourceCountIs('AWS::CloudTrail::Trail', 1);
    expect(JSON.stringify(trailsOf(stack))).not.toContain(':s3:::"');
  });

  test('are recorded under HIGH_ASSURANCE by a second trail, in the one form that checkers take, and nothing is recorded twice', () => {
    const { stack } = stackWith({}, SecurityProfile.HIGH_ASSURANCE);
    new ModelArtifactBucket(stack, 'Models');
    const trails = trailsOf(stack);
    expect(Object.keys(trails)).toHaveLength(2);
    const [, wide] = Object.entries(trails).find(([id]) => id.includes('AccountWide'))!;
    expect(wide.Properties.EventSelectors).toEqual([
      { DataResources: [{ Type: 'AWS::S3::Object', Values: ['arn:aws:s3:::'] }], IncludeManagementEvents: true, ReadWriteType: 'All' },
    ]);
    expect(wide.Properties).not.toHaveProperty('AdvancedEventSelectors');
    expect(wide.Properties).toMatchObject({ IsMultiRegionTrail: true, EnableLogFileValidation: true, KMSKeyId: expect.stringMatching('^alias/') });
    expect(recordedBy(theTrailOf(stack))).toEqual({ types: ['AWS::SageMaker::Endpoint', ...BEDROCK], objects: [] });
  });

  test('leave management events to the trail that has them', () => {
    const { stack } = stackWith({ managementEvents: ORGANIZATION_TRAIL }, SecurityProfile.HIGH_ASSURANCE);
    expect(JSON.stringify(trailsOf(stack))).toContain('"IncludeManagementEvents":false');
  });
});

describe('what else a trail takes', () => {
  test('an archive, and then makes none', () => {
    const stack = new Stack(new App(), 'Stack', { env });
    const archive = LogArchive.fromAttributes(stack, 'Archive', {
      bucketArn: 'arn:aws:s3:::records', accessLogsBucketArn: 'arn:aws:s3:::access',
      keyArn: 'arn:aws:kms:eu-central-1:111111111111:key/11111111-1111-1111-1111-111111111111',
    });
    new AuditTrail(stack, 'Trail', { archive });
    Template.fromStack(stack).resourceCountIs('AWS::S3::Bucket', 0);
    expect(theTrailOf(stack).Properties).toMatchObject({ S3BucketName: 'records', KMSKeyId: archive.keyId });
  });

  test('other types of data events', () => {
    const { stack } = stackWith({ dataEventTypes: ['AWS::SageMaker::FeatureGroup'] });
    expect(recordedBy(theTrailOf(stack)).types).toEqual(['Management', 'AWS::SageMaker::FeatureGroup']);
  });

  test('no type of Bedrock in China, where CloudTrail refuses them', () => {
    const { stack } = stackWith({}, undefined, { account: '111111111111', region: 'cn-north-1' });
    expect(recordedBy(theTrailOf(stack)).types).toEqual(['Management', 'AWS::SageMaker::Endpoint']);
  });

  test('the ARN of its own partition for account-wide events', () => {
    const { stack } = stackWith({}, SecurityProfile.HIGH_ASSURANCE, { account: '111111111111', region: 'us-gov-west-1' });
    expect(JSON.stringify(trailsOf(stack))).toContain('"arn:aws-us-gov:s3:::"');
  });
});

describe('what a trail refuses', () => {
  test.each([
    ['AWS::S3::Object', 'would record every bucket: register buckets instead'],
    ['*', "got '*'"],
    ['AWS::SageMaker', "got 'AWS::SageMaker'"],
    ['__proto__', "got '__proto__'"],
  ])("fails for the type '%s'", (type, message) => {
    expect(() => stackWith({ dataEventTypes: [type] })).toThrow(message);
  });

  test('fails at synthesis when it would record nothing', () => {
    const { app } = stackWith({ dataEventTypes: [], managementEvents: ORGANIZATION_TRAIL });
    expect(() => app.synth()).toThrow('the trail records nothing: register a bucket');
  });

  test.each([[490, false], [500, true]])('with %i buckets: fails %s', (count, refused) => {
    const { app, stack, trail } = stackWith({ dataEventTypes: [] });
    for (let n = 0; n < count; n++) trail.registerBucket(Bucket.fromBucketName(stack, `Data${n}`, `datasets-${n}`));
    const synth = expect(() => app.synth());
    if (refused) synth.toThrow("the trail's selectors have 503 values, CloudTrail takes 500");
    else synth.not.toThrow();
  });
});

describe('the alarm on changes of what records', () => {
  const { stack } = stackWith({}, SecurityProfile.HIGH_ASSURANCE);
  const template = Template.fromStack(stack);

  test('sees each call that the guard denies, and calls that take keys away', () => {
    const [filter] = Object.values(template.findResources('AWS::Logs::MetricFilter')) as { Properties: { FilterPattern: string } }[];
    const names = [...filter.Properties.FilterPattern.matchAll(/\$\.eventName = "(\w+)"/g)].map(([, name]) => name);
    expect(names.sort()).toEqual([...Object.values(TAMPERING).flat(), 'DisableKey', 'ScheduleKeyDeletion'].sort());
    expect(filter.Properties.FilterPattern.length).toBeLessThanOrEqual(1024);
  });

  test('tells the topic of the posture', () => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Threshold: 0, TreatMissingData: 'notBreaching', AlarmDescription: Match.stringLikeRegexp('runbook.md#audit-change'),
      AlarmActions: [Match.anyValue()], OKActions: [Match.anyValue()], InsufficientDataActions: [Match.anyValue()],
    });
  });
});
