import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { TemplateError, TemplateModel } from '../../../lib/assurance/template';
import { readTemplateFile } from '../../../lib/assurance/template-source/template-file';
import { parseYamlTemplate } from '../../../lib/assurance/template-source/yaml';

const root = fs.mkdtempSync(path.join(os.tmpdir(), 'yaml-'));
afterAll(() => fs.rmSync(root, { recursive: true, force: true }));

function write(name: string, content: string): string {
  const file = path.join(root, name);
  fs.writeFileSync(file, content);
  return file;
}

const parse = (text: string): unknown => JSON.parse(JSON.stringify(parseYamlTemplate(text, 't.yaml'))) as unknown;

/** The error of a template, with what it says. */
function refusal(text: string): string {
  try {
    parseYamlTemplate(text, 't.yaml');
  } catch (error) {
    if (error instanceof TemplateError) return `${error.code} ${error.message}`;
    throw error;
  }
  return 'read';
}

const TEMPLATE = `AWSTemplateFormatVersion: 2010-09-09
Parameters:
  Stage: { Type: String, Default: prod }
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
Resources:
  Bucket:
    Type: AWS::S3::Bucket
    Condition: IsProd
    Properties:
      BucketName: !Sub 'models-\${Stage}'
      Tags:
        - Key: on
          Value: !If [IsProd, !Join ['-', [a, b]], !Ref AWS::NoValue]
  Policy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Bucket
      PolicyDocument:
        Version: 2012-10-17
        Statement:
          - Effect: Deny
            Principal: "*"
            Action: s3:*
            Resource: [!GetAtt Bucket.Arn, !Sub "\${Bucket.Arn}/*"]
            Condition: { Bool: { aws:SecureTransport: false } }
`;

describe('a template in YAML', () => {
  test('is read with the short forms of functions in every place', () => {
    const model = TemplateModel.of([readTemplateFile(write('models.yaml', TEMPLATE))]);
    const [bucket] = model.ofType('AWS::S3::Bucket');
    expect([bucket.presence, bucket.at('BucketName'), bucket.at('Tags.0.Value')]).toEqual(['YES', 'models-prod', 'a-b']);
    const [policy] = model.ofType('AWS::S3::BucketPolicy');
    expect(policy.at('PolicyDocument.Statement.0.Resource')).toEqual(['arn:aws:s3:::models-prod', 'arn:aws:s3:::models-prod/*']);
    expect(policy.stack.stackName).toBe('models');
  });
  test('means the same as the same template in JSON', () => {
    const json = JSON.stringify(parse(TEMPLATE));
    const [a, b] = [readTemplateFile(write('same.yml', TEMPLATE)), readTemplateFile(write('same.template.json', json))];
    expect(JSON.parse(JSON.stringify(a.template))).toEqual(b.template);
    expect(a.stackName).toBe(b.stackName);
    expect(JSON.parse(JSON.stringify(readTemplateFile(write('same.yaml', json)).template))).toEqual(b.template);
  });
  test('dates are texts, and the words of YAML 1.1 for true and false are read', () => {
    expect(parse('a: 2012-10-17\nb: yes\nc: "yes"\nd: off\ne: ~\nf: 111122223333')).toEqual({
      a: '2012-10-17', b: true, c: 'yes', d: false, e: null, f: 111122223333,
    });
  });
  test.each([
    ['!Ref A', { Ref: 'A' }],
    ['!Condition A', { Condition: 'A' }],
    ['!GetAtt A.B.C', { 'Fn::GetAtt': 'A.B.C' }],
    ['!GetAtt [A, B]', { 'Fn::GetAtt': ['A', 'B'] }],
    ['!Select [0, !GetAZs ""]', { 'Fn::Select': [0, { 'Fn::GetAZs': '' }] }],
    ['!Transform { Name: AWS::Include, Parameters: {} }', { 'Fn::Transform': { Name: 'AWS::Include', Parameters: {} } }],
    ['{ "Fn::Sub": !Ref X }', { 'Fn::Sub': { Ref: 'X' } }],
  ])('%s', (text, expected) => expect(parse(`x: ${text}`)).toEqual({ x: expected }));
});

describe('what CloudFormation would not read is refused with file, line and column', () => {
  test.each([
    ['an unknown tag', 'a: 1\nb: !Reff X', /^BAD_FILE t\.yaml:2:\d+: the tag '!Reff'/],
    ['a tag that makes an object of code', 'a: !!js/function "x"', /^BAD_FILE t\.yaml:1/],
    ['an alias', 'a: &x [1]\nb: *x', /^BAD_FILE t\.yaml:2:4: the alias '\*x'/],
    ['an alias to itself', 'a: &x [*x]', /^BAD_FILE t\.yaml:1:8: the alias/],
    ['a merged key', 'a: {b: 1}\n<<: {c: 1}', /^BAD_FILE t\.yaml:2:1: a merged key/],
    ['a key that stands twice', 'a: 1\nb: 2\na: 3', /^BAD_FILE t\.yaml:3:1: .*unique/],
    ['… written in two ways', 'a:\n  1: x\n  "1": y', /^BAD_FILE t\.yaml:3/],
    ['a list as a key', '? [a, b]\n: 1', /^BAD_FILE t\.yaml:1:\d+: a key that is no plain text/],
    ['a function as a key', '? !Ref a\n: 1', /^BAD_FILE t\.yaml:1:\d+: a key that is no plain text/],
    ['not a number', 'a: .nan', /^BAD_FILE t\.yaml:1:4: a value that JSON cannot hold/],
    ['broken brackets', 'a: [1, 2\nb: 3', /^BAD_FILE t\.yaml:\d+:\d+: /],
    ['two documents', 'a: 1\n---\nb: 2', /^BAD_FILE t\.yaml:\d+:\d+: .*document/],
    ['tabs as indentation', 'a:\n\tb: 1', /^BAD_FILE t\.yaml:2/],
  ])('%s', (_name, text, expected) => expect(refusal(text)).toMatch(expected));
});

describe('hostile input ends at once', () => {
  test('a bomb of aliases', () => {
    const levels = Array.from({ length: 30 }, (_, i) => `l${i + 1}: &l${i + 1} [${Array.from({ length: 9 }, () => `*l${i}`).join(', ')}]`);
    expect(refusal(['l0: &l0 lol', ...levels].join('\n'))).toMatch(/^BAD_FILE .*alias/);
  });
  test.each([
    ['brackets', '['.repeat(1_000_000)],
    ['braces', '{a: '.repeat(500_000)],
    ['dashes', '- '.repeat(1_000_000)],
    ['questions', '? '.repeat(1_000_000)],
    ['indentation', Array.from({ length: 2500 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')],
    ['brackets that are closed, a little too deep', `a: ${'['.repeat(101)}${']'.repeat(101)}`],
  ])('nesting by %s', (_name, text) => expect(refusal(text)).toMatch(/^TOO_DEEP t\.yaml:\d+:\d+: nested deeper than 100 levels/));
  test('a file of 50 MB', () => {
    const file = path.join(root, 'large.yaml');
    fs.writeFileSync(file, '');
    fs.truncateSync(file, 50 * 1024 * 1024);
    expect(() => readTemplateFile(file)).toThrow(/has 52428800 bytes: at most 4194304 are read/);
    const unnamed = path.join(root, 'large.template');
    fs.writeFileSync(unnamed, `a: ${'x'.repeat(5 * 1024 * 1024)}`);
    expect(() => readTemplateFile(unnamed)).toThrow(/at most 4194304 are read/);
  });
  test('names of prototypes are keys like any other', () => {
    const value = parseYamlTemplate('Resources:\n  __proto__: {Type: A::B::C}\n  constructor: {Type: A::B::C}', 't.yaml') as Record<string, object>;
    expect(Object.keys(value.Resources)).toEqual(['__proto__', 'constructor']);
    expect(({} as Record<string, unknown>).Type).toBeUndefined();
    expect(TemplateModel.of([{ stackName: 's', template: value }]).resources.map((r) => r.logicalId)).toEqual(['__proto__', 'constructor']);
  });
  test('no text, and a text that is no template', () => {
    expect(parse('')).toBeNull();
    expect(() => TemplateModel.of([readTemplateFile(write('list.yaml', '- a'))])).toThrow(/expected a CloudFormation template/);
    expect(() => readTemplateFile(path.join(root, 'nowhere.yaml'))).toThrow(/cannot read .*nowhere\.yaml/);
    expect(() => readTemplateFile(write('broken.json', '{"a":'))).toThrow(/is no JSON/);
  });
});
