import { describe, expect, test } from 'vitest';
import { ACCOUNT, document, judgeOf, judged, role } from './template';
import type { Json } from './template';
import type { AttackSpec } from '../../../lib/assurance/attacks/attack-spec';
import { escalation as escalationOf } from '../../../lib/assurance/prover';

const MODELS = ['arn:aws:s3:::models', 'arn:aws:s3:::models/*'];
const guard = (Sid: string, more: object): object => ({ Sid, Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: MODELS, ...more });
const NO_INTERNET = guard('NoInternet', { Condition: { StringNotEquals: { 'aws:SourceVpce': 'vpce-0a' } } });
const NO_POLICY_CHANGE = guard('NoPolicyChange', {
  Action: ['s3:PutBucketPolicy', 's3:DeleteBucketPolicy'],
  Condition: { ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/deployer' } },
});
const DATA = ['s3:GetObject*', 's3:PutObject*', 's3:DeleteObject*', 's3:AbortMultipartUpload', 's3:ListMultipartUploadParts'];
const read = { Effect: 'Allow', Action: 's3:GetObject', Resource: MODELS };

function store(guards: object[], statements: object[] = [read], more: Json = {}): Json {
  return {
    Models: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'models' } },
    ModelsPolicy: { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: { Ref: 'Models' }, PolicyDocument: document(...guards) } },
    Reader: role('reader', 'ecs-tasks.amazonaws.com', statements),
    ...more,
  };
}

describe('an attack', () => {
  test('on something that the template does not have is not claimed to be blocked', () => {
    const result = judged('AISEC-08A', { Reader: role('reader', 'ecs-tasks.amazonaws.com', []) });
    expect(result).toMatchObject({ verdict: 'NOT_APPLICABLE', reasons: ['the template has no models'], depth: 0, callers: [] });
  });
  test('that the posture leaves out is not asked', () => {
    const options = { postures: new Map([['app', { networkPerimeter: 'OFF' }]]) };
    expect(judged('AISEC-08A', store([]), options)).toMatchObject({ verdict: 'NOT_APPLICABLE', reasons: [expect.stringContaining('networkPerimeter')] });
    expect(judged('AISEC-08A', store([])).verdict).toBe('REFUTED');
  });
  test('says which layers stop it, for each kind of caller, and why one is all', () => {
    const result = judged('AISEC-08A', store([NO_INTERNET]));
    expect(result).toMatchObject({ verdict: 'PROVED', depth: 1, oneLayer: expect.stringContaining('tested at the resource') });
    expect(result.layers).toEqual([
      { callers: 'ROLE', alone: ['RESOURCE_DENY'], needed: ['RESOURCE_DENY'] },
      { callers: 'ACCOUNT_ADMIN', alone: ['RESOURCE_DENY'], needed: ['RESOURCE_DENY'] },
    ]);
  });
  test('is stopped twice where a role asks for the same, and once more by the organisation', () => {
    const inside = { ...read, Condition: { StringEquals: { 'aws:SourceVpce': 'vpce-0a' } } };
    const scp = {
      name: 'scp',
      document: document(
        { Effect: 'Allow', Action: '*', Resource: '*' },
        { Effect: 'Deny', Action: 's3:*', Resource: '*', Condition: { Null: { 'aws:SourceVpce': 'true' } } },
      ),
    };
    const result = judged('AISEC-08A', store([NO_INTERNET], [inside]), { serviceControlPolicies: [[scp]] });
    expect(result.layers).toEqual([
      { callers: 'ROLE', alone: ['IDENTITY', 'SERVICE_CONTROL', 'RESOURCE_DENY'], needed: [] },
      { callers: 'ACCOUNT_ADMIN', alone: ['SERVICE_CONTROL', 'RESOURCE_DENY'], needed: [] },
    ]);
    expect(result).toMatchObject({ verdict: 'PROVED', depth: 2 });
    expect(result.oneLayer).toBeUndefined();
  });
  test('with one denial removed is refuted by a request that can be read', () => {
    const { verdict, reasons } = judged('AISEC-08A', store([]));
    expect(verdict).toBe('REFUTED');
    expect(reasons[0]).toMatch(/^Reader: s3:GetObject arn:aws:s3:::models\/\S+,.* no aws:SourceVpce/);
  });
  test('by strangers meets a missing grant and a denial; with an accident the denial holds alone', () => {
    const identities = guard('NoStrangers', { Condition: { StringNotEquals: { 'aws:PrincipalAccount': ACCOUNT } } });
    const accident = { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: '*' };
    const layers = (guards: object[]) => judged('AISEC-08D', store(guards)).layers.map((l) => l.alone);
    expect(layers([identities])).toEqual([['RESOURCE_DENY', 'RESOURCE_GRANT'], ['RESOURCE_DENY', 'RESOURCE_GRANT']]);
    expect(layers([identities, accident])).toEqual([['RESOURCE_DENY'], ['RESOURCE_DENY']]);
    expect(layers([])).toEqual([['RESOURCE_GRANT'], ['RESOURCE_GRANT']]);
    expect(judged('AISEC-08D', store([accident])).verdict).toBe('REFUTED');
  });
});

describe('more power than was given', () => {
  const blocked = (statements: object[], guards: object[], more: Json = {}) => judged('AISEC-08A', store(guards, statements, more));

  test('a bucket policy that the caller may write is no protection', () => {
    const writer = { Effect: 'Allow', Action: ['s3:GetObject', 's3:PutBucketPolicy'], Resource: MODELS };
    const inside = guard('NoInternet', { Action: DATA, Condition: { StringNotEquals: { 'aws:SourceVpce': 'vpce-0a' } } });
    const open = blocked([writer], [inside]);
    expect(open.verdict).toBe('REFUTED');
    expect(open.reasons[0]).toMatch(/^Reader, step by step: Reader: s3:PutBucketPolicy arn:aws:s3:::models.*\(opens Models\); then Reader: s3:GetObject/);
    expect(blocked([writer], [inside, NO_POLICY_CHANGE]).verdict).toBe('PROVED');
  });

  const admin = { Admin: role('admin', 'lambda.amazonaws.com', [{ Effect: 'Allow', Action: 's3:PutObject', Resource: '*' }]) };
  const theft = (statements: object[], more: Json = admin) => judged('AISEC-07A', store([], [read, ...statements], more));
  const nobody = role('nobody', 'lambda.amazonaws.com', []);

  test('another role, by taking it', () => {
    expect(theft([], {}).verdict).toBe('PROVED_VACUOUSLY');
    const trusting = role('writer', 'lambda.amazonaws.com', [], {
      AssumeRolePolicyDocument: document({ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:role/reader` }, Action: 'sts:AssumeRole' }),
    });
    expect(judged('AISEC-17C', store([], [read], { Other: trusting })).reasons[0]).toMatch(/^Reader: sts:AssumeRole arn:aws:iam::111122223333:role\/writer/);
    expect(judged('AISEC-17C', store([], [read], { Other: nobody })).verdict).toBe('PROVED');
  });

  const steps = (statements: object[], more: Json) => {
    const { prover } = judgeOf(store([], [read, ...statements], more));
    const start = prover.estate.principals.find((p) => p.id === 'Reader');
    if (start === undefined) throw new Error('no reader');
    return escalationOf(prover, start);
  };

  test.each<[string, object[], Json, string[]]>([
    ['nothing where nothing is given', [], { Admin: admin.Admin }, []],
    [
      'passing a role together with making something that runs with it',
      [
        { Effect: 'Allow', Action: 'iam:PassRole', Resource: `arn:aws:iam::${ACCOUNT}:role/admin` },
        { Effect: 'Allow', Action: 'lambda:CreateFunction', Resource: '*' },
      ],
      { Admin: admin.Admin },
      ['acts as Admin'],
    ],
    [
      'passing a role alone brings nothing',
      [{ Effect: 'Allow', Action: 'iam:PassRole', Resource: `arn:aws:iam::${ACCOUNT}:role/admin` }],
      { Admin: admin.Admin },
      [],
    ],
    [
      'passing it to another service only brings nothing',
      [
        { Effect: 'Allow', Action: 'iam:PassRole', Resource: '*', Condition: { StringEquals: { 'iam:PassedToService': 'glue.amazonaws.com' } } },
        { Effect: 'Allow', Action: 'lambda:CreateFunction', Resource: '*' },
      ],
      { Admin: admin.Admin },
      [],
    ],
    [
      'new code in a function that runs with the role',
      [{ Effect: 'Allow', Action: 'lambda:UpdateFunctionCode', Resource: '*' }],
      {
        Admin: admin.Admin,
        Function: { Type: 'AWS::Lambda::Function', Properties: { FunctionName: 'f', Role: { 'Fn::GetAtt': ['Admin', 'Arn'] } } },
      },
      ['acts as Admin'],
    ],
    ['its own policies', [{ Effect: 'Allow', Action: 'iam:PutRolePolicy', Resource: '*' }], {}, ['gives Reader every permission']],
    [
      'the policy of a key',
      [{ Effect: 'Allow', Action: 'kms:PutKeyPolicy', Resource: '*' }],
      { Key: { Type: 'AWS::KMS::Key', Properties: {} } },
      ['opens Key'],
    ],
    [
      'a grant on a key',
      [{ Effect: 'Allow', Action: 'kms:CreateGrant', Resource: '*' }],
      { Key: { Type: 'AWS::KMS::Key', Properties: {} } },
      ['may use Key by a grant'],
    ],
    [
      'a grant that only a service of AWS can make, for a resource of its own, brings the caller nothing',
      [{ Effect: 'Allow', Action: 'kms:CreateGrant', Resource: '*', Condition: { Bool: { 'kms:GrantIsForAWSResource': 'true' } } }],
      { Key: { Type: 'AWS::KMS::Key', Properties: {} } },
      [],
    ],
    [
      'a grant that anybody but a service of AWS can make',
      [{ Effect: 'Allow', Action: 'kms:CreateGrant', Resource: '*', Condition: { Bool: { 'kms:GrantIsForAWSResource': 'false' } } }],
      { Key: { Type: 'AWS::KMS::Key', Properties: {} } },
      ['may use Key by a grant'],
    ],
  ])('%s', (_name, statements, more, gains) => {
    const found = steps(statements, more);
    expect(found.steps.map(({ gain }) => gain)).toEqual(expect.arrayContaining(gains));
    if (gains.length === 0) expect(found.steps).toEqual([]);
    for (const { requests } of found.steps) expect(requests.length).toBeGreaterThan(0);
  });

  test('a chain of roles that is too long to follow leaves open what is at its end', () => {
    const chain = (length: number): Json => {
      const link = (i: number): Json => role(`r${i}`, 'lambda.amazonaws.com', i === length ? [{ Effect: 'Allow', Action: 's3:PutObject', Resource: '*' }] : [], {
        AssumeRolePolicyDocument: document({
          Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:role/${i === 1 ? 'reader' : `r${i - 1}`}` }, Action: 'sts:AssumeRole',
        }),
      });
      return Object.fromEntries(Array.from({ length }, (_, i) => [`R${i + 1}`, link(i + 1)]));
    };
    const spec: AttackSpec = {
      id: 'X', title: 'the reader writes to a foreign bucket', subjects: { callers: { callers: {} } }, principals: { ids: ['Reader'] },
      action: ['s3:PutObject'], resource: ['arn:aws:s3:::foreign/x'],
    };
    const verdict = (length: number) => judgeOf(store([], [read], chain(length))).judge(spec);
    expect(verdict(11)).toMatchObject({ verdict: 'REFUTED', reasons: [expect.stringContaining('acts as R11')] });
    expect(verdict(14)).toMatchObject({ verdict: 'UNDETERMINED', reasons: [expect.stringContaining('more than 12 steps was not followed')] });
    expect(steps([], chain(14)).unclear).toHaveLength(1);
    expect(steps([], chain(11)).unclear).toEqual([]);
  });

  test('a boundary still limits a role that gives itself every permission, unless the role can take it off', () => {
    const boundary = (...Action: string[]): Json => ({
      Boundary: { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: document({ Effect: 'Allow', Action, Resource: '*' }) } },
    });
    const statements = [read, { Effect: 'Allow', Action: 'iam:PutRolePolicy', Resource: '*' }];
    const limited = role('reader', 'ecs-tasks.amazonaws.com', statements, { PermissionsBoundary: { Ref: 'Boundary' } });
    const theft = (reader: Json, limit: Json) => judged('AISEC-07A', { ...store([]), ...limit, Reader: reader });
    expect(theft(limited, boundary('iam:PutRolePolicy', 's3:GetObject')).verdict).not.toBe('REFUTED');
    expect(theft(limited, boundary('iam:*', 's3:GetObject')).reasons[0]).toContain('takes the boundary off Reader');
    expect(theft(role('reader', 'ecs-tasks.amazonaws.com', statements), {}).reasons[0]).toContain('gives Reader every permission');
  });

  test('a grant does not get past a denial of the key', () => {
    const key = (Statement: object[]): Json => ({ Key: { Type: 'AWS::KMS::Key', Properties: { KeyUsage: 'SIGN_VERIFY', KeyPolicy: document(...Statement) } } });
    const account = { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: 'kms:*', Resource: '*' };
    const denial = { Sid: 'No', Effect: 'Deny', Principal: '*', Action: 'kms:Sign', Resource: '*', Condition: { StringNotEquals: { 'kms:MessageType': 'DIGEST' } } };
    const grants = { Effect: 'Allow', Action: 'kms:CreateGrant', Resource: '*' };
    expect(judged('AISEC-05E', { ...store([], [read, grants]), ...key([account, denial]) }).verdict).toBe('PROVED');
    expect(judged('AISEC-05E', { ...store([], [read, grants]), ...key([account]) }).verdict).toBe('REFUTED');
  });
});
