import { App, Stack } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { HandlerContract } from '../../../lib/core/handler-contract';
import { Assembly } from '../../support/iam/assembly';
import type { ResolvedTemplate, Template, WorldOptions } from '../../support/iam';
import type { AccountFacts, NeededPermission } from './needed-permissions';

export const ENVIRONMENT: WorldOptions = { accountId: '111111111111', region: 'eu-central-1', organizationId: 'o-a1b2c3d4e5' };

/** A function as its template deploys it. */
export interface DeployedFunction {
  readonly contract: HandlerContract;
  readonly template: Template;
  /** The stack's resources with their names and ARNs. */
  readonly stack: ResolvedTemplate;
  /** Logical ids. */
  readonly functionId: string;
  readonly roleId: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly account: AccountFacts;
  /** What Lambda itself asks for with the function's role. */
  readonly platform: readonly NeededPermission[];
}

/** Synthesises what `build` makes and finds the function in it. */
export function deploy(contract: HandlerContract, build: (stack: Stack) => IFunction): DeployedFunction {
  const app = new App();
  const stack = new Stack(app, STACK, { env: { account: ENVIRONMENT.accountId, region: ENVIRONMENT.region } });
  const functionId = logicalIdOf(stack, build(stack));
  const template = app.synth().getStackByName(STACK).template as Template;
  const resolved = Assembly.of({ [STACK]: template }, ENVIRONMENT).stacks[0];
  if (!resolved) throw new Error(`${contract.name} has no stack`);
  const properties = template.Resources?.[functionId]?.Properties as unknown as FunctionProperties;
  const variables = resolved.property(functionId, 'Environment') as { Variables?: Record<string, string> } | undefined;
  const { accountId, region } = ENVIRONMENT;
  return {
    contract,
    template,
    stack: resolved,
    functionId,
    roleId: properties.Role['Fn::GetAtt'][0],
    environment: variables?.Variables ?? {},
    account: { partition: 'aws', accountId, region, keyOfBucket: (name) => keyOfBucket(resolved, name) },
    platform: platformNeeds(resolved, functionId, { accountId, region }),
  };
}

export const STACK = 'Stack';

interface FunctionProperties {
  readonly Role: { readonly 'Fn::GetAtt': readonly [string, string] };
}

function logicalIdOf(stack: Stack, construct: IFunction): string {
  const resource = construct.node.defaultChild;
  if (!resource) throw new Error(`${construct.node.path} has no resource of its own`);
  return stack.resolve((resource as unknown as { logicalId: string }).logicalId) as string;
}

function keyOfBucket(stack: ResolvedTemplate, name: string): string {
  const id = stack.resourceIds('AWS::S3::Bucket').find((bucket) => stack.refOf(bucket) === name);
  if (id === undefined) throw new Error(`'${name}' is no bucket of the template`);
  const encryption = stack.property(id, 'BucketEncryption') as unknown as {
    readonly ServerSideEncryptionConfiguration: readonly { readonly ServerSideEncryptionByDefault: { readonly KMSMasterKeyID: string } }[];
  };
  return encryption.ServerSideEncryptionConfiguration[0].ServerSideEncryptionByDefault.KMSMasterKeyID;
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html */
function platformNeeds(stack: ResolvedTemplate, functionId: string, { accountId, region }: { accountId: string; region: string }): NeededPermission[] {
  const { LogGroup } = stack.property(functionId, 'LoggingConfig') as { LogGroup: string };
  const { TargetArn } = stack.property(functionId, 'DeadLetterConfig') as { TargetArn: string };
  const key = stack.property(functionId, 'KmsKeyArn') as string;
  const ec2 = (path: string) => `arn:aws:ec2:${region}:${accountId}:${path}/${path.slice(0, 6)}-0a1b2c3d`;
  return [
    ...['logs:CreateLogStream', 'logs:PutLogEvents'].map((action) => ({ action, resource: `arn:aws:logs:${region}:${accountId}:log-group:${LogGroup}:log-stream:2026` })),
    { action: 'sqs:SendMessage', resource: TargetArn },
    ...['kms:Decrypt', 'kms:GenerateDataKey'].map((action) => ({ action, resource: key, through: 'sqs' })),
    { action: 'kms:Decrypt', resource: key, through: 'lambda' },
    ...['xray:PutTelemetryRecords', 'xray:PutTraceSegments', 'ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets'].map((action) => ({ action, resource: '*' })),
    ...['ec2:AssignPrivateIpAddresses', 'ec2:CreateNetworkInterface', 'ec2:DeleteNetworkInterface', 'ec2:UnassignPrivateIpAddresses']
      .map((action) => ({ action, resource: ec2('network-interface') })),
  ];
}
