import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { CliBench, COMMAND } from './cli-run';

const bench = new CliBench();
afterAll(() => bench.remove());

const deep = (open: string, close: string, levels = 100_000): string => open.repeat(levels) + '1' + close.repeat(levels);
const list = deep('[', ']');
const resources = (text: string): string => `{"Resources":${text}}`;
const bucket = (properties: string): string => resources(`{"A":{"Type":"AWS::S3::Bucket","Properties":${properties}}}`);
const role = (properties: string): string => `{"Type":"AWS::IAM::Role","Properties":${properties}}`;

const MANY_MODELS = Array.from({ length: 100_001 }, (_, i) => `"R${i}":{"Type":"AWS::SageMaker::Model"}`).join(',');
const JOINED = `{"Fn::Join":["",[${Array(1000).fill('{"Ref":"Text"}').join(',')}]]}`;

/** Templates that cannot be judged, each with what the error says. */
const REFUSED: Readonly<Record<string, readonly [string, string]>> = {
  'lists in lists': [bucket(`{"X":${list}}`), 'is nested deeper than 100 levels'],
  'objects in objects': [bucket(deep('{"a":', '}')), 'is nested deeper than 100 levels'],
  'functions in functions': [bucket(`{"X":${deep('{"Fn::Base64":', '}')}}`), 'is nested deeper than 100 levels'],
  '50 MB of values': [bucket(`{"X":[${'1,'.repeat(25_000_000)}1]}`), 'hold more than 8000000 values'],
  'more bytes than are read': [bucket(`{"X":"${'a'.repeat(67_108_864)}"}`), 'at most 67108864 are read'],
  'more resources than a company has': [resources(`{${MANY_MODELS}}`), 'hold more than 100000 resources'],
  'a text that grows by being joined': [
    `{"Parameters":{"Text":{"Type":"String","Default":"${'a'.repeat(1000)}"}},"Resources":{"A":{"Type":"AWS::S3::Bucket","Properties":{"X":{"Fn::Join":["",[${Array(1000).fill(JOINED).join(',')}]]}}}}}`,
    'builds a text of',
  ],
  'no end': ['{"Resources":', 'is no JSON'],
};

/** Templates that can be judged, whatever they hold beside. */
const JUDGED: Readonly<Record<string, string>> = {
  'resources that name each other in a circle': resources(`{"A":${role('{"RoleName":{"Ref":"B"}}')},"B":${role('{"RoleName":{"Ref":"A"},"Self":{"Fn::GetAtt":["B","Arn"]}}')}}`),
  'conditions in a circle': '{"Conditions":{"A":{"Condition":"B"},"B":{"Condition":"A"}},"Resources":{"A":{"Type":"AWS::S3::Bucket","Condition":"A","DependsOn":["A"]}}}',
  'names of prototypes': '{"Mappings":{"__proto__":{"a":{"b":1}}},"Parameters":{"__proto__":{"Type":"String"}},"Conditions":{"__proto__":true},"Resources":{' +
    `"__proto__":{"Type":"AWS::S3::Bucket","Properties":{"__proto__":{"BucketName":"x"}}},"constructor":${role('{"constructor":1,"hasOwnProperty":{"Ref":"__proto__"}}')},` +
    '"toString":{"Type":"constructor"},"valueOf":{"Type":"__proto__"},"L":{"Type":"AWS::Lambda::Function","Properties":{"Role":{"Fn::GetAtt":["constructor","constructor"]},' +
    '"X":{"Fn::FindInMap":["__proto__","constructor","toString"]},"Y":{"Ref":"hasOwnProperty"},"Z":{"Fn::If":["constructor",1,2]}}}}}',
  'depth where no property lies': `{"Metadata":${list},"Resources":{"A":{"Type":"AWS::S3::Bucket","Metadata":${list}}}}`,
  '50 MB in one text': bucket(`{"X":"${'a'.repeat(50_000_000)}"}`),
};

const TEMPLATE = resources('{"A":{"Type":"AWS::S3::Bucket"}}');
const artifact = (more: string): string => `{"type":"aws:cloudformation:stack","properties":{"templateFile":"S.template.json"}${more}}`;
const manifest = (artifacts: string): string => `{"version":"48.0.0","artifacts":{${artifacts}}}`;
const nested = (properties: string, metadata = '{}'): string => `{"Type":"AWS::CloudFormation::Stack","Properties":${properties},"Metadata":${metadata}}`;

/** Assemblies: files by name, and what the error says, or nothing where they can be judged. */
const ASSEMBLIES: Readonly<Record<string, readonly [Readonly<Record<string, string>>, string?]>> = {
  'a nested stack with a deep address': [{ 'manifest.json': manifest(`"S":${artifact('')}`), 'S.template.json': resources(`{"N":${nested(`{"TemplateURL":${list}}`)}}`) }, 'is nested deeper than'],
  'a stack nested in itself': [
    { 'manifest.json': manifest(`"S":${artifact('')}`), 'S.template.json': resources(`{"N":${nested('{}', '{"aws:asset:path":"S.template.json"}')},"M":${nested('{}', '{"aws:asset:path":"S.template.json"}')}}`) },
    'nested stacks without end',
  ],
  'an assembly in itself': [{ 'manifest.json': manifest('"S":{"type":"cdk:cloud-assembly","properties":{"directoryName":"."}}') }, 'nested deeper than 20 levels'],
  'a template elsewhere': [{ 'manifest.json': manifest('"S":{"type":"aws:cloudformation:stack","properties":{"templateFile":"../../etc/passwd"}}') }, 'which lies outside'],
  'deep metadata': [{ 'manifest.json': manifest(`"S":${artifact(`,"metadata":{"/S":[{"type":"cdk-secure-ai:posture","data":${list}}]}`)}`), 'S.template.json': TEMPLATE }, 'metadata of /S is nested deeper than'],
  'metadata of the wrong shape': [{
    'manifest.json': manifest(`"S":${artifact(',"metadata":{"/S":[{"type":"aws:cdk:acknowledged-rules","data":"x"},{"type":"cdk-secure-ai:controls","data":{"a":1}},{"type":"cdk-secure-ai:weaker-choice","data":5},{"type":"cdk-secure-ai:posture","data":null},null,3],"/T":"x","__proto__":7}')}`),
    'S.template.json': TEMPLATE,
    'checks.json': '{"packs":[null,{"name":7,"open":5,"rulesInPack":-1,"acknowledged":{"a":1}},{"acknowledged":[null,{"resources":[1]}]}]}',
  }],
};

function expectAnswer(place: string, message: string | undefined): void {
  const report = bench.path('report.json');
  for (const args of [['check', place], ['report', place, '--format', 'json', '--output', report], ['report', place, '--output', bench.path('report.html')], ['doctor', place, '--offline']]) {
    // The limit ends a hang; it says nothing about speed.
    const { status, stdout, stderr } = spawnSync(COMMAND, args, { cwd: bench.path('.'), encoding: 'utf8', timeout: 240_000, env: { PATH: process.env.PATH } });
    expect(stderr).not.toMatch(/an error of this program|    at /);
    if (message === undefined) {
      expect({ status: status === 0 || status === 1, stderr }).toEqual({ status: true, stderr: '' });
    } else {
      expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
      expect(stderr).toContain(message);
      expect(stderr.trimEnd().split('\n')).toHaveLength(1);
      expect(stderr.length).toBeLessThan(3000);
    }
  }
}

describe('check, report and doctor refuse, with one line, a template of', () => {
  test.each(Object.entries(REFUSED))('%s', (_, [text, message]) => {
    bench.write('hostile.template.json', text);
    expectAnswer('hostile.template.json', message);
  }, 300_000);
});

describe('check, report and doctor judge a template with', () => {
  test.each(Object.entries(JUDGED))('%s', (_, text) => {
    bench.write('hostile.template.json', text);
    expectAnswer('hostile.template.json', undefined);
  }, 300_000);
});

describe('of an assembly, they answer to', () => {
  test.each(Object.entries(ASSEMBLIES))('%s', (_, [files, message]) => {
    fs.rmSync(bench.path('assembly'), { recursive: true, force: true });
    for (const [name, text] of Object.entries(files)) bench.write(`assembly/${name}`, text);
    expectAnswer('assembly', message);
  }, 300_000);
});
