import { App } from 'aws-cdk-lib';
import { SecurityProfile } from 'cdk-secure-ai/posture';
import { expect } from 'vitest';
import { ATTACK_CATALOGUE } from '../../../lib/assurance/attacks/catalogue';
import { judgesOf } from '../../../lib/assurance/attacks/proof-run';
import { ConstructMetadata, postureRecords, readAssembly } from '../../../lib/assurance/template-source';
import { PROFILE_POSTURES, fullStack } from '../../support/full-platform';

/** Judges the whole catalogue on everything that the library makes. */
export function expectEveryAttackBlocked(profile: SecurityProfile): void {
  const app = new App();
  fullStack(app, 'Full', PROFILE_POSTURES[profile](app));
  const { directory } = app.synth();
  const groups = judgesOf(readAssembly(directory), { postures: postureRecords(ConstructMetadata.read(directory)) }).filter(({ account }) => account === '111111111111');
  const results = groups.flatMap(({ judge }) => ATTACK_CATALOGUE.map((spec) => judge.judge(spec)));
  const open = results.filter(({ verdict }) => verdict === 'REFUTED' || verdict === 'UNDETERMINED');
  // What is known to be open, each for its reason: a new one fails, and so does one that was mended and stays listed.
  expect(open.map(({ id, verdict, reasons }) => `${id} ${verdict} ${reasons.join(' | ').slice(0, 400)}`)).toEqual([
    // A job without a model store writes to an output zone of its environment's own, into which no promoter looks.
    expect.stringMatching(/^AISEC-11 REFUTED TrainingJobfraud\S+: s3:PutObject arn:aws:s3:::full-trainingoutputs/),
  ]);
  // Roles that a service keeps to itself are left out by what the templates prove, and each proof names them.
  const kept = (id: string): string[] => results.filter((one) => one.id === id).flatMap(({ assumptions }) => assumptions.filter((one) => /^\S+ (holds no attacker|takes other roles)/.test(one)).map((one) => one.split(' ')[0]));
  const serving = [expect.stringMatching(/^EndpointchatRole/), expect.stringMatching(/^EndpointfraudRole/)] as unknown[];
  const perimeter = profile === SecurityProfile.BASELINE ? [] : serving;
  expect({ '07D': kept('AISEC-07D'), '08A': kept('AISEC-08A').sort(), '08B': kept('AISEC-08B').sort(), '17C': kept('AISEC-17C') }).toEqual({
    '07D': [expect.stringMatching(/^GatewayAccountRole/)], '08A': perimeter, '08B': perimeter, '17C': [expect.stringMatching(/^GateMachineRole/)],
  });
  const proved = results.filter(({ verdict }) => verdict.startsWith('PROVED'));
  expect(proved.length).toBeGreaterThan(35);
  for (const { id, depth, oneLayer } of proved) expect([id, depth >= 2 || (depth === 1 && oneLayer !== undefined)]).toEqual([id, true]);
}
