import { RemovalPolicy } from 'aws-cdk-lib';
import type { IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { AccessLogBucket } from '../core/access-log-bucket';
import { deny, objectsIn, spare } from '../core/bucket-guards';
import { declareDataEvents } from '../core/data-event-registry';
import { EncryptionKey } from '../core/encryption-key';
import { SecureBucket } from '../core/secure-bucket';
import { DataClass, SecurityPosture } from '../posture';
import { RECORDS } from './gate/record-store';
import { RECORDS_GUARD } from './registry-guard';

/** Who writes which part of the records. */
export type RecordsWriter = 'desk' | 'check' | 'sign';

/** The parts that each writer alone writes. */
export const WRITTEN_BY: Readonly<Record<RecordsWriter, readonly string[]>> = {
  desk: [RECORDS.REQUESTS, RECORDS.TOKENS, RECORDS.DECISIONS],
  check: [RECORDS.PENDING],
  sign: [RECORDS.SUMMARIES],
};

/**
 * The records of a gate: requests, tokens, decisions, and the summaries that come of them. Each part has one writer, and each record is
 * written once, so a decision can neither be made by another function nor be made again.
 */
export class GateRecordsBucket extends Construct {
  public readonly bucket: SecureBucket;
  public readonly key: EncryptionKey;
  private readonly guards: Readonly<Record<RecordsWriter, PolicyStatement>>;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const posture = SecurityPosture.of(this);
    this.key = new EncryptionKey(this, 'Key', { description: 'Requests, decisions and summaries of the approval gate' });
    this.key.applyRemovalPolicy(RemovalPolicy.RETAIN);
    this.bucket = new SecureBucket(this, 'Records', {
      key: this.key,
      accessLogs: new AccessLogBucket(this, 'AccessLogs', { retentionDays: posture.logRetentionDays }),
      noncurrentDays: posture.retentionDays(DataClass.CONFIDENTIAL),
      ...(posture.objectLock ? { objectLock: posture.objectLock } : {}),
    });
    declareDataEvents(this.bucket);
    const guard = (sid: string, writer: RecordsWriter) =>
      deny(sid, WRITTEN_BY[writer].map((prefix) => this.bucket.arnForObjects(`${prefix}*`)), ['s3:PutObject', 's3:ReplicateObject'], {});
    this.guards = {
      desk: guard(RECORDS_GUARD.DESK, 'desk'),
      check: guard(RECORDS_GUARD.CHECK, 'check'),
      sign: guard(RECORDS_GUARD.SIGN, 'sign'),
    };
    for (const statement of Object.values(this.guards)) this.bucket.addToResourcePolicy(statement);
    this.bucket.addToResourcePolicy(deny(RECORDS_GUARD.OVERWRITE, objectsIn(this.bucket), ['s3:PutObject'], {
      Null: { 's3:if-none-match': 'true' },
      Bool: { 's3:ObjectCreationOperation': 'true' },
    }));
  }

  /** Spares the one writer of a part. */
  public admit(writer: RecordsWriter, role: IRole): void {
    spare(this.guards[writer], [role.roleArn]);
  }

  /** What the record slots of a handler's contract are bound to. */
  public resourcesOf(writer: RecordsWriter): Record<string, string[]> {
    return {
      readRecords: objectsIn(this.bucket),
      recordsBucket: [this.bucket.bucketArn],
      recordsKey: [this.key.keyArn],
      writeRecords: WRITTEN_BY[writer].map((prefix) => this.bucket.arnForObjects(`${prefix}*`)),
    };
  }
}
