import { S3Client } from '@aws-sdk/client-s3';
import { requireEnvironment } from '../core/handler-environment';
import { S3RecordReader } from './gate/s3-record-reader';
import { S3RecordWriter } from './gate/s3-record-writer';
import { KmsSigner } from './ports/kms-signer';
import { KMS } from './ports/kms-signing-client';
import { S3ArtifactStore } from './ports/s3-artifact-store';
import { toServedPlace } from './served/served-place';
import type { SignedServedModel } from './served/sign-served-model';
import { signServedModel } from './served/sign-served-model';
import type { SignModelEvent } from './sign-model.contract';
import { SIGN_MODEL_ENV } from './sign-model.contract';

const client = new S3Client({});

/** Signs one served model whose objects are hashed; see `signServedModel`. */
export async function handler(event: SignModelEvent): Promise<SignedServedModel> {
  const place = toServedPlace(event.prefix);
  const bucket = requireEnvironment(SIGN_MODEL_ENV.SERVED_BUCKET);
  const signed = await signServedModel(place, {
    bucket,
    store: new S3ArtifactStore({ client, bucket, prefix: place.prefix }),
    records: new S3RecordReader(client, requireEnvironment(SIGN_MODEL_ENV.RECORDS_BUCKET)),
    served: new S3RecordWriter(client, bucket),
    signer: new KmsSigner(KMS, requireEnvironment(SIGN_MODEL_ENV.KEY_ARN)),
  });
  console.log(JSON.stringify(signed));
  return signed;
}
