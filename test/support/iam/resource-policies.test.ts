import {
  App,
  NestedStack,
  Stack,
  aws_apigateway as apigateway,
  aws_ec2 as ec2,
  aws_ecr as ecr,
  aws_iam as iam,
  aws_lambda as lambda,
  aws_s3 as s3,
  aws_secretsmanager as secrets,
  aws_sns as sns,
} from 'aws-cdk-lib';
import { describe, expect, test } from 'vitest';
import { IamWorld, accountPrincipal, administrator, anonymous, awsService, foreignPrincipal, type Principal } from '.';

const ACCOUNT = '111122223333';
const ENV = { accountId: ACCOUNT, region: 'eu-central-1' };
const foreign = foreignPrincipal();

async function decide(world: IamWorld, principal: Principal, action: string, resource: string, via?: string): Promise<string> {
  return (await world.request({ principal, action, resource, via })).decision;
}

describe('the policy of', () => {
  const stack = (): Stack => new Stack(new App(), 'Stack', { env: { region: 'eu-central-1' } });
  const grant = (sid: string, action: string): iam.PolicyStatement =>
    new iam.PolicyStatement({ sid, actions: [action], resources: ['*'], principals: [new iam.AccountPrincipal('999988887777')] });

  test('a topic', async () => {
    const scope = stack();
    const topic = new sns.Topic(scope, 'Topic');
    topic.addToResourcePolicy(grant('Publish', 'sns:Publish'));
    const world = IamWorld.of(scope, ENV);
    expect(await decide(world, foreign, 'sns:Publish', world.arnOf(topic))).toBe('allowed');
    expect(await decide(world.without({ sid: 'Publish' }), foreign, 'sns:Publish', world.arnOf(topic))).toBe('implicit-deny');
  });

  test('a secret', async () => {
    const scope = stack();
    const secret = new secrets.Secret(scope, 'Secret');
    secret.addToResourcePolicy(grant('Read', 'secretsmanager:GetSecretValue'));
    const world = IamWorld.of(scope, ENV);
    expect(await decide(world, foreign, 'secretsmanager:GetSecretValue', world.arnOf(secret))).toBe('allowed');
    expect(await decide(world.without({ sid: 'Read' }), foreign, 'secretsmanager:GetSecretValue', world.arnOf(secret))).toBe(
      'implicit-deny',
    );
  });

  test('a repository, which names no resource', async () => {
    const scope = stack();
    const repository = new ecr.Repository(scope, 'Repository');
    repository.addToResourcePolicy(
      new iam.PolicyStatement({
        sid: 'Pull',
        actions: ['ecr:BatchGetImage'],
        principals: [new iam.AccountPrincipal('999988887777')],
      }),
    );
    const world = IamWorld.of(scope, ENV);
    expect(await decide(world, foreign, 'ecr:BatchGetImage', world.arnOf(repository))).toBe('allowed');
    expect(await decide(world.without({ sid: 'Pull' }), foreign, 'ecr:BatchGetImage', world.arnOf(repository))).toBe('implicit-deny');
  });

  test('a function, made of its permissions', async () => {
    const scope = stack();
    const handler = new lambda.Function(scope, 'Fn', {
      runtime: lambda.Runtime.NODEJS_22_X,
      handler: 'i.h',
      code: lambda.Code.fromInline('1'),
    });
    handler.addPermission('Bucket', { principal: new iam.ServicePrincipal('s3.amazonaws.com'), sourceAccount: ACCOUNT });
    const world = IamWorld.of(scope, ENV);
    const invoke = (principal: Principal): Promise<string> => decide(world, principal, 'lambda:InvokeFunction', world.arnOf(handler));
    expect(await invoke(awsService('s3.amazonaws.com', { sourceAccount: ACCOUNT }))).toBe('allowed');
    expect(await invoke(awsService('s3.amazonaws.com', { sourceAccount: '999988887777' }))).toBe('implicit-deny');
    expect(await invoke(awsService('events.amazonaws.com', { sourceAccount: ACCOUNT }))).toBe('implicit-deny');
  });

  test('an API, with its short resource names', async () => {
    const scope = stack();
    const api = new apigateway.RestApi(scope, 'Api', {
      policy: new iam.PolicyDocument({
        statements: [
          new iam.PolicyStatement({
            sid: 'Infer',
            principals: [new iam.StarPrincipal()],
            actions: ['execute-api:Invoke'],
            resources: ['execute-api:/prod/POST/*'],
          }),
        ],
      }),
    });
    api.root.addMethod('POST');
    const world = IamWorld.of(scope, ENV);
    expect(await decide(world, anonymous(), 'execute-api:Invoke', world.arnOf(api, '/prod/POST/infer'))).toBe('allowed');
    expect(await decide(world, anonymous(), 'execute-api:Invoke', world.arnOf(api, '/prod/GET/infer'))).toBe('implicit-deny');
  });

  test('a public bucket, which the public access block closes', async () => {
    const scope = stack();
    const bucket = new s3.Bucket(scope, 'Bucket', { blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL });
    bucket.addToResourcePolicy(
      new iam.PolicyStatement({
        sid: 'Public',
        principals: [new iam.AnyPrincipal()],
        actions: ['s3:GetObject'],
        resources: [bucket.arnForObjects('*')],
      }),
    );
    const world = IamWorld.of(scope, ENV);
    const read = { principal: anonymous(), action: 's3:GetObject', resource: world.arnOf(bucket, '/x') };
    expect(await world.request(read)).toMatchObject({ decision: 'implicit-deny', blockedBy: ['block-public-access'] });
    expect(await world.without({ publicAccessBlock: bucket }).request(read)).toMatchObject({ decision: 'allowed' });
  });

  test('something that is not there is an error', () => {
    const scope = stack();
    new s3.CfnBucketPolicy(scope, 'Policy', { bucket: 'elsewhere', policyDocument: { Version: '2012-10-17', Statement: [] } });
    expect(() => IamWorld.of(scope, ENV)).toThrow('Stack/Policy is attached to "elsewhere", which is no AWS::S3::Bucket');
  });

  test('a nested stack would be missed, so it is an error', () => {
    const scope = stack();
    new s3.Bucket(new NestedStack(scope, 'Nested'), 'Bucket');
    expect(() => IamWorld.of(scope, ENV)).toThrow('is a nested stack');
  });
});

describe('an endpoint policy that names principals', () => {
  const world = (type: 'Interface' | 'Gateway', principal: iam.IPrincipal): IamWorld => {
    const scope = new Stack(new App(), 'Stack', { env: { region: 'eu-central-1' } });
    new ec2.CfnVPCEndpoint(scope, 'Endpoint', {
      vpcId: 'vpc-1',
      serviceName: 'com.amazonaws.eu-central-1.sagemaker.runtime',
      vpcEndpointType: type,
      policyDocument: new iam.PolicyDocument({
        statements: [new iam.PolicyStatement({ principals: [principal], actions: ['*'], resources: ['*'] })],
      }),
    });
    return IamWorld.of(scope, ENV);
  };
  const endpoint = `arn:aws:sagemaker:eu-central-1:${ACCOUNT}:endpoint/e`;
  const invoke = (one: IamWorld, principal: Principal): Promise<string> =>
    decide(one, principal, 'sagemaker:InvokeEndpoint', endpoint, 'Endpoint');

  test('admits only them at an interface endpoint', async () => {
    expect(await invoke(world('Interface', new iam.AccountPrincipal(ACCOUNT)), administrator())).toBe('allowed');
    expect(await invoke(world('Interface', new iam.AccountPrincipal('999988887777')), administrator())).toBe('implicit-deny');
    const one = world('Interface', new iam.ArnPrincipal(`arn:aws:iam::${ACCOUNT}:role/a`));
    expect([await invoke(one, administrator('a')), await invoke(one, administrator('b'))]).toEqual(['allowed', 'implicit-deny']);
  });

  test('keeps its own conditions beside them', async () => {
    const account = new iam.PrincipalWithConditions(new iam.AccountPrincipal(ACCOUNT), {
      StringEquals: { 'aws:ResourceAccount': ACCOUNT },
    });
    const one = world('Interface', account);
    expect(await invoke(one, administrator())).toBe('allowed');
    expect(
      await one.request({
        principal: administrator(),
        action: 'sagemaker:InvokeEndpoint',
        via: 'Endpoint',
        resource: { foreignArn: endpoint.replace(ACCOUNT, '999988887777'), accountId: '999988887777' },
      }),
    ).toMatchObject({ decision: 'implicit-deny', blockedBy: ['endpoint'] });
  });

  test('is refused where AWS does not take it', () => {
    expect(() => world('Gateway', new iam.AccountPrincipal(ACCOUNT))).toThrow('gateway endpoint needs Principal "*"');
    expect(() => world('Interface', new iam.ServicePrincipal('x.amazonaws.com'))).toThrow('cannot express Principal');
  });

  test('does not apply to services, which do not come that way', async () => {
    await expect(invoke(world('Interface', new iam.StarPrincipal()), awsService('events.amazonaws.com'))).rejects.toThrow(
      'not through a VPC endpoint',
    );
  });
});

describe('policies of a role', () => {
  test('count from either side, inline or managed, and a Deny in any of them wins', async () => {
    const scope = new Stack(new App(), 'Stack');
    const statement = (sid: string, action: string, effect = iam.Effect.ALLOW): iam.PolicyStatement =>
      new iam.PolicyStatement({ sid, effect, actions: [action], resources: ['*'] });
    const role = new iam.Role(scope, 'Role', {
      assumedBy: new iam.AccountRootPrincipal(),
      managedPolicies: [new iam.ManagedPolicy(scope, 'ByRole', { statements: [statement('ByRole', 'kms:CreateKey')] })],
      inlinePolicies: { Inline: new iam.PolicyDocument({ statements: [statement('Inline', 'sns:ListTopics')] }) },
    });
    new iam.ManagedPolicy(scope, 'ByPolicy', { roles: [role], statements: [statement('ByPolicy', 'sqs:ListQueues')] });
    role.addToPolicy(statement('Grant', 'ecr:GetAuthorizationToken'));
    role.addToPolicy(statement('Never', 'sns:*', iam.Effect.DENY));
    const world = IamWorld.of(scope, ENV);
    const ask = (action: string): Promise<object> => world.request({ principal: role, action, resource: '*' });
    expect(await ask('kms:CreateKey')).toMatchObject({ allowedBy: ['ByRole'] });
    expect(await ask('sqs:ListQueues')).toMatchObject({ allowedBy: ['ByPolicy'] });
    expect(await ask('ecr:GetAuthorizationToken')).toMatchObject({ allowedBy: ['Grant'] });
    expect(await ask('sns:ListTopics')).toMatchObject({ decision: 'explicit-deny', deniedBy: ['Never'] });
    expect(await ask('kms:ListKeys')).toMatchObject({ decision: 'implicit-deny', blockedBy: ['no grant'] });
  });

  test('do not let a session exceed its own policy', async () => {
    const scope = new Stack(new App(), 'Stack');
    const role = new iam.Role(scope, 'Role', { assumedBy: new iam.AccountRootPrincipal() });
    role.addToPolicy(new iam.PolicyStatement({ actions: ['kms:*'], resources: ['*'] }));
    const world = IamWorld.of(scope, ENV);
    const sessionPolicy = {
      Version: '2012-10-17' as const,
      Statement: [{ Effect: 'Allow' as const, Action: 'kms:ListKeys', Resource: '*' }],
    };
    expect(await world.request({ principal: role, action: 'kms:ListKeys', resource: '*', sessionPolicy })).toMatchObject({
      decision: 'allowed',
    });
    expect(await world.request({ principal: role, action: 'kms:CreateKey', resource: '*', sessionPolicy })).toMatchObject({
      decision: 'implicit-deny',
    });
  });

  test('of the account let an administrator assume a role that trusts the account, and nobody without rights', async () => {
    const scope = new Stack(new App(), 'Stack');
    const role = new iam.Role(scope, 'Role', { assumedBy: new iam.AccountRootPrincipal() });
    const world = IamWorld.of(scope, ENV);
    expect(await decide(world, administrator(), 'sts:AssumeRole', world.arnOf(role))).toBe('allowed');
    expect(await decide(world, accountPrincipal({ policies: [] }), 'sts:AssumeRole', world.arnOf(role))).toBe('implicit-deny');
    expect(await decide(world, foreign, 'sts:AssumeRole', world.arnOf(role))).toBe('implicit-deny');
  });
});
