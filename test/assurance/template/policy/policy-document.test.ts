import { describe, expect, test } from 'vitest';
import type { PolicyStatement} from '../../../../lib/assurance/template';
import { TemplateModel, parseOperator, policyDocument } from '../../../../lib/assurance/template';

function statements(document: unknown, sections: Record<string, unknown> = {}): readonly PolicyStatement[] {
  return policyOf(document, sections).statements;
}

function policyOf(document: unknown, sections: Record<string, unknown> = {}): ReturnType<typeof policyDocument> {
  const template = {
    ...sections,
    Resources: { P: { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: document } }, B: { Type: 'AWS::S3::Bucket' } },
  };
  return policyDocument(
    TemplateModel.of([{ stackName: 'app', template }])
      .resource('app/P')
      ?.at('PolicyDocument'),
  );
}

const OPEN = { Parameters: { P: { Type: 'String' } }, Conditions: { C: { 'Fn::Equals': [{ Ref: 'P' }, 'x'] } } };

describe('a policy is brought into one form', () => {
  test('single values and lists, one statement and many', () => {
    const one = statements({ Statement: { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' } });
    const many = statements({ Statement: [{ Effect: 'Allow', Action: ['s3:GetObject'], Resource: ['*'] }] });
    expect(one).toEqual(many);
    expect(one[0].actions).toEqual({ negated: false, texts: [{ parts: ['s3:GetObject'], maybe: false }] });
  });
  test('negated elements', () => {
    const [s] = statements({
      Statement: [{ Effect: 'Deny', NotAction: 'iam:*', NotResource: 'x', NotPrincipal: { AWS: 'arn:aws:iam::1:root' } }],
    });
    expect([s.actions.negated, s.resources?.negated, s.principals?.negated]).toEqual([true, true, true]);
  });
  test('principals of every kind; a star of kind AWS is everybody', () => {
    const [s] = statements({
      Statement: [{ Effect: 'Allow', Principal: { AWS: ['*', '111122223333'], Service: 'a.amazonaws.com', Federated: 'f' }, Action: '*' }],
    });
    expect(s.principals?.principals.map((p) => [p.kind, p.parts[0]])).toEqual([
      ['ANY', '*'],
      ['AWS', '111122223333'],
      ['Service', 'a.amazonaws.com'],
      ['Federated', 'f'],
    ]);
    expect(statements({ Statement: [{ Effect: 'Allow', Principal: '*', Action: '*' }] })[0].principals?.principals[0].kind).toBe('ANY');
  });
  test('conditions as operator, key, values; the folded key beside the written one; booleans and numbers as text', () => {
    const [s] = statements({
      Statement: [
        {
          Effect: 'Deny',
          Action: '*',
          Resource: '*',
          Condition: {
            'forAnyValue:stringLikeIfExists': { 'aws:TagKeys': ['a', 'b'] },
            Bool: { 'AWS:SecureTransport': false },
            NumericLessThan: { 's3:TlsVersion': 1.2 },
          },
        },
      ],
    });
    expect(
      s.conditions.map((c) => [c.quantifier, c.operator, c.ifExists, c.key, c.foldedKey, c.values.map((v) => v.parts.join(''))]),
    ).toEqual([
      ['ForAnyValue', 'StringLike', true, 'aws:TagKeys', 'aws:tagkeys', ['a', 'b']],
      [undefined, 'Bool', false, 'AWS:SecureTransport', 'aws:securetransport', ['false']],
      [undefined, 'NumericLessThan', false, 's3:TlsVersion', 's3:tlsversion', ['1.2']],
    ]);
  });
  test('a policy inside a text, with unknown parts kept in place', () => {
    const [s] = statements({ 'Fn::Sub': '{"Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::${B}/*"}]}' });
    expect(s.resources?.texts[0].parts.map(String)).toEqual(['arn:aws:s3:::', '<B.Name>', '/*']);
  });
});

describe('what is undecided stays visible', () => {
  test('a statement in one branch is a maybe', () => {
    const list = statements(
      { Statement: [{ 'Fn::If': ['C', { Effect: 'Deny', Action: '*', Resource: '*' }, { Ref: 'AWS::NoValue' }] }] },
      OPEN,
    );
    expect(list.map((s) => [s.effect, s.presence])).toEqual([['Deny', 'MAYBE']]);
  });
  test('a text in one branch is a maybe', () => {
    const [s] = statements({ Statement: [{ Effect: 'Allow', Action: ['a:b', { 'Fn::If': ['C', 'c:d', 'e:f'] }], Resource: '*' }] }, OPEN);
    expect(s.actions.texts.map((t) => [t.parts[0], t.maybe])).toEqual([
      ['a:b', false],
      ['c:d', true],
      ['e:f', true],
    ]);
  });
  test('an effect that cannot be read counts as either', () => {
    const list = statements({ Statement: [{ Effect: { Ref: 'P' }, Action: '*', Resource: '*' }] }, OPEN);
    expect(list.map((s) => [s.effect, s.presence])).toEqual([
      ['Allow', 'MAYBE'],
      ['Deny', 'MAYBE'],
    ]);
  });
  test('an unknown document, a statement that is no object, an operator that does not exist are opaque', () => {
    expect(policyOf({ Ref: 'P' }, OPEN).opaque).toHaveLength(1);
    expect(policyOf({ Statement: ['x'] }).opaque).toHaveLength(1);
    expect(policyOf('not json').opaque).toHaveLength(1);
    expect(
      statements({ Statement: [{ Effect: 'Allow', Action: '*', Resource: '*', Condition: { StringIsh: { a: 'b' } } }] })[0].opaque,
    ).toHaveLength(1);
  });
});

test.each(['NullIfExists', 'constructor', '', 'ForAnyValue:', 'StringEqualsIfExistsIfExists'])('%j is no operator', (name) => {
  expect(parseOperator(name)).toBeUndefined();
});
