import { describe, expect, test } from 'vitest';
import type { Estate, ProverOptions, RequestPattern} from '../../../lib/assurance/prover';
import { Prover, estateOf } from '../../../lib/assurance/prover';
import { TemplateModel } from '../../../lib/assurance/template';

const ACCOUNT = '111122223333';

interface Given {
  readonly identity?: unknown[];
  readonly boundary?: unknown[];
  readonly bucket?: unknown[];
  readonly roleProperties?: Record<string, unknown>;
  readonly sections?: Record<string, unknown>;
  readonly options?: ProverOptions;
}

/** An app with one role `Role`, one bucket `weights`, and the policies given. */
function proverOf({ identity = [], boundary, bucket, roleProperties, sections, options }: Given): Prover {
  const document = (Statement: unknown[]): unknown => ({ Version: '2012-10-17', Statement });
  const template = {
    ...sections,
    Resources: {
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: {
          RoleName: 'trainer',
          Policies: [{ PolicyName: 'own', PolicyDocument: document(identity) }],
          AssumeRolePolicyDocument: document([
            { Effect: 'Allow', Principal: { Service: 'sagemaker.amazonaws.com' }, Action: 'sts:AssumeRole' },
          ]),
          ...(boundary ? { PermissionsBoundary: { Ref: 'Boundary' } } : {}),
          ...roleProperties,
        },
      },
      Weights: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'weights' } },
      ...(boundary ? { Boundary: { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: document(boundary) } } } : {}),
      ...(bucket
        ? { BucketPolicy: { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: { Ref: 'Weights' }, PolicyDocument: document(bucket) } } }
        : {}),
    },
  };
  const model = TemplateModel.of([
    { stackName: 'app', template: JSON.parse(JSON.stringify(template)) as unknown, account: ACCOUNT, region: 'eu-west-1' },
  ]);
  return Prover.of(model, options);
}

const GET: RequestPattern = { action: ['s3:GetObject'], resource: ['arn:aws:s3:::weights/a'], principals: { ids: ['Role'] } };
const allow = (more: object = {}): object => ({ Effect: 'Allow', Action: 's3:GetObject', Resource: '*', ...more });
const deny = (more: object = {}): object => ({ Effect: 'Deny', Action: 's3:GetObject', Resource: '*', ...more });

function verdict(given: Given, pattern: Partial<RequestPattern> = {}): string {
  return proverOf(given).prove({
    id: 'x',
    title: 'x',
    ...GET,
    ...pattern,
    legitimate: { ...GET, principals: { types: ['ACCOUNT_ADMIN'] } },
  }).verdict;
}

/** Whether the role can read when its statement carries the condition and the request looks so. */
const can = (condition: object, where: RequestPattern['where'] = {}): boolean =>
  verdict({ identity: [allow({ Condition: condition })] }, { where }) === 'REFUTED';

describe('texts', () => {
  test.each<[string, object, Partial<RequestPattern>, boolean]>([
    ['an action is compared without case', { Action: 'S3:getOBJECT' }, {}, true],
    ['an action glob', { Action: 's3:Get*' }, {}, true],
    ['an action glob that does not fit', { Action: 's3:Put*' }, {}, false],
    ['a resource glob crosses slashes', { Resource: 'arn:aws:s3:::weights/*' }, { resource: ['arn:aws:s3:::weights/x/y'] }, true],
    ['a question mark is one character', { Resource: 'arn:aws:s3:::weights/?' }, { resource: ['arn:aws:s3:::weights/ab'] }, false],
    ['${*} is a plain star', { Resource: 'arn:aws:s3:::weights/${*}' }, { resource: ['arn:aws:s3:::weights/a'] }, false],
    ['NotAction names everything else', { Action: undefined, NotAction: 's3:Put*' }, {}, true],
    ['NotAction that names the action', { Action: undefined, NotAction: 's3:Get*' }, {}, false],
    ['NotResource names everything else', { Resource: undefined, NotResource: 'arn:aws:s3:::weights/b' }, {}, true],
    ['NotResource that names the resource', { Resource: undefined, NotResource: 'arn:aws:s3:::weights/*' }, {}, false],
  ])('%s', (_name, statement, pattern, expected) => {
    expect(verdict({ identity: [allow(statement)] }, pattern)).toBe(expected ? 'REFUTED' : 'PROVED');
  });
  test('a wildcard of a denial does not cross a colon in the first five segments', () => {
    const open = deny({ Resource: 'arn:aws:s3*/a' });
    expect(verdict({ identity: [allow(), open] })).not.toMatch(/^PROVED/);
    expect(verdict({ identity: [allow(), deny({ Resource: 'arn:aws:s3:::weights/*' })] })).toBe('PROVED');
  });
});

describe('conditions', () => {
  const key = 'aws:SourceVpce';
  const is = (value: string): RequestPattern['where'] => ({ StringEquals: { [key]: value } });
  const absent: RequestPattern['where'] = { Null: { [key]: 'true' } };
  test.each<[string, object, RequestPattern['where'], boolean]>([
    ['a positive test holds for a listed value', { StringEquals: { [key]: ['vpce-1', 'vpce-2'] } }, is('vpce-2'), true],
    ['… not for another', { StringEquals: { [key]: ['vpce-1'] } }, is('vpce-2'), false],
    ['… not for an absent key', { StringEquals: { [key]: ['vpce-1'] } }, absent, false],
    ['… IfExists holds for an absent key', { StringEqualsIfExists: { [key]: ['vpce-1'] } }, absent, true],
    ['a star is plain in StringEquals', { StringEquals: { [key]: 'vpce-*' } }, is('vpce-1'), false],
    ['… and a wildcard in StringLike', { StringLike: { [key]: 'vpce-*' } }, is('vpce-1'), true],
    ['a negated test fails for a listed value', { StringNotEquals: { [key]: ['vpce-1', 'vpce-2'] } }, is('vpce-2'), false],
    ['… holds for an absent key', { StringNotEquals: { [key]: ['vpce-1'] } }, absent, true],
    ['… IfExists as well', { StringNotEqualsIfExists: { [key]: ['vpce-1'] } }, absent, true],
    ['keys are compared without case', { StringEquals: { 'AWS:sourcevpce': 'vpce-1' } }, is('vpce-1'), true],
    [
      'several keys are all asked for',
      { StringEquals: { [key]: 'vpce-1' }, Bool: { 'aws:SecureTransport': 'true' } },
      { ...is('vpce-1'), Bool: { 'aws:SecureTransport': 'false' } },
      false,
    ],
    ['Null true: absent', { Null: { [key]: 'true' } }, is('vpce-1'), false],
    ['Null false: present', { Null: { [key]: 'false' } }, absent, false],
    ['Bool', { Bool: { 'aws:SecureTransport': 'true' } }, { Bool: { 'aws:SecureTransport': 'false' } }, false],
    ['a key that is always there is', { Null: { 'aws:SecureTransport': 'true' } }, {}, false],
    ['numbers: below', { NumericLessThan: { 's3:TlsVersion': '1.2' } }, { NumericEquals: { 's3:TlsVersion': '1.2' } }, false],
    [
      'numbers: a gap between constants',
      { NumericLessThan: { 's3:TlsVersion': '1.3' } },
      { NumericGreaterThan: { 's3:TlsVersion': '1.2' } },
      true,
    ],
    [
      'dates',
      { DateLessThan: { 'aws:CurrentTime': '2026-01-01T00:00:00Z' } },
      { DateGreaterThanEquals: { 'aws:CurrentTime': '2026-01-01' } },
      false,
    ],
    ['addresses: inside', { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } }, { IpAddress: { 'aws:SourceIp': '10.1.0.0/16' } }, true],
    ['addresses: outside', { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } }, { NotIpAddress: { 'aws:SourceIp': '10.0.0.0/8' } }, false],
    [
      'addresses: the other family is outside',
      { IpAddress: { 'aws:SourceIp': '0.0.0.0/0' } },
      { IpAddress: { 'aws:SourceIp': '2001:db8::/32' } },
      false,
    ],
    ['ARNs by segment', { ArnLike: { 'aws:SourceArn': 'arn:aws:s3:::*' } }, {}, false],
    [
      'source address and endpoint exclude each other',
      { StringEquals: { [key]: 'vpce-1' } },
      { IpAddress: { 'aws:SourceIp': '0.0.0.0/0' } },
      false,
    ],
    ['an endpoint comes with its VPC', { StringEquals: { [key]: 'vpce-1' } }, { Null: { 'aws:SourceVpc': 'true' } }, false],
    ['a region is a real one', { StringLike: { 'aws:RequestedRegion': 'xx-*' } }, {}, false],
  ])('%s', (_name, condition, where, expected) => expect(can(condition, where)).toBe(expected));

  const list = 'aws:CalledVia';
  const some = (...values: string[]): RequestPattern['where'] => ({ 'ForAnyValue:StringEquals': { [list]: values } });
  test.each<[string, object, RequestPattern['where'], boolean]>([
    ['ForAnyValue holds when one element fits', { 'ForAnyValue:StringEquals': { [list]: 'a' } }, some('b'), true],
    ['… not when all are others', { 'ForAnyValue:StringEquals': { [list]: 'a' } }, { 'ForAllValues:StringEquals': { [list]: 'b' } }, false],
    ['… not for an absent key', { 'ForAnyValue:StringEquals': { [list]: 'a' } }, { Null: { [list]: 'true' } }, false],
    ['ForAllValues fails when one element does not fit', { 'ForAllValues:StringEquals': { [list]: 'a' } }, some('b'), false],
    ['… holds for an absent key: the trap', { 'ForAllValues:StringEquals': { [list]: 'a' } }, { Null: { [list]: 'true' } }, true],
    [
      'ForAnyValue of a negated test wants one element that is not listed',
      { 'ForAnyValue:StringNotEquals': { [list]: 'a' } },
      { 'ForAllValues:StringEquals': { [list]: 'a' } },
      false,
    ],
    ['ForAllValues of a negated test wants none that is', { 'ForAllValues:StringNotEquals': { [list]: 'a' } }, some('a'), false],
  ])('lists: %s', (_name, condition, where, expected) => expect(can(condition, where)).toBe(expected));
});

describe('traps that look like protection', () => {
  const isolated = { action: ['sagemaker:CreateTrainingJob'], resource: undefined, principals: { ids: ['Role'] } };
  const job = (condition: object): Given => ({
    identity: [
      allow({ Action: 'sagemaker:CreateTrainingJob' }),
      { Effect: 'Deny', Action: 'sagemaker:CreateTrainingJob', Resource: '*', Condition: condition },
    ],
  });
  const open: RequestPattern = { ...isolated, where: { StringNotEquals: { 'sagemaker:NetworkIsolation': 'true' } } };
  const attack = {
    id: 'isolation',
    title: 'a job without isolation',
    ...open,
    legitimate: { ...isolated, where: { Bool: { 'sagemaker:NetworkIsolation': 'true' } } },
  };

  test('a denial by Bool lets a request through that leaves the key out', () => {
    const proof = proverOf(job({ Bool: { 'sagemaker:NetworkIsolation': 'false' } })).prove(attack);
    expect(proof.verdict).toBe('REFUTED');
    expect(proof.counterexamples[0].absent).toContain('sagemaker:NetworkIsolation');
  });
  test('… and one by BoolIfExists does not', () => {
    expect(proverOf(job({ BoolIfExists: { 'sagemaker:NetworkIsolation': 'false' } })).prove(attack).verdict).toBe('PROVED');
  });
  test('a grant to everybody in a bucket policy is not limited by a boundary', () => {
    const given = { boundary: [{ Effect: 'Allow', Action: 'kms:*', Resource: '*' }], bucket: [{ ...allow(), Principal: '*' }] };
    expect(verdict(given)).toBe('REFUTED');
  });
  test('… but a grant to the role is', () => {
    const named = { ...allow(), Principal: { AWS: `arn:aws:iam::${ACCOUNT}:role/trainer` } };
    expect(verdict({ boundary: [{ Effect: 'Allow', Action: 'kms:*', Resource: '*' }], bucket: [named] })).toBe('PROVED');
    expect(verdict({ boundary: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }], bucket: [named] })).toBe('REFUTED');
  });
  test('a path made from a tag does not keep others out when the tag may hold a slash: never proven', () => {
    const given = { identity: [allow({ Resource: 'arn:aws:s3:::weights/${aws:PrincipalTag/team}/*' })] };
    expect(
      verdict(given, { resource: ['arn:aws:s3:::weights/alice/*'], where: { StringNotEquals: { 'aws:PrincipalTag/team': 'alice' } } }),
    ).not.toMatch(/^PROVED/);
  });
});

describe('what the templates leave open is never proven', () => {
  const sections = { Parameters: { P: { Type: 'String' } }, Conditions: { C: { 'Fn::Equals': [{ Ref: 'P' }, 'x'] } } };
  test('a denial behind an undecided condition does not count', () => {
    const maybe = { 'Fn::If': ['C', deny(), { Ref: 'AWS::NoValue' }] };
    expect(verdict({ identity: [allow(), maybe], sections })).toBe('UNDETERMINED');
  });
  test('a grant behind an undecided condition does', () => {
    expect(verdict({ identity: [{ 'Fn::If': ['C', allow(), { Ref: 'AWS::NoValue' }] }], sections })).toBe('UNDETERMINED');
  });
  test('an unknown value in a denial does not count, in a grant it can be anything', () => {
    expect(
      verdict(
        { identity: [allow(), deny({ Condition: { StringEquals: { 'aws:SourceVpce': { Ref: 'P' } } } })], sections },
        { where: { StringEquals: { 'aws:SourceVpce': 'vpce-1' } } },
      ),
    ).toBe('UNDETERMINED');
    expect(verdict({ identity: [allow({ Resource: { Ref: 'P' } })], sections })).toBe('UNDETERMINED');
  });
  test('a managed policy from elsewhere may grant anything', () => {
    expect(verdict({ roleProperties: { ManagedPolicyArns: ['arn:aws:iam::aws:policy/ReadOnlyAccess'] } })).toBe('UNDETERMINED');
  });
  test('… and a denial still holds against it', () => {
    expect(
      verdict({
        roleProperties: { ManagedPolicyArns: ['arn:aws:iam::aws:policy/ReadOnlyAccess'] },
        bucket: [{ ...deny(), Principal: '*', Condition: { ArnLike: { 'aws:PrincipalArn': '*:role/trainer' } } }],
      }),
    ).not.toBe('REFUTED');
    expect(verdict({ roleProperties: { ManagedPolicyArns: ['arn:aws:iam::aws:policy/ReadOnlyAccess'] }, identity: [deny()] })).toBe(
      'PROVED',
    );
  });
  test('macros make every claim undetermined', () => {
    expect(verdict({ sections: { Transform: 'My::Macro' } })).toBe('UNDETERMINED');
  });
  test('patterns that need too many states', () => {
    const resources = Array.from({ length: 14 }, (_, i) => `arn:aws:s3:::weights/${i}/*`);
    const given: Given = { identity: resources.map((Resource) => allow({ Resource })), options: { limits: { states: 20 } } };
    const proof = proverOf(given).prove({ id: 'x', title: 'x', ...GET, resource: ['arn:aws:s3:::weights/*'], notResource: ['*word0*'] });
    expect(proof.verdict).toBe('UNDETERMINED');
    expect(proof.reasons[0]).toContain('too many combinations');
  });
  test('patterns whose combinations double with each are left open: no proof rests on them, and every other one still stands', () => {
    const infix = Array.from({ length: 14 }, (_, i) => `arn:aws:s3:::*word${i}*`);
    const tls = { Bool: { 'aws:SecureTransport': 'false' } };
    const pattern = { resource: ['arn:aws:s3:::weights/*'], where: tls };
    const grants = infix.map((Resource) => allow({ Resource }));
    expect(verdict({ identity: [...grants, deny({ Condition: tls })] }, pattern)).toBe('PROVED');
    expect(verdict({ identity: [allow(), ...infix.map((Resource) => deny({ Resource }))] }, pattern)).toBe('REFUTED');
    expect(verdict({ identity: grants }, { ...pattern, notResource: ['*word*'] })).toBe('UNDETERMINED');
  });
});

test('an estate is plain data that a prover can be made from', () => {
  const model = TemplateModel.of([{ stackName: 'app', template: { Resources: {} }, account: ACCOUNT }]);
  const estate: Estate = estateOf(model);
  expect(new Prover(estate).prove({ id: 'x', title: 'x', ...GET }).verdict).toBe('PROVED_VACUOUSLY');
});
