import type { EvaluationResult } from '../../../lib/models/gate/evaluation-result';
import type { GatePolicy } from '../../../lib/models/gate/gate-policy';
import { parseGatePolicy } from '../../../lib/models/gate/gate-policy';
import { writeResultStatement } from '../../../lib/models/gate/signed-result';
import type { EvidenceFile } from '../../../lib/models/gate/signed-result';
import { writeProvenance } from '../../../lib/models/signing/provenance';
import { signStatement } from '../../../lib/models/signing/sign-statement';
import type { TestKey } from '../signing/test-key';

export const NOW = new Date('2026-06-15T12:00:00Z');
export const ROOT_DIGEST = 'a'.repeat(64);
export const BUILDER = 'arn:aws:states:eu-central-1:111122223333:stateMachine:training:4';

/** A policy as people write it, with changes. */
export function policyDocument(change: object = {}): Buffer {
  return Buffer.from(JSON.stringify({
    schema: 'cdk-secure-ai/gate-policy/v1',
    name: 'fraud-production',
    builders: [BUILDER],
    maxAgeDays: 30,
    requirements: [
      { metric: 'auc', min: 0.9, minSamples: 1000 },
      { metric: 'auc', min: 0.85, groups: ['sex=0', 'sex=1'] },
    ],
    ...change,
  }));
}

export function policyOf(change: object = {}): GatePolicy {
  return parseGatePolicy(policyDocument(change));
}

const auc = (value: number, group?: string) => ({ id: 'auc', ...(group ? { group } : {}), value, interval: { lower: value - 0.01, upper: value + 0.01, level: 0.95 }, samples: 5000 });

/** A good result, with changes. */
export function resultOf(change: Partial<EvaluationResult> = {}): EvaluationResult {
  return {
    suite: 'holdout',
    tool: { name: 'evaluator', version: '1.4.0' },
    measuredAt: new Date('2026-06-10T00:00:00Z'),
    metrics: [auc(0.93), auc(0.91, 'sex=0'), auc(0.9, 'sex=1')],
    ...change,
  };
}

export async function signedResult(key: TestKey, result: EvaluationResult, digest = ROOT_DIGEST, name = 'holdout.intoto.json'): Promise<EvidenceFile> {
  return { name, bytes: await signStatement(writeResultStatement({ name: 'fraud', digest: { sha256: digest } }, result), key.signer) };
}

export async function signedProvenance(key: TestKey, digest = ROOT_DIGEST, builderId = BUILDER): Promise<EvidenceFile> {
  const statement = writeProvenance([{ name: 'fraud', digest: { sha256: digest } }], { buildType: 'https://example.com/training/v1', externalParameters: {}, builderId });
  return { name: 'provenance.intoto.json', bytes: await signStatement(statement, key.signer) };
}
