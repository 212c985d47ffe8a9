/** What `Ref` returns. */
type RefKind = 'NAME' | 'ARN' | 'URL';

/** How a resource type is named once it exists. `%N` name, `%P` partition, `%R` region, `%A` account, `%X` path. */
export interface PhysicalId {
  /** Property that holds the name when the template gives one. */
  readonly nameProperty?: string;
  readonly ref: RefKind;
  readonly arn: string;
  readonly url?: string;
  /** Attributes that return the name. */
  readonly nameAttributes: readonly string[];
  /** Attributes that return the ARN. */
  readonly arnAttributes: readonly string[];
}

function id(
  ref: RefKind,
  arn: string,
  nameProperty?: string,
  nameAttributes: string[] = [],
  arnAttributes: string[] = ['Arn'],
  url?: string,
): PhysicalId {
  return { ref, arn, nameProperty, nameAttributes, arnAttributes, url };
}

const TABLE: Readonly<Record<string, PhysicalId>> = {
  'AWS::S3::Bucket': id('NAME', 'arn:%P:s3:::%N', 'BucketName'),
  'AWS::IAM::Role': id('NAME', 'arn:%P:iam::%A:role%X%N', 'RoleName'),
  'AWS::IAM::User': id('NAME', 'arn:%P:iam::%A:user%X%N', 'UserName'),
  'AWS::IAM::Group': id('NAME', 'arn:%P:iam::%A:group%X%N', 'GroupName'),
  'AWS::IAM::ManagedPolicy': id('ARN', 'arn:%P:iam::%A:policy%X%N', 'ManagedPolicyName', [], ['PolicyArn']),
  'AWS::KMS::Key': id('NAME', 'arn:%P:kms:%R:%A:key/%N', undefined, ['KeyId']),
  'AWS::KMS::Alias': id('NAME', 'arn:%P:kms:%R:%A:%N', 'AliasName'),
  'AWS::SQS::Queue': id('URL', 'arn:%P:sqs:%R:%A:%N', 'QueueName', ['QueueName'], ['Arn'], 'https://sqs.%R.amazonaws.com/%A/%N'),
  'AWS::SNS::Topic': id('ARN', 'arn:%P:sns:%R:%A:%N', 'TopicName', ['TopicName'], ['TopicArn']),
  'AWS::Lambda::Function': id('NAME', 'arn:%P:lambda:%R:%A:function:%N', 'FunctionName'),
  'AWS::DynamoDB::Table': id('NAME', 'arn:%P:dynamodb:%R:%A:table/%N', 'TableName'),
  'AWS::Logs::LogGroup': id('NAME', 'arn:%P:logs:%R:%A:log-group:%N:*', 'LogGroupName'),
  'AWS::StepFunctions::StateMachine': id('ARN', 'arn:%P:states:%R:%A:stateMachine:%N', 'StateMachineName', ['Name']),
  'AWS::Events::EventBus': id('NAME', 'arn:%P:events:%R:%A:event-bus/%N', 'Name', ['Name']),
  'AWS::Events::Rule': id('NAME', 'arn:%P:events:%R:%A:rule/%N', 'Name'),
  'AWS::ECR::Repository': id('NAME', 'arn:%P:ecr:%R:%A:repository/%N', 'RepositoryName'),
  'AWS::SageMaker::Endpoint': id('ARN', 'arn:%P:sagemaker:%R:%A:endpoint/%N', 'EndpointName', ['EndpointName'], ['EndpointArn']),
  'AWS::SageMaker::EndpointConfig': id('ARN', 'arn:%P:sagemaker:%R:%A:endpoint-config/%N', 'EndpointConfigName', ['EndpointConfigName']),
  'AWS::SageMaker::Model': id('ARN', 'arn:%P:sagemaker:%R:%A:model/%N', 'ModelName', ['ModelName']),
  'AWS::SageMaker::ModelPackageGroup': id(
    'ARN',
    'arn:%P:sagemaker:%R:%A:model-package-group/%N',
    'ModelPackageGroupName',
    [],
    ['ModelPackageGroupArn'],
  ),
  'AWS::SageMaker::NotebookInstance': id('ARN', 'arn:%P:sagemaker:%R:%A:notebook-instance/%N', 'NotebookInstanceName', [
    'NotebookInstanceName',
  ]),
  'AWS::SageMaker::Pipeline': id('NAME', 'arn:%P:sagemaker:%R:%A:pipeline/%N', 'PipelineName'),
  'AWS::SageMaker::Domain': id('NAME', 'arn:%P:sagemaker:%R:%A:domain/%N', undefined, ['DomainId'], ['DomainArn']),
  'AWS::Bedrock::Guardrail': id('ARN', 'arn:%P:bedrock:%R:%A:guardrail/%N', undefined, ['GuardrailId'], ['GuardrailArn']),
  'AWS::Bedrock::Agent': id('NAME', 'arn:%P:bedrock:%R:%A:agent/%N', undefined, ['AgentId'], ['AgentArn']),
  'AWS::Bedrock::KnowledgeBase': id('NAME', 'arn:%P:bedrock:%R:%A:knowledge-base/%N', undefined, ['KnowledgeBaseId'], ['KnowledgeBaseArn']),
  'AWS::EC2::VPCEndpoint': id('NAME', 'arn:%P:ec2:%R:%A:vpc-endpoint/%N', undefined, ['Id'], []),
  'AWS::EC2::VPC': id('NAME', 'arn:%P:ec2:%R:%A:vpc/%N', undefined, ['VpcId'], []),
  'AWS::EC2::Subnet': id('NAME', 'arn:%P:ec2:%R:%A:subnet/%N', undefined, ['SubnetId'], []),
  'AWS::EC2::SecurityGroup': id('NAME', 'arn:%P:ec2:%R:%A:security-group/%N', undefined, ['GroupId', 'Id'], []),
  'AWS::ApiGateway::RestApi': id('NAME', 'arn:%P:apigateway:%R::/restapis/%N', undefined, ['RestApiId'], []),
  'AWS::CloudTrail::Trail': id('NAME', 'arn:%P:cloudtrail:%R:%A:trail/%N', 'TrailName'),
};

/** How resources of a type are named, or undefined for types whose attributes are all left unknown. */
export function physicalIdOf(type: string): PhysicalId | undefined {
  return Object.hasOwn(TABLE, type) ? TABLE[type] : undefined;
}
