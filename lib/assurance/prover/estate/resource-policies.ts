/** Where a resource type keeps its own policy. */
export interface PolicyHome {
  /** Type that carries the document. */
  readonly type: string;
  /** Property that holds the document. */
  readonly document: string;
  /** Property that names the protected resource; undefined: the resource itself. */
  readonly target?: string;
}

/** A resource type that requests are aimed at. */
export interface TargetType {
  readonly type: string;
  readonly service: string;
  /** What follows the ARN for the things inside. */
  readonly inside: readonly string[];
  readonly homes: readonly PolicyHome[];
  readonly needsGrant?: boolean;
  readonly ignoresResource?: boolean;
}

/** The resource types with policies of their own. */
export const TARGET_TYPES: readonly TargetType[] = [
  {
    type: 'AWS::S3::Bucket',
    service: 's3',
    inside: ['', '/*'],
    homes: [{ type: 'AWS::S3::BucketPolicy', document: 'PolicyDocument', target: 'Bucket' }],
  },
  {
    type: 'AWS::KMS::Key',
    service: 'kms',
    inside: [''],
    homes: [{ type: 'AWS::KMS::Key', document: 'KeyPolicy' }],
    needsGrant: true,
    ignoresResource: true,
  },
  {
    type: 'AWS::IAM::Role',
    service: 'sts',
    inside: [''],
    homes: [{ type: 'AWS::IAM::Role', document: 'AssumeRolePolicyDocument' }],
    needsGrant: true,
    ignoresResource: true,
  },
  {
    type: 'AWS::SQS::Queue',
    service: 'sqs',
    inside: [''],
    homes: [{ type: 'AWS::SQS::QueuePolicy', document: 'PolicyDocument', target: 'Queues' }],
  },
  {
    type: 'AWS::SNS::Topic',
    service: 'sns',
    inside: ['', ':*'],
    homes: [{ type: 'AWS::SNS::TopicPolicy', document: 'PolicyDocument', target: 'Topics' }],
  },
  {
    type: 'AWS::SecretsManager::Secret',
    service: 'secretsmanager',
    inside: [''],
    homes: [{ type: 'AWS::SecretsManager::ResourcePolicy', document: 'ResourcePolicy', target: 'SecretId' }],
  },
  {
    type: 'AWS::ECR::Repository',
    service: 'ecr',
    inside: [''],
    homes: [{ type: 'AWS::ECR::Repository', document: 'RepositoryPolicyText' }],
    ignoresResource: true,
  },
  { type: 'AWS::Lambda::Function', service: 'lambda', inside: ['', ':*'], homes: [] },
  {
    type: 'AWS::DynamoDB::Table',
    service: 'dynamodb',
    inside: ['', '/*'],
    homes: [{ type: 'AWS::DynamoDB::Table', document: 'ResourcePolicy.PolicyDocument' }],
  },
  {
    type: 'AWS::SageMaker::ModelPackageGroup',
    service: 'sagemaker',
    inside: [''],
    homes: [{ type: 'AWS::SageMaker::ModelPackageGroup', document: 'ModelPackageGroupPolicy' }],
  },
];
