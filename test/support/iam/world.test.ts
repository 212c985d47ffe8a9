import { App, Stack, aws_ec2 as ec2, aws_iam as iam, aws_kms as kms, aws_s3 as s3 } from 'aws-cdk-lib';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  IamWorld,
  administrator,
  anonymous,
  awsService,
  expectGuarded,
  foreignEndpoint,
  foreignPrincipal,
  type Request,
  type Statement,
} from '.';

const ACCOUNT = '111122223333';
const ENV = { accountId: ACCOUNT, region: 'eu-central-1', organizationId: 'o-exampleorg1' };

/** A model bucket with three perimeter layers, its reader role behind a boundary, and the endpoint to reach it. */
function modelStack(): { stack: Stack; bucket: s3.Bucket; reader: iam.Role; endpoint: ec2.CfnVPCEndpoint; key: kms.Key } {
  const stack = new Stack(new App(), 'Models', { env: { region: 'eu-central-1' } });
  const key = new kms.Key(stack, 'Key');
  const bucket = new s3.Bucket(stack, 'Bucket', { encryptionKey: key, enforceSSL: true });
  const vpc = new ec2.CfnVPC(stack, 'Vpc', { cidrBlock: '10.0.0.0/16' });
  const endpoint = new ec2.CfnVPCEndpoint(stack, 'S3Endpoint', {
    vpcId: vpc.ref,
    serviceName: `com.amazonaws.${stack.region}.s3`,
    vpcEndpointType: 'Gateway',
    routeTableIds: ['rtb-1'],
    policyDocument: new iam.PolicyDocument({
      statements: [
        new iam.PolicyStatement({
          sid: 'OwnBucketsOnly',
          principals: [new iam.StarPrincipal()],
          actions: ['s3:*'],
          resources: ['*'],
          conditions: { StringEquals: { 'aws:ResourceAccount': stack.account } },
        }),
      ],
    }),
  });
  bucket.addToResourcePolicy(
    new iam.PolicyStatement({
      sid: 'NetworkPerimeter',
      effect: iam.Effect.DENY,
      principals: [new iam.AnyPrincipal()],
      actions: ['s3:*'],
      resources: [bucket.bucketArn, bucket.arnForObjects('*')],
      conditions: { StringNotEquals: { 'aws:SourceVpce': endpoint.ref } },
    }),
  );
  bucket.addToResourcePolicy(
    new iam.PolicyStatement({
      sid: 'ForeignReaders',
      principals: [new iam.AnyPrincipal()],
      actions: ['s3:GetObject'],
      resources: [bucket.arnForObjects('shared/*')],
      conditions: { StringEquals: { 'aws:PrincipalOrgID': ENV.organizationId } },
    }),
  );
  const boundary = new iam.ManagedPolicy(stack, 'Boundary', {
    statements: [new iam.PolicyStatement({ sid: 'Ceiling', actions: ['s3:Get*', 's3:Put*', 'kms:*'], resources: ['*'] })],
  });
  const reader = new iam.Role(stack, 'Reader', {
    path: '/models/',
    assumedBy: new iam.ServicePrincipal('sagemaker.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': stack.account } },
    }),
    permissionsBoundary: boundary,
  });
  const policy = new iam.ManagedPolicy(stack, 'ReaderPolicy', {
    statements: [
      new iam.PolicyStatement({ sid: 'ReadModels', actions: ['s3:GetObject', 's3:DeleteObject', 's3:PutObject'], resources: ['*'] }),
      new iam.PolicyStatement({ sid: 'UseKey', actions: ['kms:Decrypt'], resources: [key.keyArn] }),
    ],
  });
  policy.attachToRole(reader);
  return { stack, bucket, reader, endpoint, key };
}

describe('a world made of a stack', () => {
  const { stack, bucket, reader, endpoint, key } = modelStack();
  let world: IamWorld;
  let read: Request;
  beforeAll(() => {
    world = IamWorld.of(stack, ENV);
    read = { principal: reader, action: 's3:GetObject', resource: world.arnOf(bucket, '/model.tar'), via: endpoint };
  });

  test('allows what identity, boundary, bucket policy and endpoint policy allow together, and names the statements', async () => {
    expect(await world.request(read)).toMatchObject({
      decision: 'allowed',
      allowedBy: ['ReadModels', 'Ceiling', 'OwnBucketsOnly'],
      request: { principal: `arn:aws:sts::${ACCOUNT}:assumed-role/${world.refOf(reader)}/session` },
    });
  });

  test('finds roles and resources by object, logical id, construct path and ARN', async () => {
    const id = stack.resolve((reader.node.defaultChild as iam.CfnRole).logicalId) as string;
    for (const principal of [id, `Models/${id}`, world.arnOf(reader)]) {
      expect(await world.request({ ...read, principal })).toMatchObject({ decision: 'allowed' });
    }
    expect(world.arnOf(reader)).toMatch(/^arn:aws:iam::111122223333:role\/models\/Models-Reader/);
    expect(() => world.arnOf('Nobody')).toThrow("'Nobody' is no resource of these templates");
  });

  test('denies by the network perimeter over the internet, over AWS networks and through foreign endpoints', async () => {
    for (const via of ['internet', 'aws-network', foreignEndpoint()] as const) {
      expect(await world.request({ ...read, via })).toMatchObject({ decision: 'explicit-deny', deniedBy: ['NetworkPerimeter'] });
    }
  });

  test('binds an outside administrator of the account by the bucket policy too', async () => {
    expect(await world.request({ ...read, principal: administrator() })).toMatchObject({ decision: 'allowed' });
    expect(await world.request({ ...read, principal: administrator(), via: 'internet' })).toMatchObject({ deniedBy: ['NetworkPerimeter'] });
  });

  test('is stopped by the boundary and says so', async () => {
    const erase = { ...read, action: 's3:DeleteObject' };
    expect(await world.request(erase)).toMatchObject({ decision: 'implicit-deny', blockedBy: ['boundary'] });
    expect(await world.without({ boundary: reader }).request(erase)).toMatchObject({ decision: 'allowed' });
  });

  test('is stopped by the endpoint policy when it writes to a foreign bucket', async () => {
    const steal: Request = {
      principal: reader,
      action: 's3:PutObject',
      via: endpoint,
      resource: { foreignArn: 'arn:aws:s3:::attacker/loot', accountId: '999988887777' },
    };
    expect(await world.request(steal)).toMatchObject({ decision: 'implicit-deny', blockedBy: ['endpoint'] });
    expect(await world.without({ endpointPolicy: endpoint }).request(steal)).toMatchObject({ decision: 'allowed' });
    expect(await world.withoutCondition({ sid: 'OwnBucketsOnly', key: 'AWS:ResourceAccount' }).request(steal)).toMatchObject({
      decision: 'allowed',
    });
  });

  test('admits foreign principals only with a grant, which may ask for the organisation', async () => {
    const shared = { ...read, resource: world.arnOf(bucket, '/shared/a') };
    expect(await world.request({ ...shared, principal: foreignPrincipal() })).toMatchObject({ decision: 'implicit-deny' });
    expect(await world.request({ ...shared, principal: foreignPrincipal({ organization: 'o-other' }) })).toMatchObject({
      decision: 'implicit-deny',
    });
    expect(await world.request({ ...shared, principal: foreignPrincipal({ organization: 'same' }) })).toMatchObject({
      decision: 'allowed',
    });
    expect(await world.request({ ...read, principal: foreignPrincipal({ organization: 'same' }) })).toMatchObject({
      decision: 'implicit-deny',
    });
    expect(await world.request({ ...shared, principal: anonymous() })).toMatchObject({ decision: 'implicit-deny' });
    expect(
      await world.withoutCondition({ sid: 'ForeignReaders', key: 'aws:PrincipalOrgID' }).request({ ...shared, principal: anonymous() }),
    ).toMatchObject({ decision: 'allowed' });
  });

  test('asks the trust policy who may assume a role', async () => {
    const assume = (principal: Request['principal']): Request => ({ principal, action: 'sts:AssumeRole', resource: reader });
    expect(await world.request(assume(awsService('sagemaker.amazonaws.com', { sourceAccount: ACCOUNT })))).toMatchObject({
      decision: 'allowed',
    });
    for (const principal of [
      awsService('sagemaker.amazonaws.com'),
      awsService('sagemaker.amazonaws.com', { sourceAccount: '999988887777' }),
      awsService('lambda.amazonaws.com', { sourceAccount: ACCOUNT }),
      administrator(),
      foreignPrincipal(),
      reader,
    ]) {
      expect(await world.request(assume(principal))).toMatchObject({ decision: 'implicit-deny' });
    }
  });

  test('takes identity policies into account for a key only as far as the key policy delegates to the account', async () => {
    const decrypt: Request = { principal: reader, action: 'kms:Decrypt', resource: key };
    expect(await world.request(decrypt)).toMatchObject({ decision: 'allowed' });
    expect(await world.request({ ...decrypt, principal: foreignPrincipal({ organization: 'same' }) })).toMatchObject({
      decision: 'implicit-deny',
    });
    const undelegated = world.without({
      statement: (statement, policy) => policy.target === world.arnOf(key) && statement.Action === 'kms:*',
    });
    expect(await undelegated.request(decrypt)).toMatchObject({ decision: 'implicit-deny', blockedBy: ['no grant'] });
    expect(await undelegated.request({ ...decrypt, principal: administrator() })).toMatchObject({ decision: 'implicit-deny' });
  });

  test('shows that plain http is denied, and that the denial is the cause', async () => {
    const tls = { statement: (statement: Statement) => JSON.stringify(statement.Condition ?? '').includes('SecureTransport') };
    await expectGuarded({
      world,
      allowed: read,
      denied: { 'plain http': { ...read, context: { 'aws:securetransport': 'false' } } },
      protections: [tls],
    });
  });
});

describe('a world refuses to decide', () => {
  const { stack, bucket, reader, endpoint } = modelStack();
  const world = IamWorld.of(stack, ENV);
  const read: Request = { principal: reader, action: 's3:GetObject', resource: world.arnOf(bucket, '/x'), via: endpoint };

  test.each<[string, Partial<Request>, string]>([
    ['an unknown context key', { context: { 's3:NoSuchKey': 'x' } }, 'has no context key s3:NoSuchKey'],
    ['a key that belongs to another action', { context: { 's3:prefix': 'x' } }, 'has no context key s3:prefix'],
    ['an unknown action', { action: 's3:ReadEverything' }, 'the simulator refuses s3:ReadEverything'],
    ['an action on the wrong kind of resource', { resource: bucket }, 'the simulator refuses s3:GetObject'],
    ['a resource with a wildcard', { resource: world.arnOf(bucket, '/*') }, 'holds a wildcard'],
    ['a bucket whose policy is not known', { resource: 'arn:aws:s3:::elsewhere/x' }, 'its policy is not known'],
    ['a role that is not there', { principal: bucket }, 'is no role of these templates'],
    ['the endpoint of another service', { action: 'kms:Decrypt' }, 'kms:Decrypt does not go through the endpoint'],
  ])('%s', async (_, change, message) => {
    await expect(world.request({ ...read, ...change })).rejects.toThrow(message);
  });

  test('about a role with a managed policy whose text is not known', async () => {
    const other = new Stack(new App(), 'Other');
    const role = new iam.Role(other, 'Role', {
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
      managedPolicies: [iam.ManagedPolicy.fromAwsManagedPolicyName('ReadOnlyAccess')],
    });
    const request: Request = { principal: role, action: 'kms:CreateKey', resource: '*' };
    await expect(IamWorld.of(other, ENV).request(request)).rejects.toThrow('text is not known: arn:aws:iam::aws:policy/ReadOnlyAccess');
  });
});
