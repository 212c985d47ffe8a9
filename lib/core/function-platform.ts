import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { viaService } from './via-service';

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
  own: { readonly logGroupArn: string; readonly queueArn: string; readonly key: IKey },
): PolicyStatement[] {
  return [
    new PolicyStatement({ actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [own.logGroupArn] }),
    new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [own.queueArn] }),
    new PolicyStatement({
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources: [own.key.keyArn],
      conditions: viaService(own.key, 'lambda', 'sqs'),
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
