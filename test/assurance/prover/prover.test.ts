import { describe, expect, test } from 'vitest';
import type { Attack, ProverOptions} from '../../../lib/assurance/prover';
import { Prover, defence, mutations } from '../../../lib/assurance/prover';
import { TemplateModel } from '../../../lib/assurance/template';

const ACCOUNT = '111122223333';
const ORG = 'o-ours000000';
const BUCKET = ['arn:aws:s3:::ml-models', 'arn:aws:s3:::ml-models/*'];
const VPCE = 'vpce-0123456789abcdef0';

type Statement = Record<string, unknown>;

const denyAll = (Sid: string, Condition: object, more: Statement = {}): Statement => ({
  Sid,
  Effect: 'Deny',
  Principal: '*',
  Action: 's3:*',
  Resource: BUCKET,
  Condition,
  ...more,
});

/** A perimeter around a bucket of models: one statement for each way in. */
const PERIMETER: Statement[] = [
  { Sid: 'Reader', Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:role/serving` }, Action: 's3:GetObject', Resource: BUCKET },
  {
    Sid: 'Everyone',
    Effect: 'Allow',
    Principal: '*',
    Action: 's3:GetObject',
    Resource: BUCKET,
    Condition: { StringEquals: { 'aws:PrincipalTag/models': 'reader' } },
  },
  denyAll('Tls', { Bool: { 'aws:SecureTransport': 'false' } }),
  denyAll('OldTls', { NumericLessThan: { 's3:TlsVersion': '1.2' } }),
  denyAll('PerimeterOrg', { StringNotEquals: { 'aws:PrincipalOrgID': ORG }, BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' } }),
  denyAll('PerimeterNet', {
    StringNotEquals: { 'aws:SourceVpce': VPCE },
    BoolIfExists: { 'aws:PrincipalIsAWSService': 'false', 'aws:ViaAWSService': 'false' },
  }),
  denyAll('WrongKey', { StringNotEquals: { 's3:x-amz-server-side-encryption': 'aws:kms' } }, { Action: 's3:PutObject' }),
  denyAll(
    'NoDelete',
    { ArnNotLike: { 'aws:PrincipalArn': `arn:aws:iam::${ACCOUNT}:role/break-glass` } },
    { Action: ['s3:DeleteObject*', 's3:PutLifecycleConfiguration', 's3:DeleteBucketPolicy', 's3:PutBucketPolicy'] },
  ),
];

const SERVING: Statement[] = [
  {
    Sid: 'Read',
    Effect: 'Allow',
    Action: ['s3:GetObject', 's3:PutObject'],
    Resource: BUCKET,
    Condition: { StringEquals: { 'aws:SourceVpce': VPCE } },
  },
];

const ATTACKS: Attack[] = [
  {
    id: 'TLS',
    title: 'reads without TLS',
    action: ['s3:GetObject'],
    resource: BUCKET,
    where: { Bool: { 'aws:SecureTransport': 'false' } },
  },
  {
    id: 'OLD-TLS',
    title: 'reads with old TLS',
    action: ['s3:GetObject'],
    resource: BUCKET,
    where: { NumericLessThan: { 's3:TlsVersion': '1.2' } },
  },
  {
    id: 'ORG',
    title: 'reads from another organisation',
    principals: { types: ['FOREIGN', 'ANONYMOUS'], exceptIds: ['an account of the organisation (222222222222)'] },
    action: ['s3:GetObject'],
    resource: BUCKET,
    legitimate: { action: ['s3:GetObject'], resource: BUCKET },
  },
  {
    id: 'NET',
    title: 'reads from outside the network',
    action: ['s3:GetObject'],
    resource: BUCKET,
    where: {
      StringNotEquals: { 'aws:SourceVpce': VPCE },
      Bool: { 'aws:PrincipalIsAWSService': 'false' },
      BoolIfExists: { 'aws:ViaAWSService': 'false' },
    },
  },
  {
    id: 'KEY',
    title: 'writes with another key',
    action: ['s3:PutObject'],
    resource: BUCKET,
    where: { StringNotEquals: { 's3:x-amz-server-side-encryption': 'aws:kms' } },
  },
  {
    id: 'DELETE',
    title: 'deletes or opens the bucket',
    action: ['s3:DeleteObject', 's3:DeleteObjectVersion', 's3:PutLifecycleConfiguration', 's3:PutBucketPolicy', 's3:DeleteBucketPolicy'],
    resource: BUCKET,
    where: { ArnNotLike: { 'aws:PrincipalArn': `arn:aws:iam::${ACCOUNT}:role/break-glass` } },
  },
];

function proverOf(
  bucketStatements: Statement[] = PERIMETER,
  roleStatements: Statement[] = SERVING,
  more: { resources?: object; options?: ProverOptions } = {},
): Prover {
  const document = (Statement: Statement[]): object => ({ Version: '2012-10-17', Statement });
  const template = {
    Resources: {
      Models: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'ml-models' } },
      ModelsPolicy: {
        Type: 'AWS::S3::BucketPolicy',
        Properties: { Bucket: { Ref: 'Models' }, PolicyDocument: document(bucketStatements) },
      },
      Serving: {
        Type: 'AWS::IAM::Role',
        Properties: {
          RoleName: 'serving',
          AssumeRolePolicyDocument: document([
            {
              Effect: 'Allow',
              Principal: { Service: 'sagemaker.amazonaws.com' },
              Action: 'sts:AssumeRole',
              Condition: { StringEquals: { 'aws:SourceAccount': ACCOUNT } },
            },
          ]),
        },
      },
      ServingPolicy: {
        Type: 'AWS::IAM::ManagedPolicy',
        Properties: { Roles: [{ Ref: 'Serving' }], PolicyDocument: document(roleStatements) },
      },
      ...more.resources,
    },
  };
  const model = TemplateModel.of([
    { stackName: 'app', template: JSON.parse(JSON.stringify(template)) as unknown, account: ACCOUNT, region: 'eu-west-1' },
  ]);
  return Prover.of(model, { organizationId: ORG, ...more.options });
}

const verdicts = (prover: Prover): string[] => ATTACKS.map((a) => `${a.id} ${prover.prove(a).verdict}`);
const ALL_PROVED = ATTACKS.map((a) => `${a.id} PROVED`);

describe('a perimeter around a bucket', () => {
  test('holds against every attack, and legitimate use is possible', () => expect(verdicts(proverOf())).toEqual(ALL_PROVED));

  test.each([
    ['Tls', 'TLS'],
    ['OldTls', 'OLD-TLS'],
    ['PerimeterOrg', 'ORG'],
    ['PerimeterNet', 'NET'],
    ['WrongKey', 'KEY'],
    ['NoDelete', 'DELETE'],
  ])('without %s the attack %s is refuted by a request that can be read', (sid, id) => {
    const found = mutations(proverOf(), ATTACKS).find((m) => m.removed === `ModelsPolicy#${sid}`);
    const change = found?.changed.find((c) => c.attack === id);
    expect(change).toMatchObject({ before: 'PROVED', after: 'REFUTED' });
    expect(change?.reason).toMatch(/^[^:]+: s3:[A-Z]\w+ arn:aws:s3:::ml-models/);
  });

  test('a counterexample is a whole request with real names', () => {
    const [found] = proverOf(PERIMETER.filter((s) => s.Sid !== 'PerimeterNet'))
      .prove(ATTACKS[3])
      .counterexamples.filter((c) => c.principal === 'Serving');
    expect(found).toMatchObject({
      principalArn: `arn:aws:iam::${ACCOUNT}:role/serving`,
      action: 's3:GetObject',
      context: { 'aws:SecureTransport': 'true' },
    });
    expect(found.allowedBy).toContain('ModelsPolicy#Reader');
    expect(found.resource).toMatch(/^arn:aws:s3:::ml-models\/./);
  });

  test('claims say what they take for granted', () => {
    const { assumptions } = proverOf().prove(ATTACKS[3]);
    expect(assumptions.join('\n')).toMatch(/iam-data \d/);
    expect(assumptions.join('\n')).toContain('has an ARN of that account');
  });
});

describe('what must not change a verdict', () => {
  test('the order of statements and of resources', () => {
    expect(verdicts(proverOf([...PERIMETER].reverse(), [...SERVING].reverse()))).toEqual(ALL_PROVED);
    const open = PERIMETER.filter((s) => s.Sid !== 'Tls');
    expect(verdicts(proverOf(open))).toEqual(verdicts(proverOf([...open].reverse())));
  });
  test('one more denial never opens anything', () => {
    for (const removed of PERIMETER.filter((s) => s.Effect === 'Deny')) {
      const fewer = PERIMETER.filter((s) => s !== removed);
      const before = verdicts(proverOf(fewer));
      for (const extra of [
        denyAll('Extra', { StringLike: { 'aws:RequestedRegion': 'us-*' } }),
        denyAll('Extra', {}, { Action: 's3:PutObject', NotResource: BUCKET, Resource: undefined }),
      ]) {
        verdicts(proverOf([...fewer, extra])).forEach((after, i) =>
          expect(before[i].endsWith('REFUTED') || !after.endsWith('REFUTED')).toBe(true),
        );
      }
    }
  });
  test('values in a list or alone, keys in another case', () => {
    const folded = PERIMETER.map(
      (s) => JSON.parse(JSON.stringify(s).replace('aws:SourceVpce":', 'AWS:SOURCEVPCE":').replace('"s3:*"', '["S3:*"]')) as Statement,
    );
    expect(verdicts(proverOf(folded))).toEqual(ALL_PROVED);
  });
});

describe('vacuous claims', () => {
  test('what nobody can do legitimately either is proved vacuously', () => {
    const proof = proverOf(PERIMETER, [{ Effect: 'Deny', Action: '*', Resource: '*' }]).prove({
      ...ATTACKS[0],
      principals: { ids: ['Serving'] },
    });
    expect(proof).toMatchObject({ verdict: 'PROVED_VACUOUSLY', legitimate: 'NOT_FOUND' });
  });
  test('an attack on principals that do not exist proves nothing', () => {
    expect(proverOf().prove({ ...ATTACKS[0], principals: { ids: ['Nobody'] } })).toMatchObject({
      verdict: 'PROVED_VACUOUSLY',
      principals: [],
    });
  });
});

describe('layers', () => {
  test('a layer that stops an attack alone, and one without which it opens', () => {
    const net: Attack = { ...ATTACKS[3], principals: { ids: ['Serving'] } };
    const withoutGrants = PERIMETER.filter((s) => s.Effect === 'Deny');
    expect(defence(proverOf(withoutGrants), net)).toMatchObject({ verdict: 'PROVED', alone: ['IDENTITY', 'RESOURCE_DENY'], needed: [] });
    expect(defence(proverOf(withoutGrants.filter((s) => s.Sid !== 'PerimeterNet')), net)).toMatchObject({
      verdict: 'PROVED',
      alone: ['IDENTITY'],
      needed: ['IDENTITY'],
    });
  });
  test('organisation policies count', () => {
    const scp = {
      name: 'scp',
      document: {
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Action: '*', Resource: '*' },
          {
            Sid: 'Region',
            Effect: 'Deny',
            Action: 's3:*',
            Resource: '*',
            Condition: { StringNotEquals: { 'aws:RequestedRegion': 'eu-west-1' } },
          },
        ],
      },
    };
    const abroad: Attack = {
      id: 'REGION',
      title: 'reads from another region',
      action: ['s3:GetObject'],
      resource: BUCKET,
      principals: { ids: ['Serving'] },
      where: { StringNotEquals: { 'aws:RequestedRegion': 'eu-west-1' } },
    };
    expect(proverOf().prove(abroad).verdict).toBe('REFUTED');
    expect(defence(proverOf(PERIMETER, SERVING, { options: { serviceControlPolicies: [[scp]] } }), abroad)).toMatchObject({
      verdict: 'PROVED',
      alone: ['SERVICE_CONTROL'],
    });
    const rcp = {
      name: 'rcp',
      document: {
        Version: '2012-10-17',
        Statement: [
          {
            Sid: 'Region',
            Effect: 'Deny',
            Principal: '*',
            Action: 's3:*',
            Resource: '*',
            Condition: { StringNotEquals: { 'aws:RequestedRegion': 'eu-west-1' } },
          },
        ],
      },
    };
    expect(defence(proverOf(PERIMETER, SERVING, { options: { resourceControlPolicies: [[rcp]] } }), abroad)).toMatchObject({
      verdict: 'PROVED',
      alone: ['RESOURCE_CONTROL'],
    });
  });
  test('an endpoint policy stops what goes through the endpoint', () => {
    const endpoint = (Resource: string): object => ({
      Endpoint: {
        Type: 'AWS::EC2::VPCEndpoint',
        Properties: {
          VpcId: 'vpc-1',
          ServiceName: 'com.amazonaws.eu-west-1.s3',
          PolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', Resource }] },
        },
      },
    });
    const grant = [
      { Effect: 'Allow', Action: 's3:PutObject', Resource: '*', Condition: { StringEquals: { 'aws:SourceVpce': '@endpoint@' } } },
    ];
    const theft: Attack = {
      id: 'THEFT',
      title: 'writes to a bucket of others',
      action: ['s3:PutObject'],
      resource: ['arn:aws:s3:::theirs/*'],
      principals: { ids: ['Serving'] },
      legitimate: { action: ['s3:PutObject'], resource: BUCKET, principals: { types: ['ACCOUNT_ADMIN'] } },
    };
    const run = (Resource: string): string => {
      const id = proverOf(PERIMETER, SERVING, { resources: endpoint(Resource) }).estate.endpoints[0].endpointId;
      const bound = JSON.parse(JSON.stringify(grant).replace('@endpoint@', id)) as Statement[];
      return proverOf(PERIMETER, bound, { resources: endpoint(Resource) }).prove(theft).verdict;
    };
    expect(run('*')).toBe('REFUTED');
    expect(run('arn:aws:s3:::ml-models/*')).toMatch(/^PROVED/);
  });
});

describe('keys, roles and functions', () => {
  const root = `arn:aws:iam::${ACCOUNT}:root`;
  const key = (Statement: Statement[]): object => ({
    Key: { Type: 'AWS::KMS::Key', Properties: { KeyPolicy: { Version: '2012-10-17', Statement } } },
  });
  const decrypt: Attack = { id: 'DECRYPT', title: 'decrypts', action: ['kms:Decrypt'], principals: { ids: ['Serving'] } };
  const grant = [{ Effect: 'Allow', Action: 'kms:Decrypt', Resource: { 'Fn::GetAtt': ['Key', 'Arn'] } }];
  test('an identity policy opens a key only when the key names the account', () => {
    expect(
      proverOf([], grant, { resources: key([{ Effect: 'Allow', Principal: { AWS: root }, Action: 'kms:*', Resource: '*' }]) }).prove(
        decrypt,
      ).verdict,
    ).toBe('REFUTED');
    expect(
      proverOf([], grant, {
        resources: key([{ Effect: 'Allow', Principal: { AWS: root }, Action: 'kms:Describe*', Resource: '*' }]),
      }).prove(decrypt).verdict,
    ).toBe('PROVED_VACUOUSLY');
    expect(proverOf([], grant, { resources: { Key: { Type: 'AWS::KMS::Key' } } }).prove(decrypt).verdict).toBe('REFUTED');
  });
  test('a grant by key policy needs no identity policy', () => {
    const named = [{ Effect: 'Allow', Principal: { AWS: { 'Fn::GetAtt': ['Serving', 'Arn'] } }, Action: 'kms:Decrypt', Resource: '*' }];
    expect(proverOf([], [], { resources: key(named) }).prove(decrypt).counterexamples[0].allowedBy).toEqual(['Key#0']);
  });
  test('a role that trusts a service without saying for whom can be used by that service for others', () => {
    const confused: Attack = {
      id: 'DEPUTY',
      title: 'confused deputy',
      principals: { types: ['SERVICE'] },
      action: ['sts:AssumeRole'],
      where: { StringNotEquals: { 'aws:SourceAccount': ACCOUNT } },
    };
    expect(proverOf().prove(confused).verdict).toBe('PROVED');
    const open = {
      Open: {
        Type: 'AWS::IAM::Role',
        Properties: {
          AssumeRolePolicyDocument: {
            Version: '2012-10-17',
            Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
          },
        },
      },
    };
    expect(proverOf(PERIMETER, SERVING, { resources: open }).prove(confused).reasons[0]).toMatch(
      /^lambda\.amazonaws\.com: sts:AssumeRole arn:aws:iam::111122223333:role\/app-Open-/,
    );
  });
  test('passing a role is no matter of its trust', () => {
    const pass: Attack = {
      id: 'PASS',
      title: 'passes a role',
      principals: { ids: ['Serving'] },
      action: ['iam:PassRole'],
      resource: [`arn:aws:iam::${ACCOUNT}:role/*`],
    };
    expect(proverOf(PERIMETER, [{ Effect: 'Allow', Action: 'iam:*', Resource: '*' }]).prove(pass).verdict).toBe('REFUTED');
  });
  test('a function permission is a statement of the function', () => {
    const fn = (more: object): object => ({
      Fn: { Type: 'AWS::Lambda::Function', Properties: { FunctionName: 'f' } },
      P: {
        Type: 'AWS::Lambda::Permission',
        Properties: { Action: 'lambda:InvokeFunction', FunctionName: { Ref: 'Fn' }, Principal: 's3.amazonaws.com', ...more },
      },
    });
    const invoke: Attack = {
      id: 'INVOKE',
      title: 'invokes for another account',
      principals: { types: ['SERVICE'] },
      action: ['lambda:InvokeFunction'],
      where: { StringNotEquals: { 'aws:SourceAccount': ACCOUNT } },
    };
    expect(proverOf([], [], { resources: fn({}) }).prove(invoke).verdict).toBe('REFUTED');
    expect(proverOf([], [], { resources: fn({ SourceAccount: ACCOUNT }) }).prove(invoke).verdict).toBe('PROVED');
  });
});

describe('several requests by one principal', () => {
  const both: Attack = {
    id: 'SELF',
    title: 'approves what it made',
    principals: { types: ['ROLE'] },
    action: ['sagemaker:CreateModelPackage'],
    and: [{ action: ['sagemaker:UpdateModelPackage'], where: { StringEquals: { 'sagemaker:ModelApprovalStatus': 'Approved' } } }],
  };
  const create = { Effect: 'Allow', Action: 'sagemaker:CreateModelPackage', Resource: '*' };
  test('are an attack only when all of them are possible', () => {
    expect(proverOf([], [create]).prove(both).verdict).toBe('PROVED');
    expect(proverOf([], [create, { Effect: 'Allow', Action: 'sagemaker:UpdateModelPackage', Resource: '*' }]).prove(both).verdict).toBe(
      'REFUTED',
    );
  });
});

describe('names that CloudFormation makes up', () => {
  const role = (Resource: string): Statement[] => [{ Effect: 'Allow', Action: 's3:GetObject', Resource }];
  const auto = { Auto: { Type: 'AWS::S3::Bucket' } };
  const read: Attack = {
    id: 'AUTO',
    title: 'reads a generated bucket',
    action: ['s3:GetObject'],
    resource: ['@auto@'],
    principals: { ids: ['Serving'] },
  };
  test('a reference meets its bucket', () => {
    const prover = proverOf([], [{ Effect: 'Allow', Action: 's3:GetObject', Resource: { 'Fn::Sub': '${Auto.Arn}/*' } }] as Statement[], {
      resources: auto,
    });
    const arn = prover.estate.targets.find((t) => t.id === 'Auto')?.arns[1] ?? '';
    expect(new Prover(prover.estate, { bindings: { auto: [arn] } }).prove(read).verdict).toBe('REFUTED');
  });
  test('a pattern that only the random part decides makes claims undetermined', () => {
    expect(
      proverOf([], role('arn:aws:s3:::app-auto-x*'), { resources: auto }).prove({ ...read, resource: ['arn:aws:s3:::app-auto-*'] }).verdict,
    ).not.toMatch(/^PROVED/);
    expect(proverOf([], role('arn:aws:s3:::other-*'), { resources: auto }).estate.limits).toEqual([]);
  });
});

describe('expectations for tests', () => {
  test('expectNoRequest fails with the request, expectSomeRequest returns one', () => {
    const prover = proverOf(PERIMETER.filter((s) => s.Sid !== 'Tls'));
    expect(() => prover.expectNoRequest(ATTACKS[0])).toThrow(/a request is allowed that should not be: .*SecureTransport=false/);
    expect(() => proverOf().expectNoRequest(ATTACKS[0])).not.toThrow();
    expect(prover.expectSomeRequest({ action: ['s3:GetObject'], resource: BUCKET, principals: { ids: ['Serving'] } }).action).toBe(
      's3:GetObject',
    );
    expect(() => prover.expectSomeRequest({ action: ['s3:PutObjectAcl'], resource: BUCKET, principals: { ids: ['Serving'] } })).toThrow(
      /no request is allowed/,
    );
  });
  test('attacks of the wrong form are refused', () => {
    expect(() => proverOf().prove({ id: 'x', title: 'x', action: ['GetObject'] })).toThrow(/expected texts such as/);
    expect(() => proverOf().prove({ id: 'x', title: 'x', action: ['s3:GetObject'], where: { StringIs: { a: 'b' } } })).toThrow(
      /operator that does not exist/,
    );
  });
});
