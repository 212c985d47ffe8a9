import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { IVpc } from 'aws-cdk-lib/aws-ec2';
import { CfnFlowLog } from 'aws-cdk-lib/aws-ec2';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { CfnResolverQueryLoggingConfig, CfnResolverQueryLoggingConfigAssociation } from 'aws-cdk-lib/aws-route53resolver';
import { Construct } from 'constructs';
import { LeastPrivilegeRole } from '../core/least-privilege-role';
import { SecurityPosture } from '../posture';

export interface NetworkLogProps {
  readonly vpc: IVpc;
  /** Encrypts the log; its policy lets CloudWatch Logs use it. */
  readonly key: IKey;
}

/**
 * The flow logs of a VPC: accepted and rejected traffic, every minute.
 *
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html
 */
export class FlowLogs extends Construct {
  constructor(scope: Construct, id: string, props: NetworkLogProps) {
    super(scope, id);
    const { account, region, partition } = Stack.of(this);
    const group = logGroup(this, props.key);
    const role = new LeastPrivilegeRole(this, 'Role', {
      assumedBy: new ServicePrincipal('vpc-flow-logs.amazonaws.com', {
        conditions: {
          StringEquals: { 'aws:SourceAccount': account },
          ArnLike: { 'aws:SourceArn': `arn:${partition}:ec2:${region}:${account}:vpc-flow-log/*` },
        },
      }),
      description: 'Writes the flow logs of a network segment',
    });
    role.addToPrincipalPolicy(new PolicyStatement({
      actions: ['logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
      resources: [group.logGroupArn],
    }));
    const flowLog = new CfnFlowLog(this, 'Resource', {
      resourceType: 'VPC',
      resourceId: props.vpc.vpcId,
      trafficType: 'ALL',
      maxAggregationInterval: 60,
      logDestinationType: 'cloud-watch-logs',
      logGroupName: group.logGroupName,
      deliverLogsPermissionArn: role.roleArn,
    });
    // EC2 tries the role when it creates the flow log.
    flowLog.node.addDependency(role);
  }
}

/**
 * The log of the names that a VPC asks the Resolver for.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-and-resource-policy.html
 */
export class QueryLog extends Construct {
  constructor(scope: Construct, id: string, props: NetworkLogProps) {
    super(scope, id);
    const { account, region, partition } = Stack.of(this);
    const group = logGroup(this, props.key);
    const { policyDependable } = group.addToResourcePolicy(new PolicyStatement({
      principals: [new ServicePrincipal('delivery.logs.amazonaws.com')],
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [group.logGroupArn],
      conditions: {
        StringEquals: { 'aws:SourceAccount': account },
        ArnLike: { 'aws:SourceArn': `arn:${partition}:logs:${region}:${account}:*` },
      },
    }));
    const config = new CfnResolverQueryLoggingConfig(this, 'Resource', { destinationArn: group.logGroupArn });
    // The statement must be there first, or AWS adds one of its own to a policy that all log groups of the account share.
    if (policyDependable) config.node.addDependency(policyDependable);
    new CfnResolverQueryLoggingConfigAssociation(this, 'Association', {
      resolverQueryLogConfigId: config.attrId,
      resourceId: props.vpc.vpcId,
    });
  }
}

function logGroup(scope: Construct, key: IKey): LogGroup {
  return new LogGroup(scope, 'Logs', {
    encryptionKey: key,
    retention: SecurityPosture.of(scope).logRetentionDays,
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
  });
}
