import type { Duration, Size } from 'aws-cdk-lib';
import type { IRepository } from 'aws-cdk-lib/aws-ecr';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';

/** Data that a job reads: everything below a prefix of a bucket. */
export interface TrainingDataset {
  /** The bucket of the data. */
  readonly bucket: IBucket;
  /** The prefix, without a slash at its end: SageMaker loads every key below it, in the version that is current then. */
  readonly prefix: string;
  /**
   * The key with which the objects are encrypted.
   *
   * @default - the key that the bucket is known to have
   */
  readonly key?: IKey;
}

/** What one job of an environment may use. */
export interface TrainingJobOptions {
  /**
   * The data that the job reads, by the name of the channel under which its container finds it. No other job's role reads it, unless it is
   * named there too.
   */
  readonly datasets: Record<string, TrainingDataset>;
  /** The repositories of its images. A request names one of them with a digest. */
  readonly repositories: IRepository[];
  /**
   * The instance types on which it may run.
   *
   * @default ['ml.m5.xlarge']
   */
  readonly instanceTypes?: string[];
  /**
   * How many instances it may have.
   *
   * @default 1
   */
  readonly maxInstances?: number;
  /**
   * The largest volume of each instance, in whole gibibytes.
   *
   * @default Size.gibibytes(100)
   */
  readonly maxVolume?: Size;
  /**
   * The longest run, in whole minutes; it may not be longer than the posture's.
   *
   * @default - the posture's limit
   */
  readonly maxRuntime?: Duration;
}
