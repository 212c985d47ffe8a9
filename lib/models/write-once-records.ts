import { RemovalPolicy } from 'aws-cdk-lib';
import type { IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { AccessLogBucket } from '../core/access-log-bucket';
import { deny, spare } from '../core/bucket-guards';
import { declareDataEvents } from '../core/data-event-registry';
import { EncryptionKey } from '../core/encryption-key';
import { SecureBucket } from '../core/secure-bucket';
import { DataClass, SecurityPosture } from '../posture';
import { WRITE_ONCE_GUARD } from './records-guard';

export interface WriteOnceRecordsProps {
  /** What the records are about, for the key. */
  readonly description: string;
  /** The Sid of the deny that keeps others from writing a part, by the part's prefix. */
  readonly parts: Readonly<Record<string, string>>;
}

/** Records of which each part has one writer, and each is written once. What is under no prefix of a part has no writer at all. */
export class WriteOnceRecords extends Construct {
  public readonly bucket: SecureBucket;
  public readonly key: EncryptionKey;
  private readonly guards: ReadonlyMap<string, PolicyStatement>;

  constructor(scope: Construct, id: string, { description, parts }: WriteOnceRecordsProps) {
    super(scope, id);
    const posture = SecurityPosture.of(this);
    this.key = new EncryptionKey(this, 'Key', { description });
    this.key.applyRemovalPolicy(RemovalPolicy.RETAIN);
    this.bucket = new SecureBucket(this, 'Records', {
      key: this.key,
      accessLogs: new AccessLogBucket(this, 'AccessLogs', { retentionDays: posture.logRetentionDays }),
      noncurrentDays: posture.retentionDays(DataClass.CONFIDENTIAL),
      ...(posture.objectLock ? { objectLock: posture.objectLock } : {}),
    });
    declareDataEvents(this.bucket);
    const writes = ['s3:PutObject', 's3:ReplicateObject'];
    this.guards = new Map(Object.entries(parts).map(([prefix, sid]) => [prefix, deny(sid, [this.below(prefix)], writes, {})]));
    for (const guard of this.guards.values()) this.bucket.addToResourcePolicy(guard);
    this.bucket.addToResourcePolicy(deny(WRITE_ONCE_GUARD.OVERWRITE, [this.below('')], ['s3:PutObject'], {
      Null: { 's3:if-none-match': 'true' },
      Bool: { 's3:ObjectCreationOperation': 'true' },
    }));
  }

  /** Spares the one writer of a part. */
  public admit(prefix: string, role: IRole): void {
    const guard = this.guards.get(prefix);
    if (!guard) throw new Error(`'${this.node.path}' has no part '${prefix}'`);
    spare(guard, [role.roleArn]);
  }

  /** What the record slots of a handler's contract are bound to that reads some parts. */
  public readBy(...prefixes: string[]): Record<string, string[]> {
    return {
      readRecords: prefixes.map((prefix) => this.below(prefix)), recordsBucket: [this.bucket.bucketArn], recordsKey: [this.key.keyArn],
    };
  }

  /** What the slot for writing is bound to. */
  public writtenBy(prefix: string): Record<string, string[]> {
    return { writeRecords: [this.below(prefix)] };
  }

  private below(prefix: string): string {
    return this.bucket.arnForObjects(`${prefix}*`);
  }
}
