/** What needs the AWS SDK: a bundle of its own, which the command loads for an address in S3 or a key in KMS and never otherwise. */
import { GetPublicKeyCommand, KMSClient, SignCommand } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import type { ArtifactStore } from '../models/ports/artifact-store';
import { KmsSigner } from '../models/ports/kms-signer';
import { S3ArtifactStore } from '../models/ports/s3-artifact-store';
import type { Signer } from '../models/ports/signer';

/** A model below a prefix. Credentials and region are found as by every AWS tool; the bucket may be in another region. */
export function s3Store(bucket: string, prefix: string): ArtifactStore {
  return new S3ArtifactStore({ client: new S3Client({ followRegionRedirects: true }), bucket, prefix });
}

/** A key in KMS, in the region that its ARN names. */
export function kmsSigner(keyArn: string, region: string): Signer {
  const client = new KMSClient({ region });
  return new KmsSigner({
    getPublicKey: (request) => client.send(new GetPublicKeyCommand(request)),
    sign: (request) => client.send(new SignCommand(request)),
  }, keyArn);
}
