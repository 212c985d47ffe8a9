import type { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import { Grant as Grants } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { AccessLogBucket } from '../core/access-log-bucket';
import { declareControls } from '../core/control-declarations';
import { declareDataEvents } from '../core/data-event-registry';
import { EncryptionKey } from '../core/encryption-key';
import { SecureBucket } from '../core/secure-bucket';
import { viaService } from '../core/via-service';
import { SecurityPosture } from '../posture';
import { KEY_SET_OBJECT } from './authorise.contract';

/** How a mirror differs from the default. */
export interface KeySetMirrorProps {
  /**
   * An existing bucket for the server access logs, with SSE-S3 and no default lock.
   *
   * @default - a new bucket
   */
  readonly accessLogs?: IBucket;
}

/**
 * A copy of an identity provider's public keys: the authoriser runs without internet and cannot fetch them.
 *
 * A job of yours that reaches the provider copies its key set here, at least once an hour, with a role that `grantPublish` reached:
 * `aws s3 cp jwks.json s3://<bucket>/keys/jwks.json`. From `REGULATED` on it comes through a VPC endpoint, as every writer does.
 *
 * Until the first copy nobody gets in, and nobody does when the copy cannot be read for an hour. Whoever writes here decides who gets in:
 * every version is kept and every write recorded.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7517
 */
export class KeySetMirror extends Construct {
  /** Where the copy is. */
  public readonly bucket: IBucket;
  /** Encrypts it. */
  public readonly key: IKey;
  /** The key of the object. */
  public readonly objectKey = KEY_SET_OBJECT;

  constructor(scope: Construct, id: string, props: KeySetMirrorProps = {}) {
    super(scope, id);
    const posture = SecurityPosture.of(this);
    declareControls(this, 'P5', 'DP2a', 'DP2b', 'AA1', 'OB1');
    this.key = new EncryptionKey(this, 'Key', { description: 'Mirrored public keys of an identity provider' });
    this.bucket = new SecureBucket(this, 'Bucket', {
      key: this.key,
      accessLogs: props.accessLogs ?? new AccessLogBucket(this, 'AccessLogs', { retentionDays: posture.logRetentionDays }),
      ...(posture.objectLock ? { objectLock: posture.objectLock } : {}),
      noncurrentDays: 365,
    });
    declareDataEvents(this.bucket);
  }

  /** Lets an identity replace the copy, and nothing else. */
  public grantPublish(grantee: IGrantable): Grant {
    return Grants.addToPrincipal({ grantee, actions: ['s3:PutObject'], resourceArns: [this.bucket.arnForObjects(KEY_SET_OBJECT)] })
      .combine(Grants.addToPrincipal({ grantee, actions: ['kms:GenerateDataKey'], resourceArns: [this.key.keyArn], conditions: viaService(this.key, 's3') }));
  }
}
