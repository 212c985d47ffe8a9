import type { IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { AccessLogBucket } from '../core/access-log-bucket';
import { deny, overwriteGuard, spare } from '../core/bucket-guards';
import { declareDataEvents } from '../core/data-event-registry';
import { EncryptionKey } from '../core/encryption-key';
import { SecureBucket } from '../core/secure-bucket';
import { DataClass, SecurityPosture } from '../posture';
import { WRITE_ONCE_GUARD } from './records-guard';

/** What one writer alone writes. */
export interface RecordsPart {
  /** Of the deny that keeps others from writing it. */
  readonly sid: string;
  readonly prefixes: readonly string[];
}

export interface WriteOnceRecordsProps {
  /** What the records are about, for the key. */
  readonly description: string;
  /** Who writes what: a part for each writer. */
  readonly parts: Readonly<Record<string, RecordsPart>>;
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
    this.bucket = new SecureBucket(this, 'Records', {
      key: this.key,
      accessLogs: new AccessLogBucket(this, 'AccessLogs', { retentionDays: posture.logRetentionDays }),
      noncurrentDays: posture.retentionDays(DataClass.CONFIDENTIAL),
      ...(posture.objectLock ? { objectLock: posture.objectLock } : {}),
    });
    declareDataEvents(this.bucket);
    const writes = ['s3:PutObject', 's3:ReplicateObject'];
    this.guards = new Map(Object.entries(parts).map(([part, { sid, prefixes }]) => [part, deny(sid, this.below(...prefixes), writes, {})]));
    for (const guard of this.guards.values()) this.bucket.addToResourcePolicy(guard);
    this.bucket.addToResourcePolicy(overwriteGuard(WRITE_ONCE_GUARD.OVERWRITE, this.below('')));
  }

  /** Spares the one writer of a part. */
  public admit(part: string, role: IRole): void {
    const guard = this.guards.get(part);
    if (!guard) throw new Error(`'${this.node.path}' has no part '${part}'`);
    spare(guard, [role.roleArn]);
  }

  /** What the record slots of a handler's contract are bound to that reads some parts. */
  public readBy(...prefixes: string[]): Record<string, string[]> {
    return {
      readRecords: this.below(...prefixes), recordsBucket: [this.bucket.bucketArn], recordsKey: [this.key.keyArn],
    };
  }

  /** What the slot for writing is bound to. */
  public writtenBy(...prefixes: string[]): Record<string, string[]> {
    return { writeRecords: this.below(...prefixes) };
  }

  private below(...prefixes: string[]): string[] {
    return prefixes.map((prefix) => this.bucket.arnForObjects(`${prefix}*`));
  }
}
