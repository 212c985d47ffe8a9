import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Grant, IGrantable, IRole } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { IConstruct } from 'constructs';

/** A store of model artifacts with its two zones: what other areas may ask of it. */
export interface IModelArtifactBucket extends IConstruct {
  /** Where uploads arrive and wait for the scan. */
  readonly quarantineBucket: IBucket;
  /** The key of the quarantine zone. */
  readonly quarantineKey: IKey;
  /** Where promoted models are served from, under digest-named prefixes. */
  readonly servedBucket: IBucket;
  /** The key of the served store. */
  readonly servedKey: IKey;

  /** Lets a principal of the store's account list and read served models. */
  grantRead(grantee: IGrantable): Grant;
  /**
   * Lets a role that an AWS service works with read served models, also from AWS's own network: SageMaker, for example, looks at the data
   * of a model with its execution role when the model is created, from outside your VPC.
   *
   * An imported store lets the role's identity read, and says in a warning that its own app must open the bucket's policy to it.
   */
  grantReadToServiceRole(role: IRole): Grant;
  /** Lets a principal of the store's account upload into quarantine. */
  grantUpload(grantee: IGrantable): Grant;
  /** Objects in the served store, once a day. */
  metricServedObjects(): IMetric;
}

/** A model that may be deployed: what other areas may ask of it. What is made from it depends on it, so that the check comes first. */
export interface IApprovedModel extends IConstruct {
  /** The store that serves it. */
  readonly store: IModelArtifactBucket;
  /** Where its files are: `models/<name>/sha256-<64 hexadecimal digits>/`. */
  readonly prefix: string;
  /** What identifies it in records: the digest at the end of its prefix. */
  readonly digest: string;
}
