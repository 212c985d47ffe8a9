import type { ManagedPolicy } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { boundaryPolicy } from './boundary-policy';
import type { BoundaryStatement } from './guard/boundary-statements';
import type { GuardScope } from './guard/guard-statements';
import { guardStatementsOn } from './guard/guard-statements';
import { POLICY_LIMITS, policyPages } from './guard/policy-pages';
import { statementLength } from './statement-length';

/** Sid of what the roles of an environment may do at most. */
export const ENVIRONMENT_CEILING = 'CeilingOfTrainingRoles';

/** The actions that launchers and execution roles are made of; none that makes roles, jobs of other kinds, or workspaces. */
const CEILING = [
  'cloudwatch:PutMetricData', 'ec2:CreateNetworkInterface', 'ec2:CreateNetworkInterfacePermission', 'ec2:DeleteNetworkInterface',
  'ec2:DeleteNetworkInterfacePermission', 'ec2:DescribeDhcpOptions', 'ec2:DescribeNetworkInterfaces', 'ec2:DescribeSecurityGroups',
  'ec2:DescribeSubnets', 'ec2:DescribeVpcs', 'ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetAuthorizationToken',
  'ecr:GetDownloadUrlForLayer', 'events:DescribeRule', 'events:PutRule', 'events:PutTargets', 'iam:PassRole', 'kms:CreateGrant', 'kms:Decrypt', 'kms:Encrypt',
  'kms:GenerateDataKey', 'lambda:InvokeFunction', 'logs:CreateLogDelivery', 'logs:CreateLogStream', 'logs:DeleteLogDelivery',
  'logs:DescribeLogGroups', 'logs:DescribeLogStreams', 'logs:DescribeResourcePolicies', 'logs:GetLogDelivery', 'logs:ListLogDeliveries',
  'logs:PutLogEvents', 'logs:PutResourcePolicy', 'logs:UpdateLogDelivery', 's3:AbortMultipartUpload', 's3:GetObject', 's3:ListBucket',
  's3:ListMultipartUploadParts', 's3:PutObject', 'sagemaker:AddTags', 'sagemaker:CreateTrainingJob', 'sagemaker:DescribeTrainingJob',
  'sagemaker:ListTags', 'sagemaker:StopTrainingJob', 'xray:GetSamplingRules', 'xray:GetSamplingTargets', 'xray:PutTelemetryRecords',
  'xray:PutTraceSegments',
];

/**
 * The boundary of an environment's roles: a ceiling of actions, and the guard's denies of what is under it.
 *
 * @throws when it is longer than a policy may be
 */
export function trainingBoundary(scope: Construct, id: string, guard: GuardScope): ManagedPolicy {
  const statements: BoundaryStatement[] = [{ Sid: ENVIRONMENT_CEILING, Effect: 'Allow', Action: CEILING, Resource: '*' }, ...guardStatementsOn(CEILING, guard)];
  if (policyPages(statements, POLICY_LIMITS.MANAGED_POLICY, statementLength).length > 1) {
    throw new Error(
      `'${scope.node.path}': the boundary of its roles is one policy, which ${guard.subnetIds.length} subnets make too long: give a segment with fewer, `
      + 'or the posture a permissionsBoundary',
    );
  }
  return boundaryPolicy(scope, id, statements);
}
