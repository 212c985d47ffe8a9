import { App } from 'aws-cdk-lib';
import type { SecurityProfile } from 'cdk-secure-ai/posture';
import { expect } from 'vitest';
import { ATTACK_CATALOGUE } from '../../../lib/assurance/attacks/catalogue';
import { judgesOf } from '../../../lib/assurance/attacks/proof-run';
import { readAssembly, readPostures } from '../../../lib/assurance/template-source';
import { PROFILE_POSTURES, fullStack } from '../../support/full-platform';

/** Judges the whole catalogue on everything that the library makes. */
export function expectEveryAttackBlocked(profile: SecurityProfile): void {
  const app = new App();
  fullStack(app, 'Full', PROFILE_POSTURES[profile](app));
  const { directory } = app.synth();
  const groups = judgesOf(readAssembly(directory), { postures: readPostures(directory) }).filter(({ account }) => account === '111111111111');
  const results = groups.flatMap(({ judge }) => ATTACK_CATALOGUE.map((spec) => judge.judge(spec)));
  const open = results.filter(({ verdict }) => verdict === 'REFUTED' || verdict === 'UNDETERMINED');
  // The worker is a role of the app, not of the library: its trust does not say for which account SageMaker may act.
  expect(open.map(({ id, verdict, reasons }) => `${id} ${verdict} ${reasons.join(' | ').slice(0, 400)}`)).toEqual([
    expect.stringMatching(/^AISEC-16A REFUTED sagemaker\.amazonaws\.com: sts:AssumeRole \S+:role\/Full-Worker\S+, no aws:SourceAccount, no aws:SourceArn$/),
  ]);
  const proved = results.filter(({ verdict }) => verdict.startsWith('PROVED'));
  expect(proved.length).toBeGreaterThan(35);
  for (const { id, depth, oneLayer } of proved) expect([id, depth >= 2 || (depth === 1 && oneLayer !== undefined)]).toEqual([id, true]);
}
