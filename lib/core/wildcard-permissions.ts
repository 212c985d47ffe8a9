import type { AcknowledgementKind } from './acknowledgement-classes';

/** A wildcard that a policy of this library may hold. Anything else is refused. */
export interface WildcardPermission {
  /** The acknowledgement class under which the packs' findings about it stay. */
  readonly classId: 'service-wide-action' | 'object-keys' | 'service-managed-rule' | 'run-time-names';
  readonly kind: AcknowledgementKind;
  readonly actions: readonly string[];
  /** Matched against the resource with tokens written as `<token>`. */
  readonly resource: RegExp;
}

/** The closed list. */
export const WILDCARD_PERMISSIONS: readonly WildcardPermission[] = [
  {
    // These actions take no resource: the service authorisation reference lists none for them.
    classId: 'service-wide-action',
    kind: 'AWS_LIMIT',
    actions: [
      'xray:PutTraceSegments', 'xray:PutTelemetryRecords', 'ec2:DescribeDhcpOptions', 'ec2:DescribeNetworkInterfaces', 'ec2:DescribeSecurityGroups',
      'ec2:DescribeSubnets', 'ec2:DescribeVpcs', 'ecr:GetAuthorizationToken',
    ],
    resource: /^\*$/,
  },
  {
    // What Step Functions needs to trace, and to deliver its log: none of these takes a resource.
    classId: 'service-wide-action',
    kind: 'AWS_LIMIT',
    actions: [
      'xray:GetSamplingRules', 'xray:GetSamplingTargets', 'logs:CreateLogDelivery', 'logs:DeleteLogDelivery', 'logs:DescribeLogGroups',
      'logs:DescribeResourcePolicies', 'logs:GetLogDelivery', 'logs:ListLogDeliveries', 'logs:PutResourcePolicy', 'logs:UpdateLogDelivery',
    ],
    resource: /^\*$/,
  },
  {
    // Versions of a package group are numbered at run time; the group is fixed.
    classId: 'run-time-names',
    kind: 'DESIGN',
    actions: ['sagemaker:CreateModelPackage', 'sagemaker:DescribeModelPackage', 'sagemaker:UpdateModelPackage'],
    resource: /:model-package\/[a-z0-9-]+\/\*$/,
  },
  {
    // Lambda asks for these on every resource when it attaches a function to a VPC, before the interfaces exist.
    classId: 'service-wide-action',
    kind: 'AWS_LIMIT',
    actions: ['ec2:CreateNetworkInterface', 'ec2:DeleteNetworkInterface', 'ec2:AssignPrivateIpAddresses', 'ec2:UnassignPrivateIpAddresses'],
    resource: /^\*$/,
  },
  {
    // SageMaker asks for these when it attaches a training job to a VPC, before the interfaces exist; the last two take no resource.
    classId: 'service-wide-action',
    kind: 'AWS_LIMIT',
    actions: [
      'ec2:CreateNetworkInterfacePermission', 'ec2:DeleteNetworkInterfacePermission', 'ec2:DescribeDhcpOptions', 'ec2:DescribeSecurityGroups',
      'ec2:DescribeVpcs', 'cloudwatch:PutMetricData', 'ecr:GetAuthorizationToken',
    ],
    resource: /^\*$/,
  },
  {
    // Step Functions sets up its log delivery with the state machine's role; these take no resource, or no single one.
    classId: 'service-wide-action',
    kind: 'AWS_LIMIT',
    actions: [
      'logs:CreateLogDelivery', 'logs:DeleteLogDelivery', 'logs:DescribeLogGroups', 'logs:DescribeResourcePolicies', 'logs:GetLogDelivery',
      'logs:ListLogDeliveries', 'logs:PutResourcePolicy', 'logs:UpdateLogDelivery', 'xray:GetSamplingRules', 'xray:GetSamplingTargets',
    ],
    resource: /^\*$/,
  },
  {
    // A job is named when it is launched; the prefix of its environment is fixed.
    classId: 'run-time-names',
    kind: 'DESIGN',
    actions: [
      'sagemaker:AddTags', 'sagemaker:CreateTrainingJob', 'sagemaker:DescribeTrainingJob', 'sagemaker:ListTags', 'sagemaker:StopTrainingJob',
    ],
    resource: /:training-job\/[^*]+-\*$/,
  },
  {
    // The streams of a job carry its name; making and listing them is authorised on their one group.
    classId: 'run-time-names',
    kind: 'DESIGN',
    actions: ['logs:CreateLogStream', 'logs:DescribeLogStreams'],
    resource: /:log-group:\/aws\/sagemaker\/TrainingJobs:\*$/,
  },
  {
    classId: 'run-time-names',
    kind: 'DESIGN',
    actions: ['logs:PutLogEvents'],
    resource: /:log-group:\/aws\/sagemaker\/TrainingJobs:log-stream:[^*]+-\*$/,
  },
  {
    // SageMaker asks for these on every resource when it attaches instances to a VPC, before the interfaces exist.
    classId: 'service-wide-action',
    kind: 'AWS_LIMIT',
    actions: ['ec2:CreateNetworkInterfacePermission', 'ec2:DeleteNetworkInterfacePermission'],
    resource: /^\*$/,
  },
  {
    // API Gateway has one role in each account and region for the logs of all its APIs, whose log groups it names itself.
    classId: 'service-wide-action',
    kind: 'AWS_LIMIT',
    actions: [
      'logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:DescribeLogGroups', 'logs:DescribeLogStreams', 'logs:FilterLogEvents', 'logs:GetLogEvents',
      'logs:PutLogEvents',
    ],
    resource: /^\*$/,
  },
  {
    // Object keys are chosen at run time; the bucket, and where it can be the prefix, is fixed.
    classId: 'object-keys',
    kind: 'DESIGN',
    actions: [
      's3:AbortMultipartUpload', 's3:GetObject', 's3:GetObjectTagging', 's3:GetObjectVersion', 's3:GetObjectVersionTagging',
      's3:ListMultipartUploadParts', 's3:PutObject', 's3:PutObjectTagging', 's3:PutObjectVersionTagging',
    ],
    resource: /^[^*]+\/(?:[^*]*\/)?\*$/,
  },
  {
    // GuardDuty names the EventBridge rule that it manages itself; only this prefix is documented.
    classId: 'service-managed-rule',
    kind: 'AWS_LIMIT',
    actions: [
      'events:DeleteRule', 'events:DescribeRule', 'events:ListTargetsByRule', 'events:PutRule', 'events:PutTargets', 'events:RemoveTargets',
    ],
    resource: /:rule\/DO-NOT-DELETE-AmazonGuardDutyMalwareProtectionS3\*$/,
  },
  {
    // Whoever makes a job or model chooses its name: what judges and stops jobs must reach each of them.
    classId: 'run-time-names',
    kind: 'DESIGN',
    actions: [
      'sagemaker:DescribeHyperParameterTuningJob', 'sagemaker:DescribeModel', 'sagemaker:DescribeProcessingJob', 'sagemaker:DescribeTrainingJob',
      'sagemaker:DescribeTransformJob', 'sagemaker:ListTags', 'sagemaker:StopHyperParameterTuningJob', 'sagemaker:StopProcessingJob',
      'sagemaker:StopTrainingJob', 'sagemaker:StopTransformJob',
    ],
    resource: /:(hyper-parameter-tuning-job|model|processing-job|training-job|transform-job)\/\*$/,
  },
];

/** The entry that covers an action on a resource with a wildcard. */
export function wildcardPermissionFor(action: string, resource: string): WildcardPermission | undefined {
  return WILDCARD_PERMISSIONS.find((entry) => entry.actions.includes(action) && entry.resource.test(resource));
}
