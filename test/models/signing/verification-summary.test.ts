import { describe, expect, test } from 'vitest';
import { signStatement } from '../../../lib/models/signing/sign-statement';
import type { VerificationSummary} from '../../../lib/models/signing/verification-summary';
import { verifyVerificationSummary, writeVerificationSummary } from '../../../lib/models/signing/verification-summary';
import { expectRefusal } from './refusal';
import { payloadOf, resigned } from './test-bundle';
import { newTestKey } from './test-key';

const key = newTestKey();
const GATE = 'arn:aws:states:eu-central-1:111122223333:stateMachine:gate:2';
const DIGEST = 'a'.repeat(64);
const POLICY = 'b'.repeat(64);
const subject = [{ name: 'fraud-model/3', digest: { sha256: DIGEST } }];
const summary: VerificationSummary = {
  verifierId: GATE,
  timeVerified: new Date('2026-05-01T12:00:00Z'),
  resourceUri: 's3://trusted-models/sha256/aaaa/',
  policy: { uri: 'https://example.com/policies/production/7', digest: { sha256: POLICY } },
  result: 'PASSED',
  verifiedLevels: ['SLSA_BUILD_LEVEL_2'],
};
const options = { trust: { publicKey: key.publicKey }, subjectDigest: DIGEST, verifierId: GATE };
const signed = (change: Partial<VerificationSummary> = {}): Promise<Buffer> =>
  signStatement(writeVerificationSummary(subject, { ...summary, ...change }), key.signer);

describe('verification summary', () => {
  test('tells that the trusted gate passed this model', async () => {
    const facts = verifyVerificationSummary(await signed(), { ...options, policyDigest: POLICY });
    expect(facts).toEqual({
      verifierId: GATE,
      timeVerified: summary.timeVerified,
      resourceUri: summary.resourceUri,
      policyDigest: POLICY,
      result: 'PASSED',
    });
  });

  test('is refused when it failed, or is about another model, gate or policy, or of another key', async () => {
    const bundle = await signed();
    await expectRefusal(
      async () => verifyVerificationSummary(await signed({ result: 'FAILED' }), options),
      'SUMMARY_NOT_PASSED',
      'statement',
    );
    await expectRefusal(() => verifyVerificationSummary(bundle, { ...options, subjectDigest: 'c'.repeat(64) }), 'SUBJECT_MISMATCH');
    await expectRefusal(() => verifyVerificationSummary(bundle, { ...options, verifierId: `${GATE}0` }), 'VERIFIER_NOT_TRUSTED');
    await expectRefusal(() => verifyVerificationSummary(bundle, { ...options, policyDigest: 'c'.repeat(64) }), 'POLICY_MISMATCH');
    await expectRefusal(
      () => verifyVerificationSummary(bundle, { ...options, trust: { publicKey: newTestKey().publicKey } }),
      'KEY_HINT_MISMATCH',
    );
  });

  test.each([
    ['2026-05-01T11:59:59Z', false],
    ['2026-05-01T12:00:00Z', true],
    ['2026-05-01T13:00:00Z', true],
    ['2026-05-01T13:00:01Z', false],
    ['none', false],
  ])('of noon with an hour to live is accepted at %s: %s', async (now, accepted) => {
    const bundle = await signed();
    const verify = (): unknown => verifyVerificationSummary(bundle, { ...options, age: { now: new Date(now), maxSeconds: 3600 } });
    if (accepted) expect(verify).not.toThrow();
    else await expectRefusal(verify, 'SUMMARY_OUTSIDE_AGE');
  });

  test('is refused with a result that is neither, also when it is signed', async () => {
    const bundle = await signed();
    const payload = payloadOf(bundle).toString().replace('"PASSED"', '"passed"');
    await expectRefusal(() => verifyVerificationSummary(resigned(bundle, payload, key.privateKey), options), 'PREDICATE_INVALID');
  });

  test.each<[string, Partial<VerificationSummary>]>([
    ['a gate that is no URI', { verifierId: 'gate' }],
    ['a time that is none', { timeVerified: new Date(NaN) }],
    ['a policy without digest', { policy: { uri: 'https://example.com/p', digest: {} } }],
    ['a place that is no URI', { resourceUri: 'bucket' }],
  ])('is not written with %s', async (_, change) => {
    await expectRefusal(() => writeVerificationSummary(subject, { ...summary, ...change }), 'PREDICATE_INVALID');
  });
});
