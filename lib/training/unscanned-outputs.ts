import { Duration } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { AccessLogBucket } from '../core/access-log-bucket';
import { declareDataEvents } from '../core/data-event-registry';
import { EncryptionKey } from '../core/encryption-key';
import { SecureBucket } from '../core/secure-bucket';
import { SecurityPosture } from '../posture';

/** Days after which artifacts that nobody took go, and for which they can be locked at most. */
const KEPT_DAYS = 30;
const LOCKED_DAYS = 7;

/**
 * Where the jobs of an environment without a model store write.
 *
 * It is no quarantine: no scan says what is clean, so its policy cannot hold the rest back from whoever the account lets read, and no
 * promoter looks here. What nobody takes goes after 30 days.
 */
export class UnscannedOutputs extends Construct {
  public readonly bucket: IBucket;
  public readonly key: IKey;

  constructor(scope: Construct, id: string, props: { readonly logRetentionDays: number }) {
    super(scope, id);
    const { objectLock } = SecurityPosture.of(this);
    this.key = new EncryptionKey(this, 'Key', { description: 'Artifacts of training jobs that nobody scans' });
    const days = Math.min(LOCKED_DAYS, objectLock?.duration.toDays() ?? LOCKED_DAYS);
    this.bucket = new SecureBucket(this, 'Bucket', {
      key: this.key,
      accessLogs: new AccessLogBucket(this, 'AccessLogs', { retentionDays: props.logRetentionDays }),
      ...(objectLock ? { objectLock: { mode: objectLock.mode, duration: Duration.days(days) } } : {}),
      noncurrentDays: KEPT_DAYS,
      lifecycleRules: [{ id: 'Artifacts', expiration: Duration.days(KEPT_DAYS) }],
    });
    declareDataEvents(this.bucket);
  }
}
