/** Why a finding of a public pack may stay. */
export type AcknowledgementKind =
  /** AWS itself refuses what the rule asks for. */
  | 'AWS_LIMIT'
  /** The rule is wrong about this resource. */
  | 'SCANNER_DEFECT'
  /** The rule conflicts with a stronger protection that the library chose. */
  | 'DESIGN';

/** One class of finding that the library leaves on purpose: the whole list is closed, and a test holds it to its needs. */
export interface AcknowledgementClass {
  /** Stable id, shown in `checks.json` and the report. */
  readonly id: string;
  readonly kind: AcknowledgementKind;
  /** Ids of the rules without finding suffix, for example `AwsSolutions-IAM5`. */
  readonly rules: readonly string[];
  /** What may carry it: matched against the construct path of the resource. */
  readonly path: RegExp;
  /** The sentence an auditor reads. */
  readonly reason: string;
  /** Where AWS or the rule's source says so. */
  readonly source: string;
}

/** Every class of acknowledged finding in the whole library. At most twelve. */
export const ACKNOWLEDGEMENT_CLASSES: readonly AcknowledgementClass[] = [
  {
    id: 'access-log-target',
    kind: 'AWS_LIMIT',
    rules: ['HIPAA.Security-S3DefaultEncryptionKMS', 'NIST.800.53.R5-S3DefaultEncryptionKMS', 'PCI.DSS.321-S3DefaultEncryptionKMS', 'NIST.800.53.R4-S3BucketDefaultLockEnabled'],
    path: /\/AccessLogs\/Resource$/,
    reason: 'server access logs are delivered only to a bucket with SSE-S3 and no default lock; its policy denies every deletion instead',
    source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html',
  },
  {
    id: 'no-replica',
    kind: 'DESIGN',
    rules: ['HIPAA.Security', 'NIST.800.53.R4', 'NIST.800.53.R5', 'PCI.DSS.321'].map((pack) => `${pack}-S3BucketReplicationEnabled`),
    path: /\/Resource$/,
    reason: 'a copy in another region would leave the allowed regions; versions, locks and denied deletions protect against loss',
    source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/DataDurability.html',
  },
  {
    id: 'object-keys',
    kind: 'DESIGN',
    rules: ['AwsSolutions-IAM5'],
    path: /\/Policy\d*\/Resource$/,
    reason: 'object keys are chosen at run time; the bucket, and where it can be the prefix, is fixed',
    source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-arn-format.html',
  },
  {
    id: 'service-wide-action',
    kind: 'AWS_LIMIT',
    rules: ['AwsSolutions-IAM5'],
    path: /\/ServiceWide\/Resource$/,
    reason: 'these actions take no resource, or are asked for before the resource exists',
    source: 'https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html',
  },
  {
    id: 'service-managed-rule',
    kind: 'AWS_LIMIT',
    rules: ['AwsSolutions-IAM5'],
    path: /\/Policy\d*\/Resource$/,
    reason: 'GuardDuty names the EventBridge rule that it manages; only the prefix is documented',
    source: 'https://docs.aws.amazon.com/guardduty/latest/ug/malware-protection-s3-iam-policy-prerequisite.html',
  },
  {
    id: 'run-time-names',
    kind: 'DESIGN',
    rules: ['AwsSolutions-IAM5', 'AISec-SM03', 'AISec-SM04'],
    path: /\/(Policy\d*|Launcher)\/Resource$/,
    reason: 'names of jobs and package versions, and the image of a job, are given at run time; prefix, group or launcher bound them',
    source: 'https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsagemaker.html',
  },
  {
    id: 'boundary',
    kind: 'SCANNER_DEFECT',
    rules: ['AwsSolutions-IAM5'],
    path: /\/Boundary\/Resource$/,
    reason: 'a permissions boundary grants nothing: its wildcards are a ceiling, which the rule takes for a grant',
    source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html',
  },
  {
    id: 'dead-letter-queue',
    kind: 'DESIGN',
    rules: ['AwsSolutions-SQS3', 'Serverless-SQSRedrivePolicy'],
    path: /\/DeadLetters\/Resource$/,
    reason: 'a dead-letter queue of a dead-letter queue would go on for ever',
    source: 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html',
  },
  {
    id: 'unreserved-concurrency',
    kind: 'AWS_LIMIT',
    rules: ['HIPAA.Security-LambdaConcurrency', 'NIST.800.53.R5-LambdaConcurrency'],
    path: /\/Handler\/Resource\/Resource$/,
    reason: 'a new account has ten concurrent executions in all, of which none can be reserved; the posture names this weaker choice',
    source: 'https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html',
  },
  {
    id: 'default-security-group',
    kind: 'AWS_LIMIT',
    rules: ['HIPAA.Security', 'NIST.800.53.R4', 'NIST.800.53.R5', 'PCI.DSS.321'].map((pack) => `${pack}-VPCDefaultSecurityGroupClosed`),
    path: /\/Vpc$/,
    reason: 'CloudFormation cannot empty the default group of a VPC; nothing is in it, and it lets in its own members only',
    source: 'https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html',
  },
  {
    id: 'instance-storage',
    kind: 'AWS_LIMIT',
    rules: ['HIPAA.Security', 'NIST.800.53.R4', 'NIST.800.53.R5', 'PCI.DSS.321'].map((pack) => `${pack}-SageMakerEndpointConfigurationKMSKeyConfigured`),
    path: /\/Config$/,
    reason: 'the disk of this instance type is inside the instance and encrypted by its hardware; AWS refuses a key for it',
    source: 'https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpointConfig.html',
  },
  {
    id: 'other-authoriser',
    kind: 'DESIGN',
    rules: ['AwsSolutions-COG4'],
    path: /\/POST\/Resource$/,
    reason: 'the method is authorised with IAM or by the token of the named OIDC provider, which the rule does not count',
    source: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-control-access-to-api.html',
  },
];

/** The classes that may cover a finding: several can share a rule, each for its own reason. */
export function acknowledgementClassesOf(ruleId: string, constructPath: string): AcknowledgementClass[] {
  const base = ruleId.replace(/\[.*$/s, '').replace(/^.*::/, '');
  return ACKNOWLEDGEMENT_CLASSES.filter((c) => c.rules.includes(base) && c.path.test(constructPath));
}
