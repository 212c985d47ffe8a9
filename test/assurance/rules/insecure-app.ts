/**
 * A loan-scoring service as a hurried team writes it: it deploys, every part is of the kind that tutorials show, and nothing of it is safe.
 */

type Resources = Readonly<Record<string, { readonly Type: string; readonly Properties: Readonly<Record<string, unknown>> }>>;

const arn = (id: string): object => ({ 'Fn::GetAtt': [id, 'Arn'] });
const ref = (id: string): object => ({ Ref: id });
const statement = (Action: string | readonly string[], Resource: unknown = '*', rest: object = {}): object => ({ Effect: 'Allow', Action, Resource, ...rest });
const document = (...Statement: readonly object[]): object => ({ Version: '2012-10-17', Statement });
const trust = (Principal: unknown): object => document({ Effect: 'Allow', Principal, Action: 'sts:AssumeRole' });
const service = (name: string): object => trust({ Service: `${name}.amazonaws.com` });

/** A literal with the form of an access key that AWS prints in its own documentation. */
const EXAMPLE_KEY = 'AKIAIOSFODNN7EXAMPLE';
const PUBLIC_IMAGE = 'docker.io/example/scorer:latest';

const identities: Resources = {
  ScienceRole: {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: service('sagemaker'),
      ManagedPolicyArns: ['arn:aws:iam::aws:policy/AmazonSageMakerFullAccess', 'arn:aws:iam::aws:policy/AmazonBedrockFullAccess'],
    },
  },
  SciencePolicy: {
    Type: 'AWS::IAM::Policy',
    Properties: {
      PolicyName: 'science',
      Roles: [ref('ScienceRole')],
      PolicyDocument: document(
        statement(['s3:GetObject', 's3:PutObject']),
        statement('secretsmanager:GetSecretValue'),
        statement('kms:Decrypt'),
        statement('sts:AssumeRole'),
        statement('iam:PassRole'),
        statement(['iam:AttachRolePolicy', 'iam:PutRolePolicy']),
        statement(['sagemaker:CreateTrainingJob', 'sagemaker:CreateModel', 'sagemaker:CreateProcessingJob']),
        statement(['sagemaker:CreateModelPackage', 'sagemaker:UpdateModelPackage', 'sagemaker:DeleteModelPackage']),
        statement(['sagemaker:InvokeEndpoint', 'sagemaker:CreatePresignedDomainUrl']),
        statement(['bedrock:InvokeModel', 'bedrock:InvokeModelWithResponseStream', 'bedrock:CallWithBearerToken']),
        statement(['bedrock:DeleteModelInvocationLoggingConfiguration', 'bedrock:DeleteGuardrail', 'bedrock:UpdateGuardrail']),
        statement('lambda:InvokeFunction'),
        statement('sagemaker:*'),
      ),
    },
  },
  AgentRole: {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: service('bedrock'),
      Policies: [{ PolicyName: 'all', PolicyDocument: document(statement(['bedrock:InvokeModel', 'lambda:InvokeFunction', 'aoss:APIAccessAll', 's3:*'])) }],
    },
  },
  PartnerRole: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: trust({ AWS: '*' }), Policies: [{ PolicyName: 'call', PolicyDocument: document(statement('sagemaker:InvokeEndpoint')) }] } },
  BuildUser: { Type: 'AWS::IAM::User', Properties: { Policies: [{ PolicyName: 'models', PolicyDocument: document(statement(['bedrock:InvokeModel', 'sagemaker:InvokeEndpoint'])) }] } },
  BuildUserKey: { Type: 'AWS::IAM::AccessKey', Properties: { UserName: ref('BuildUser') } },
};

const data: Resources = {
  Key: { Type: 'AWS::KMS::Key', Properties: { EnableKeyRotation: false, KeyPolicy: document(statement('kms:*', '*', { Principal: { AWS: '*' } })) } },
  TrainingData: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'loan-training-data', BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }] } } },
  TrainingDataPolicy: { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: ref('TrainingData'), PolicyDocument: document(statement('s3:GetObject', { 'Fn::Sub': '${TrainingData.Arn}/*' }, { Principal: '*' })) } },
  Models: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'loan-models' } },
  Collection: { Type: 'AWS::OpenSearchServerless::Collection', Properties: { Name: 'loans', Type: 'VECTORSEARCH' } },
  CollectionNetwork: {
    Type: 'AWS::OpenSearchServerless::SecurityPolicy',
    Properties: { Name: 'loans-net', Type: 'network', Policy: '[{"Rules":[{"ResourceType":"collection","Resource":["collection/loans"]}],"AllowFromPublic":true}]' },
  },
  CollectionEncryption: {
    Type: 'AWS::OpenSearchServerless::SecurityPolicy',
    Properties: { Name: 'loans-enc', Type: 'encryption', Policy: '{"Rules":[{"ResourceType":"collection","Resource":["collection/loans"]}],"AWSOwnedKey":true}' },
  },
  Vectors: { Type: 'AWS::S3Vectors::VectorBucket', Properties: { VectorBucketName: 'loan-vectors' } },
};

const network: Resources = {
  Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } },
  Subnet: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: ref('Vpc'), CidrBlock: '10.0.0.0/24', MapPublicIpOnLaunch: true } },
  Gateway: { Type: 'AWS::EC2::InternetGateway', Properties: {} },
  Attachment: { Type: 'AWS::EC2::VPCGatewayAttachment', Properties: { VpcId: ref('Vpc'), InternetGatewayId: ref('Gateway') } },
  Routes: { Type: 'AWS::EC2::RouteTable', Properties: { VpcId: ref('Vpc') } },
  Out: { Type: 'AWS::EC2::Route', Properties: { RouteTableId: ref('Routes'), DestinationCidrBlock: '0.0.0.0/0', GatewayId: ref('Gateway') } },
  Association: { Type: 'AWS::EC2::SubnetRouteTableAssociation', Properties: { SubnetId: ref('Subnet'), RouteTableId: ref('Routes') } },
  Group: {
    Type: 'AWS::EC2::SecurityGroup',
    Properties: {
      GroupDescription: 'everything', VpcId: ref('Vpc'),
      SecurityGroupIngress: [{ IpProtocol: '-1', CidrIp: '0.0.0.0/0' }], SecurityGroupEgress: [{ IpProtocol: '-1', CidrIp: '0.0.0.0/0' }],
    },
  },
  S3Endpoint: { Type: 'AWS::EC2::VPCEndpoint', Properties: { VpcId: ref('Vpc'), ServiceName: 'com.amazonaws.eu-central-1.s3' } },
  RuntimeEndpoint: {
    Type: 'AWS::EC2::VPCEndpoint',
    Properties: { VpcId: ref('Vpc'), ServiceName: 'com.amazonaws.eu-central-1.sagemaker.runtime', VpcEndpointType: 'Interface', PrivateDnsEnabled: false },
  },
};

const training = { Subnets: [ref('Subnet')], SecurityGroupIds: [ref('Group')] };

const sagemaker: Resources = {
  Notebook: {
    Type: 'AWS::SageMaker::NotebookInstance',
    Properties: { InstanceType: 'ml.t3.medium', RoleArn: arn('ScienceRole'), DirectInternetAccess: 'Enabled', RootAccess: 'Enabled', LifecycleConfigName: 'setup' },
  },
  Setup: {
    Type: 'AWS::SageMaker::NotebookInstanceLifecycleConfig',
    Properties: {
      NotebookInstanceLifecycleConfigName: 'setup',
      OnStart: [{ Content: Buffer.from(`#!/bin/bash\nexport AWS_ACCESS_KEY_ID=${EXAMPLE_KEY}\ncurl http://example.com/setup.sh | sh\npip install torch\n`).toString('base64') }],
    },
  },
  Domain: {
    Type: 'AWS::SageMaker::Domain',
    Properties: {
      DomainName: 'loans', AuthMode: 'IAM', AppNetworkAccessType: 'PublicInternetOnly', VpcId: ref('Vpc'), SubnetIds: [ref('Subnet')],
      DefaultUserSettings: { ExecutionRole: arn('ScienceRole'), SharingSettings: { NotebookOutputOption: 'Allowed' } },
    },
  },
  Model: {
    Type: 'AWS::SageMaker::Model',
    Properties: {
      ExecutionRoleArn: arn('ScienceRole'),
      PrimaryContainer: { Image: PUBLIC_IMAGE, ModelDataUrl: 's3://loan-models/latest/model.pkl', Environment: { API_TOKEN: EXAMPLE_KEY } },
    },
  },
  EndpointConfig: {
    Type: 'AWS::SageMaker::EndpointConfig',
    Properties: { ProductionVariants: [{ VariantName: 'main', ModelName: { 'Fn::GetAtt': ['Model', 'ModelName'] }, InstanceType: 'ml.m5.large', InitialInstanceCount: 1, InitialVariantWeight: 1 }] },
  },
  Endpoint: { Type: 'AWS::SageMaker::Endpoint', Properties: { EndpointConfigName: { 'Fn::GetAtt': ['EndpointConfig', 'EndpointConfigName'] } } },
  Features: {
    Type: 'AWS::SageMaker::FeatureGroup',
    Properties: {
      FeatureGroupName: 'applicants', RecordIdentifierFeatureName: 'id', EventTimeFeatureName: 'at', RoleArn: arn('ScienceRole'),
      FeatureDefinitions: [{ FeatureName: 'id', FeatureType: 'String' }, { FeatureName: 'at', FeatureType: 'String' }],
      OnlineStoreConfig: { EnableOnlineStore: true }, OfflineStoreConfig: { S3StorageConfig: { S3Uri: 's3://loan-training-data/features' } },
    },
  },
  Registered: {
    Type: 'AWS::SageMaker::ModelPackage',
    Properties: { ModelPackageGroupName: ref('Packages'), ModelApprovalStatus: 'Approved', SkipModelValidation: 'All', InferenceSpecification: { Containers: [{ Image: PUBLIC_IMAGE }], SupportedContentTypes: ['text/csv'], SupportedResponseMIMETypes: ['text/csv'] } },
  },
  Packages: {
    Type: 'AWS::SageMaker::ModelPackageGroup',
    Properties: { ModelPackageGroupName: 'loans', ModelPackageGroupPolicy: document(statement('sagemaker:DescribeModelPackage', '*', { Principal: '*' })) },
  },
  Quality: {
    Type: 'AWS::SageMaker::DataQualityJobDefinition',
    Properties: {
      RoleArn: arn('ScienceRole'), DataQualityAppSpecification: { ImageUri: PUBLIC_IMAGE },
      DataQualityJobInput: { EndpointInput: { EndpointName: { 'Fn::GetAtt': ['Endpoint', 'EndpointName'] }, LocalPath: '/opt/in' } },
      DataQualityJobOutputConfig: { MonitoringOutputs: [{ S3Output: { S3Uri: 's3://loan-training-data/quality', LocalPath: '/opt/out' } }] },
      JobResources: { ClusterConfig: { InstanceCount: 1, InstanceType: 'ml.m5.large', VolumeSizeInGB: 20 } },
    },
  },
  Training: {
    Type: 'AWS::SageMaker::Pipeline',
    Properties: {
      PipelineName: 'train', RoleArn: arn('ScienceRole'),
      PipelineDefinition: {
        PipelineDefinitionBody: JSON.stringify({
          Version: '2020-12-01',
          Steps: [
            {
              Name: 'Train', Type: 'Training',
              Arguments: {
                AlgorithmSpecification: { TrainingImage: PUBLIC_IMAGE, TrainingInputMode: 'File' }, OutputDataConfig: { S3OutputPath: 's3://loan-models/' },
                ResourceConfig: { InstanceCount: 2, InstanceType: 'ml.m5.large', VolumeSizeInGB: 50 }, Environment: { WANDB_API_KEY: EXAMPLE_KEY },
              },
            },
            { Name: 'Register', Type: 'RegisterModel', DependsOn: ['Train'], Arguments: { ModelApprovalStatus: 'Approved', InferenceSpecification: { Containers: [{ Image: PUBLIC_IMAGE }] } } },
          ],
        }),
      },
    },
  },
  Cluster: {
    Type: 'AWS::SageMaker::Cluster',
    Properties: { InstanceGroups: [{ InstanceGroupName: 'gpu', InstanceType: 'ml.g5.xlarge', InstanceCount: 2, ExecutionRole: arn('ScienceRole'), LifeCycleConfig: { OnCreate: 'on_create.sh', SourceS3Uri: 's3://loan-training-data/setup' } }] },
  },
  Inside: { Type: 'AWS::SageMaker::Model', Properties: { ExecutionRoleArn: arn('ScienceRole'), VpcConfig: training, PrimaryContainer: { Image: PUBLIC_IMAGE } } },
};

const generative: Resources = {
  Agent: {
    Type: 'AWS::Bedrock::Agent',
    Properties: {
      AgentName: 'loans', FoundationModel: 'us.anthropic.claude-sonnet-4-20250514-v1:0', AgentResourceRoleArn: arn('AgentRole'), IdleSessionTTLInSeconds: 3600,
      Instruction: 'Answer every question of the applicant, and do what is asked of you.',
      ActionGroups: [
        { ActionGroupName: 'accounts', ActionGroupExecutor: { Lambda: arn('Function') }, FunctionSchema: { Functions: [{ Name: 'transferMoney', RequireConfirmation: 'DISABLED' }, { Name: 'deleteApplication' }] } },
        { ActionGroupName: 'code', ParentActionGroupSignature: 'AMAZON.CodeInterpreter', ActionGroupState: 'ENABLED' },
      ],
    },
  },
  Guardrail: {
    Type: 'AWS::Bedrock::Guardrail',
    Properties: {
      Name: 'loans', BlockedInputMessaging: 'no', BlockedOutputsMessaging: 'no',
      ContentPolicyConfig: { FiltersConfig: [{ Type: 'PROMPT_ATTACK', InputStrength: 'LOW', OutputStrength: 'NONE' }, { Type: 'HATE', InputStrength: 'LOW', OutputStrength: 'LOW' }] },
    },
  },
  Knowledge: {
    Type: 'AWS::Bedrock::KnowledgeBase',
    Properties: {
      Name: 'loans', RoleArn: arn('AgentRole'),
      KnowledgeBaseConfiguration: { Type: 'VECTOR', VectorKnowledgeBaseConfiguration: { EmbeddingModelArn: 'arn:aws:bedrock:eu-central-1::foundation-model/amazon.titan-embed-text-v2:0' } },
      StorageConfiguration: { Type: 'OPENSEARCH_SERVERLESS', OpensearchServerlessConfiguration: { CollectionArn: arn('Collection'), VectorIndexName: 'i', FieldMapping: { MetadataField: 'm', TextField: 't', VectorField: 'v' } } },
    },
  },
  Documents: {
    Type: 'AWS::Bedrock::DataSource',
    Properties: {
      Name: 'site', KnowledgeBaseId: ref('Knowledge'), DataDeletionPolicy: 'RETAIN',
      DataSourceConfiguration: { Type: 'WEB', WebConfiguration: { SourceConfiguration: { UrlConfiguration: { SeedUrls: [{ Url: 'https://example.com' }] } } } },
    },
  },
  AgentRuntime: {
    Type: 'AWS::BedrockAgentCore::Runtime',
    Properties: {
      AgentRuntimeName: 'loans', RoleArn: arn('ScienceRole'), AgentRuntimeArtifact: { ContainerConfiguration: { ContainerUri: '999999999999.dkr.ecr.eu-central-1.amazonaws.com/agent:latest' } },
      NetworkConfiguration: { NetworkMode: 'PUBLIC' }, EnvironmentVariables: { OPENAI_API_KEY: EXAMPLE_KEY },
    },
  },
  ToolGateway: {
    Type: 'AWS::BedrockAgentCore::Gateway',
    Properties: { Name: 'tools', AuthorizerType: 'NONE', ProtocolType: 'MCP', RoleArn: arn('ScienceRole'), ExceptionLevel: 'DEBUG' },
  },
  Interpreter: { Type: 'AWS::BedrockAgentCore::CodeInterpreterCustom', Properties: { Name: 'code', NetworkConfiguration: { NetworkMode: 'PUBLIC' } } },
  Memory: { Type: 'AWS::BedrockAgentCore::Memory', Properties: { Name: 'loans', EventExpiryDuration: 365 } },
};

const front: Resources = {
  FunctionRole: {
    Type: 'AWS::IAM::Role',
    Properties: { AssumeRolePolicyDocument: service('lambda'), Policies: [{ PolicyName: 'call', PolicyDocument: document(statement(['bedrock:InvokeModel', 'sagemaker:InvokeEndpoint'])) }] },
  },
  Function: {
    Type: 'AWS::Lambda::Function',
    Properties: {
      Runtime: 'python3.13', Handler: 'index.handler', Role: arn('FunctionRole'), Code: { ZipFile: 'def handler(event, context): pass' },
      Environment: { Variables: { ENDPOINT: { 'Fn::GetAtt': ['Endpoint', 'EndpointName'] }, DB_PASSWORD: 'hunter2hunter2' } },
    },
  },
  FunctionUrl: { Type: 'AWS::Lambda::Url', Properties: { TargetFunctionArn: arn('Function'), AuthType: 'NONE' } },
  Anybody: { Type: 'AWS::Lambda::Permission', Properties: { FunctionName: ref('Function'), Action: 'lambda:InvokeFunction', Principal: '*' } },
  Api: { Type: 'AWS::ApiGateway::RestApi', Properties: { Name: 'loans' } },
  Method: {
    Type: 'AWS::ApiGateway::Method',
    Properties: {
      RestApiId: ref('Api'), ResourceId: { 'Fn::GetAtt': ['Api', 'RootResourceId'] }, HttpMethod: 'POST', AuthorizationType: 'NONE',
      Integration: { Type: 'AWS_PROXY', IntegrationHttpMethod: 'POST', Uri: { 'Fn::Sub': 'arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/${Function.Arn}/invocations' } },
    },
  },
  Deployment: { Type: 'AWS::ApiGateway::Deployment', Properties: { RestApiId: ref('Api') } },
  Stage: { Type: 'AWS::ApiGateway::Stage', Properties: { RestApiId: ref('Api'), DeploymentId: ref('Deployment'), StageName: 'prod', MethodSettings: [{ ResourcePath: '/*', HttpMethod: '*', DataTraceEnabled: true }] } },
};

const delivery: Resources = {
  Machine: {
    Type: 'AWS::StepFunctions::StateMachine',
    Properties: {
      RoleArn: arn('ScienceRole'), LoggingConfiguration: { Level: 'ALL', IncludeExecutionData: true },
      DefinitionString: JSON.stringify({
        StartAt: 'Import',
        States: {
          Import: { Type: 'Task', Resource: 'arn:aws:states:::aws-sdk:bedrock:createModelImportJob', Parameters: { JobName: 'i', ImportedModelName: 'm' }, Next: 'Tune' },
          Tune: { Type: 'Task', Resource: 'arn:aws:states:::bedrock:createModelCustomizationJob', Parameters: { JobName: 't' }, Next: 'Ask' },
          Ask: { Type: 'Task', Resource: 'arn:aws:states:::bedrock:invokeModel', Parameters: { ModelId: 'amazon.nova-pro-v1:0', Body: {} }, End: true },
        },
      }),
    },
  },
  Images: { Type: 'AWS::ECR::Repository', Properties: { RepositoryName: 'scorer' } },
  Trail: { Type: 'AWS::CloudTrail::Trail', Properties: { IsLogging: true, S3BucketName: ref('TrainingData') } },
  Logs: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: '/aws/sagemaker/Endpoints/loans' } },
};

/** The template. */
export const INSECURE_APP: { readonly Resources: Resources } = {
  Resources: { ...identities, ...data, ...network, ...sagemaker, ...generative, ...front, ...delivery },
};
