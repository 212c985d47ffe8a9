import type { IGrantable, Grant } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { IConstruct } from 'constructs';

/** A training environment: what other areas may ask of it. */
export interface ITrainingEnvironment extends IConstruct {
  /** Its id, the value of the tag `secure-ai:training-environment` on its jobs; the names of its jobs begin with it. */
  readonly environmentId: string;
  /** The state machine that starts its jobs. */
  readonly stateMachineArn: string;
  /** Encrypts the volumes of its jobs. */
  readonly volumeKey: IKey;
  /** Encrypts what its jobs write. */
  readonly outputKey: IKey;
  /** Where its jobs write, below `training/<environment id>/<job>/`: the quarantine zone of a store, or a bucket that nobody scans. */
  readonly outputBucket: IBucket;

  /** Lets a principal of the account launch its jobs. */
  grantLaunch(grantee: IGrantable): Grant;
}
