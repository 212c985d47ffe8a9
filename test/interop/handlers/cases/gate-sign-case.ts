import { GATE_SIGN, GATE_SIGN_ENV, type GateSignResult } from '../../../../lib/models/gate-sign.contract';
import { verifyVerificationSummary } from '../../../../lib/models/signing/verification-summary';
import { person } from '../../../models/gate/gate-world';
import type { HandlerCase } from '../handler-case';
import { bytesOf, freshWorld, gateFunction, keysBelow, makeBucket } from './gate-stage';
import { makeKey } from './scan-stage';

const GATE = 'arn:aws:states:eu-central-1:111111111111:stateMachine:gate';

/** What a person approved is signed by KMS, once, and verifies; what nobody approved is not. */
export const GATE_SIGN_CASE: HandlerCase = {
  contract: GATE_SIGN,
  build: (stack) => gateFunction(stack, 'Sign'),
  play: async (stage) => {
    const records = stage.deployed.environment[GATE_SIGN_ENV.RECORDS_BUCKET];
    const publicKey = await makeKey(stage, stage.deployed.environment[GATE_SIGN_ENV.KEY_ARN]);
    const world = await freshWorld();
    const approval = await world.pending();
    await world.desk(person('carol'), { action: 'decide', approval, token: await world.token(approval), decision: 'approve' });
    const outcome = await world.stage(`decisions/${approval}.json`);
    await makeBucket(stage, records, world.records.files);

    const nobody = await stage.invoke({ outcome: { ...outcome, id: '0'.repeat(32) }, gate: GATE });
    stage.check('what nobody approved is not signed', /there is no record/.test(nobody.errorMessage ?? ''), nobody);
    const other = await stage.invoke({ outcome: { ...outcome, rootDigest: 'b'.repeat(64) }, gate: GATE });
    stage.check('nor is another model by the same approval', /nobody approved/.test(other.errorMessage ?? ''), other);
    stage.check('and the key is not asked', stage.calls.every(({ service }) => service !== 'kms'));
    const denied = await stage.invoke({ outcome, gate: GATE }, { Sign: { status: 400, code: 'AccessDeniedException' } });
    stage.check('a refused signature fails the function', denied.errorType === 'SigningError' && /AccessDenied/.test(denied.errorMessage ?? ''), denied);
    stage.check('and leaves no summary', (await keysBelow(stage, records, 'summaries/')).length === 0);

    const signed = await stage.invoke({ outcome, gate: GATE });
    const { summary } = (signed.result ?? { summary: null }) as GateSignResult;
    stage.check('an approved model gets a summary', summary === `summaries/${outcome.rootDigest}/${approval}.json`, signed);
    const verified = verifyVerificationSummary(await bytesOf(stage, records, String(summary)), {
      trust: { publicKey }, subjectDigest: String(outcome.rootDigest), verifierId: GATE, policyDigest: outcome.policy.sha256,
    });
    stage.check('it verifies with the public key of KMS', verified.result === 'PASSED', verified);
    const again = await stage.invoke({ outcome, gate: GATE });
    stage.check('a retry leaves the first', (again.result as GateSignResult | undefined)?.summary === summary && stage.calls.at(-1)?.status === 412, again);
  },
};
