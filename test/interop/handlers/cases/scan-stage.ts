import { CreateKeyCommand, GetPublicKeyCommand } from '@aws-sdk/client-kms';
import { PutObjectCommand, PutObjectTaggingCommand } from '@aws-sdk/client-s3';
import type { Stack } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { createPublicKey } from 'node:crypto';
import type { HandlerFunction } from '../../../../lib/core/handler-function';
import { ModelArtifactBucket, ModelPromoter, ModelScanner } from '../../../../lib/models';
import { NetworkSegment } from '../../../../lib/network';
import { SCAN_STATUS_CLEAN, SCAN_STATUS_TAG } from '../../../../lib/models/promote/scan-status';
import { SAFE_PICKLE } from '../../../models/scan/scan-world';
import type { Stage } from '../handler-case';
import type { ContextOf } from '../judge-role';

export const FOLDER = 'uploads/7/';

/** A store with a scanner and a promoter; gives the function of one of them. */
export function scanFunction(stack: Stack, name: 'Malware' | 'Artifacts' | 'Verdict' | 'Finding' | 'Promoter'): IFunction {
  const store = new ModelArtifactBucket(stack, 'Models');
  const segment = new NetworkSegment(stack, 'Network');
  const scanner = new ModelScanner(stack, 'Scanner', { store, segment });
  const promoter = new ModelPromoter(stack, 'Promoter', { store, scanner, segment });
  return name === 'Promoter' ? promoter.function : (scanner.node.findChild(name).node.findChild('Handler') as HandlerFunction).function;
}

/** What S3 says of versions in quarantine that the malware scan has found clean. */
export const cleanVersions: ContextOf = (action): Record<string, string> =>
  (action.startsWith('s3:GetObject') ? { [`s3:ExistingObjectTag/${SCAN_STATUS_TAG}`]: SCAN_STATUS_CLEAN } : {});

export interface Upload {
  readonly reference: { readonly key: string; readonly versionId: string };
  readonly objects: readonly { readonly name: string; readonly key: string; readonly versionId: string }[];
}

/** Uploads files with their manifest; without a status, they wait for the malware scan. */
export async function upload(
  stage: Stage, bucket: string, files: Readonly<Record<string, string | Buffer>> = { 'model.pkl': SAFE_PICKLE }, status?: string,
): Promise<Upload> {
  const objects = [];
  for (const [name, content] of Object.entries(files)) objects.push({ name, ...await put(stage, bucket, `${FOLDER}${name}`, content, status) });
  return { objects, reference: await put(stage, bucket, `${FOLDER}upload.json`, JSON.stringify({ model: 'fraud', objects }), status) };
}

export async function tag({ s3 }: Stage, Bucket: string, { key: Key, versionId: VersionId }: Upload['reference'], status: string): Promise<void> {
  await s3.send(new PutObjectTaggingCommand({ Bucket, Key, VersionId, Tagging: { TagSet: [{ Key: SCAN_STATUS_TAG, Value: status }] } }));
}

/** A key under the ARN that the template gives it; gives its public half. */
export async function makeKey({ kms }: Stage, arn: string): Promise<string> {
  await kms.send(new CreateKeyCommand({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY', Description: arn }));
  const { PublicKey } = await kms.send(new GetPublicKeyCommand({ KeyId: arn }));
  return createPublicKey({ key: Buffer.from(PublicKey!), format: 'der', type: 'spki' }).export({ type: 'spki', format: 'pem' }).toString();
}

async function put(stage: Stage, Bucket: string, key: string, content: string | Buffer, status?: string): Promise<Upload['reference']> {
  const { VersionId = '' } = await stage.s3.send(new PutObjectCommand({ Bucket, Key: key, Body: Buffer.from(content) }));
  const reference = { key, versionId: VersionId };
  if (status !== undefined) await tag(stage, Bucket, reference, status);
  return reference;
}
