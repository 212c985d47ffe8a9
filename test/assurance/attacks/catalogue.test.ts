import * as fs from 'node:fs';
import * as path from 'node:path';
import { describe, expect, test } from 'vitest';
import { ATTACKS_SCHEMA } from '../../../lib/assurance/attacks/attack-spec';
import type { RequestSpec } from '../../../lib/assurance/attacks/attack-spec';
import { ATTACK_CATALOGUE } from '../../../lib/assurance/attacks/catalogue';
import { COMMON_NAMES } from '../../../lib/assurance/attacks/bindings';
import { parseAttacks } from '../../../lib/assurance/attacks/parse-attacks';
import type { Template } from '../../support/iam';
import { unknownIamNames } from '../../support/iam';
import { ACCOUNT, judged, role } from './template';

/** Attacks of the list that something else than a policy decides: a scan, a statistic, a limit, or the network alone. */
const DECIDED_ELSEWHERE = [9, 10, 12, 14, 21, 22, 23];

test('every attack that policies decide is there', () => {
  const numbers = new Set(ATTACK_CATALOGUE.map(({ id }) => Number(/^AISEC-(\d+)[A-Z]?$/.exec(id)?.[1])));
  const expected = Array.from({ length: 27 }, (_, i) => i + 1).filter((n) => !DECIDED_ELSEWHERE.includes(n));
  expect([...numbers].sort((a, b) => a - b)).toEqual(expected);
});

test('the catalogue is a file that a user could have written', () => {
  const text = JSON.stringify({ schema: ATTACKS_SCHEMA, attacks: ATTACK_CATALOGUE });
  expect(parseAttacks(text).attacks).toHaveLength(ATTACK_CATALOGUE.length);
});

test('every attack names its controls, and those that meet one layer say why', () => {
  for (const { id, controls, oneLayer, threats } of ATTACK_CATALOGUE) {
    expect([id, controls.length > 0, (oneLayer ?? '').length > 20, (threats ?? []).length > 0]).toEqual([id, true, true, true]);
  }
});

test('actions and condition keys exist: a misspelt one would make an attack that nothing can carry out', async () => {
  const requests = ATTACK_CATALOGUE.flatMap((spec): [string, RequestSpec][] => [
    [spec.id, spec],
    ...[...(spec.and ?? []), ...(spec.legitimate ? [spec.legitimate] : [])].map((one): [string, RequestSpec] => [spec.id, one]),
  ]);
  const statements = requests.map(([id, { action, where }]) => ({
    Sid: id,
    Effect: 'Allow',
    Action: action,
    Resource: '*',
    ...(where ? { Condition: where } : {}),
  }));
  const policy = { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: { Statement: statements } } };
  const template = { Resources: { Policy: policy } };
  const found = await unknownIamNames(JSON.parse(JSON.stringify(template)) as Template);
  const problems = found.filter((line) => !KNOWN_TO_NO_ACTION.some((key) => line.includes(key)));
  expect(problems).toEqual([]);
});

/** Keys that the public data has for the service and ties to no action. */
const KNOWN_TO_NO_ACTION = ['bedrock-agentcore:GatewayAuthorizerType', 'aws:SourceVpce'];

test('the schema of the file knows the same properties as the reader', () => {
  const schema = JSON.parse(fs.readFileSync(path.join(__dirname, '../../../docs/attacks.schema.json'), 'utf8')) as {
    description: string;
    $defs: Record<string, { properties: Record<string, unknown> }>;
  };
  for (const name of COMMON_NAMES) expect(schema.description).toMatch(new RegExp(`\\b${name}\\b`));
  const used = new Set(ATTACK_CATALOGUE.flatMap((spec) => Object.keys(spec)));
  expect(Object.keys(schema.$defs.attack.properties)).toEqual(expect.arrayContaining([...used]));
});

const invoker = (more: object = {}, action: unknown = ['bedrock:InvokeModel']) => ({
  Invoker: role('invoker', 'lambda.amazonaws.com', [
    { Effect: 'Allow', Action: action, Resource: 'arn:aws:bedrock:eu-west-1::foundation-model/anthropic.claude-v2', ...more },
  ]),
});

describe('each attack is proved where the protection is, and refuted by a request where it is not:', () => {
  test.each<[string, object, object, RegExp]>([
    ['AISEC-01A', invoker({ Condition: { StringEquals: { 'aws:SourceVpce': 'vpce-0a' } } }), invoker(), /^Invoker: bedrock:InvokeModel/],
    ['AISEC-01B', invoker(), invoker({ Resource: '*' }), /foundation-model\/stranger/],
    [
      'AISEC-03A',
      invoker({ Condition: { StringLike: { 'bedrock:GuardrailIdentifier': `arn:aws:bedrock:eu-west-1:${ACCOUNT}:guardrail/g:1` } } }),
      // "IfExists" lets a call through that names no guardrail at all.
      invoker({ Condition: { StringLikeIfExists: { 'bedrock:GuardrailIdentifier': `arn:aws:bedrock:eu-west-1:${ACCOUNT}:guardrail/g:1` } } }),
      /no bedrock:GuardrailIdentifier/,
    ],
    [
      'AISEC-03B',
      invoker({ Condition: { StringLike: { 'bedrock:GuardrailIdentifier': `arn:aws:bedrock:eu-west-1:${ACCOUNT}:guardrail/g:1` } } }),
      invoker({ Condition: { StringLike: { 'bedrock:GuardrailIdentifier': `arn:aws:bedrock:eu-west-1:${ACCOUNT}:guardrail/g:*` } } }),
      /bedrock:GuardrailIdentifier=\S+:DRAFT/,
    ],
    ['AISEC-04', invoker(), invoker({ Resource: '*' }, ['bedrock:InvokeModel', 'bedrock:UpdateGuardrail']), /bedrock:UpdateGuardrail/],
    ['AISEC-25', invoker({ Condition: { StringEquals: { 'aws:RequestedRegion': 'eu-west-1' } } }), invoker(), /aws:RequestedRegion=/],
    [
      'AISEC-18A',
      { Launcher: launcher({ Condition: { Bool: { 'sagemaker:NetworkIsolation': 'true' } } }) },
      { Launcher: launcher({ Condition: { BoolIfExists: { 'sagemaker:NetworkIsolation': 'true' } } }) },
      /no sagemaker:NetworkIsolation/,
    ],
    ['AISEC-18B', { Launcher: launcher({ Condition: { Null: { 'sagemaker:VpcSubnets': 'false' } } }) }, { Launcher: launcher() }, /CreateTrainingJob/],
    [
      'AISEC-19',
      { Registrar: role('registrar', 'lambda.amazonaws.com', [allow('sagemaker:CreateModelPackage')]) },
      { Registrar: role('registrar', 'lambda.amazonaws.com', [allow(['sagemaker:CreateModelPackage', 'sagemaker:UpdateModelPackage'])]) },
      /^Registrar: sagemaker:CreateModelPackage/,
    ],
    [
      'AISEC-20',
      { User: role('user', 'lambda.amazonaws.com', [{ ...allow('sagemaker:CreatePresignedDomainUrl'), Condition: { StringEquals: { 'aws:SourceVpce': 'vpce-0a' } } }]) },
      { User: role('user', 'lambda.amazonaws.com', [allow('sagemaker:CreatePresignedDomainUrl')]) },
      /CreatePresignedDomainUrl/,
    ],
    [
      'AISEC-15',
      { Agent: role('agent', 'bedrock.amazonaws.com', [allow('bedrock:InvokeModel')]) },
      { Agent: role('agent', 'bedrock.amazonaws.com', [allow(['bedrock:InvokeModel', 'dynamodb:*'])]) },
      /dynamodb:Delete/,
    ],
    [
      'AISEC-27A',
      { Agent: role('agent', 'lambda.amazonaws.com', [{ ...allow('bedrock-agentcore:ListEvents'), Condition: { StringEquals: { 'bedrock-agentcore:actorId': 'a' } } }]) },
      { Agent: role('agent', 'lambda.amazonaws.com', [allow('bedrock-agentcore:ListEvents')]) },
      /bedrock-agentcore:actorId=stranger/,
    ],
    [
      'AISEC-16A',
      { Trainer: role('trainer', 'sagemaker.amazonaws.com', [], { AssumeRolePolicyDocument: trust({ StringEquals: { 'aws:SourceAccount': ACCOUNT } }) }) },
      { Trainer: role('trainer', 'sagemaker.amazonaws.com', []) },
      /^sagemaker\.amazonaws\.com: sts:AssumeRole arn:aws:iam::111122223333:role\/trainer/,
    ],
  ])('%s', (id, closed, open, request) => {
    expect(judged(id, closed as never)).toMatchObject({ verdict: 'PROVED' });
    const { verdict, reasons } = judged(id, open as never);
    expect(verdict).toBe('REFUTED');
    expect(reasons[0]).toMatch(request);
  });
});

function allow(Action: unknown): object {
  return { Effect: 'Allow', Action, Resource: '*' };
}

function launcher(more: object = {}): object {
  return role('launcher', 'lambda.amazonaws.com', [{ ...allow('sagemaker:CreateTrainingJob'), ...more }]);
}

function trust(Condition: object): object {
  return {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: 'sagemaker.amazonaws.com' }, Action: 'sts:AssumeRole', Condition }],
  };
}
