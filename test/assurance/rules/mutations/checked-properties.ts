/** How a property is made worse; `REMOVE` takes it away. */
export type Weakening = { readonly to: unknown } | 'REMOVE';

/** One property that checkers look at, and how a mutant makes it worse. */
export interface CheckedProperty {
  readonly type: string;
  /** Dotted path from the resource: `Properties.Versioning…`, or `DeletionPolicy`. */
  readonly path: string;
  readonly weakenings: readonly Weakening[];
  /** Where the mutant adds what a good template does not have. */
  readonly added?: true;
  /** What AWS does where nothing is said: to take that away changes nothing. */
  readonly standard?: unknown;
}

const gone: Weakening = 'REMOVE';
const to = (value: unknown): Weakening => ({ to: value });

function of(type: string, properties: Readonly<Record<string, readonly Weakening[]>>, added?: true): CheckedProperty[] {
  return Object.entries(properties).map(([path, weakenings]) => ({
    type,
    path: /^(Deletion|UpdateReplace)Policy$/.test(path) ? path : `Properties.${path}`,
    weakenings,
    ...(added && { added }),
    ...(Object.hasOwn(STANDARD, `${type} ${path}`) && { standard: STANDARD[`${type} ${path}`] }),
  }));
}

const STANDARD: Readonly<Record<string, unknown>> = {
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html: buckets made since April 2023.
  'AWS::S3::Bucket OwnershipControls': { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-encryption-faq.html: all buckets since January 2023.
  'AWS::S3::Bucket BucketEncryption': { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }] },
};

const OFF = [gone, to(false)];

/** The properties that the public rule sets and this library look at, by type, with those of their values that protect. */
export const CHECKED_PROPERTIES: readonly CheckedProperty[] = [
  ...of('AWS::S3::Bucket', {
    PublicAccessBlockConfiguration: [gone],
    'PublicAccessBlockConfiguration.BlockPublicAcls': OFF,
    'PublicAccessBlockConfiguration.BlockPublicPolicy': OFF,
    'PublicAccessBlockConfiguration.IgnorePublicAcls': OFF,
    'PublicAccessBlockConfiguration.RestrictPublicBuckets': OFF,
    OwnershipControls: [gone, to({ Rules: [{ ObjectOwnership: 'ObjectWriter' }] })],
    VersioningConfiguration: [gone, to({ Status: 'Suspended' })],
    BucketEncryption: [gone, to({ ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }] })],
    LoggingConfiguration: [gone],
    LifecycleConfiguration: [gone],
    ObjectLockEnabled: OFF,
    ObjectLockConfiguration: [gone],
  }),
  ...of('AWS::S3::Bucket', { AccessControl: [to('PublicRead'), to('PublicReadWrite')] }, true),
  ...of('AWS::S3::Bucket', { DeletionPolicy: [gone, to('Delete')] }),
  ...of('AWS::KMS::Key', { EnableKeyRotation: OFF, DeletionPolicy: [gone, to('Delete')] }),
  ...of('AWS::EC2::Subnet', { MapPublicIpOnLaunch: [to(true)] }),
  ...of('AWS::EC2::FlowLog', { TrafficType: [to('REJECT'), to('ACCEPT')] }),
  ...of('AWS::EC2::SecurityGroup', { SecurityGroupEgress: [to([{ IpProtocol: '-1', CidrIp: '0.0.0.0/0' }])] }),
  ...of('AWS::EC2::SecurityGroup', { SecurityGroupIngress: [to([{ IpProtocol: '-1', CidrIp: '0.0.0.0/0' }])] }, true),
  ...of('AWS::EC2::VPCEndpoint', { PolicyDocument: [gone], PrivateDnsEnabled: OFF }),
  ...of('AWS::IAM::Role', { PermissionsBoundary: [gone] }),
  ...of(
    'AWS::IAM::Role',
    { ManagedPolicyArns: ['AdministratorAccess', 'AmazonSageMakerFullAccess', 'AmazonBedrockFullAccess'].map((name) => to([`arn:aws:iam::aws:policy/${name}`])) },
    true,
  ),
  ...of('AWS::Lambda::Function', {
    Runtime: [to('nodejs18.x')],
    MemorySize: [gone],
    Timeout: [gone],
    TracingConfig: [gone, to({ Mode: 'PassThrough' })],
    ReservedConcurrentExecutions: [gone],
    DeadLetterConfig: [gone],
    VpcConfig: [gone],
  }),
  ...of('AWS::Lambda::Permission', { Principal: [to('*')], Action: [to('lambda:*')], SourceArn: [gone] }),
  ...of('AWS::StepFunctions::StateMachine', {
    LoggingConfiguration: [gone],
    'LoggingConfiguration.Level': [to('OFF'), to('ERROR')],
    'LoggingConfiguration.IncludeExecutionData': [to(true)],
    TracingConfiguration: [gone, to({ Enabled: false })],
    EncryptionConfiguration: [gone],
  }),
  ...of('AWS::SQS::Queue', { KmsMasterKeyId: [gone] }),
  ...of('AWS::Logs::LogGroup', { KmsKeyId: [gone], RetentionInDays: [gone] }),
  ...of('AWS::CloudWatch::Alarm', { AlarmActions: [gone] }),
  ...of('AWS::CloudTrail::Trail', { EnableLogFileValidation: OFF, KMSKeyId: [gone], CloudWatchLogsLogGroupArn: [gone], AdvancedEventSelectors: [gone] }),
];
