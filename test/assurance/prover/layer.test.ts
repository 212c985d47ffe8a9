import { describe, expect, test } from 'vitest';
import type { Attack } from '../../../lib/assurance/prover';
import { Prover, defence } from '../../../lib/assurance/prover';
import type { Layer } from '../../../lib/assurance/prover/layer';
import { LAYERS, withoutLayers } from '../../../lib/assurance/prover/layer';
import { TemplateModel } from '../../../lib/assurance/template';
import { Random } from './differential/random-cases';

const ACCOUNT = '111122223333';
const BUCKET = ['arn:aws:s3:::ml-models', 'arn:aws:s3:::ml-models/*'];
const ROLES = ['serving', 'training', 'auditing', 'breaking'];
const CASES = 40;

type Statement = Record<string, unknown>;

const role = (name: string): string => `arn:aws:iam::${ACCOUNT}:role/${name}`;
const deny = (Action: string | string[], Condition: object): Statement => ({ Effect: 'Deny', Principal: '*', Action, Resource: BUCKET, Condition });
const allow = (more: Statement): Statement => ({ Effect: 'Allow', Action: 's3:GetObject', Resource: BUCKET, ...more });

/** What policies of a bucket say of callers: by name, by pattern, by session, by themselves, and not at all. */
const OF_BUCKET: Statement[] = [
  deny('s3:*', { ArnNotEquals: { 'aws:PrincipalArn': role('serving') } }),
  deny(['s3:GetObject', 's3:PutObject'], { ArnNotLike: { 'aws:PrincipalArn': [role('serving'), role('train*')] } }),
  deny('s3:PutObject', { ArnLike: { 'aws:PrincipalArn': role('a*') } }),
  deny('s3:GetObject', { StringNotEquals: { 'aws:SourceVpce': 'vpce-0123456789abcdef0' } }),
  deny('s3:*', { Bool: { 'aws:SecureTransport': 'false' } }),
  allow({ Principal: { AWS: role('auditing') } }),
  allow({ Principal: { AWS: `arn:aws:sts::${ACCOUNT}:assumed-role/training/job` } }),
  allow({ Principal: { AWS: ACCOUNT }, Action: 's3:*' }),
  { Effect: 'Deny', Principal: '*', Action: 's3:PutObject', NotResource: ['arn:aws:s3:::ml-models/${aws:PrincipalArn}/*'] },
];
const OF_ROLE: Statement[] = [
  allow({}),
  allow({ Action: ['s3:GetObject', 's3:PutObject'] }),
  allow({ Action: 's3:*', Resource: '*' }),
  allow({ Condition: { StringEquals: { 'aws:SourceVpce': 'vpce-0123456789abcdef0' } } }),
  { Effect: 'Deny', Action: 's3:PutObject', Resource: '*' },
];
const ATTACKS: Attack[] = [
  { id: 'WRITE', title: 'writes', action: ['s3:PutObject'], resource: BUCKET },
  { id: 'READ', title: 'reads from elsewhere', action: ['s3:GetObject'], resource: BUCKET, where: { StringNotEquals: { 'aws:SourceVpce': 'vpce-0123456789abcdef0' } } },
  { id: 'OTHERS', title: 'reads without being the one who serves', action: ['s3:GetObject'], resource: BUCKET, where: { ArnNotEquals: { 'aws:PrincipalArn': role('serving') } } },
];

function some<T>(random: Random, list: readonly T[]): T[] {
  return list.filter(() => random.chance(0.4));
}

function randomModel(random: Random): TemplateModel {
  return modelOf(some(random, OF_BUCKET), some(random, OF_ROLE), ROLES.map(() => some(random, OF_ROLE)), ROLES.map(() => random.chance(0.3)));
}

/** A bucket and roles with policies of their own, of which some are under a boundary. */
function modelOf(ofBucket: Statement[], ofCeiling: Statement[], ofRoles: Statement[][], isBounded: boolean[]): TemplateModel {
  const document = (Statement: Statement[]): object => ({ Version: '2012-10-17', Statement });
  const trust = document([{ Effect: 'Allow', Principal: { Service: 'sagemaker.amazonaws.com' }, Action: 'sts:AssumeRole' }]);
  const resources: Record<string, object> = {
    Models: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'ml-models' } },
    Policy: { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: { Ref: 'Models' }, PolicyDocument: document(ofBucket) } },
    Ceiling: { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: document([allow({}), ...ofCeiling]) } },
  };
  for (const [i, name] of ROLES.entries()) {
    resources[name] = {
      Type: 'AWS::IAM::Role',
      Properties: {
        RoleName: name,
        AssumeRolePolicyDocument: trust,
        Policies: [{ PolicyName: 'own', PolicyDocument: document(ofRoles[i]) }],
        ...(isBounded[i] ? { PermissionsBoundary: { Ref: 'Ceiling' } } : {}),
      },
    };
  }
  return TemplateModel.of([{ stackName: 'app', template: { Resources: resources }, account: ACCOUNT, region: 'eu-west-1' }]);
}

/** Whether layers stop an attack for every caller of a type, by asking the whole question of each one. */
function stops(whole: Prover, attack: Attack, type: Prover['estate']['principals'][number]['type'], closed: readonly Layer[]): boolean {
  const opened = whole.over(withoutLayers(whole.estate, new Set(LAYERS.filter((layer) => !closed.includes(layer)))));
  return opened.prove({ ...attack, principals: { types: [type] } }).verdict.startsWith('PROVED');
}

const random = new Random(2611);
const models = Array.from({ length: CASES }, () => randomModel(random));

describe('layers that are asked for once for each kind of caller', () => {
  test('are those that are found by asking of each caller and each set', () => {
    const tally = { alone: 0, needed: 0, several: 0 };
    for (const model of models) {
      const prover = Prover.of(model);
      const whole = Prover.of(model, { keepRefutations: true });
      for (const attack of ATTACKS) {
        for (const { callers, alone, needed } of defence(prover, attack).by) {
          const of = (closed: readonly Layer[]): boolean => stops(whole, attack, callers, closed);
          expect(LAYERS.filter((layer) => of([layer]))).toEqual(alone);
          // Where all together are not known to stop it, each is needed, also those that have no say: only the others are listed.
          if (of(LAYERS)) expect(LAYERS.filter((layer) => !of(LAYERS.filter((other) => other !== layer)))).toEqual(needed);
          tally.alone += alone.length;
          tally.needed += needed.length;
          if (alone.length > 1) tally.several += 1;
        }
      }
    }
    // There is something to compare of every sort.
    for (const number of Object.values(tally)) expect(number).toBeGreaterThan(0);
  }, 120_000);
});

describe('callers are of one kind', () => {
  const kindsUnder = (...statements: Statement[]): string[] => {
    const prover = Prover.of(modelOf(statements, [], ROLES.map(() => []), []));
    const kinds = prover.kinds(ATTACKS[0]);
    return prover.select(ATTACKS[0], 'ROLE').map((caller) => kinds.of(caller));
  };
  const groups = (kinds: string[]): number[] => kinds.map((kind) => kinds.indexOf(kind));

  test('where nothing tells them apart', () => expect(groups(kindsUnder(OF_BUCKET[4]))).toEqual([0, 0, 0, 0]));
  test('but not where a condition is met by some of their ARNs', () => expect(groups(kindsUnder(OF_BUCKET[2]))).toEqual([0, 0, 2, 0]));
  test('nor where one of them, or its sessions, are let in by name', () => {
    const open = { Action: 's3:PutObject' };
    expect(groups(kindsUnder({ ...OF_BUCKET[5], ...open }))).toEqual([0, 0, 2, 0]);
    expect(groups(kindsUnder({ ...OF_BUCKET[6], ...open }))).toEqual([0, 1, 0, 0]);
  });
  test('nor where a policy puts the ARN of each into a text', () => expect(groups(kindsUnder(OF_BUCKET[8]))).toEqual([0, 1, 2, 3]));
});

describe('what is told without a query', () => {
  test('is what the whole question says', () => {
    let [told, asked] = [0, 0];
    for (const model of models) {
      const prover = Prover.of(model);
      const whole = Prover.of(model, { keepRefutations: true });
      for (const { where: _, ...attack } of ATTACKS) {
        for (const principal of prover.estate.principals) {
          asked += 1;
          if (!prover.isUngranted(attack.action, principal)) continue;
          told += 1;
          expect(whole.prove({ ...attack, principals: { ids: [principal.id] } }).verdict).toMatch(/^PROVED/);
        }
      }
    }
    expect(told).toBeGreaterThan(100);
    expect(told).toBeLessThan(asked);
  }, 120_000);

  test('and not where a policy cannot be read: it may let everybody in', () => {
    const foreign = (statement: Statement) => {
      const prover = Prover.of(modelOf([statement], [], ROLES.map(() => []), []));
      return { prover, who: prover.estate.principals.find(({ type }) => type === 'FOREIGN')! };
    };
    const plain = foreign(OF_BUCKET[4]);
    expect(plain.prover.isUngranted(ATTACKS[0].action, plain.who)).toBe(true);
    const { prover, who } = foreign({ 'Fn::Transform': { Name: 'WhoMayWrite' } });
    expect(prover.isUngranted(ATTACKS[0].action, who)).toBe(false);
    expect(prover.prove(ATTACKS[0]).verdict).not.toMatch(/^PROVED/);
  });
});
