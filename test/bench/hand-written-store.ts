/** The resources of `library-store.ts`, written by hand with the CDK's own constructs, as an engineer does who knows what they must hold. */
import * as path from 'node:path';
import { App, Duration, RemovalPolicy, Stack, Tags } from 'aws-cdk-lib';
import { SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { CfnMalwareProtectionPlan } from 'aws-cdk-lib/aws-guardduty';
import { AnyPrincipal, Effect, ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Architecture, Code, Function as LambdaFunction, LoggingFormat, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { CfnBucket } from 'aws-cdk-lib/aws-s3';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectLockRetention, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';

const ACCOUNT = '111111111111';
const REGION = 'eu-central-1';
const ORGANIZATION = 'o-a1b2c3d4e5';
const BREAK_GLASS = [`arn:aws:iam::${ACCOUNT}:role/break-glass`];
const DEPLOYMENT = `arn:aws:iam::${ACCOUNT}:role/cdk-*-cfn-exec-role-${ACCOUNT}-*`;

const app = new App({ builtinCloudFormationValidation: process.env.CDK_VALIDATION === 'true' });
const stack = new Stack(app, 'Models', { env: { account: ACCOUNT, region: REGION } });
Tags.of(stack).add('Environment', 'production');
Tags.of(stack).add('OwnerTeam', 'fraud-scoring');
const viaS3 = { StringEquals: { 'kms:ViaService': `s3.${REGION}.${stack.urlSuffix}` } };

function deny(sid: string, actions: string[], resources: string[], conditions: Record<string, unknown>): PolicyStatement {
  return new PolicyStatement({ sid, effect: Effect.DENY, principals: [new AnyPrincipal()], actions, resources, conditions });
}

function key(id: string, description: string): Key {
  const made = new Key(stack, id, { description, enableKeyRotation: true, removalPolicy: RemovalPolicy.RETAIN });
  made.addToResourcePolicy(
    deny('DenyGrantsToPeople', ['kms:CreateGrant'], ['*'], { BoolIfExists: { 'kms:GrantIsForAWSResource': 'false', 'aws:PrincipalIsAWSService': 'false' } }),
  );
  made.addToResourcePolicy(
    deny('DenyKeyRemoval', ['kms:ScheduleKeyDeletion', 'kms:DisableKey', 'kms:DisableKeyRotation'], ['*'], { ArnNotLike: { 'aws:PrincipalArn': BREAK_GLASS } }),
  );
  return made;
}

/** The denies that every bucket has. */
function guard(bucket: Bucket, spared: string[]): void {
  const objects = bucket.arnForObjects('*');
  const all = [bucket.bucketArn, objects];
  const statements = [
    deny('DenyPlainHttp', ['s3:*'], all, { Bool: { 'aws:SecureTransport': 'false' } }),
    deny('DenyPlainHttpBoolean', ['s3:*'], all, { Bool: { 'aws:SecureTransport': false } }),
    deny('DenyOldTls', ['s3:*'], all, { NumericLessThan: { 's3:TlsVersion': '1.2' } }),
    deny('DenyForeignIdentities', ['s3:*'], all, { BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' }, StringNotEquals: { 'aws:PrincipalOrgID': ORGANIZATION } }),
    deny('DenyPresignedUrls', ['s3:*'], all, { StringEquals: { 's3:authType': 'REST-QUERY-STRING' } }),
    deny('DenyForeignNetworks', ['s3:GetObject*', 's3:PutObject*', 's3:DeleteObject*', 's3:AbortMultipartUpload', 's3:ListMultipartUploadParts'], [objects], {
      BoolIfExists: { 'aws:PrincipalIsAWSService': 'false', 'aws:ViaAWSService': 'false' },
      StringNotEquals: { 'aws:VpceOrgID': ORGANIZATION },
      ...(spared.length > 0 ? { ArnNotEquals: { 'aws:PrincipalArn': spared } } : {}),
    }),
    deny('DenyDeletion', ['s3:DeleteObject', 's3:DeleteObjectVersion', 's3:BypassGovernanceRetention', 's3:PutObjectRetention', 's3:PutObjectLegalHold'], [objects], {
      ArnNotLike: { 'aws:PrincipalArn': BREAK_GLASS },
    }),
    deny(
      'DenySettingsChange',
      [
        's3:DeleteBucket', 's3:PutBucketLogging', 's3:PutBucketObjectLockConfiguration', 's3:PutBucketVersioning', 's3:PutEncryptionConfiguration',
        's3:PutLifecycleConfiguration', 's3:PutReplicationConfiguration',
      ],
      [bucket.bucketArn],
      { ArnNotLike: { 'aws:PrincipalArn': [DEPLOYMENT, ...BREAK_GLASS] } },
    ),
    deny(
      'DenyPolicyChange',
      ['s3:DeleteBucketPolicy', 's3:PutBucketOwnershipControls', 's3:PutBucketPolicy', 's3:PutBucketPublicAccessBlock'],
      [bucket.bucketArn],
      { ArnNotLike: { 'aws:PrincipalArn': [DEPLOYMENT, ...BREAK_GLASS] } },
    ),
  ];
  for (const statement of statements) bucket.addToResourcePolicy(statement);
  bucket.policy?.applyRemovalPolicy(RemovalPolicy.RETAIN);
}

function guardEncryption(bucket: Bucket, bucketKey: Key): void {
  const objects = [bucket.arnForObjects('*')];
  const header = 's3:x-amz-server-side-encryption';
  const statements = [
    deny('DenyWrongKey', ['s3:PutObject'], objects, {
      Null: { [`${header}-aws-kms-key-id`]: 'false' },
      StringNotEquals: { [`${header}-aws-kms-key-id`]: bucketKey.keyArn },
    }),
    deny('DenyOtherEncryption', ['s3:PutObject'], objects, { Null: { [header]: 'false' }, StringNotEquals: { [header]: 'aws:kms' } }),
    deny('DenyCustomerProvidedKey', ['s3:PutObject'], objects, { Null: { [`${header}-customer-algorithm`]: 'false' } }),
  ];
  for (const statement of statements) bucket.addToResourcePolicy(statement);
}

const quarantineKey = key('QuarantineKey', 'Uploaded model artifacts before their scan');
const servedKey = key('ServedKey', 'Served model artifacts');

const shared = {
  blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
  objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
  removalPolicy: RemovalPolicy.RETAIN,
  versioned: true,
};
const superseded = (days: number) => ({
  id: 'SupersededVersions',
  noncurrentVersionExpiration: Duration.days(days),
  abortIncompleteMultipartUploadAfter: Duration.days(7),
});

const accessLogs = new Bucket(stack, 'AccessLogs', {
  ...shared,
  encryption: BucketEncryption.S3_MANAGED,
  lifecycleRules: [{ ...superseded(90), id: 'ExpireLogs', expiration: Duration.days(2192) }],
});
guard(accessLogs, []);
accessLogs.addToResourcePolicy(deny(
  'DenyWritesByPeople',
  ['s3:PutObject', 's3:PutObjectTagging', 's3:PutObjectVersionTagging', 's3:ReplicateObject'],
  [accessLogs.arnForObjects('*')],
  { BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' } },
));

function modelBucket(id: string, bucketKey: Key, lockDays: number, rules: object[]): Bucket {
  const bucket = new Bucket(stack, id, {
    ...shared,
    encryption: BucketEncryption.KMS,
    encryptionKey: bucketKey,
    bucketKeyEnabled: true,
    objectLockDefaultRetention: ObjectLockRetention.governance(Duration.days(lockDays)),
    lifecycleRules: rules,
  });
  const resource = bucket.node.defaultChild as CfnBucket;
  // The construct's own switches add a function with a custom resource, and an ACL that the bucket refuses.
  resource.notificationConfiguration = { eventBridgeConfiguration: { eventBridgeEnabled: true } };
  resource.loggingConfiguration = { destinationBucketName: accessLogs.bucketName, logFilePrefix: `${id}/` };
  accessLogs.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal('logging.s3.amazonaws.com')],
      actions: ['s3:PutObject'],
      resources: [accessLogs.arnForObjects(`${id}/*`)],
      conditions: { ArnEquals: { 'aws:SourceArn': bucket.bucketArn }, StringEquals: { 'aws:SourceAccount': ACCOUNT } },
    }),
  );
  return bucket;
}

const quarantine = modelBucket('Quarantine', quarantineKey, 7, [superseded(30), { id: 'Quarantine', expiration: Duration.days(30) }]);
const served = modelBucket('Served', servedKey, 30, [superseded(1095)]);

const scanRole = new Role(stack, 'ScanRole', {
  assumedBy: new ServicePrincipal('malware-protection-plan.guardduty.amazonaws.com'),
  description: 'Lets GuardDuty scan and tag uploaded model artifacts',
});
const managedRule = stack.formatArn({ service: 'events', resource: 'rule', resourceName: 'DO-NOT-DELETE-AmazonGuardDutyMalwareProtectionS3*' });
const scanPolicy = new ManagedPolicy(stack, 'ScanPolicy', {
  roles: [scanRole],
  statements: [
    new PolicyStatement({
      actions: ['events:PutRule', 'events:DeleteRule', 'events:PutTargets', 'events:RemoveTargets'],
      resources: [managedRule],
      conditions: { StringEquals: { 'events:ManagedBy': 'malware-protection-plan.guardduty.amazonaws.com' } },
    }),
    new PolicyStatement({ actions: ['events:DescribeRule', 'events:ListTargetsByRule'], resources: [managedRule] }),
    new PolicyStatement({ actions: ['s3:GetBucketNotification', 's3:ListBucket', 's3:PutBucketNotification'], resources: [quarantine.bucketArn] }),
    new PolicyStatement({
      actions: [
        's3:GetObject', 's3:GetObjectTagging', 's3:GetObjectVersion', 's3:GetObjectVersionTagging', 's3:PutObjectTagging', 's3:PutObjectVersionTagging',
      ],
      resources: [quarantine.arnForObjects('*')],
    }),
    new PolicyStatement({ actions: ['s3:PutObject'], resources: [quarantine.arnForObjects('malware-protection-resource-validation-object')] }),
    new PolicyStatement({ actions: ['kms:GenerateDataKey', 'kms:Decrypt'], resources: [quarantineKey.keyArn], conditions: viaS3 }),
  ],
});
const plan = new CfnMalwareProtectionPlan(stack, 'Scan', {
  role: scanRole.roleArn,
  protectedResource: { s3Bucket: { bucketName: quarantine.bucketName } },
  actions: { tagging: { status: 'ENABLED' } },
});
plan.node.addDependency(scanPolicy);

guard(quarantine, [scanRole.roleArn]);
guardEncryption(quarantine, quarantineKey);
const notScanner = { ArnNotEquals: { 'aws:PrincipalArn': [scanRole.roleArn] } };
for (const statement of [
  deny('DenyReadUntilClean', ['s3:GetObject', 's3:GetObjectVersion', 's3:GetObjectVersionForReplication'], [quarantine.arnForObjects('*')], {
    StringNotEquals: { 's3:ExistingObjectTag/GuardDutyMalwareScanStatus': 'NO_THREATS_FOUND' },
    ...notScanner,
  }),
  deny(
    'DenyTagsByOthers',
    ['s3:PutObjectTagging', 's3:PutObjectVersionTagging', 's3:DeleteObjectTagging', 's3:DeleteObjectVersionTagging', 's3:ReplicateTags'],
    [quarantine.arnForObjects('*')],
    notScanner,
  ),
  deny('DenyScanTagOnUpload', ['s3:PutObject'], [quarantine.arnForObjects('*')], {
    Null: { 's3:RequestObjectTag/GuardDutyMalwareScanStatus': 'false' },
    ...notScanner,
  }),
]) {
  quarantine.addToResourcePolicy(statement);
}
if (quarantine.policy) plan.node.addDependency(quarantine.policy);

const promoterKey = key('PromoterKey', 'Environment, log and dead letters of the model promoter');
promoterKey.addToResourcePolicy(
  new PolicyStatement({
    sid: 'LogGroups',
    principals: [new ServicePrincipal(`logs.${REGION}.${stack.urlSuffix}`)],
    actions: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncryptFrom', 'kms:ReEncryptTo', 'kms:GenerateDataKey', 'kms:GenerateDataKeyWithoutPlaintext', 'kms:DescribeKey'],
    resources: ['*'],
    conditions: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': `arn:${stack.partition}:logs:${REGION}:${ACCOUNT}:log-group:*` } },
  }),
);
const logs = new LogGroup(stack, 'PromoterLogs', {
  encryptionKey: promoterKey,
  retention: RetentionDays.SIX_YEARS,
  removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
});
const deadLetters = new Queue(stack, 'PromoterDeadLetters', {
  encryption: QueueEncryption.KMS,
  encryptionMasterKey: promoterKey,
  enforceSSL: true,
  retentionPeriod: Duration.days(14),
});
const promoterRole = new Role(stack, 'PromoterRole', {
  assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
  description: 'Promotes clean models from quarantine to the served store',
});
const interfaces = [
  'ec2:AssignPrivateIpAddresses', 'ec2:CreateNetworkInterface', 'ec2:DeleteNetworkInterface', 'ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets',
  'ec2:UnassignPrivateIpAddresses',
];
const promoterPolicies = [
  new ManagedPolicy(stack, 'PromoterPolicy', {
    roles: [promoterRole],
    statements: [
      new PolicyStatement({ actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [logs.logGroupArn] }),
      new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [deadLetters.queueArn] }),
      new PolicyStatement({
        actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        resources: [promoterKey.keyArn],
        conditions: { StringEquals: { 'kms:ViaService': [`lambda.${REGION}.${stack.urlSuffix}`, `sqs.${REGION}.${stack.urlSuffix}`] } },
      }),
      new PolicyStatement({
        sid: 'DenyNetworkInterfacesToCode',
        effect: Effect.DENY,
        actions: interfaces,
        resources: ['*'],
        conditions: { Null: { 'lambda:SourceFunctionArn': 'false' } },
      }),
      new PolicyStatement({ actions: ['s3:GetObjectVersion', 's3:GetObjectVersionTagging'], resources: [quarantine.arnForObjects('*')] }),
      new PolicyStatement({ actions: ['kms:Decrypt'], resources: [quarantineKey.keyArn], conditions: viaS3 }),
      new PolicyStatement({ actions: ['s3:AbortMultipartUpload', 's3:PutObject'], resources: [served.arnForObjects('models/*')] }),
      new PolicyStatement({ actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [servedKey.keyArn], conditions: viaS3 }),
    ],
  }),
  new ManagedPolicy(stack, 'PromoterPlatformPolicy', {
    roles: [promoterRole],
    statements: [new PolicyStatement({ actions: ['xray:PutTelemetryRecords', 'xray:PutTraceSegments', ...interfaces], resources: ['*'] })],
  }),
];

guard(served, []);
guardEncryption(served, servedKey);
const notPromoter = { ArnNotEquals: { 'aws:PrincipalArn': [promoterRole.roleArn] } };
served.addToResourcePolicy(deny('DenyWritesByOthers', ['s3:PutObject', 's3:ReplicateObject'], [served.arnForObjects('*')], notPromoter));
served.addToResourcePolicy(
  deny('DenyOverwrite', ['s3:PutObject'], [served.arnForObjects('*')], {
    Null: { 's3:if-none-match': 'true' },
    Bool: { 's3:ObjectCreationOperation': 'true' },
  }),
);
served.addToResourcePolicy(
  deny('DenyReadOfRetired', ['s3:GetObject', 's3:GetObjectVersion'], [served.arnForObjects('*')], {
    StringEquals: { 's3:ExistingObjectTag/secure-ai-state': 'retired' },
  }),
);
served.addToResourcePolicy(new PolicyStatement({
  sid: 'DenyRetirementByOthers',
  effect: Effect.DENY,
  principals: [new AnyPrincipal()],
  actions: ['s3:PutObjectTagging', 's3:PutObjectVersionTagging', 's3:DeleteObjectTagging', 's3:DeleteObjectVersionTagging', 's3:ReplicateTags'],
  resources: [served.arnForObjects('*')],
}));

const vpc = Vpc.fromVpcAttributes(stack, 'Vpc', {
  vpcId: 'vpc-0a1b2c3d4e5f60718',
  availabilityZones: ['eu-central-1a', 'eu-central-1b'],
  isolatedSubnetIds: ['subnet-0a1b2c3d4e5f60718', 'subnet-0a1b2c3d4e5f60719'],
  isolatedSubnetRouteTableIds: ['rtb-0a1b2c3d4e5f60718', 'rtb-0a1b2c3d4e5f60719'],
});
const promoter = new LambdaFunction(stack, 'Promoter', {
  description: 'Promotes clean models from quarantine to the served store',
  code: Code.fromAsset(path.join(process.cwd(), 'assets', 'models', 'promote')),
  handler: 'index.handler',
  runtime: Runtime.NODEJS_24_X,
  architecture: Architecture.ARM_64,
  memorySize: 1024,
  timeout: Duration.minutes(15),
  tracing: Tracing.ACTIVE,
  environment: { QUARANTINE_BUCKET: quarantine.bucketName, SERVED_BUCKET: served.bucketName },
  environmentEncryption: promoterKey,
  deadLetterQueue: deadLetters,
  logGroup: logs,
  loggingFormat: LoggingFormat.JSON,
  role: promoterRole.withoutPolicyUpdates(),
  vpc,
  securityGroups: [SecurityGroup.fromSecurityGroupId(stack, 'Endpoints', 'sg-0a1b2c3d4e5f60718', { mutable: false })],
  reservedConcurrentExecutions: 5,
});
promoter.node.addDependency(...promoterPolicies);
for (const bucket of [accessLogs, quarantine, served]) Tags.of(bucket).add('DataClassification', 'confidential');
app.synth();
