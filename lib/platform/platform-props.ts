import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { AccountLogRole, ConsumerLimits, GatewayAuthorization, GatewayExposure, GatewayLimits, MutualTlsDomain } from '../inference';
import type { ModelArtifactBucketProps } from '../models';
import type { NetworkSegmentProps } from '../network';
import type { DataClass } from '../posture';
import type { InstanceFamily, TrainingLogs } from '../training';
import type { PlatformAccount } from './platform-account';

/** The ARNs of the store's keys, for accounts apart from the registry's. */
export interface StoreKeyArns {
  /** The key of the quarantine zone: the output `QuarantineKeyArn` of the registry's stack with the models. */
  readonly quarantine: string;
  /** The key of the served store: the output `ServedKeyArn` of the same stack. */
  readonly served: string;
}

/** How models are served. */
export interface PlatformServing {
  /**
   * The account that serves, apart from the registry's.
   *
   * @default - the platform's own
   */
  readonly account?: PlatformAccount;
  /**
   * From where the gateway can be reached.
   *
   * @default - through the endpoint for `execute-api` of the serving segment alone
   */
  readonly exposure?: GatewayExposure;
  /**
   * How callers prove who they are.
   *
   * @default GatewayAuthorization.iam()
   */
  readonly authorization?: GatewayAuthorization;
  /**
   * A domain at which callers show a certificate as well. Refused for a private gateway, so it takes an `exposure`.
   *
   * @default - no certificate of callers, and the default address
   */
  readonly mutualTls?: MutualTlsDomain;
  /**
   * How much all consumers together may ask.
   *
   * @default - see `GatewayLimits`
   */
  readonly limits?: GatewayLimits;
  /**
   * How much each consumer may ask.
   *
   * @default - see `ConsumerLimits`
   */
  readonly consumerLimits?: ConsumerLimits;
  /**
   * The role with which API Gateway writes logs in the account and region.
   *
   * @default AccountLogRole.existing()
   */
  readonly accountLogRole?: AccountLogRole;
  /**
   * Encrypts the gateway's logs: a key, not an alias. Its policy must let CloudWatch Logs use it.
   *
   * @default - a new key with rotation
   */
  readonly key?: IKey;
}

/** Where models are trained. */
export interface PlatformTraining {
  /**
   * The account that trains, apart from the registry's. Its own segment is where jobs run.
   *
   * @default - the platform's own
   */
  readonly account?: PlatformAccount;
  /**
   * The segment in which jobs run, apart from the one that serves, where both are in one account.
   *
   * @default - a new VPC without internet
   */
  readonly network?: NetworkSegmentProps;
  /**
   * An existing key for the volumes of jobs.
   *
   * @default - a new key with rotation
   */
  readonly volumeKey?: IKey;
  /**
   * How sensitive the data is.
   *
   * @default DataClass.CONFIDENTIAL
   */
  readonly dataClass?: DataClass;
  /**
   * How the log group of SageMaker's training jobs comes about, of which an account has one for each region.
   *
   * @default TrainingLogs.create()
   */
  readonly jobLogs?: TrainingLogs;
  /**
   * Instance families that the library's table lacks, or has wrong.
   *
   * @default - those of the table
   */
  readonly instanceFamilies?: InstanceFamily[];
}

/** A platform: an account of its own, and what is apart. */
export interface SecureAiPlatformProps extends PlatformAccount {
  /**
   * How the store of models differs from the default.
   *
   * @default - access logs go to the archive
   */
  readonly models?: ModelArtifactBucketProps;
  /**
   * Where models are trained. An account apart is decided before the first deployment: the store's buckets get names then, which replaces
   * buckets that have none.
   *
   * @default - no training environment: models come from elsewhere
   */
  readonly training?: PlatformTraining;
  /**
   * How models are served. An account apart is decided before the first deployment, as for `training`.
   *
   * @default - in the platform's own account, behind a private gateway that asks for signed requests
   */
  readonly serving?: PlatformServing;
  /**
   * The keys of the store, which permissions in other accounts must name: IAM takes no alias for a key. They are known once the registry is
   * deployed; without them the stacks of the other accounts have an error that keeps them from being deployed.
   *
   * @default - the keys that `models` names
   * @see https://docs.aws.amazon.com/kms/latest/developerguide/cmks-in-iam-policies.html
   */
  readonly storeKeyArns?: StoreKeyArns;
}
