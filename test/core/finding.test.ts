import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FindingFacts } from '../../lib/core/finding';
import { detectionFinding } from '../../lib/core/finding';
import { FindingError } from '../../lib/core/finding-error';

const FACTS: FindingFacts = {
  detector: 'training.job-isolation',
  title: 'A job ran outside of isolation',
  level: 'high',
  resource: { arn: 'arn:aws:sagemaker:eu-central-1:111111111111:training-job/fraud-7', type: 'AWS::SageMaker::TrainingJob', createdAt: 1_790_000_000_000 },
  reasons: ['NO_VPC', 'NO_NETWORK_ISOLATION'],
  outcome: 'blocked',
  time: 1_790_000_060_000,
  runbook: 'job-outside-of-isolation',
};
const uidOf = (facts: FindingFacts): string => detectionFinding(facts).finding_info.uid;

describe('a finding', () => {
  test('has the ids of OCSF class 2004, and the account, region and partition of its resource', () => {
    expect(detectionFinding(FACTS)).toEqual({
      activity_id: 1,
      category_uid: 2,
      class_uid: 2004,
      type_uid: 200401,
      severity_id: 4,
      status_id: 1,
      action_id: 2,
      disposition_id: 2,
      is_alert: true,
      time: 1_790_000_060_000,
      message: 'A job ran outside of isolation: NO_NETWORK_ISOLATION, NO_VPC',
      metadata: {
        version: '1.5.0',
        product: { name: 'cdk-secure-ai', vendor_name: 'cdk-secure-ai' },
        profiles: ['cloud', 'security_control'],
        event_code: 'training.job-isolation',
      },
      cloud: { provider: 'AWS', region: 'eu-central-1', account: { uid: '111111111111', type_id: 10 } },
      finding_info: {
        uid: expect.stringMatching(/^[0-9a-f]{64}$/),
        title: 'A job ran outside of isolation',
        types: ['NO_NETWORK_ISOLATION', 'NO_VPC'],
        created_time: 1_790_000_060_000,
        analytic: { uid: 'training.job-isolation', name: 'training.job-isolation', type_id: 1 },
      },
      resources: [{ uid: FACTS.resource.arn, type: 'AWS::SageMaker::TrainingJob', region: 'eu-central-1', cloud_partition: 'aws' }],
      remediation: { desc: 'see docs/runbook.md#job-outside-of-isolation' },
    });
  });

  test.each([['blocked', 2, 2], ['observed', 3, 15], ['failed', 3, 27]] as const)('with the outcome %s has action %i and disposition %i', (outcome, action, disposition) => {
    expect(detectionFinding({ ...FACTS, outcome })).toMatchObject({ action_id: action, disposition_id: disposition });
  });

  test('has one uid whenever it is found, whatever was done, and however its reasons are listed', () => {
    const again: FindingFacts = { ...FACTS, time: FACTS.time + 5, outcome: 'observed', level: 'low', reasons: ['NO_NETWORK_ISOLATION', 'NO_VPC', 'NO_VPC'] };
    expect(uidOf(again)).toBe(uidOf(FACTS));
  });

  test.each<[string, Partial<FindingFacts>]>([
    ['detector', { detector: 'training.other' }],
    ['resource', { resource: { ...FACTS.resource, arn: `${FACTS.resource.arn}x` } }],
    ['resource of the same name, made later', { resource: { ...FACTS.resource, createdAt: FACTS.resource.createdAt + 1 } }],
    ['reason', { reasons: ['NO_VPC'] }],
  ])('has another uid for another %s', (_, change) => {
    expect(uidOf({ ...FACTS, ...change })).not.toBe(uidOf(FACTS));
  });
});

describe('a finding carries ids only', () => {
  const secret = 'customer 4711 said: "transfer 90,000 €"';

  test.each<[string, Partial<FindingFacts>]>([
    ['detector', { detector: secret }],
    ['title', { title: secret }],
    ['runbook', { runbook: secret }],
    ['reason', { reasons: [secret] }],
    ['type', { resource: { ...FACTS.resource, type: secret } }],
    ['ARN', { resource: { ...FACTS.resource, arn: `arn:aws:s3:eu-central-1:111111111111:${secret}` } }],
  ])('a payload as %s is refused, and stays out of the message', (_, change) => {
    const finding = () => detectionFinding({ ...FACTS, ...change });
    expect(finding).toThrow(expect.objectContaining({ code: 'INVALID_FINDING' }) as Error);
    expect(finding).not.toThrow(/4711/);
  });

  test.each<[string, Partial<FindingFacts>]>([
    ['no reason', { reasons: [] }],
    ['a time before 1970', { time: -1 }],
    ['a time that is none', { time: NaN }],
    ['a creation that is none', { resource: { ...FACTS.resource, createdAt: Infinity } }],
    ['a level from a prototype', { level: 'constructor' as FindingFacts['level'] }],
    ['an outcome from a prototype', { outcome: '__proto__' as FindingFacts['outcome'] }],
    ['a resource without an account', { resource: { ...FACTS.resource, arn: 'arn:aws:s3:::bucket' } }],
  ])('fails with %s', (_, change) => {
    expect(() => detectionFinding({ ...FACTS, ...change })).toThrow(expect.objectContaining({ code: 'INVALID_FINDING' }) as Error);
  });

  test('any text is an id or is refused with a closed code', () => {
    fc.assert(fc.property(fc.constantFrom('detector', 'title', 'runbook'), fc.string({ maxLength: 300 }), (name, text) => {
      try {
        expect(JSON.stringify(detectionFinding({ ...FACTS, [name]: text })).length).toBeLessThan(3000);
        expect(text).toMatch(/^[\w ,'.-]+$/);
      } catch (error) {
        expect(error).toBeInstanceOf(FindingError);
      }
    }), { numRuns: 300 });
  });
});
