import type { AcknowledgementKind } from './acknowledgement-classes';

/** A wildcard that a policy of this library may hold. Anything else is refused. */
export interface WildcardPermission {
  /** The acknowledgement class under which the packs' findings about it stay. */
  readonly classId: 'service-wide-action' | 'object-keys' | 'service-managed-rule' | 'run-time-names';
  readonly kind: AcknowledgementKind;
  /** The services whose roles may hold it: a role that another principal assumes, or several do, may not; undefined: any role. */
  readonly for?: readonly string[];
  readonly actions: readonly string[];
  /** Matched against the resource with tokens written as `<token>`. */
  readonly resource: RegExp;
}

const LAMBDA = 'lambda.amazonaws.com';
const SAGEMAKER = 'sagemaker.amazonaws.com';
const STEP_FUNCTIONS = 'states.amazonaws.com';

/** The closed list. */
export const WILDCARD_PERMISSIONS: readonly WildcardPermission[] = [
  {
    // Tracing takes no resource: the service authorisation reference lists none for these actions.
    classId: 'service-wide-action',
    kind: 'AWS_LIMIT',
    for: [LAMBDA, STEP_FUNCTIONS],
    actions: ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'],
    resource: /^\*$/,
  },
  {
    // Step Functions sets up tracing and its log delivery with the state machine's role; these take no resource, or no single one.
    classId: 'service-wide-action',
    kind: 'AWS_LIMIT',
    for: [STEP_FUNCTIONS],
    actions: [
      'logs:CreateLogDelivery', 'logs:DeleteLogDelivery', 'logs:DescribeLogGroups', 'logs:DescribeResourcePolicies', 'logs:GetLogDelivery',
      'logs:ListLogDeliveries', 'logs:PutResourcePolicy', 'logs:UpdateLogDelivery', 'xray:GetSamplingRules', 'xray:GetSamplingTargets',
    ],
    resource: /^\*$/,
  },
  {
    // Lambda asks for these on every resource when it attaches a function to a VPC, before the interfaces exist.
    classId: 'service-wide-action',
    kind: 'AWS_LIMIT',
    for: [LAMBDA],
    actions: ['ec2:AssignPrivateIpAddresses', 'ec2:UnassignPrivateIpAddresses'],
    resource: /^\*$/,
  },
  {
    classId: 'service-wide-action',
    kind: 'AWS_LIMIT',
    for: [LAMBDA, SAGEMAKER],
    actions: ['ec2:CreateNetworkInterface', 'ec2:DeleteNetworkInterface', 'ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets'],
    resource: /^\*$/,
  },
  {
    // SageMaker asks for these when it attaches instances to a VPC, before the interfaces exist; the last two take no resource.
    classId: 'service-wide-action',
    kind: 'AWS_LIMIT',
    for: [SAGEMAKER],
    actions: [
      'ec2:CreateNetworkInterfacePermission', 'ec2:DeleteNetworkInterfacePermission', 'ec2:DescribeDhcpOptions', 'ec2:DescribeSecurityGroups',
      'ec2:DescribeVpcs', 'cloudwatch:PutMetricData', 'ecr:GetAuthorizationToken',
    ],
    resource: /^\*$/,
  },
  {
    // API Gateway has one role in each account and region for the logs of all its APIs, whose log groups it names itself.
    classId: 'service-wide-action',
    kind: 'AWS_LIMIT',
    for: ['apigateway.amazonaws.com'],
    actions: [
      'logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:DescribeLogGroups', 'logs:DescribeLogStreams', 'logs:FilterLogEvents', 'logs:GetLogEvents',
      'logs:PutLogEvents',
    ],
    resource: /^\*$/,
  },
  {
    // Versions of a package group are numbered at run time; the group is fixed.
    classId: 'run-time-names',
    kind: 'DESIGN',
    actions: ['sagemaker:CreateModelPackage', 'sagemaker:DescribeModelPackage', 'sagemaker:ListModelPackages', 'sagemaker:UpdateModelPackage'],
    resource: /:model-package\/[a-z0-9-]+\/\*$/,
  },
  {
    // A job is named when it is launched; the prefix of its environment is fixed.
    classId: 'run-time-names',
    kind: 'DESIGN',
    for: [STEP_FUNCTIONS],
    actions: [
      'sagemaker:AddTags', 'sagemaker:CreateTrainingJob', 'sagemaker:DescribeTrainingJob', 'sagemaker:ListTags', 'sagemaker:StopTrainingJob',
    ],
    resource: /:training-job\/[^*]+-\*$/,
  },
  {
    // The streams of a job carry its name; making and listing them is authorised on their one group.
    classId: 'run-time-names',
    kind: 'DESIGN',
    for: [SAGEMAKER],
    actions: ['logs:CreateLogStream', 'logs:DescribeLogStreams'],
    resource: /:log-group:\/aws\/sagemaker\/TrainingJobs:\*$/,
  },
  {
    classId: 'run-time-names',
    kind: 'DESIGN',
    for: [SAGEMAKER],
    actions: ['logs:PutLogEvents'],
    resource: /:log-group:\/aws\/sagemaker\/TrainingJobs:log-stream:[^*]+-\*$/,
  },
  {
    // Object keys are chosen at run time; the bucket, and where it can be the prefix, is fixed.
    classId: 'object-keys',
    kind: 'DESIGN',
    actions: [
      's3:AbortMultipartUpload', 's3:GetObject', 's3:GetObjectTagging', 's3:GetObjectVersion', 's3:GetObjectVersionAttributes', 's3:GetObjectVersionTagging',
      's3:ListMultipartUploadParts', 's3:PutObject', 's3:PutObjectTagging', 's3:PutObjectVersionTagging',
    ],
    resource: /^[^*]+\/(?:[^*]*\/)?\*$/,
  },
  {
    // A signature lies in its model, whose prefix is chosen at run time; nothing else of the model is reached.
    classId: 'object-keys',
    kind: 'DESIGN',
    for: [LAMBDA],
    actions: ['s3:PutObject'],
    resource: /^[^*]+\/models\/\*\/model\.sig$/,
  },
  {
    // A distributed map runs its own machine for each item, and CloudFormation ends the machine's name itself.
    // https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html
    classId: 'run-time-names',
    kind: 'DESIGN',
    for: [STEP_FUNCTIONS],
    actions: ['states:StartExecution'],
    resource: /:stateMachine:[^*:]+-\*$/,
  },
  {
    classId: 'run-time-names',
    kind: 'DESIGN',
    for: [STEP_FUNCTIONS],
    actions: ['states:DescribeExecution', 'states:StopExecution'],
    resource: /:execution:[^*:]+-\*$/,
  },
  {
    // GuardDuty names the EventBridge rule that it manages itself; only this prefix is documented.
    classId: 'service-managed-rule',
    kind: 'AWS_LIMIT',
    for: ['malware-protection-plan.guardduty.amazonaws.com'],
    actions: [
      'events:DeleteRule', 'events:DescribeRule', 'events:ListTargetsByRule', 'events:PutRule', 'events:PutTargets', 'events:RemoveTargets',
    ],
    resource: /:rule\/DO-NOT-DELETE-AmazonGuardDutyMalwareProtectionS3\*$/,
  },
  {
    // Whoever makes a job or model chooses its name: what judges and stops jobs must reach each of them.
    classId: 'run-time-names',
    kind: 'DESIGN',
    for: [LAMBDA],
    actions: [
      'sagemaker:DescribeHyperParameterTuningJob', 'sagemaker:DescribeModel', 'sagemaker:DescribeProcessingJob', 'sagemaker:DescribeTrainingJob',
      'sagemaker:DescribeTransformJob', 'sagemaker:ListTags', 'sagemaker:StopHyperParameterTuningJob', 'sagemaker:StopProcessingJob',
      'sagemaker:StopTrainingJob', 'sagemaker:StopTransformJob',
    ],
    resource: /:(hyper-parameter-tuning-job|model|processing-job|training-job|transform-job)\/\*$/,
  },
];

/**
 * The entry that covers an action on a resource with a wildcard.
 *
 * @param service what alone assumes the role; undefined where anything else may
 */
export function wildcardPermissionFor(action: string, resource: string, service: string | undefined): WildcardPermission | undefined {
  return WILDCARD_PERMISSIONS.find((entry) =>
    entry.actions.includes(action) && entry.resource.test(resource) && isFor(entry, service));
}

function isFor({ for: services }: WildcardPermission, service: string | undefined): boolean {
  return services === undefined || (service !== undefined && services.includes(service));
}
