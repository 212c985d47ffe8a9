import { App } from 'aws-cdk-lib';
import { SecurityProfile } from 'cdk-secure-ai/posture';
import { expect } from 'vitest';
import { ATTACK_CATALOGUE } from '../../../lib/assurance/attacks/catalogue';
import { judgesOf } from '../../../lib/assurance/attacks/proof-run';
import { ConstructMetadata, postureRecords, readAssembly } from '../../../lib/assurance/template-source';
import { PROFILE_POSTURES, fullStack } from '../../support/full-platform';

/** SageMaker fetches the model with the serving role from its own network, so the store's network perimeter spares that role. */
const SERVING_ROLE = ['AISEC-08A', 'AISEC-08B'].map((id) => expect.stringMatching(new RegExp(`^${id} REFUTED Endpoint\\w+Role\\w+: s3:`)) as unknown);

/** Judges the whole catalogue on everything that the library makes. */
export function expectEveryAttackBlocked(profile: SecurityProfile): void {
  const app = new App();
  fullStack(app, 'Full', PROFILE_POSTURES[profile](app));
  const { directory } = app.synth();
  const groups = judgesOf(readAssembly(directory), { postures: postureRecords(ConstructMetadata.read(directory)) }).filter(({ account }) => account === '111111111111');
  const results = groups.flatMap(({ judge }) => ATTACK_CATALOGUE.map((spec) => judge.judge(spec)));
  const open = results.filter(({ verdict }) => verdict === 'REFUTED' || verdict === 'UNDETERMINED');
  // What is known to be open, each for its reason: a new one fails, and so does one that was mended and stays listed.
  const perimeter = profile === SecurityProfile.BASELINE ? [] : SERVING_ROLE;
  expect(open.map(({ id, verdict, reasons }) => `${id} ${verdict} ${reasons.join(' | ').slice(0, 400)}`)).toEqual([
    // API Gateway's account role may write to every log group: AWS takes it in no other form.
    expect.stringMatching(/^AISEC-07D REFUTED GatewayAccountRole\S+: logs:/),
    ...perimeter,
    // A job without a model store writes to an output zone of its environment's own, into which no promoter looks.
    expect.stringMatching(/^AISEC-11 REFUTED TrainingJobfraud\S+: s3:PutObject arn:aws:s3:::full-trainingoutputs/),
    // The gate's state machine takes the role that sets the approval: that is how the two are kept apart.
    expect.stringMatching(/^AISEC-17C REFUTED GateMachineRole\S+: sts:AssumeRole \S+:role\/Full-GateApproverRole/),
  ]);
  const proved = results.filter(({ verdict }) => verdict.startsWith('PROVED'));
  expect(proved.length).toBeGreaterThan(35);
  for (const { id, depth, oneLayer } of proved) expect([id, depth >= 2 || (depth === 1 && oneLayer !== undefined)]).toEqual([id, true]);
}
