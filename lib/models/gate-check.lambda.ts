import { S3Client } from '@aws-sdk/client-s3';
import { requireEnvironment } from '../core/handler-environment';
import type { GateCheckEvent } from './gate-check.contract';
import { GATE_CHECK_ENV } from './gate-check.contract';
import { parseGatePolicy } from './gate/gate-policy';
import type { StageOutcome, Subject } from './gate/gate-stage';
import { readSubject, runStage } from './gate/gate-stage';
import { S3RecordStore } from './gate/s3-record-store';
import { S3ArtifactStore } from './ports/s3-artifact-store';
import { TrustStore } from './signing/trust-store';

const client = new S3Client({});

/** Tells which package a record is about, or, with the package, checks it; see `runStage`. */
export async function handler(event: GateCheckEvent): Promise<Subject | StageOutcome> {
  const records = new S3RecordStore(client, requireEnvironment(GATE_CHECK_ENV.RECORDS_BUCKET));
  const servedBucket = requireEnvironment(GATE_CHECK_ENV.SERVED_BUCKET);
  const now = () => new Date();
  const ports = { records, now, model: (prefix: string) => new S3ArtifactStore({ client, bucket: servedBucket, prefix }) };
  if (event.package === undefined) return readSubject(event.key, ports);
  const trust = (document: string) => ({ trustStore: TrustStore.parse(Buffer.from(document)), at: now() });
  const evidence = trust(event.evidenceTrust);
  const outcome = await runStage(event.key, event.package, {
    policy: parseGatePolicy(Buffer.from(event.policy)),
    modelTrust: trust(event.modelTrust),
    evidenceTrust: { provenance: evidence, results: evidence },
    group: event.group,
    kmsKeyArn: event.kmsKeyArn,
    servedBucket,
    approvalHours: event.approvalHours,
  }, ports);
  console.log(JSON.stringify({ approval: outcome.id, next: outcome.next, findings: outcome.findings.map(({ code }) => code) }));
  return outcome;
}
