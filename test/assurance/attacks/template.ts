import { AttackJudge } from '../../../lib/assurance/attacks/attack-judge';
import type { JudgeOptions } from '../../../lib/assurance/attacks/attack-judge';
import type { AttackResult } from '../../../lib/assurance/attacks/attack-result';
import { ATTACK_CATALOGUE } from '../../../lib/assurance/attacks/catalogue';
import { TemplateModel } from '../../../lib/assurance/template';

export const ACCOUNT = '111122223333';

export type Json = Record<string, unknown>;

/** A policy document of some statements. */
export function document(...Statement: unknown[]): Json {
  return { Version: '2012-10-17', Statement };
}

/** A role that a service takes, with what it may do. */
export function role(name: string, service: string, statements: unknown[], more: Json = {}): Json {
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      RoleName: name,
      AssumeRolePolicyDocument: document({ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }),
      Policies: [{ PolicyName: 'own', PolicyDocument: document(...statements) }],
      ...more,
    },
  };
}

/** Judges attacks on a template of some resources. */
export function judgeOf(resources: Json, options: JudgeOptions = {}): AttackJudge {
  const template: unknown = JSON.parse(JSON.stringify({ Resources: resources }));
  return AttackJudge.of(TemplateModel.of([{ stackName: 'app', template, account: ACCOUNT, region: 'eu-west-1' }]), options);
}

/** What an attack of the catalogue comes to. */
export function judged(id: string, resources: Json, options: JudgeOptions = {}): AttackResult {
  const spec = ATTACK_CATALOGUE.find((one) => one.id === id);
  if (spec === undefined) throw new Error(`no attack ${id}`);
  return judgeOf(resources, options).judge(spec);
}
