import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { LogArchive, LogSource } from 'cdk-secure-ai/audit';
import type { LogArchiveProps } from 'cdk-secure-ai/audit';
import { ModelArtifactBucket } from 'cdk-secure-ai/models';
import type { SecurityPostureProps } from 'cdk-secure-ai/posture';
import { DataClass, SecurityPosture, SecurityProfile } from 'cdk-secure-ai/posture';
import { describe, expect, test } from 'vitest';
import { PROFILE_POSTURES } from '../support/full-platform';

const env = { account: '111111111111', region: 'eu-central-1' };
const SOURCES = [LogSource.CLOUDTRAIL, LogSource.VENDED_LOGS, LogSource.GUARDDUTY_FINDINGS];

function archiveWith(props: LogArchiveProps = {}, posture?: SecurityPostureProps): { stack: Stack; archive: LogArchive } {
  const stack = new Stack(new App(), 'Stack', { env });
  if (posture) SecurityPosture.attach(stack, posture);
  return { stack, archive: new LogArchive(stack, 'Archive', props) };
}

function bucketOf(stack: Stack): Record<string, unknown> {
  const buckets = Template.fromStack(stack).findResources('AWS::S3::Bucket') as Record<string, { Properties: Record<string, unknown> }>;
  const [, bucket] = Object.entries(buckets).find(([id]) => id.startsWith('ArchiveBucket'))!;
  return bucket.Properties;
}

describe('an archive without any property', () => {
  const { stack, archive } = archiveWith();
  const template = Template.fromStack(stack);

  test('is encrypted with its own key, keeps versions, is locked and logged, and outlives its stack', () => {
    expect(bucketOf(stack)).toMatchObject({
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{
          BucketKeyEnabled: true,
          ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: { 'Fn::GetAtt': [expect.stringMatching('ArchiveKey'), 'Arn'] } },
        }],
      },
      VersioningConfiguration: { Status: 'Enabled' },
      ObjectLockEnabled: true,
      ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: 30 } } },
      LoggingConfiguration: { DestinationBucketName: { Ref: expect.stringMatching('ArchiveAccessLogs') } },
    });
    template.allResources('AWS::S3::Bucket', { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    template.allResources('AWS::KMS::Key', { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
  });

  test('expires records after the time of their class', () => {
    expect(bucketOf(stack).LifecycleConfiguration).toMatchObject({
      Rules: [{ NoncurrentVersionExpiration: { NoncurrentDays: 90 } }, { Id: 'ExpireRecords', ExpirationInDays: 2192 }],
    });
  });

  test('names its key by an alias that is known at synthesis and differs between stacks', () => {
    expect(archive.keyId).toMatch(/^alias\/Stack-/);
    template.hasResourceProperties('AWS::KMS::Alias', { AliasName: archive.keyId });
    const other = new LogArchive(new Stack(new App(), 'Stack', { env, stackName: 'second' }), 'Archive');
    expect(other.keyId).not.toBe(archive.keyId);
  });

  test('lets nobody deliver before it is admitted', () => {
    expect(JSON.stringify(template.findResources('AWS::S3::BucketPolicy'))).not.toMatch(/cloudtrail|guardduty|delivery\.logs/);
    expect(JSON.stringify(template.findResources('AWS::KMS::Key'))).not.toMatch(/cloudtrail|guardduty|delivery\.logs/);
  });

  test('declares its controls', () => {
    expect(archive.node.metadata.find(({ type }) => type === 'cdk-secure-ai:controls')?.data).toEqual(['DP2a', 'DP2b', 'DP3', 'DP6', 'OB1', 'P5']);
  });
});

describe('what an archive takes', () => {
  test('another data class keeps records for another time', () => {
    expect(bucketOf(archiveWith({ dataClass: DataClass.INTERNAL }).stack).LifecycleConfiguration).toMatchObject({ Rules: [{}, { ExpirationInDays: 365 }] });
  });

  test('an existing key, and then makes neither key nor alias', () => {
    const stack = new Stack(new App(), 'Stack', { env });
    const keyArn = 'arn:aws:kms:eu-central-1:111111111111:key/11111111-1111-1111-1111-111111111111';
    const archive = new LogArchive(stack, 'Archive', { key: Key.fromKeyArn(stack, 'Key', keyArn) });
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::KMS::Key', 0);
    template.resourceCountIs('AWS::KMS::Alias', 0);
    expect(archive.keyId).toBe(keyArn);
  });

  test.each([
    [SecurityProfile.BASELINE, undefined],
    [SecurityProfile.REGULATED, { Mode: 'GOVERNANCE', Days: 30 }],
    [SecurityProfile.HIGH_ASSURANCE, { Mode: 'COMPLIANCE', Days: 90 }],
  ])('the lock of %s, and Object Lock itself in any case', (profile, lock) => {
    const app = new App();
    const stack = new Stack(app, 'Stack', { env });
    SecurityPosture.attach(stack, PROFILE_POSTURES[profile](app));
    new LogArchive(stack, 'Archive');
    expect(bucketOf(stack)).toMatchObject({ ObjectLockEnabled: true });
    const configuration = bucketOf(stack).ObjectLockConfiguration as { Rule: { DefaultRetention: unknown } } | undefined;
    expect(configuration?.Rule.DefaultRetention).toEqual(lock);
  });

  test.each(SOURCES)('%s twice, and then says so once', (source) => {
    const templateAfter = (times: number): string => {
      const { stack, archive } = archiveWith();
      for (let time = 0; time < times; time++) archive.admit(source);
      return JSON.stringify(Template.fromStack(stack).toJSON());
    };
    const once = templateAfter(1);
    expect(templateAfter(2)).toBe(once);
    expect(templateAfter(0)).not.toBe(once);
  });

  test('access logs of a model store, also of one in another stack, without a cycle', () => {
    const app = new App();
    const archive = new LogArchive(new Stack(app, 'Audit', { env }), 'Archive');
    const models = new Stack(app, 'Models', { env });
    new ModelArtifactBucket(models, 'Models', { accessLogs: archive.accessLogs });
    expect(() => app.synth()).not.toThrow();
    Template.fromStack(models).resourceCountIs('AWS::S3::Bucket', 2);
    const policies = JSON.stringify(Template.fromStack(Stack.of(archive)).findResources('AWS::S3::BucketPolicy'));
    expect(policies).toContain('logging.s3.amazonaws.com');
    expect(policies).toContain('{"ArnLike":{"aws:SourceArn":{"Fn::Join":["",["arn:",{"Ref":"AWS::Partition"},":s3:::*"]]}}');
  });
});

describe('what an archive refuses', () => {
  test.each([
    [LogSource.CONFIG, "'Stack/Archive' has Object Lock, and AWS Config does not deliver to a bucket with it: give AWS Config a bucket of its own"],
    [LogSource.S3_ACCESS_LOGS, 'S3 delivers access logs to SSE-S3 buckets only: send them to its accessLogs'],
  ])('fails for %s', (source, message) => {
    expect(() => archiveWith().archive.admit(source)).toThrow(message);
    const imported = LogArchive.fromAttributes(new Stack(), 'Archive', ATTRIBUTES);
    expect(() => imported.admit(source)).toThrow('Archive');
  });
});

const ATTRIBUTES = {
  bucketArn: 'arn:aws:s3:::records',
  keyArn: 'arn:aws:kms:eu-central-1:111111111111:key/11111111-1111-1111-1111-111111111111',
  accessLogsBucketArn: 'arn:aws:s3:::access-logs',
};

describe('an archive by its attributes', () => {
  test('adds nothing when it admits', () => {
    const stack = new Stack(new App(), 'Stack', { env });
    const archive = LogArchive.fromAttributes(stack, 'Archive', ATTRIBUTES);
    for (const source of SOURCES) archive.admit(source);
    expect(Template.fromStack(stack).toJSON()).not.toHaveProperty('Resources');
    expect([archive.bucket.bucketName, archive.keyId, archive.accessLogs.bucketName]).toEqual(['records', ATTRIBUTES.keyArn, 'access-logs']);
  });

  test.each(['bucketArn', 'accessLogsBucketArn'])('fails when %s is not the ARN of a bucket', (name) => {
    expect(() => LogArchive.fromAttributes(new Stack(), 'Archive', { ...ATTRIBUTES, [name]: ATTRIBUTES.keyArn })).toThrow(`${name} must be the ARN of a bucket`);
  });
});
