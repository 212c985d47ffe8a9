import { ArnFormat, Aws, Fn, Names, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { CfnStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct, IConstruct } from 'constructs';

/**
 * What Step Functions does with the role of a state machine for itself: encrypt definition and executions, deliver the log, trace.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/encryption-at-rest.html
 */
export function stateMachinePlatformStatements(scope: IConstruct, key: IKey): PolicyStatement[] {
  return [
    new PolicyStatement({
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources: [key.keyArn],
      conditions: { ArnLike: { 'kms:EncryptionContext:aws:states:stateMachineArn': anyStateMachine(scope) } },
    }),
    new PolicyStatement({ actions: ['kms:GenerateDataKey'], resources: [key.keyArn], conditions: logContext(scope) }),
    new PolicyStatement({
      actions: [
        'logs:CreateLogDelivery', 'logs:DeleteLogDelivery', 'logs:DescribeLogGroups', 'logs:DescribeResourcePolicies', 'logs:GetLogDelivery',
        'logs:ListLogDeliveries', 'logs:PutResourcePolicy', 'logs:UpdateLogDelivery',
        'xray:GetSamplingRules', 'xray:GetSamplingTargets', 'xray:PutTelemetryRecords', 'xray:PutTraceSegments',
      ],
      resources: ['*'],
    }),
  ];
}

/** The events of an encrypted state machine reach the log through a service that must decrypt them. */
export function letLogDeliveryRead(scope: IConstruct, key: IKey): void {
  key.addToResourcePolicy(new PolicyStatement({
    sid: 'LogDelivery',
    principals: [new ServicePrincipal('delivery.logs.amazonaws.com')],
    actions: ['kms:Decrypt'],
    resources: ['*'],
    conditions: logContext(scope),
  }));
}

/** Definition and executions under a key, whose data keys are used for five minutes. */
export function encryptedBy(key: IKey): CfnStateMachine.EncryptionConfigurationProperty {
  return { type: 'CUSTOMER_MANAGED_KMS_KEY', kmsKeyId: key.keyArn, kmsDataKeyReusePeriodSeconds: 300 };
}

/** State machines of the stack's account and region: one gets its name when it is made, after its role. */
export function anyStateMachine(scope: IConstruct): string {
  return Stack.of(scope).formatArn({ service: 'states', resource: 'stateMachine', resourceName: '*', arnFormat: ArnFormat.COLON_RESOURCE_NAME });
}

/**
 * Vended logs under this prefix do not fill the account's few resource policies. The group outlives its stack, so its name holds the
 * stack's own id: a stack that is made again makes another group.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html
 */
export function vendedLogName(scope: Construct): string {
  const stackId = Fn.select(2, Fn.split('/', Aws.STACK_ID));
  return `/aws/vendedlogs/states/${Names.uniqueResourceName(scope, { maxLength: 100, separator: '-' })}-${stackId}`;
}

function logContext(scope: IConstruct): Record<string, Record<string, string>> {
  const { partition, region, account } = Stack.of(scope);
  return { StringEquals: { 'kms:EncryptionContext:SourceArn': `arn:${partition}:logs:${region}:${account}:*` } };
}
