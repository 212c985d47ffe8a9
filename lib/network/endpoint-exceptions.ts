import { Stack, Token } from 'aws-cdk-lib';
import { AnyPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import type { IConstruct } from 'constructs';
import { answerBucket, answerHosts } from '../core/answer-bucket';
import type { AwsServiceId } from '../core/handler-contract';
import { ownIdentities } from './own-identities';

/** What a segment can ask for besides services. */
export type SegmentFeature = 'custom-resources';

/** A way past "own identities to own resources" that AWS itself needs. */
export interface EndpointException {
  /** Sid of its statement. */
  readonly sid: string;
  /** The endpoint whose policy carries it. */
  readonly endpoint: AwsServiceId;
  /** What asks for it. */
  readonly neededBy: AwsServiceId | SegmentFeature;
  /** Undefined where there is nothing to allow in the region of the stack. */
  readonly statement: (scope: IConstruct) => PolicyStatement | undefined;
  readonly reason: string;
  readonly source: string;
  /** Whether AWS documents it in so many words; else it is from practice, and the first deployment shows it. */
  readonly verified: boolean;
}

const ANYBODY = [new AnyPrincipal()];

/** The closed list. Whatever is not on it, an endpoint carries from own identities to own resources only. */
export const ENDPOINT_EXCEPTIONS: readonly EndpointException[] = [
  {
    sid: 'ImageLayers',
    endpoint: 's3',
    neededBy: 'ecr.dkr',
    statement: (scope) => new PolicyStatement({
      principals: ANYBODY,
      actions: ['s3:GetObject'],
      resources: [`arn:${Stack.of(scope).partition}:s3:::prod-${Stack.of(scope).region}-starport-layer-bucket/*`],
    }),
    reason: 'ECR hands out the layers of an image as presigned URLs into a bucket of its own; reads only',
    source: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html',
    verified: true,
  },
  ...(['ecr.api', 'ecr.dkr'] as const).map((endpoint): EndpointException => ({
    sid: 'AwsRegistry',
    endpoint,
    neededBy: endpoint,
    statement: awsRegistry,
    reason: 'AWS publishes its deep learning containers in a registry of its own; pulls only',
    source: 'https://docs.aws.amazon.com/sagemaker/latest/dg-ecr-paths/sagemaker-algo-docker-registry-paths.html',
    // The account of each region is the one that aws-cdk-lib's region table holds.
    verified: false,
  })),
  {
    sid: 'CustomResourceAnswers',
    endpoint: 's3',
    neededBy: 'custom-resources',
    statement: (scope) => new PolicyStatement({
      principals: ANYBODY,
      actions: ['s3:PutObject'],
      resources: [`arn:${Stack.of(scope).partition}:s3:::${answerBucket(scope)}/*`],
    }),
    reason: 'a function of a custom resource answers CloudFormation through a URL that AWS signs; without it the stack hangs for an hour',
    source: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-vpce-bucketnames.html',
    verified: true,
  },
  {
    sid: 'OwnApis',
    endpoint: 'execute-api',
    neededBy: 'execute-api',
    statement: (scope) => new PolicyStatement({
      principals: ANYBODY,
      actions: ['execute-api:Invoke'],
      resources: [Stack.of(scope).formatArn({ service: 'execute-api', resource: '*' })],
    }),
    reason: 'a caller with a bearer token is anonymous to the endpoint; the APIs of the own account authorise it themselves',
    source: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-vpc-endpoint-policies.html',
    verified: true,
  },
];

/** The host names of answers, with `<region>` and `<suffix>` as in the table of endpoints; the names of S3 hold the first already. */
export function hostsOfAnswers(scope: IConstruct): string[] {
  return answerHosts(scope).slice(1);
}

/** The registry's account differs by region: a stack whose region is not known at synthesis pulls from registries of its own. */
function awsRegistry(scope: IConstruct): PolicyStatement | undefined {
  const { region, partition } = Stack.of(scope);
  const account = Token.isUnresolved(region) ? undefined : RegionInfo.get(region).dlcRepositoryAccount;
  if (account === undefined) return undefined;
  return new PolicyStatement({
    principals: ANYBODY,
    actions: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
    resources: [`arn:${partition}:ecr:${region}:${account}:repository/*`],
    conditions: { StringEquals: ownIdentities(scope) },
  });
}
