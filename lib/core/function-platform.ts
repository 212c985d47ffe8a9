import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

const INTERFACE_ACTIONS = [
  'ec2:AssignPrivateIpAddresses',
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:UnassignPrivateIpAddresses',
];

/** What Lambda itself does with a function's role: log, trace, attach to the VPC, send dead letters, decrypt the environment. */
export function functionPlatformStatements(
  scope: IConstruct,
  arns: { readonly logGroupArn: string; readonly queueArn: string; readonly keyArn: string },
): PolicyStatement[] {
  const { region, urlSuffix } = Stack.of(scope);
  return [
    new PolicyStatement({ actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [arns.logGroupArn] }),
    new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [arns.queueArn] }),
    new PolicyStatement({
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources: [arns.keyArn],
      conditions: { StringEquals: { 'kms:ViaService': [`lambda.${region}.${urlSuffix}`, `sqs.${region}.${urlSuffix}`] } },
    }),
    new PolicyStatement({ actions: ['xray:PutTelemetryRecords', 'xray:PutTraceSegments', ...INTERFACE_ACTIONS], resources: ['*'] }),
    // Lambda's service needs the interfaces, the function's code does not: the key is present only in calls that the code makes.
    new PolicyStatement({
      sid: 'DenyNetworkInterfacesToCode',
      effect: Effect.DENY,
      actions: INTERFACE_ACTIONS,
      resources: ['*'],
      conditions: { Null: { 'lambda:SourceFunctionArn': 'false' } },
    }),
  ];
}
