import { describe, expect, test } from 'vitest';
import { IamWorld, accountPrincipal, administrator, anonymous, awsService, foreignPrincipal, type Request } from '.';
import type { JsonObject } from './policy-document';

/** What a condition does when its key is bad, absent or good: the facts on which every guard of the library stands. */

const ACCOUNT = '111122223333';
const ENV = { accountId: ACCOUNT, region: 'eu-central-1', organizationId: 'o-exampleorg1' };
const statement = (sid: string, Effect: string, more: JsonObject): JsonObject => ({
  Sid: sid,
  Effect,
  Principal: '*',
  Action: '*',
  Resource: '*',
  ...more,
});
const bucketWith = (...statements: JsonObject[]): IamWorld =>
  IamWorld.of(
    {
      S: {
        Resources: {
          Bucket: { Type: 'AWS::S3::Bucket', Properties: {} },
          Policy: {
            Type: 'AWS::S3::BucketPolicy',
            Properties: { Bucket: { Ref: 'Bucket' }, PolicyDocument: { Version: '2012-10-17', Statement: statements } },
          },
        },
      },
    },
    ENV,
  );
const decide = async (world: IamWorld, request: Partial<Request> = {}): Promise<string> =>
  (
    await world.request({
      principal: administrator(),
      action: 's3:PutObject',
      resource: request.resource ?? world.arnOf('Bucket', '/key'),
      ...request,
    })
  ).decision;

const KEY = 's3:x-amz-server-side-encryption';
const bad = { context: { [KEY]: 'AES256' } };
const good = { context: { [KEY]: 'aws:kms' } };

describe('a Deny whose condition is', () => {
  test.each<[condition: JsonObject, bad: string, absent: string, good: string]>([
    [{ StringNotEquals: { [KEY]: 'aws:kms' } }, 'explicit-deny', 'explicit-deny', 'allowed'],
    [{ StringNotEqualsIfExists: { [KEY]: 'aws:kms' } }, 'explicit-deny', 'explicit-deny', 'allowed'],
    [{ StringNotEquals: { [KEY]: 'aws:kms' }, Null: { [KEY]: 'false' } }, 'explicit-deny', 'allowed', 'allowed'],
    [{ StringEquals: { [KEY]: 'AES256' } }, 'explicit-deny', 'allowed', 'allowed'],
    [{ StringEqualsIfExists: { [KEY]: 'AES256' } }, 'explicit-deny', 'explicit-deny', 'allowed'],
    [{ StringLike: { [KEY]: 'AES*' } }, 'explicit-deny', 'allowed', 'allowed'],
    [{ StringEquals: { [KEY]: 'AES*' } }, 'allowed', 'allowed', 'allowed'],
    [{ Null: { [KEY]: 'true' } }, 'allowed', 'explicit-deny', 'allowed'],
    // Set operators are meant for multi-valued keys; on an absent key "all of none" is true and "any of none" is false.
    [{ 'ForAllValues:StringEquals': { [KEY]: 'AES256' } }, 'explicit-deny', 'explicit-deny', 'allowed'],
    [{ 'ForAnyValue:StringEquals': { [KEY]: 'AES256' } }, 'explicit-deny', 'allowed', 'allowed'],
  ])('%j', async (Condition, whenBad, whenAbsent, whenGood) => {
    const world = bucketWith(statement('D', 'Deny', { Condition }));
    expect([await decide(world, bad), await decide(world), await decide(world, good)]).toEqual([whenBad, whenAbsent, whenGood]);
  });

  const jobs = (operator: string): IamWorld =>
    IamWorld.of(
      {
        S: {
          Resources: {
            Role: {
              Type: 'AWS::IAM::Role',
              Properties: {
                AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [] },
                Policies: [
                  {
                    PolicyName: 'P',
                    PolicyDocument: {
                      Version: '2012-10-17',
                      Statement: [
                        { Sid: 'Run', Effect: 'Allow', Action: 'sagemaker:*', Resource: '*' },
                        {
                          Sid: 'Isolated',
                          Effect: 'Deny',
                          Action: 'sagemaker:CreateTrainingJob',
                          Resource: '*',
                          Condition: { [operator]: { 'sagemaker:NetworkIsolation': 'false' } },
                        },
                      ],
                    },
                  },
                ],
              },
            },
          },
        },
      },
      ENV,
    );
  const run = (world: IamWorld, isolation?: string): Promise<string> =>
    decide(world, {
      principal: 'Role',
      action: 'sagemaker:CreateTrainingJob',
      resource: `arn:aws:sagemaker:eu-central-1:${ACCOUNT}:training-job/j`,
      context: { 'sagemaker:NetworkIsolation': isolation },
    });

  test('Bool "false" lets a job through that does not mention isolation', async () => {
    const world = jobs('Bool');
    expect([await run(world, 'false'), await run(world), await run(world, 'true')]).toEqual(['explicit-deny', 'allowed', 'allowed']);
  });

  test('BoolIfExists "false" does not', async () => {
    const world = jobs('BoolIfExists');
    expect([await run(world, 'false'), await run(world), await run(world, 'true')]).toEqual(['explicit-deny', 'explicit-deny', 'allowed']);
  });
});

describe('a Deny on several values', () => {
  const tags = (world: IamWorld, ...keys: string[]): Promise<string> =>
    decide(world, { action: 's3:PutObjectTagging', context: { 's3:RequestObjectTagKeys': keys.length === 0 ? undefined : keys } });

  test('by ForAnyValue matches one bad among good ones, by ForAllValues only when all are bad, or none is there', async () => {
    const any = bucketWith(
      statement('D', 'Deny', { Condition: { 'ForAnyValue:StringEquals': { 's3:RequestObjectTagKeys': ['verdict'] } } }),
    );
    expect([await tags(any, 'verdict', 'team'), await tags(any, 'team'), await tags(any)]).toEqual(['explicit-deny', 'allowed', 'allowed']);
    const all = bucketWith(
      statement('D', 'Deny', { Condition: { 'ForAllValues:StringEquals': { 's3:RequestObjectTagKeys': ['verdict'] } } }),
    );
    expect([await tags(all, 'verdict', 'team'), await tags(all, 'verdict'), await tags(all)]).toEqual([
      'allowed',
      'explicit-deny',
      'explicit-deny',
    ]);
  });
});

describe('a Deny with NotPrincipal', () => {
  test('spares the listed role only', async () => {
    const listed = `arn:aws:iam::${ACCOUNT}:role/listed`;
    const world = bucketWith({
      Sid: 'D',
      Effect: 'Deny',
      NotPrincipal: { AWS: [listed, `arn:aws:iam::${ACCOUNT}:root`] },
      Action: '*',
      Resource: '*',
    });
    // The account beside the role spares every role of the account: the reason to use aws:PrincipalArn instead.
    expect([
      await decide(world, { principal: administrator('listed') }),
      await decide(world, { principal: administrator('other') }),
    ]).toEqual(['allowed', 'allowed']);
    const alone = bucketWith({ Sid: 'D', Effect: 'Deny', NotPrincipal: { AWS: [listed] }, Action: '*', Resource: '*' });
    expect([
      await decide(alone, { principal: administrator('listed') }),
      await decide(alone, { principal: administrator('other') }),
    ]).toEqual(['allowed', 'explicit-deny']);
    const byArn = bucketWith(statement('D', 'Deny', { Condition: { ArnNotEquals: { 'aws:PrincipalArn': listed } } }));
    expect([
      await decide(byArn, { principal: administrator('listed') }),
      await decide(byArn, { principal: administrator('other') }),
    ]).toEqual(['allowed', 'explicit-deny']);
  });

  test('hits every role that has a boundary, listed or not', async () => {
    const document = (Statement: JsonObject[]): JsonObject => ({ Version: '2012-10-17', Statement });
    const all = { Effect: 'Allow', Action: '*', Resource: '*' };
    const world = IamWorld.of(
      {
        S: {
          Resources: {
            Bucket: { Type: 'AWS::S3::Bucket', Properties: {} },
            Policy: {
              Type: 'AWS::S3::BucketPolicy',
              Properties: {
                Bucket: { Ref: 'Bucket' },
                PolicyDocument: document([
                  { Effect: 'Deny', NotPrincipal: { AWS: { 'Fn::GetAtt': ['Role', 'Arn'] } }, Action: '*', Resource: '*' },
                ]),
              },
            },
            Boundary: { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: document([all]) } },
            Role: {
              Type: 'AWS::IAM::Role',
              Properties: {
                PermissionsBoundary: { Ref: 'Boundary' },
                AssumeRolePolicyDocument: document([]),
                Policies: [{ PolicyName: 'P', PolicyDocument: document([all]) }],
              },
            },
          },
        },
      },
      ENV,
    );
    expect(await decide(world, { principal: 'Role' })).toBe('explicit-deny');
    expect(await decide(world.without({ boundary: 'Role' }), { principal: 'Role' })).toBe('allowed');
  });
});

describe('the context of a caller', () => {
  test('is what AWS sets for it', async () => {
    const world = bucketWith();
    const keys = async (principal: Request['principal']): Promise<object> =>
      (await world.request({ principal, action: 's3:GetObject', resource: world.arnOf('Bucket', '/k') })).request.context;
    const role = await keys(administrator());
    expect(role).toMatchObject({
      'aws:PrincipalArn': `arn:aws:iam::${ACCOUNT}:role/administrator`,
      'aws:PrincipalAccount': ACCOUNT,
      'aws:PrincipalOrgID': 'o-exampleorg1',
      'aws:PrincipalIsAWSService': 'false',
      'aws:ViaAWSService': 'false',
      'aws:SecureTransport': 'true',
      's3:TlsVersion': '1.3',
      'aws:SourceIp': '198.51.100.7',
      'aws:ResourceAccount': ACCOUNT,
      'aws:RequestedRegion': 'eu-central-1',
    });
    expect(role).not.toHaveProperty('aws:SourceVpce');
    expect(role).not.toHaveProperty('kms:CallerAccount');
    expect(await keys(foreignPrincipal())).not.toHaveProperty('aws:PrincipalOrgID');
    const service = await keys(awsService('logging.s3.amazonaws.com', { sourceAccount: ACCOUNT }));
    expect(service).toMatchObject({
      'aws:PrincipalIsAWSService': 'true',
      'aws:PrincipalServiceName': 'logging.s3.amazonaws.com',
      'aws:SourceAccount': ACCOUNT,
    });
    expect(service).not.toHaveProperty('aws:PrincipalArn');
    expect(service).not.toHaveProperty('aws:SourceArn');
    const nobody = await keys(anonymous());
    expect(nobody).not.toHaveProperty('aws:PrincipalArn');
    expect(nobody).not.toHaveProperty('s3:authType');
  });

  test('loses a default key that is given as undefined, in any case', async () => {
    const insecure = (operator: string): IamWorld =>
      bucketWith(statement('D', 'Deny', { Condition: { [operator]: { 'aws:SecureTransport': 'false' } } }));
    const without = { context: { 'AWS:securetransport': undefined } };
    expect([await decide(insecure('Bool'), without), await decide(insecure('BoolIfExists'), without)]).toEqual([
      'allowed',
      'explicit-deny',
    ]);
    expect(await decide(insecure('BoolIfExists'))).toBe('allowed');
  });

  test('carries the tags of the principal', async () => {
    const world = bucketWith(statement('Team', 'Allow', { Condition: { StringEquals: { 'aws:PrincipalTag/team': 'vision' } } }));
    const caller = (team: string): Partial<Request> => ({ principal: accountPrincipal({ policies: [], tags: { team } }) });
    expect([await decide(world, caller('vision')), await decide(world, caller('audio'))]).toEqual(['allowed', 'implicit-deny']);
  });
});

describe('guardrails of the organisation', () => {
  const deny = (sid: string, more: JsonObject = {}): never =>
    ({ Version: '2012-10-17', Statement: [{ Sid: sid, Effect: 'Deny', Action: 's3:*', Resource: '*', ...more }] }) as never;
  const all: never = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] } as never;
  const template = { S: { Resources: { Bucket: { Type: 'AWS::S3::Bucket', Properties: {} } } } };

  test('bind own principals, and leave those of other accounts', async () => {
    const world = IamWorld.of(template, { ...ENV, serviceControlPolicies: [all, deny('NoS3')] });
    expect(
      await world.request({ principal: administrator(), action: 's3:PutObject', resource: world.arnOf('Bucket', '/k') }),
    ).toMatchObject({ decision: 'explicit-deny', deniedBy: ['NoS3'] });
    expect(await decide(world.without({ sid: 'NoS3' }))).toBe('allowed');
    expect(
      await decide(world, { principal: foreignPrincipal(), resource: { foreignArn: 'arn:aws:s3:::x/y', accountId: '999988887777' } }),
    ).toBe('allowed');
  });

  test('bind own resources', async () => {
    const world = IamWorld.of(template, { ...ENV, resourceControlPolicies: [deny('NoForeign', { Principal: '*' })] });
    expect(
      await world.request({ principal: administrator(), action: 's3:PutObject', resource: world.arnOf('Bucket', '/k') }),
    ).toMatchObject({ decision: 'explicit-deny', deniedBy: ['NoForeign'] });
    expect(await decide(world, { resource: { foreignArn: 'arn:aws:s3:::x/y', accountId: '999988887777' } })).toBe('allowed');
  });
});

describe('keys that the simulator does not accept for an action', () => {
  const decrypt = (Condition: JsonObject): IamWorld =>
    IamWorld.of(
      {
        S: {
          Resources: {
            Key: {
              Type: 'AWS::KMS::Key',
              Properties: { KeyPolicy: { Version: '2012-10-17', Statement: [statement('Use', 'Allow', { Condition })] } },
            },
          },
        },
      },
      ENV,
    );
  const request: Request = { principal: accountPrincipal({ policies: [] }), action: 'kms:Decrypt', resource: 'Key' };

  test('are errors, unless they are given as extra', async () => {
    const world = decrypt({ StringEquals: { 'kms:EncryptionContext:tenant': 'a' } });
    const key = 'kms:encryptioncontext:Tenant';
    await expect(world.request({ ...request, context: { [key]: 'a' } })).rejects.toThrow('give it in extraContext');
    expect(await world.request({ ...request, extraContext: { [key]: 'a' } })).toMatchObject({ decision: 'allowed', allowedBy: ['Use'] });
    expect(await world.request({ ...request, extraContext: { [key]: 'b' } })).toMatchObject({ decision: 'implicit-deny' });
    expect(await world.request(request)).toMatchObject({ decision: 'implicit-deny' });
  });

  test('work inside policy variables', async () => {
    const world = decrypt({ StringEquals: { 'kms:ViaService': '${kms:EncryptionContext:service}' } });
    const via = { ...request, context: { 'kms:ViaService': 's3.eu-central-1.amazonaws.com' } };
    expect(
      await world.request({ ...via, extraContext: { 'kms:EncryptionContext:service': 's3.eu-central-1.amazonaws.com' } }),
    ).toMatchObject({ decision: 'allowed' });
    expect(await world.request({ ...via, extraContext: { 'kms:EncryptionContext:service': 'x' } })).toMatchObject({
      decision: 'implicit-deny',
    });
  });
});

describe('addresses', () => {
  test.each([['192.0.2.0/24'], [['192.0.2.0/24', '10.0.0.0/8']]])('an IPv6 source is outside of every IPv4 range', async (range) => {
    const world = bucketWith(statement('D', 'Deny', { Condition: { NotIpAddress: { 'aws:SourceIp': range } } }));
    const from = (address: string | undefined): Promise<string> => decide(world, { context: { 'aws:SourceIp': address } });
    expect([await from('192.0.2.9'), await from('198.51.100.7'), await from('2001:db8::1'), await from(undefined)]).toEqual([
      'allowed',
      'explicit-deny',
      'explicit-deny',
      'explicit-deny',
    ]);
  });
});

describe('limits of the simulator', () => {
  test('a policy that IAM would not take is an error, not a decision', async () => {
    const world = bucketWith({ Sid: 'NoAction', Effect: 'Allow', Principal: '*', Resource: '*' });
    await expect(decide(world)).rejects.toThrow('the simulator refuses s3:PutObject');
  });

  test('an unknown operator would match nothing: it is refused instead', () => {
    expect(() => bucketWith(statement('D', 'Deny', { Condition: { StringEqual: { [KEY]: 'x' } } }))).toThrow(
      "unknown operator 'StringEqual'",
    );
  });
});
