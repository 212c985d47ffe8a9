import { App, NestedStack, Stack } from 'aws-cdk-lib';
import { ModelArtifactBucket } from 'cdk-secure-ai/models';
import { NetworkPerimeter, SecurityPosture, WeakerChoice } from 'cdk-secure-ai/posture';
import { describe, expect, test } from 'vitest';
import type { AttackResult } from '../../../lib/assurance/attacks/attack-result';
import type { AttackSpec } from '../../../lib/assurance/attacks/attack-spec';
import { EVERY_ATTACK } from '../../../lib/assurance/attacks/catalogue';
import { judgesOf, proofsOf } from '../../../lib/assurance/attacks/proof-run';
import type { TemplateInput } from '../../../lib/assurance/template';
import type { PostureRecords } from '../../../lib/assurance/template-source';
import { ConstructMetadata, postureRecords, readAssembly } from '../../../lib/assurance/template-source';
import { ACCOUNT, document, role } from './template';

const INTERNET = 'AISEC-08A';
const LEFT_OUT = 'leaves the protection out (networkPerimeter: OFF)';
const OFF = { networkPerimeter: 'OFF' };
const ON = { networkPerimeter: 'NAMED_ENDPOINTS' };

/** A stack with a bucket of models and a role that reads it, with or without the perimeter. */
function stackOf(name: string, isGuarded: boolean, more: object = {}): TemplateInput {
  const models = [`arn:aws:s3:::${name}-models`, `arn:aws:s3:::${name}-models/*`];
  const guard = { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: models, Condition: { StringNotEquals: { 'aws:SourceVpce': 'vpce-0a' } } };
  const resources = {
    Models: { Type: 'AWS::S3::Bucket', Properties: { BucketName: `${name}-models` } },
    Policy: { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: { Ref: 'Models' }, PolicyDocument: document(...(isGuarded ? [guard] : [])) } },
    [`${name}Reader`]: role(`${name}-reader`, 'ecs-tasks.amazonaws.com', [{ Effect: 'Allow', Action: 's3:GetObject', Resource: models }]),
  };
  return { stackName: name, account: ACCOUNT, region: 'eu-west-1', template: JSON.parse(JSON.stringify({ Resources: resources })) as unknown, ...more };
}

function judged(inputs: readonly TemplateInput[], postures: PostureRecords, attack: AttackSpec | string = INTERNET): AttackResult {
  const spec = EVERY_ATTACK.find((one) => one.id === attack) ?? (attack as AttackSpec);
  const groups = proofsOf(judgesOf(inputs, { postures }), [spec]);
  expect(groups).toHaveLength(1);
  return groups[0].results[0];
}

describe('stacks of one account with postures of their own', () => {
  const both = (strong: boolean, weak = false) => [stackOf('strong', strong), stackOf('weak', weak)];
  const postures = new Map<string, Record<string, unknown>>([['strong', ON], ['weak', OFF]]);

  test('a weaker posture is no matter for what another stack owns', () => {
    const { verdict, reasons } = judged(both(false), postures);
    expect(verdict).toBe('REFUTED');
    expect(reasons[0]).toContain('arn:aws:s3:::strong-models');
    expect(reasons.join()).not.toContain('arn:aws:s3:::weak-models');
  });
  test('what a weaker posture leaves out is not held against it, and is said', () => {
    const { verdict, reasons, subjects } = judged(both(true), postures);
    expect({ verdict, reasons }).toEqual({ verdict: 'PROVED', reasons: [`the posture of weak ${LEFT_OUT}`] });
    expect(subjects).toEqual({ models: ['arn:aws:s3:::strong-models'] });
  });
  test('the order of the stacks is of no matter', () => {
    expect(judged([...both(false)].reverse(), postures).verdict).toBe('REFUTED');
    expect(judged([...both(true)].reverse(), postures).verdict).toBe('PROVED');
  });
  test('a stack that says nothing is asked everything', () => {
    expect(judged(both(true), new Map([['strong', ON]])).verdict).toBe('REFUTED');
    expect(judged(both(true, true), new Map())).toMatchObject({ verdict: 'PROVED', reasons: [] });
  });
  test('where all leave it out, nothing is claimed', () => {
    const result = judged(both(false), new Map([['strong', OFF], ['weak', OFF]]));
    expect(result).toMatchObject({ verdict: 'NOT_APPLICABLE', reasons: [expect.stringMatching(/strong leaves.*; the posture of weak leaves/)] });
  });
  test('a nested stack is held to what the stack around it is held to', () => {
    const nested = stackOf('inner', false, { id: 'weak/Inner', parent: { stack: 'weak', logicalId: 'Inner' } });
    const outer = stackOf('weak', false);
    const resources = { ...(outer.template as { Resources: object }).Resources, Inner: { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: 'x' } } };
    expect(judged([{ ...outer, template: { Resources: resources } }, nested], postures).verdict).toBe('NOT_APPLICABLE');
  });
  test('names that every object has are no fields of a posture', () => {
    const spec = { ...(EVERY_ATTACK.find(({ id }) => id === INTERNET) as AttackSpec), notAskedWhen: { constructor: String(Object), toString: 'x' } };
    expect(judged([stackOf('weak', false)], postures, spec).verdict).toBe('REFUTED');
  });

  test('a role of a weaker stack is no less of a threat to the data of another one, and is spared where nothing else is attacked', () => {
    const own: AttackSpec = {
      id: 'OWN', title: 'callers read from the internet', subjects: { callers: { callers: {} } }, principals: { types: ['ROLE'], from: 'callers' },
      action: ['s3:GetObject'], where: { Null: { 'aws:SourceVpce': 'true' } }, notAskedWhen: OFF,
    };
    const stranger = role('stranger', 'ecs-tasks.amazonaws.com', [{ Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::strong-models/*' }]);
    const strong = stackOf('strong', false);
    const weak = { ...stackOf('weak', false), template: { Resources: { Stranger: stranger } } };
    const withData = { ...own, subjects: { ...own.subjects, models: { resources: [{ types: ['AWS::S3::Bucket'] }] } }, resource: ['@models@/*'] };
    expect(judged([strong, weak], postures, withData).callers.join()).toMatch(/strongReader.*Stranger|Stranger.*strongReader/);
    expect(judged([strong, weak], postures, own).callers).toEqual(['strongReader']);
  });
});

describe('what an assembly records', () => {
  const anyNetwork = WeakerChoice.of({ reason: 'a sandbox without a network of its own', owner: 'ml-platform', expires: '2099-01-01' });

  test('is the posture of each stack, and the store of the stronger one is asked about alone', () => {
    const app = new App();
    const env = { account: ACCOUNT, region: 'eu-west-1' };
    const [strong, weak] = ['Strong', 'Weak'].map((id) => new Stack(app, id, { env }));
    SecurityPosture.attach(strong);
    SecurityPosture.attach(weak, { perimeter: { anyNetwork } });
    for (const stack of [strong, weak]) new ModelArtifactBucket(stack, 'Models');
    const { directory } = app.synth();
    const records = postureRecords(ConstructMetadata.read(directory));
    expect([records.get('Strong')?.networkPerimeter, records.get('Weak')?.networkPerimeter]).toEqual([expect.not.stringMatching('OFF'), NetworkPerimeter.OFF]);
    const { verdict, reasons, subjects } = judged(readAssembly(directory), records);
    expect({ verdict, reasons }).toEqual({ verdict: 'PROVED', reasons: [`the posture of Weak ${LEFT_OUT}`] });
    expect(subjects.models.join()).toMatch(/strong/);
    expect(subjects.models.join()).not.toMatch(/weak/);
  });
  test('of several postures in one stack is only what they share: none excuses what another one protects', () => {
    const app = new App();
    const stack = new Stack(app, 'Stack', { env: { account: ACCOUNT, region: 'eu-west-1' } });
    SecurityPosture.attach(stack, { perimeter: { anyNetwork } });
    new ModelArtifactBucket(stack, 'Models');
    const inner = new NestedStack(stack, 'Inner');
    SecurityPosture.attach(inner);
    new ModelArtifactBucket(inner, 'Models');
    const record = postureRecords(ConstructMetadata.read(app.synth().directory)).get('Stack');
    expect(record).toMatchObject({ keysProtected: true });
    expect(record).not.toHaveProperty('networkPerimeter');
  });
});
