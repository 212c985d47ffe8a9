import type { Duration } from 'aws-cdk-lib';
import type { JsonSchema } from 'aws-cdk-lib/aws-apigateway';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type {
  AccountLogRole, ConsumerLimits, DataCapture, EndpointCapacity, GatewayAuthorization, GatewayExposure, GatewayLimits, LiveEndpoint,
  ModelImage,
} from '../inference';
import type { ModelArtifactBucketProps } from '../models';
import type { NetworkSegmentProps } from '../network';
import type { DataClass, WeakerChoice } from '../posture';
import type { TrainingLogs } from '../training';
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

/** Who approves models, and by what. */
export interface PlatformGate {
  /** Name of the model package group: lower-case letters, digits and hyphens. */
  readonly groupName: string;
  /** What a model must satisfy, as JSON: see `docs/gate.md`. */
  readonly policy: string;
  /** The keys that sign models, as the document of a trust store. */
  readonly modelTrust: string;
  /** The keys that sign provenance and evaluation results, as the document of a trust store. */
  readonly evidenceTrust: string;
  /** The roles whose sessions may decide. */
  readonly approvers: IRole[];
  /**
   * How long a person has to decide, in whole hours.
   *
   * @default Duration.days(3)
   */
  readonly approvalWindow?: Duration;
}

/** A model that is served. */
export interface PlatformEndpoint {
  /** Where its files are, as the promoter returns it: `models/<name>/sha256-<64 hexadecimal digits>/`. */
  readonly prefix: string;
  /**
   * Why it is deployed although the gate's decision is not checked, as where the gate is in another account.
   *
   * @default - the deployment fails unless the platform's gate approved this very prefix
   */
  readonly unproven?: WeakerChoice;
  /** The image of its container. */
  readonly image: ModelImage;
  /** What a request looks like: an object without further properties, in which every text and list has an upper limit. */
  readonly input: JsonSchema;
  /**
   * How sensitive requests and answers are.
   *
   * @default DataClass.CONFIDENTIAL
   */
  readonly dataClass?: DataClass;
  /**
   * Instances, and how they scale.
   *
   * @default - two `ml.m5.xlarge`, four at most
   */
  readonly capacity?: EndpointCapacity;
  /**
   * What is sampled of requests and answers.
   *
   * @default - a fifth of them, into one store of the platform; nothing of restricted data
   */
  readonly capture?: DataCapture;
  /**
   * The name of the endpoint, which it keeps for ever.
   *
   * @default - made of the construct's path
   */
  readonly endpointName?: string;
  /**
   * What is deployed now, so that a change which would fail or reset it is refused.
   *
   * @default - nothing is known to be deployed
   */
  readonly live?: LiveEndpoint;
  /**
   * Encrypts volumes.
   *
   * @default - a new key with rotation
   */
  readonly key?: IKey;
  /**
   * Encrypts the log, and the settings of the proxy.
   *
   * @default - a new key with rotation
   */
  readonly logKey?: IKey;
  /**
   * The largest request, in bytes: up to 65536.
   *
   * @default 32768
   */
  readonly maxRequestBytes?: number;
  /**
   * How many requests are worked on at once, where the posture reserves executions at all.
   *
   * @default 50
   */
  readonly concurrency?: number;
}
