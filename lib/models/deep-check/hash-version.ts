import { createHash } from 'node:crypto';
import type { S3Client } from '@aws-sdk/client-s3';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { DeployCheckError } from '../deploy-check/deploy-check-error';
import type { ListedVersion } from '../deploy-check/served-objects';

/**
 * The SHA-256 of one version as it comes from S3, in constant memory.
 *
 * @returns undefined when the time was over before its end
 * @throws DeployCheckError NOT_READABLE
 */
export async function hashVersion(
  s3: Pick<S3Client, 'send'>, bucket: string, { key, versionId }: ListedVersion, isLate: () => boolean,
): Promise<{ sha256: string; size: number } | undefined> {
  try {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key, VersionId: versionId }));
    const digest = createHash('sha256');
    let size = 0;
    for await (const chunk of Body as unknown as AsyncIterable<Uint8Array>) {
      if (isLate()) return undefined;
      digest.update(chunk);
      size += chunk.byteLength;
    }
    return { sha256: digest.digest('hex'), size };
  } catch (cause) {
    throw new DeployCheckError('NOT_READABLE', `GetObject failed: ${cause instanceof Error ? cause.name : 'unknown'}`, { cause });
  }
}
