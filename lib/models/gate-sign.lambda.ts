import { S3Client } from '@aws-sdk/client-s3';
import { requireEnvironment } from '../core/handler-environment';
import type { GateSignEvent, GateSignResult } from './gate-sign.contract';
import { GATE_SIGN_ENV } from './gate-sign.contract';
import { assertApproved } from './gate/assert-approved';
import { writeGateSummary } from './gate/gate-summary';
import { RECORDS } from './gate/record-store';
import { S3RecordWriter } from './gate/s3-record-writer';
import { KmsSigner } from './ports/kms-signer';
import { KMS } from './ports/kms-signing-client';
import { signStatement } from './signing/sign-statement';

const s3 = new S3Client({});

/** Signs what the gate decided, as an SLSA verification summary, and keeps it under the model's digest. */
export async function handler({ outcome, gate }: GateSignEvent): Promise<GateSignResult> {
  const { id, prefix, rootDigest, next } = outcome;
  if (rootDigest === null) return { summary: null };
  const records = new S3RecordWriter(s3, requireEnvironment(GATE_SIGN_ENV.RECORDS_BUCKET));
  if (next === 'APPROVE') await assertApproved(outcome, records);
  const payload = writeGateSummary(outcome, {
    gate,
    subject: { name: prefix, digest: { sha256: rootDigest } },
    resourceUri: `s3://${requireEnvironment(GATE_SIGN_ENV.SERVED_BUCKET)}/${prefix}`,
    // The policy is part of the gate's definition; its digest says which.
    policyUri: gate,
    passed: next === 'APPROVE',
    decidedAt: new Date(),
  });
  const bundle = await signStatement(payload, new KmsSigner(KMS, requireEnvironment(GATE_SIGN_ENV.KEY_ARN)));
  const summary = `${RECORDS.SUMMARIES}${rootDigest}/${id}.json`;
  // A retry finds the summary of the first attempt, which says the same.
  await records.writeOnce(summary, bundle);
  console.log(JSON.stringify({ approval: id, summary, next }));
  return { summary };
}
