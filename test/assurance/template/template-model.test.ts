import { describe, expect, test } from 'vitest';
import type { TemplateInput} from '../../../lib/assurance/template';
import { TemplateModel, Text, Unknown, unknownsIn } from '../../../lib/assurance/template';

const ENV = { account: '111122223333', region: 'eu-central-1' };

function model(template: Record<string, unknown>, more: Partial<TemplateInput> = {}): TemplateModel {
  return TemplateModel.of([{ stackName: 'app', template, ...ENV, ...more }]);
}

/** Value of a property `X` after evaluation, in a template with a few things to refer to. */
function valueOf(raw: unknown, sections: Record<string, unknown> = {}, more: Partial<TemplateInput> = {}): unknown {
  const m = model(
    {
      ...sections,
      Resources: {
        Named: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'weights' } },
        Auto: { Type: 'AWS::S3::Bucket' },
        Role: { Type: 'AWS::IAM::Role', Properties: { RoleName: 'trainer', Path: '/ml/' } },
        Subject: { Type: 'Custom::Thing', Properties: { X: raw } },
      },
    },
    more,
  );
  return m.resource('app/Subject')?.at('X');
}

describe('functions are evaluated', () => {
  const sections = {
    Mappings: { Sizes: { 'eu-central-1': { n: 3 }, 'us-east-1': { n: 5 } } },
    Parameters: { Env: { Type: 'String', Default: 'dev' }, List: { Type: 'CommaDelimitedList', Default: 'a, b' } },
    Conditions: { Here: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'eu-central-1'] }, Not: { 'Fn::Not': [{ Condition: 'Here' }] } },
  };
  test.each<[string, unknown, unknown]>([
    ['Ref of an account', { Ref: 'AWS::AccountId' }, '111122223333'],
    ['Ref of a named bucket', { Ref: 'Named' }, 'weights'],
    ['GetAtt as a list', { 'Fn::GetAtt': ['Named', 'Arn'] }, 'arn:aws:s3:::weights'],
    ['GetAtt as a text', { 'Fn::GetAtt': 'Role.Arn' }, 'arn:aws:iam::111122223333:role/ml/trainer'],
    ['Sub', { 'Fn::Sub': '${Named.Arn}/${AWS::Region}/${!Literal}' }, 'arn:aws:s3:::weights/eu-central-1/${Literal}'],
    ['Sub with variables', { 'Fn::Sub': ['${A}-${Named}', { A: { Ref: 'Env' } }] }, 'dev-weights'],
    ['Join', { 'Fn::Join': ['-', ['a', { Ref: 'Env' }, 3, true]] }, 'a-dev-3-true'],
    ['Join of a list parameter', { 'Fn::Join': ['-', { Ref: 'List' }] }, 'a-b'],
    ['Split and Select', { 'Fn::Select': [5, { 'Fn::Split': [':', { 'Fn::GetAtt': ['Named', 'Arn'] }] }] }, 'weights'],
    ['FindInMap', { 'Fn::FindInMap': ['Sizes', { Ref: 'AWS::Region' }, 'n'] }, 3],
    ['FindInMap with a default', { 'Fn::FindInMap': ['Sizes', 'xx', 'n', { DefaultValue: 9 }] }, 9],
    ['If', { 'Fn::If': ['Here', 'yes', 'no'] }, 'yes'],
    ['If not', { 'Fn::If': ['Not', 'yes', 'no'] }, 'no'],
    ['Length', { 'Fn::Length': { Ref: 'List' } }, 2],
    ['ToJsonString', { 'Fn::ToJsonString': { a: [1, { Ref: 'Env' }] } }, '{"a":[1,"dev"]}'],
    ['If that leaves nothing', { keep: 1, drop: { 'Fn::If': ['Here', { Ref: 'AWS::NoValue' }, 2] } }, { keep: 1 }],
  ])('%s', (_name, raw, expected) => {
    const value = valueOf(raw, sections);
    // toEqual ignores that objects here have no prototype.
    expect(JSON.parse(JSON.stringify(value))).toEqual(expected);
    expect(unknownsIn(value as never)).toEqual([]);
  });
});

describe('what cannot be known is an Unknown with its reason', () => {
  test.each<[string, unknown, string, Record<string, unknown>?]>([
    ['a generated name', { Ref: 'Auto' }, 'GENERATED_NAME'],
    ['an attribute of an unmodelled type', { 'Fn::GetAtt': ['Subject', 'Endpoint'] }, 'ATTRIBUTE'],
    ['an import of a stack that is missing', { 'Fn::ImportValue': 'elsewhere' }, 'IMPORT'],
    ['a dynamic reference', '{{resolve:ssm:/a/b}}', 'DYNAMIC_REFERENCE'],
    ['a macro', { 'Fn::Transform': { Name: 'M' } }, 'FUNCTION'],
    ['a function nobody knows', { 'Fn::Magic': 1 }, 'FUNCTION'],
    ['a reference to nothing', { Ref: 'Nowhere' }, 'INVALID'],
    ['a reference to a prototype name', { Ref: '__proto__' }, 'INVALID'],
    ['a mapping entry that is missing', { 'Fn::FindInMap': ['A', 'constructor', 'c'] }, 'INVALID'],
    ['a parameter without default', { Ref: 'P' }, 'PARAMETER', { Parameters: { P: { Type: 'String' } } }],
    ['a secret parameter', { Ref: 'P' }, 'HIDDEN_PARAMETER', { Parameters: { P: { Type: 'String', NoEcho: true, Default: 'x' } } }],
    [
      'a parameter from the store',
      { Ref: 'P' },
      'PARAMETER',
      { Parameters: { P: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/p' } } },
    ],
  ])('%s', (_name, raw, kind, sections) => {
    const value = valueOf(raw, sections);
    expect(value).toBeInstanceOf(Unknown);
    expect(value).toMatchObject({ kind, reason: expect.stringMatching(/.{10,}/) as string });
  });

  test('account and region of a stack without environment', () => {
    const value = valueOf({ 'Fn::Sub': 'arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:q' }, {}, { account: undefined, region: undefined });
    expect(value).toBeInstanceOf(Text);
    expect(unknownsIn(value as Text).map((u) => u.kind)).toEqual(['PSEUDO_PARAMETER', 'PSEUDO_PARAMETER']);
  });

  test('the same thing is the same Unknown wherever it is named', () => {
    const value = valueOf([{ Ref: 'Auto' }, { 'Fn::GetAtt': ['Auto', 'Arn'] }]) as [Unknown, Text];
    expect(value[1].parts).toEqual(['arn:aws:s3:::', value[0]]);
    expect(value[1].parts[1]).toBe(value[0]);
  });

  test('an undecided If keeps both branches', () => {
    const sections = {
      Parameters: { P: { Type: 'String', AllowedValues: ['a', 'b'] } },
      Conditions: { C: { 'Fn::Equals': [{ Ref: 'P' }, 'a'] } },
    };
    const value = valueOf({ 'Fn::If': ['C', { Ref: 'Named' }, { Ref: 'AWS::NoValue' }] }, sections) as Unknown;
    expect(value.kind).toBe('CONDITION');
    expect(value.candidates).toEqual(['weights', undefined]);
  });

  test('names that refer to each other in a circle end as unknown', () => {
    const m = model({
      Resources: {
        A: { Type: 'AWS::S3::Bucket', Properties: { BucketName: { Ref: 'B' } } },
        B: { Type: 'AWS::S3::Bucket', Properties: { BucketName: { 'Fn::Sub': '${A}-x' } } },
      },
    });
    expect(unknownsIn(m.resource('app/A')?.at('BucketName'))[0].reason).toContain('refers to itself');
  });
});

describe('parameters', () => {
  const sections = { Parameters: { P: { Type: 'String', Default: 'small', AllowedValues: ['small', 'large'] } } };
  test('a default that is taken is listed as an assumption', () => {
    const m = model({ ...sections, Resources: { R: { Type: 'A::B::C', Properties: { P: { Ref: 'P' } } } } });
    expect(m.resource('app/R')?.at('P')).toBe('small');
    expect(m.assumptions).toEqual(["parameter 'P' keeps its default 'small' (stack 'app')"]);
  });
  test('defaults can be left open, and then the allowed values are the candidates', () => {
    const m = TemplateModel.of(
      [{ stackName: 'app', template: { ...sections, Resources: { R: { Type: 'A::B::C', Properties: { P: { Ref: 'P' } } } } } }],
      { assumeParameterDefaults: false },
    );
    expect(m.resource('app/R')?.at('P')).toMatchObject({ kind: 'PARAMETER', candidates: ['small', 'large'] });
  });
  test('a value given for the deployment wins', () => {
    expect(valueOf({ Ref: 'P' }, sections, { parameters: { P: 'large' } })).toBe('large');
  });
  test('a condition over allowed values is decided when none of them fits', () => {
    const open = {
      Parameters: { P: { Type: 'String', AllowedValues: ['a', 'b'] } },
      Conditions: { C: { 'Fn::Equals': [{ Ref: 'P' }, 'z'] } },
    };
    expect(valueOf({ 'Fn::If': ['C', 1, 2] }, open)).toBe(2);
  });
});

describe('conditions on resources', () => {
  const template = {
    Parameters: { P: { Type: 'String' } },
    Conditions: {
      Never: { 'Fn::Equals': ['a', 'b'] },
      Open: { 'Fn::Equals': [{ Ref: 'P' }, 'x'] },
      Loop: { 'Fn::Not': [{ Condition: 'Loop' }] },
      Both: { 'Fn::And': [{ Condition: 'Open' }, { Condition: 'Never' }] },
      Either: { 'Fn::Or': [{ Condition: 'Open' }, { 'Fn::Not': [{ Condition: 'Never' }] }] },
    },
    Resources: {
      A: { Type: 'T::A::A', Condition: 'Never' },
      B: { Type: 'T::A::B', Condition: 'Open' },
      C: { Type: 'T::A::C', Condition: 'Loop' },
      D: { Type: 'T::A::D', Condition: 'Both' },
      E: { Type: 'T::A::E', Condition: 'Either' },
      F: { Type: 'T::A::F', Condition: 'Missing' },
      G: { Type: 'T::A::G', Properties: { X: { Ref: 'A' } } },
    },
  };
  test('false removes the resource, undecided marks it', () => {
    const m = model(template);
    expect(m.resources.map((r) => [r.logicalId, r.presence])).toEqual([
      ['B', 'MAYBE'],
      ['C', 'MAYBE'],
      ['E', 'YES'],
      ['F', 'MAYBE'],
      ['G', 'YES'],
    ]);
    expect((m.resource('app/G')?.at('X') as Unknown).reason).toContain('condition is false');
  });
});

describe('references are edges', () => {
  test('of every kind, with the path at which they stand', () => {
    const m = model({
      Resources: {
        Key: { Type: 'AWS::KMS::Key' },
        Bucket: {
          Type: 'AWS::S3::Bucket',
          DependsOn: ['Role'],
          Properties: { BucketEncryption: { Rules: [{ Key: { 'Fn::GetAtt': ['Key', 'Arn'] } }] }, Tags: { 'Fn::Sub': '${Key}' } },
        },
        Role: { Type: 'AWS::IAM::Role', Properties: { X: { 'Fn::If': ['Undecided', { Ref: 'Bucket' }, 'none'] } } },
      },
    });
    const edges = m.resource('app/Bucket')?.outgoing.map((e) => `${e.kind} ${e.to.logicalId}.${e.attribute} @ ${e.path}`);
    expect(edges).toEqual([
      'GetAtt Key.Arn @ Properties.BucketEncryption.Rules.0.Key',
      'Sub Key.Ref @ Properties.Tags',
      'DependsOn Role. @ DependsOn',
    ]);
    expect(m.resource('app/Bucket')?.incoming.map((e) => e.from.logicalId)).toEqual(['Role']);
    expect(m.resource('app/Bucket')?.edgesAt('BucketEncryption')).toHaveLength(1);
  });

  test('between stacks through exports, in either order of the templates', () => {
    const producer = {
      Resources: { Bucket: { Type: 'AWS::S3::Bucket' } },
      Outputs: { O: { Value: { 'Fn::GetAtt': ['Bucket', 'Arn'] }, Export: { Name: { 'Fn::Sub': '${AWS::StackName}-arn' } } } },
    };
    const consumer = { Resources: { R: { Type: 'T::A::B', Properties: { Arn: { 'Fn::ImportValue': 'data-arn' } } } } };
    const stacks = [
      { stackName: 'app', template: consumer },
      { stackName: 'data', template: producer },
    ];
    for (const inputs of [stacks, [...stacks].reverse()]) {
      const m = TemplateModel.of(inputs);
      const r = m.resource('app/R');
      expect(String(r?.at('Arn'))).toBe('arn:aws:s3:::<Bucket.Name>');
      expect(r?.outgoing.map((e) => [e.kind, e.to.id])).toEqual([['ImportValue', 'data/Bucket']]);
    }
  });

  test('through parameters and outputs of nested stacks', () => {
    const parent = {
      Resources: {
        Key: { Type: 'AWS::KMS::Key' },
        Child: { Type: 'AWS::CloudFormation::Stack', Properties: { Parameters: { KeyArn: { 'Fn::GetAtt': ['Key', 'Arn'] }, Flag: 'on' } } },
        User: { Type: 'T::A::B', Properties: { Queue: { 'Fn::GetAtt': ['Child', 'Outputs.Queue'] } } },
      },
    };
    const child = {
      Parameters: { KeyArn: { Type: 'String' }, Flag: { Type: 'String' } },
      Conditions: { On: { 'Fn::Equals': [{ Ref: 'Flag' }, 'on'] } },
      Resources: { Queue: { Type: 'AWS::SQS::Queue', Condition: 'On', Properties: { KmsMasterKeyId: { Ref: 'KeyArn' } } } },
      Outputs: { Queue: { Value: { 'Fn::GetAtt': ['Queue', 'Arn'] } } },
    };
    const m = TemplateModel.of([
      { stackName: 'child', template: child, parent: { stack: 'top', logicalId: 'Child' }, ...ENV },
      { stackName: 'top', template: parent, ...ENV },
    ]);
    expect(m.resource('child/Queue')?.presence).toBe('YES');
    expect(m.resource('child/Queue')?.outgoing.map((e) => [e.kind, e.to.id, e.attribute])).toEqual([['NestedParameter', 'top/Key', 'Arn']]);
    expect(m.resource('top/User')?.outgoing.map((e) => [e.kind, e.to.id])).toEqual([
      ['GetAtt', 'top/Child'],
      ['NestedOutput', 'child/Queue'],
    ]);
    expect(String(m.resource('top/User')?.at('Queue'))).toContain('arn:aws:sqs:eu-central-1:111122223333:');
  });
});

describe('a hostile template ends in a clear error within limits', () => {
  const nested = (levels: number): unknown => {
    let value: unknown = 'x';
    for (let i = 0; i < levels; i++) value = { a: value };
    return value;
  };
  const error = (template: unknown, options = {}): unknown => {
    try {
      TemplateModel.of([{ stackName: 'app', template }], options);
    } catch (e) {
      return e;
    }
    return undefined;
  };
  const withX = (x: unknown): unknown => ({ Resources: { R: { Type: 'A::B::C', Properties: { X: x } } } });

  test.each([null, 3, 'text', [], {}, { Resources: [] }, { Resources: null }])('%j is no template', (template) => {
    expect(error(template)).toMatchObject({ code: 'NOT_A_TEMPLATE' });
  });
  test('a resource without type', () =>
    expect(error({ Resources: { R: {} } })).toMatchObject({ code: 'NOT_A_TEMPLATE', message: expect.stringContaining("'R'") as string }));
  test('deep nesting', () => expect(error(withX(nested(100_000)))).toMatchObject({ code: 'TOO_DEEP' }));
  test('deep nesting of functions', () => {
    let value: unknown = 'x';
    for (let i = 0; i < 5000; i++) value = { 'Fn::Join': ['', [value]] };
    expect(error(withX(value))).toMatchObject({ code: 'TOO_DEEP' });
  });
  test('an object that contains itself', () => {
    const loop: Record<string, unknown> = {};
    loop.self = loop;
    expect(error(withX(loop))).toMatchObject({ code: 'TOO_DEEP' });
  });
  test('an object shared until it explodes', () => {
    let value: unknown = ['x'];
    for (let i = 0; i < 40; i++) value = [value, value];
    expect(error(withX(value), { limits: { nodes: 100_000 } })).toMatchObject({ code: 'TOO_LARGE' });
  });
  test('names that double each other', () => {
    const resources: Record<string, unknown> = { B0: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'x'.repeat(60) } } };
    for (let i = 1; i < 60; i++)
      resources[`B${i}`] = { Type: 'AWS::S3::Bucket', Properties: { BucketName: { 'Fn::Sub': `\${B${i - 1}}\${B${i - 1}}` } } };
    expect(error({ Resources: resources })).toMatchObject({ code: 'TOO_LARGE' });
  });
  test('too many resources', () => {
    const many = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`R${i}`, { Type: 'A::B::C' }]));
    expect(error({ Resources: many }, { limits: { resources: 10 } })).toMatchObject({ code: 'TOO_LARGE' });
  });
  test('two templates with one id', () => {
    const template = { Resources: {} };
    expect(() =>
      TemplateModel.of([
        { stackName: 'a', template },
        { stackName: 'a', template },
      ]),
    ).toThrow(/two templates are named 'a'/);
  });
  test('keys named like prototype members are keys like any other', () => {
    const template: unknown = JSON.parse(
      '{"Resources":{"__proto__":{"Type":"A::B::C","Properties":{"__proto__":{"polluted":true},"constructor":"c"}}}}',
    );
    const m = TemplateModel.of([{ stackName: 'app', template }]);
    expect(m.resource('app/__proto__')?.at('__proto__.polluted')).toBe(true);
    expect(m.resource('app/__proto__')?.at('constructor')).toBe('c');
    expect(m.resource('app/__proto__')?.at('toString')).toBeUndefined();
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(m.ofType('constructor')).toEqual([]);
  });
});

test('resources made by a loop and by macros are gaps, not silence', () => {
  const m = model({ Transform: 'AWS::Serverless-2016-10-31', Resources: { 'Fn::ForEach::Loop': ['I', ['a'], {}] } });
  expect(m.resources).toEqual([]);
  expect(m.gaps).toHaveLength(2);
});
