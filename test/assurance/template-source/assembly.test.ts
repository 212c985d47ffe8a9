import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { App, CfnOutput, NestedStack, Stack, Stage } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { afterAll, describe, expect, test } from 'vitest';
import { TemplateModel } from '../../../lib/assurance/template';
import { readAssembly } from '../../../lib/assurance/template-source';
import { readTemplateFile } from '../../../lib/assurance/template-source/template-file';

const root = fs.mkdtempSync(path.join(os.tmpdir(), 'assembly-'));
afterAll(() => fs.rmSync(root, { recursive: true, force: true }));

function write(name: string, content: unknown): string {
  const file = path.join(root, name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

function assembly(name: string, artifacts: unknown): string {
  return path.dirname(write(`${name}/manifest.json`, { artifacts }));
}

describe('a cloud assembly made by the CDK', () => {
  const out = path.join(root, 'cdk.out');
  const app = new App({ outdir: out, context: { 'aws:cdk:enable-path-metadata': true } });
  const stage = new Stage(app, 'Prod', { env: { account: '111122223333', region: 'eu-west-1' } });
  const data = new Stack(stage, 'Data');
  const bucket = new Bucket(data, 'Weights');
  const nested = new NestedStack(data, 'Inner');
  const topic = new Topic(nested, 'Alerts', { displayName: bucket.bucketArn });
  new CfnOutput(new Stack(stage, 'App'), 'TopicOut', { value: topic.topicArn });
  new Bucket(new Stack(app, 'Loose'), 'B');
  app.synth();
  const inputs = readAssembly(out);

  test('gives stacks, stages and nested stacks with their environment', () => {
    const rows = inputs.map((i) => [i.id, i.account, i.region, i.parent?.stack]).sort();
    expect(rows).toEqual([
      ['Loose', undefined, undefined, undefined],
      ['Prod/App', '111122223333', 'eu-west-1', undefined],
      ['Prod/Data', '111122223333', 'eu-west-1', undefined],
      [expect.stringMatching(/^Prod\/Data\/InnerNestedStack/), '111122223333', 'eu-west-1', 'Prod/Data'],
    ]);
  });
  test('joins them to one model: the nested topic refers to the bucket of its parent', () => {
    const model = TemplateModel.of(inputs);
    const [found] = model.ofType('AWS::SNS::Topic');
    expect(found.constructPath).toBe('Prod/Data/Inner/Alerts/Resource');
    expect(found.outgoing.map((e) => [e.kind, e.to.type, e.attribute])).toEqual([['NestedParameter', 'AWS::S3::Bucket', 'Arn']]);
  });
});

describe('a directory that is no assembly, or a hostile one, is refused', () => {
  const stack = (templateFile: unknown): unknown => ({ S: { type: 'aws:cloudformation:stack', properties: { templateFile } } });
  test('missing', () => expect(() => readAssembly(path.join(root, 'nowhere'))).toThrow(/cannot read .*manifest\.json/));
  test('no artifacts', () => expect(() => readAssembly(path.dirname(write('none/manifest.json', {})))).toThrow(/has no artifacts/));
  test('no JSON', () => expect(() => readTemplateFile(write('bad.json', '{"a":'))).toThrow(/bad\.json is no JSON/));
  test('a path that leaves the assembly', () => {
    write('secret.json', { Resources: {} });
    expect(() => readAssembly(assembly('leaver', stack('../secret.json')))).toThrow(/lies outside/);
    expect(() => readAssembly(assembly('absolute', stack(path.join(root, 'secret.json'))))).toThrow(/lies outside/);
  });
  test('a link that leaves the assembly', () => {
    const directory = assembly('linked', stack('link.json'));
    fs.symlinkSync(path.join(root, 'secret.json'), path.join(directory, 'link.json'));
    expect(() => readAssembly(directory)).toThrow(/leads outside/);
  });
  test('a template file that is no path', () => expect(() => readAssembly(assembly('odd', stack({ a: 1 })))).toThrow(/expected a path/));
  test('an assembly that contains itself', () => {
    expect(() => readAssembly(assembly('self', { A: { type: 'cdk:cloud-assembly', properties: { directoryName: '.' } } }))).toThrow(
      /nested deeper/,
    );
  });
  test('a nested stack that contains itself', () => {
    const directory = assembly('nest', stack('t.json'));
    fs.writeFileSync(
      path.join(directory, 't.json'),
      JSON.stringify({ Resources: { N: { Type: 'AWS::CloudFormation::Stack', Metadata: { 'aws:asset:path': 't.json' } } } }),
    );
    expect(() => readAssembly(directory)).toThrow(/without end/);
  });
  test('a file that is too large', () =>
    expect(() => readTemplateFile(write('big.json', ' '.repeat(100)), { fileBytes: 10 })).toThrow(/at most 10/));
});
