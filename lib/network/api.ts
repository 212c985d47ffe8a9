import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { Construct, IConstruct } from 'constructs';
import { NetworkSegment } from './network-segment';

/** What a handler or workload needs of the segment in which it runs. */
export interface NetworkNeeds {
  /**
   * The AWS services that it calls, by the name of their VPC endpoint: `dynamodb`, `ecr.api`, `ecr.dkr`, `events`, `execute-api`, `kms`,
   * `logs`, `monitoring`, `s3`, `sagemaker.api`, `sagemaker.runtime`, `secretsmanager`, `sns`, `sqs`, `states`, `sts`.
   */
  readonly services: string[];
  /**
   * Whether functions of CloudFormation custom resources run there: their answers go to a bucket of AWS.
   *
   * @default false
   */
  readonly customResources?: boolean;
}

/** A network segment without internet: what other areas may ask of it. */
export interface INetworkSegment extends IConstruct {
  /** The VPC of the segment. */
  readonly vpc: IVpc;
  /** The subnets in which functions and jobs run. */
  readonly subnets: SubnetSelection;
  /** The security group of functions and jobs: it reaches the segment's endpoints and nothing else. */
  readonly securityGroup: ISecurityGroup;

  /** Opens the way to services, and for answers of custom resources, once for each, however often they are asked for. */
  require(needs: NetworkNeeds): void;
}

/** The segment of a construct that was given none: with the defaults of the posture, and for that construct alone. */
export class OwnSegment {
  /** A new segment as the child `Network` of the construct. */
  public static of(scope: Construct): INetworkSegment {
    return new NetworkSegment(scope, 'Network');
  }

  private constructor() {}
}
