import { Annotations } from 'aws-cdk-lib';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Grant, IGrantable, IRole } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { arnOfBucket } from '../core/bucket-arn';
import { requireServiceOnly } from '../core/service-only-role';
import { NetworkPerimeter, SecurityPosture } from '../posture';
import type { IModelArtifactBucket } from './api';
import type { ModelArtifactBucketAttributes } from './model-artifact-bucket';
import { grantQuarantineUpload, grantServedRead } from './model-store-grants';
import { servedObjectsMetric } from './model-store-metrics';

/** A store of another stack or account, by its attributes. */
export class ImportedModelArtifactBucket extends Construct implements IModelArtifactBucket {
  public readonly quarantineBucket: IBucket;
  public readonly quarantineKey: IKey;
  public readonly servedBucket: IBucket;
  public readonly servedKey: IKey;

  constructor(scope: Construct, id: string, attributes: ModelArtifactBucketAttributes) {
    super(scope, id);
    this.quarantineKey = Key.fromKeyArn(this, 'QuarantineKey', attributes.quarantineKeyArn);
    this.servedKey = Key.fromKeyArn(this, 'ServedKey', attributes.servedKeyArn);
    this.quarantineBucket = Bucket.fromBucketArn(this, 'Quarantine', arnOfBucket('quarantineBucketArn', attributes.quarantineBucketArn));
    this.servedBucket = Bucket.fromBucketArn(this, 'Served', arnOfBucket('servedBucketArn', attributes.servedBucketArn));
  }

  public grantRead(grantee: IGrantable): Grant {
    return grantServedRead(this, this.servedBucket, this.servedKey, grantee);
  }

  /**
   * The bucket's policy is its own app's: it is not changed, and where there is a network perimeter a warning says so.
   *
   * @throws when somebody else than AWS services can assume the role
   */
  public grantReadToServiceRole(role: IRole): Grant {
    requireServiceOnly(this, 'the role of grantReadToServiceRole', role);
    if (SecurityPosture.of(this).networkPerimeter !== NetworkPerimeter.OFF) {
      Annotations.of(this).addWarningV2(
        'cdk-secure-ai:store-not-admitting',
        `'${this.node.path}' is imported: unless its own app lets '${role.node.path}' through with grantReadToServiceRole, the network perimeter of its `
        + 'buckets denies what a service reads with the role from outside your VPC, such as the data of a new SageMaker model',
      );
    }
    return this.grantRead(role);
  }

  public grantUpload(grantee: IGrantable): Grant {
    return grantQuarantineUpload(this, this.quarantineBucket, this.quarantineKey, grantee);
  }

  public metricServedObjects(): IMetric {
    return servedObjectsMetric(this.servedBucket);
  }
}
