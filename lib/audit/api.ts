import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { IConstruct } from 'constructs';
import type { LogSource } from './log-source';

/** The bucket for the audit records of an account and region: what other areas may ask of it. */
export interface ILogArchive extends IConstruct {
  /** Where the records are. */
  readonly bucket: IBucket;
  /** Encrypts the records. */
  readonly key: IKey;
  /** How services are told the key: the name of its alias, or its ARN. */
  readonly keyId: string;
  /** Where S3 server access logs go, which the archive itself cannot take. */
  readonly accessLogs: IBucket;

  /** Lets a source deliver. */
  admit(source: LogSource): void;
}

/** What records who read and wrote objects. */
export interface IDataEventRecorder extends IConstruct {
  /** Records the object events of a bucket, or of the keys below a prefix. */
  registerBucket(bucket: IBucket, prefix?: string): void;
}
