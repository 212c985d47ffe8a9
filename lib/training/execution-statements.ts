import { ArnFormat, Stack } from 'aws-cdk-lib';
import type { IRepository } from 'aws-cdk-lib/aws-ecr';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { IConstruct } from 'constructs';
import type { InterfacePlaces } from '../core/segment-interfaces';
import { segmentInterfaces } from '../core/segment-interfaces';
import { viaService } from '../core/via-service';
import { TRAINING_LOG_GROUP } from './launch.contract';

/** Sid of the deny of writes to other places than a job's output, besides that nobody granted them. */
export const WRITES_ELSEWHERE = 'DenyWritesElsewhere';

/** Where a job reads and writes, and with which network and keys. */
export interface ExecutionPlaces extends InterfacePlaces {
  readonly datasets: readonly { readonly bucket: IBucket; readonly prefix: string; readonly key?: IKey }[];
  readonly repositories: readonly IRepository[];
  readonly output: { readonly bucket: IBucket; readonly prefix: string; readonly key: IKey };
  readonly volumeKey: IKey;
  /** The names of the job's runs, as a pattern. */
  readonly runs: string;
}

/**
 * What SageMaker does with the role of one job: read its datasets and its image, write its artifacts, its log and its metrics, and attach
 * its containers to the network. The containers themselves have no credentials, since they have no network.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html#sagemaker-roles-createtrainingjob-perms
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_OutputDataConfig.html
 */
export function executionStatements(scope: IConstruct, places: ExecutionPlaces): PolicyStatement[] {
  const { output, volumeKey } = places;
  const target = output.bucket.arnForObjects(`${output.prefix}/*`);
  return [
    ...places.datasets.flatMap(datasetStatements),
    new PolicyStatement({ actions: ['s3:PutObject', 's3:AbortMultipartUpload', 's3:ListMultipartUploadParts'], resources: [target] }),
    // Completing an upload in parts decrypts the parts.
    new PolicyStatement({ actions: ['kms:GenerateDataKey', 'kms:Decrypt'], resources: [output.key.keyArn], conditions: viaService(output.key, 's3') }),
    // SageMaker asks for it of the role of each job that names an output key; it reads nothing.
    new PolicyStatement({ actions: ['kms:Encrypt'], resources: [output.key.keyArn] }),
    new PolicyStatement({ sid: WRITES_ELSEWHERE, effect: Effect.DENY, actions: ['s3:PutObject'], notResources: [target] }),
    grantForVolumes(volumeKey.keyArn),
    ...imageStatements(places.repositories),
    ...logStatements(scope, places.runs),
    ...segmentInterfaces(scope, places),
  ];
}

/** SageMaker encrypts the volumes of a job through a grant: the caller of the job and its role both need to make one. */
export function grantForVolumes(volumeKeyArn: string): PolicyStatement {
  return new PolicyStatement({ actions: ['kms:CreateGrant'], resources: [volumeKeyArn], conditions: { Bool: { 'kms:GrantIsForAWSResource': 'true' } } });
}

function datasetStatements({ bucket, prefix, key }: ExecutionPlaces['datasets'][number]): PolicyStatement[] {
  return [
    new PolicyStatement({ actions: ['s3:GetObject'], resources: [bucket.arnForObjects(`${prefix}/*`)] }),
    new PolicyStatement({ actions: ['s3:ListBucket'], resources: [bucket.bucketArn], conditions: { StringLike: { 's3:prefix': `${prefix}/*` } } }),
    ...(key ? [new PolicyStatement({ actions: ['kms:Decrypt'], resources: [key.keyArn], conditions: viaService(key, 's3') })] : []),
  ];
}

function imageStatements(repositories: readonly IRepository[]): PolicyStatement[] {
  return [
    new PolicyStatement({
      actions: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
      resources: repositories.map(({ repositoryArn }) => repositoryArn),
    }),
    new PolicyStatement({ actions: ['ecr:GetAuthorizationToken'], resources: ['*'] }),
  ];
}

function logStatements(scope: IConstruct, runs: string): PolicyStatement[] {
  const inGroup = (rest: string) =>
    Stack.of(scope).formatArn({ service: 'logs', resource: 'log-group', resourceName: `${TRAINING_LOG_GROUP}:${rest}`, arnFormat: ArnFormat.COLON_RESOURCE_NAME });
  return [
    new PolicyStatement({ actions: ['logs:CreateLogStream', 'logs:DescribeLogStreams'], resources: [inGroup('*')] }),
    new PolicyStatement({ actions: ['logs:PutLogEvents'], resources: [inGroup(`log-stream:${runs}`)] }),
    new PolicyStatement({
      actions: ['cloudwatch:PutMetricData'],
      resources: ['*'],
      conditions: { StringEquals: { 'cloudwatch:namespace': TRAINING_LOG_GROUP } },
    }),
  ];
}
