import { Duration, Stack, Tags } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { AccessLogBucket } from '../core/access-log-bucket';
import { declareControls } from '../core/control-declarations';
import { declareDataEvents } from '../core/data-event-registry';
import { EncryptionKey } from '../core/encryption-key';
import { refuseAlias } from '../core/refuse-alias';
import { SecureBucket } from '../core/secure-bucket';
import { DataClass, SecurityPosture } from '../posture';

/** How captured requests and answers are kept. */
export interface CaptureStoreProps {
  /**
   * How sensitive they are.
   *
   * @default DataClass.CONFIDENTIAL
   */
  readonly dataClass?: DataClass;
  /**
   * How long they are kept, in whole days. A default lock of the posture that is longer wins.
   *
   * @default Duration.days(30)
   */
  readonly expiry?: Duration;
  /**
   * An existing key: a key, not an alias.
   *
   * @default - a new key with rotation
   */
  readonly key?: IKey;
  /**
   * An existing bucket for the server access logs, with SSE-S3 and no default lock.
   *
   * @default - a new bucket
   */
  readonly accessLogs?: IBucket;
}

/**
 * Where endpoints leave a sample of their requests and answers, for the monitors of drift and quality: shared by many endpoints, each under
 * its own name.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/model-monitor-data-capture-endpoint.html
 */
export class CaptureStore extends Construct {
  /** Where they are. */
  public readonly bucket: IBucket;
  /** Encrypts them. */
  public readonly key: IKey;
  /** How sensitive they are. */
  public readonly dataClass: DataClass;
  private readonly secure: SecureBucket;

  constructor(scope: Construct, id: string, props: CaptureStoreProps = {}) {
    super(scope, id);
    refuseAlias(this, 'key', props.key);
    const posture = SecurityPosture.of(this);
    this.dataClass = props.dataClass ?? DataClass.CONFIDENTIAL;
    declareControls(this, 'P5', 'DP2a', 'DP2b', 'DP6', 'OB1');
    Tags.of(this).add('DataClassification', this.dataClass);
    this.key = props.key ?? new EncryptionKey(this, 'Key', { description: 'Captured requests and answers of endpoints' });
    this.secure = new SecureBucket(this, 'Bucket', {
      key: this.key,
      accessLogs: props.accessLogs ?? new AccessLogBucket(this, 'AccessLogs', { retentionDays: posture.logRetentionDays }),
      ...(posture.objectLock ? { objectLock: posture.objectLock } : {}),
      // A capture is written once: only its expiry leaves a superseded version.
      noncurrentDays: 1,
      lifecycleRules: [{ id: 'ExpireCaptures', expiration: props.expiry ?? Duration.days(30) }],
    });
    this.bucket = this.secure;
    declareDataEvents(this.secure);
  }

  /**
   * Lets SageMaker write with the role of an endpoint, from AWS's own network.
   *
   * @internal
   */
  public _admit(roleArn: string): void {
    this.secure.perimeter.admitServiceRole(roleArn);
  }

  /** Whether it is made in the stack of a construct. @internal */
  public _isIn(stack: Stack): boolean {
    return Stack.of(this) === stack;
  }
}
