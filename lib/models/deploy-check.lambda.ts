import { createPublicKey } from 'node:crypto';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { GetPublicKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import { FindingBus } from '../core/finding-bus';
import { requireEnvironment } from '../core/handler-environment';
import { ANY_AGE, DEPLOY_CHECK_ENV } from './deploy-check.contract';
import { checkDeployment } from './deploy-check/check-deployment';
import { answerDeployment } from './deploy-check/deployment-answer';
import { DeployCheckError } from './deploy-check/deploy-check-error';
import { toDeploymentRequest } from './deploy-check/deployment-request';
import { refusalFinding } from './deploy-check/refusal-finding';
import { S3ServedObjects } from './deploy-check/s3-served-objects';
import { sendAnswer } from './deploy-check/send-answer';
import { S3RecordStore } from './gate/s3-record-store';
import { NO_SCANNER } from './promote.contract';
import { publicKeyPem } from './signing/elliptic-key';

const s3 = new S3Client({});
const kms = new KMSClient({});
const events = new EventBridgeClient({});

/** Kept for the answer and its further attempts. Unit: milliseconds. */
const ANSWER_MS = 40_000;

/** Checks the model that a deployment is about to serve, and tells CloudFormation; see `checkDeployment`. */
export async function handler(event: unknown, context: { getRemainingTimeInMillis(): number }): Promise<void> {
  const request = toDeploymentRequest(event, requireEnvironment(DEPLOY_CHECK_ENV.ANSWER_HOSTS).split(','));
  let timer: NodeJS.Timeout | undefined;
  const { answer, refusal } = await answerDeployment(request, {
    check,
    deadline: () => new Promise((resolve) => {
      timer = setTimeout(resolve, Math.max(0, context.getRemainingTimeInMillis() - ANSWER_MS));
    }),
  });
  clearTimeout(timer);
  console.log(JSON.stringify({ request: request.type, resource: request.logicalResourceId, status: answer.Status, reason: answer.Reason }));
  // The stack waits for the answer; the finding can be tried again.
  await sendAnswer(request.responseUrl, answer);
  const finding = refusal && refusalFinding(refusal, request.stackId, Date.now());
  if (finding) await new FindingBus(events, requireEnvironment(DEPLOY_CHECK_ENV.FINDING_BUS)).raise(finding);
}

async function check(prefix: string): Promise<void> {
  try {
    await checkPrefix(prefix);
  } catch (error) {
    const { cause } = error as { cause?: unknown };
    // Names alone: the texts of AWS may quote what was asked for.
    console.error(JSON.stringify({ refused: (error as Error).name, cause: cause instanceof Error ? cause.name : undefined }));
    throw error;
  }
}

async function checkPrefix(prefix: string): Promise<void> {
  const servedBucket = requireEnvironment(DEPLOY_CHECK_ENV.SERVED_BUCKET);
  const maxAge = requireEnvironment(DEPLOY_CHECK_ENV.MAX_AGE_SECONDS);
  const scannerKey = requireEnvironment(DEPLOY_CHECK_ENV.SCANNER_KEY_ARN);
  await checkDeployment(prefix, {
    servedBucket, gate: requireEnvironment(DEPLOY_CHECK_ENV.GATE_ARN), ...(maxAge === ANY_AGE ? {} : { maxAgeSeconds: Number(maxAge) }),
  }, {
    objects: new S3ServedObjects(s3, servedBucket),
    records: new S3RecordStore(s3, requireEnvironment(DEPLOY_CHECK_ENV.RECORDS_BUCKET)),
    trust: async () => ({ publicKey: await publicKeyOf(requireEnvironment(DEPLOY_CHECK_ENV.GATE_KEY_ARN)) }),
    ...(scannerKey === NO_SCANNER ? {} : { scannerKey: () => publicKeyOf(scannerKey) }),
    now: () => new Date(),
  });
}

/** The public half of a key, SPKI in PEM. @throws DeployCheckError NOT_READABLE */
async function publicKeyOf(KeyId: string): Promise<string> {
  try {
    const { PublicKey } = await kms.send(new GetPublicKeyCommand({ KeyId }));
    return publicKeyPem(createPublicKey({ key: Buffer.from(PublicKey!), format: 'der', type: 'spki' }));
  } catch (cause) {
    throw new DeployCheckError('NOT_READABLE', `GetPublicKey failed: ${cause instanceof Error ? cause.name : 'unknown'}`, { cause });
  }
}
