import { App, Duration, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { AccountRootPrincipal, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Alias, Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { ModelArtifactBucketProps } from 'cdk-secure-ai/models';
import { ModelArtifactBucket } from 'cdk-secure-ai/models';
import type { SecurityPostureProps } from 'cdk-secure-ai/posture';
import { DataClass, SecurityPosture, SecurityProfile } from 'cdk-secure-ai/posture';
import { describe, expect, test } from 'vitest';

const env = { account: '111111111111', region: 'eu-central-1' };

function storeWith(props: ModelArtifactBucketProps = {}, posture?: SecurityPostureProps): { stack: Stack; store: ModelArtifactBucket } {
  const stack = new Stack(new App(), 'Stack', { env });
  if (posture) SecurityPosture.attach(stack, posture);
  return { stack, store: new ModelArtifactBucket(stack, 'Models', props) };
}

function bucketsOf(stack: Stack): Record<string, { Properties: Record<string, unknown>; DeletionPolicy: string; UpdateReplacePolicy: string }> {
  const found = Template.fromStack(stack).findResources('AWS::S3::Bucket') as ReturnType<typeof bucketsOf>;
  return Object.fromEntries(Object.entries(found).map(([id, bucket]) => [id.replace(/^Models|[0-9A-F]{8}$/g, ''), bucket]));
}

describe('a store without any property', () => {
  const { stack } = storeWith();
  const buckets = bucketsOf(stack);

  test('has two zones and a bucket for access logs, which all outlive their stack', () => {
    expect(Object.keys(buckets).sort()).toEqual(['AccessLogs', 'Quarantine', 'Served']);
    for (const bucket of Object.values(buckets)) {
      expect(bucket).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
      expect(bucket.Properties).toMatchObject({
        VersioningConfiguration: { Status: 'Enabled' },
        OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
        PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true },
      });
      expect(bucket.Properties).not.toHaveProperty('AccessControl');
    }
  });

  test.each([['Quarantine', 'ModelsQuarantineKey', 7], ['Served', 'ModelsServedKey', 30]])(
    '%s has its own key, can be locked, sends events and access logs',
    (zone, key, lockDays) => {
      expect(buckets[zone].Properties).toMatchObject({
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [{
            BucketKeyEnabled: true,
            ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: { 'Fn::GetAtt': [expect.stringMatching(key), 'Arn'] } },
          }],
        },
        ObjectLockEnabled: true,
        ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: lockDays } } },
        NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } },
        LoggingConfiguration: { DestinationBucketName: { Ref: expect.stringMatching('ModelsAccessLogs') } },
      });
    },
  );

  test('the bucket for access logs has what AWS demands of one: SSE-S3 and no default lock', () => {
    expect(buckets.AccessLogs.Properties).toMatchObject({
      BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }] },
    });
    expect(buckets.AccessLogs.Properties).not.toHaveProperty('ObjectLockConfiguration');
  });

  test('keeps superseded models for the time of their class, never expires a served one, and clears quarantine', () => {
    expect(buckets.Served.Properties.LifecycleConfiguration).toEqual({
      Rules: [expect.objectContaining({ NoncurrentVersionExpiration: { NoncurrentDays: 1095 }, AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } })],
    });
    expect(JSON.stringify(buckets.Served.Properties.LifecycleConfiguration)).not.toContain('ExpirationInDays');
    expect(buckets.Quarantine.Properties.LifecycleConfiguration).toMatchObject({ Rules: [{}, { ExpirationInDays: 30 }] });
  });

  test('adds no helper function of the CDK', () => {
    Template.fromStack(stack).resourceCountIs('AWS::Lambda::Function', 0);
  });

  test('scans quarantine with a plan that waits for the policies of its role and of the bucket', () => {
    const [plan] = Object.values(Template.fromStack(stack).findResources('AWS::GuardDuty::MalwareProtectionPlan'));
    expect(plan).toMatchObject({
      Properties: {
        Actions: { Tagging: { Status: 'ENABLED' } },
        ProtectedResource: { S3Bucket: { BucketName: { Ref: expect.stringMatching('ModelsQuarantine') as string } } },
      },
    });
    expect((plan as { DependsOn: string[] }).DependsOn.map((id) => id.replace(/[0-9A-F]{8}$/, '')).sort()).toEqual([
      'ModelsQuarantinePolicy', 'ModelsScanRole', 'ModelsScanRolePolicy',
    ]);
  });

  test('declares the controls that it serves, and how sensitive it is', () => {
    const store = stack.node.findChild('Models');
    expect(store.node.metadata.find((entry) => entry.type === 'cdk-secure-ai:controls')?.data).toContain('MI3');
    Template.fromStack(stack).hasResourceProperties('AWS::S3::Bucket', { Tags: Match.arrayWith([{ Key: 'DataClassification', Value: 'confidential' }]) });
  });
});

describe('what a store takes', () => {
  test('another data class keeps superseded models for another time', () => {
    const { stack } = storeWith({ dataClass: DataClass.RESTRICTED });
    expect(bucketsOf(stack).Served.Properties.LifecycleConfiguration).toMatchObject({ Rules: [{ NoncurrentVersionExpiration: { NoncurrentDays: 2192 } }] });
  });

  test('existing keys, access log bucket and scanner, and then makes none', () => {
    const stack = new Stack(new App(), 'Stack', { env });
    new ModelArtifactBucket(stack, 'Models', {
      quarantineKey: Key.fromKeyArn(stack, 'QuarantineKey', 'arn:aws:kms:eu-central-1:111111111111:key/11111111-1111-1111-1111-111111111111'),
      servedKey: Key.fromKeyArn(stack, 'ServedKey', 'arn:aws:kms:eu-central-1:111111111111:key/22222222-2222-2222-2222-222222222222'),
      accessLogs: Bucket.fromBucketName(stack, 'Logs', 'central-logs'),
      scannerRole: Role.fromRoleArn(stack, 'Scanner', 'arn:aws:iam::111111111111:role/scanner'),
    });
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::KMS::Key', 0);
    template.resourceCountIs('AWS::S3::Bucket', 2);
    template.resourceCountIs('AWS::GuardDuty::MalwareProtectionPlan', 0);
    template.resourceCountIs('AWS::IAM::Role', 0);
    template.allResourcesProperties('AWS::S3::Bucket', { LoggingConfiguration: { DestinationBucketName: 'central-logs' } });
  });

  test('another time in quarantine', () => {
    const { stack } = storeWith({ quarantineExpiry: Duration.days(3) });
    expect(bucketsOf(stack).Quarantine.Properties.LifecycleConfiguration).toMatchObject({ Rules: [{}, { ExpirationInDays: 3 }] });
  });

  test('an alarm topic of the posture, and then alarms on malware, on scans that failed, and on each reason to skip one', () => {
    const stack = new Stack(new App(), 'Stack', { env });
    SecurityPosture.attach(stack, { alarmTopic: Topic.fromTopicArn(stack, 'Topic', 'arn:aws:sns:eu-central-1:111111111111:on-call') });
    new ModelArtifactBucket(stack, 'Models');
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::CloudWatch::Alarm', 4);
    template.allResourcesProperties('AWS::CloudWatch::Alarm', {
      Namespace: 'AWS/GuardDuty/MalwareProtection', TreatMissingData: 'notBreaching', Threshold: 0,
      AlarmActions: Match.anyValue(), OKActions: Match.anyValue(), InsufficientDataActions: Match.anyValue(),
    });
  });
});

describe('changing the profile', () => {
  test('never turns Object Lock itself on or off, which would replace the buckets', () => {
    const enabled = [SecurityProfile.BASELINE, SecurityProfile.REGULATED].map((profile) => bucketsOf(storeWith({}, { profile }).stack));
    for (const buckets of enabled) {
      expect(buckets.Served.Properties.ObjectLockEnabled).toBe(true);
      expect(buckets.Quarantine.Properties.ObjectLockEnabled).toBe(true);
    }
    expect(enabled[0].Served.Properties).not.toHaveProperty('ObjectLockConfiguration');
  });
});

describe('what a store refuses', () => {
  test('fails to grant to a role of another account by identity alone', () => {
    const { stack, store } = storeWith();
    const foreign = Role.fromRoleArn(stack, 'Foreign', 'arn:aws:iam::999999999999:role/reader');
    expect(() => store.grantRead(foreign)).toThrow('the grantee in 999999999999: a grant to its identity alone does not reach across accounts');
    expect(() => store.grantUpload(foreign)).toThrow('let a role of this account upload');
  });

  test.each([['acme'], ['12345'], ['arn:aws:iam::111111111111:root']])("fails for the account '%s'", (account) => {
    expect(() => storeWith().store.grantReadToAccount(account)).toThrow(`an account id has twelve digits, got '${account}'`);
  });

  test.each([['o-a1b2c3d4e5'], ['*'], ['o-a1b2c3d4e5/*'], ['o-a1b2c3d4e5/r-ab12/*/x']])("fails for the organisation path '%s'", (path) => {
    expect(() => storeWith().store.grantReadToOrganizationPath(path)).toThrow(`got '${path}'`);
  });

  test('fails to read metrics of a scan that it does not own', () => {
    const stack = new Stack(new App(), 'Stack', { env });
    const store = new ModelArtifactBucket(stack, 'Models', { scannerRole: Role.fromRoleArn(stack, 'Scanner', 'arn:aws:iam::111111111111:role/scanner') });
    expect(() => store.metricInfectedScans()).toThrow('uses the scan of scannerRole');
  });
});

describe('a store by its attributes', () => {
  const attributes = {
    quarantineBucketArn: 'arn:aws:s3:::quarantine',
    quarantineKeyArn: 'arn:aws:kms:eu-central-1:111111111111:key/11111111-1111-1111-1111-111111111111',
    servedBucketArn: 'arn:aws:s3:::served',
    servedKeyArn: 'arn:aws:kms:eu-central-1:111111111111:key/22222222-2222-2222-2222-222222222222',
  };

  test('grants reads and uploads to identities, and adds nothing else', () => {
    const stack = new Stack(new App(), 'Stack', { env });
    const store = ModelArtifactBucket.fromAttributes(stack, 'Models', attributes);
    const role = new Role(stack, 'Role', { assumedBy: new ServicePrincipal('sagemaker.amazonaws.com') });
    store.grantRead(role);
    store.grantUpload(role);
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Action: ['s3:GetObject', 's3:GetObjectVersion'], Resource: 'arn:aws:s3:::served/models/*' }),
          Match.objectLike({ Action: 'kms:Decrypt', Resource: attributes.servedKeyArn }),
          Match.objectLike({ Action: ['s3:PutObject', 's3:AbortMultipartUpload', 's3:ListMultipartUploadParts'], Resource: 'arn:aws:s3:::quarantine/*' }),
        ]),
      },
    });
    template.resourceCountIs('AWS::S3::BucketPolicy', 0);
    expect(store.metricServedObjects().toMetricConfig().metricStat).toMatchObject({ metricName: 'NumberOfObjects', period: Duration.days(1) });
  });

  test('lets a service role read by its identity, and says that the bucket must let it through', () => {
    const stack = new Stack(new App(), 'Stack', { env });
    const store = ModelArtifactBucket.fromAttributes(stack, 'Models', attributes);
    store.grantReadToServiceRole(new Role(stack, 'Role', { assumedBy: new ServicePrincipal('sagemaker.amazonaws.com') }));
    Annotations.fromStack(stack).hasWarning('/Stack/Models', Match.stringLikeRegexp("unless its own app lets 'Stack/Role' through with grantReadToServiceRole"));
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::S3::BucketPolicy', 0);
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Action: ['s3:GetObject', 's3:GetObjectVersion'], Resource: 'arn:aws:s3:::served/models/*' })]) },
    });
  });

  test('says nothing of its bucket where there is no network perimeter', () => {
    const stack = new Stack(new App(), 'Stack', { env });
    SecurityPosture.attach(stack, { profile: SecurityProfile.BASELINE });
    const store = ModelArtifactBucket.fromAttributes(stack, 'Models', attributes);
    store.grantReadToServiceRole(new Role(stack, 'Role', { assumedBy: new ServicePrincipal('sagemaker.amazonaws.com') }));
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });

  test('refuses a service role that somebody else can assume', () => {
    const stack = new Stack(new App(), 'Stack', { env });
    const store = ModelArtifactBucket.fromAttributes(stack, 'Models', attributes);
    expect(() => store.grantReadToServiceRole(new Role(stack, 'Role', { assumedBy: new AccountRootPrincipal() }))).toThrow('only AWS services may assume it');
    Template.fromStack(stack).resourceCountIs('AWS::IAM::Policy', 0);
  });

  test('fails for what is not the ARN of a bucket', () => {
    expect(() => ModelArtifactBucket.fromAttributes(new Stack(), 'Models', { ...attributes, servedBucketArn: attributes.servedKeyArn }))
      .toThrow('servedBucketArn must be the ARN of a bucket');
  });
});

describe('what would not work on AWS', () => {
  const stackOf = () => new Stack(new App(), 'Stack', { env });

  test('fails for the alias of a key', () => {
    const stack = stackOf();
    expect(() => new ModelArtifactBucket(stack, 'Models', { servedKey: Alias.fromAliasName(stack, 'Alias', 'alias/models') }))
      .toThrow('servedKey is the alias');
  });

  test('fails for a scanner role that people can assume', () => {
    const stack = stackOf();
    const scannerRole = new Role(stack, 'Scanner', { assumedBy: new AccountRootPrincipal() });
    expect(() => new ModelArtifactBucket(stack, 'Models', { scannerRole })).toThrow("scannerRole passes the network perimeter, so only AWS services may assume it, but 'Stack/Scanner' trusts");
  });

  test('says that the trust of an imported scanner role is undetermined', () => {
    const stack = stackOf();
    new ModelArtifactBucket(stack, 'Models', { scannerRole: Role.fromRoleArn(stack, 'Scanner', 'arn:aws:iam::111111111111:role/scanner') });
    Annotations.fromStack(stack).hasWarning('*', Match.stringLikeRegexp('whether only an AWS service can assume the role of scannerRole is undetermined'));
  });

  test('fails to grant to a principal that holds no policies', () => {
    const { store } = storeWith();
    expect(() => store.grantRead(new ServicePrincipal('sagemaker.amazonaws.com'))).toThrow('its permissions would go nowhere');
  });

  test('fails for a promoter of another account, or of another stack', () => {
    const app = new App();
    const store = new ModelArtifactBucket(new Stack(app, 'Store', { env }), 'Models');
    const other = new Stack(app, 'Other', { env });
    expect(() => store.grantPromote(Role.fromRoleArn(other, 'Foreign', 'arn:aws:iam::999999999999:role/promoter'))).toThrow('the grantee in 999999999999');
    const made = new Role(other, 'Made', { assumedBy: new ServicePrincipal('states.amazonaws.com') });
    expect(() => store.grantPromote(made)).toThrow("'Other/Made' is made in the stack 'Other', and 'Store/Models' in 'Store': each would need the other first");
  });

  test('decrypts in the region of an imported store', () => {
    const stack = new Stack(new App(), 'Stack', { env: { account: '111111111111', region: 'us-east-1' } });
    const store = ModelArtifactBucket.fromAttributes(stack, 'Models', {
      quarantineBucketArn: 'arn:aws:s3:::quarantine',
      quarantineKeyArn: 'arn:aws:kms:eu-central-1:111111111111:key/11111111-1111-1111-1111-111111111111',
      servedBucketArn: 'arn:aws:s3:::served',
      servedKeyArn: 'arn:aws:kms:eu-central-1:111111111111:key/22222222-2222-2222-2222-222222222222',
    });
    store.grantRead(new Role(stack, 'Role', { assumedBy: new ServicePrincipal('sagemaker.amazonaws.com') }));
    expect(JSON.stringify(Template.fromStack(stack).toJSON())).toContain('s3.eu-central-1.');
  });

  test('every bucket policy outlives the stack with its bucket', () => {
    const policies = Object.values(Template.fromStack(storeWith().stack).findResources('AWS::S3::BucketPolicy'));
    expect(policies).toHaveLength(3);
    for (const policy of policies) expect(policy).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
  });
});
