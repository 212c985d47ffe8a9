import { GetPublicKeyCommand, KMSClient, SignCommand } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import { requireEnvironment } from '../core/handler-environment';
import { S3ServedObjects } from './deploy-check/s3-served-objects';
import { S3RecordWriter } from './gate/s3-record-writer';
import { KmsSigner, type KmsSigningClient } from './ports/kms-signer';
import { CERTIFICATES, RETIRE_CERTIFY_ENV, type RetireCertifyEvent, type RetireCertifyResult } from './retire-certify.contract';
import { destructionStatement } from './retire/certificate';
import { signStatement } from './signing/sign-statement';

const s3 = new S3Client({});
const client = new KMSClient({});
// Not the SDK's class with all its methods: it would bring every command of KMS into the bundle.
const kms: KmsSigningClient = {
  getPublicKey: (request) => client.send(new GetPublicKeyCommand(request)),
  sign: (request) => client.send(new SignCommand(request)),
};

/** Signs what was done to a retired model, once its archive was found whole. */
export async function handler({ subject, reason, removed, revoked, retiredBy }: RetireCertifyEvent): Promise<RetireCertifyResult> {
  const bucket = requireEnvironment(RETIRE_CERTIFY_ENV.ARCHIVE_BUCKET);
  const statement = await destructionStatement({
    ...subject, ...revoked, reason, endpoints: removed, retiredBy, archiveUri: `s3://${bucket}/${subject.prefix}`, retiredAt: new Date(),
  }, new S3ServedObjects(s3, bucket));
  const bundle = await signStatement(statement, new KmsSigner(kms, requireEnvironment(RETIRE_CERTIFY_ENV.KEY_ARN)));
  const certificate = `${CERTIFICATES}${subject.prefix.slice(0, -1)}.json`;
  // A retry finds the certificate of the first attempt, which says the same.
  await new S3RecordWriter(s3, bucket).writeOnce(certificate, bundle);
  console.log(JSON.stringify({ retired: subject.prefix, certificate }));
  return { certificate };
}
