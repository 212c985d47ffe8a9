/** Stacks of other people's construct libraries, as their own documentation uses them. Runs where those libraries are installed. */
const { App, Duration, Stack } = require('aws-cdk-lib');
const ec2 = require('aws-cdk-lib/aws-ec2');
const ecr = require('aws-cdk-lib/aws-ecr');
const lambda = require('aws-cdk-lib/aws-lambda');
const s3 = require('aws-cdk-lib/aws-s3');
const genai = require('@cdklabs/generative-ai-cdk-constructs');
const { ServerlessClamscan } = require('cdk-serverless-clamscan');
const { ApiGatewayToLambda } = require('@aws-solutions-constructs/aws-apigateway-lambda');
const { CognitoToApiGatewayToLambda } = require('@aws-solutions-constructs/aws-cognito-apigateway-lambda');
const { LambdaToSqs } = require('@aws-solutions-constructs/aws-lambda-sqs');
const { WafwebaclToApiGateway } = require('@aws-solutions-constructs/aws-wafwebacl-apigateway');
const sagemaker = require('@aws-cdk/aws-sagemaker-alpha');
const bedrock = require('@aws-cdk/aws-bedrock-alpha');
const agentcore = require('@aws-cdk/aws-bedrock-agentcore-alpha');

const code = () => ({ runtime: lambda.Runtime.PYTHON_3_13, handler: 'index.handler', code: lambda.Code.fromInline('def handler(event, context): return event') });
const fn = (stack, id) => new lambda.Function(stack, id, code());

const STACKS = {
  GenAiKnowledge: (stack) => {
    const knowledge = new genai.bedrock.VectorKnowledgeBase(stack, 'Knowledge', {
      embeddingsModel: genai.bedrock.BedrockFoundationModel.TITAN_EMBED_TEXT_V2_1024,
      instruction: 'Answers questions about the handbook.',
    });
    new genai.bedrock.S3DataSource(stack, 'Handbook', { bucket: new s3.Bucket(stack, 'Documents'), knowledgeBase: knowledge, dataSourceName: 'handbook' });
    knowledge.addWebCrawlerDataSource({ sourceUrls: ['https://docs.aws.amazon.com/'], dataSourceName: 'web' });
    const agent = new genai.bedrock.Agent(stack, 'Agent', {
      foundationModel: genai.bedrock.BedrockFoundationModel.AMAZON_NOVA_PRO_V1,
      instruction: 'You are a helpful and friendly agent that answers questions about the handbook.',
      knowledgeBases: [knowledge],
      shouldPrepareAgent: true,
    });
    new genai.bedrock.AgentAlias(stack, 'Alias', { agent, aliasName: 'live' });
  },
  GenAiGuardedAgent: (stack) => {
    const guardrail = new genai.bedrock.Guardrail(stack, 'Guardrail', { name: 'handbook', description: 'Content filters of the handbook agent' });
    guardrail.addContentFilter({
      type: genai.bedrock.ContentFilterType.PROMPT_ATTACK,
      inputStrength: genai.bedrock.ContentFilterStrength.HIGH,
      outputStrength: genai.bedrock.ContentFilterStrength.NONE,
    });
    guardrail.addPIIFilter({ type: genai.bedrock.PIIType.General.EMAIL, action: genai.bedrock.GuardrailAction.ANONYMIZE });
    guardrail.createVersion('first');
    const agent = new genai.bedrock.Agent(stack, 'Agent', {
      foundationModel: genai.bedrock.BedrockFoundationModel.AMAZON_NOVA_LITE_V1,
      instruction: 'You are a helpful and friendly agent that books meeting rooms for the staff.',
      guardrail,
      userInputEnabled: true,
      codeInterpreterEnabled: true,
    });
    agent.addActionGroup(
      new genai.bedrock.AgentActionGroup({
        name: 'rooms',
        executor: genai.bedrock.ActionGroupExecutor.fromlambdaFunction(fn(stack, 'Rooms')),
        enabled: true,
        functionSchema: { functions: [{ name: 'deleteBooking', description: 'Deletes a booking', parameters: { id: { type: 'string', required: true } } }] },
      }),
    );
  },
  GenAiEndpoint: (stack) => {
    new genai.sagemaker_deployment.HuggingFaceSageMakerEndpoint(stack, 'HuggingFace', {
      modelId: 'mistralai/Mistral-7B-Instruct-v0.1',
      instanceType: genai.sagemaker_deployment.SageMakerInstanceType.ML_G5_2XLARGE,
      container: genai.sagemaker_deployment.DeepLearningContainerImage.HUGGINGFACE_PYTORCH_TGI_INFERENCE_2_1_1_TGI1_4_0_GPU_PY310_CU121_UBUNTU20_04,
      environment: { SM_NUM_GPUS: '1', MAX_INPUT_LENGTH: '2048' },
    });
    new genai.sagemaker_deployment.CustomSageMakerEndpoint(stack, 'Custom', {
      modelId: 'clip',
      instanceType: genai.sagemaker_deployment.SageMakerInstanceType.ML_M5_XLARGE,
      container: genai.sagemaker_deployment.DeepLearningContainerImage.fromDeepLearningContainerImage('huggingface-pytorch-inference', '2.1.0-transformers4.37.0-gpu-py310-cu118-ubuntu20.04'),
      modelDataUrl: 's3://example-models/clip/model.tar.gz',
      endpointName: 'clip',
      instanceCount: 1,
    });
  },
  GenAiVectors: (stack) => {
    const vectors = new genai.s3vectors.VectorBucket(stack, 'Vectors');
    new genai.s3vectors.VectorIndex(stack, 'Index', { vectorBucket: vectors, dimension: 1024, distanceMetric: genai.s3vectors.VectorIndexDistanceMetric.COSINE, dataType: genai.s3vectors.VectorIndexDataType.FLOAT_32 });
    new genai.opensearchserverless.VectorCollection(stack, 'Collection', { collectionName: 'handbook' });
    new genai.bda.BedrockDataAutomation(stack, 'Automation', { isCustomBDABlueprintRequired: true, isBDAProjectRequired: true, isBDAInvocationRequired: true, isStatusRequired: true });
  },
  Clamscan: (stack) => {
    const scan = new ServerlessClamscan(stack, 'Scan', {});
    scan.addSourceBucket(new s3.Bucket(stack, 'Uploads'));
  },
  SolutionsApi: (stack) => {
    new ApiGatewayToLambda(stack, 'Api', { lambdaFunctionProps: code() });
    const guarded = new CognitoToApiGatewayToLambda(stack, 'Guarded', { lambdaFunctionProps: code(), apiGatewayProps: { proxy: false } });
    guarded.apiGateway.root.addMethod('POST');
    guarded.addAuthorizers();
    new WafwebaclToApiGateway(stack, 'Wall', { existingApiGatewayInterface: guarded.apiGateway });
  },
  SolutionsData: (stack) => {
    new LambdaToSqs(stack, 'Queue', { lambdaFunctionProps: code() });
  },
  AlphaSageMaker: (stack) => {
    const image = sagemaker.ContainerImage.fromEcrRepository(ecr.Repository.fromRepositoryName(stack, 'Images', 'scorer'), 'v1');
    const vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 0, subnetConfiguration: [{ name: 'isolated', subnetType: ec2.SubnetType.PRIVATE_ISOLATED }] });
    const model = new sagemaker.Model(stack, 'Model', {
      containers: [{ image, modelData: sagemaker.ModelData.fromBucket(s3.Bucket.fromBucketName(stack, 'Models', 'scorer-models'), 'v1/model.tar.gz') }],
      vpc,
      vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
    });
    const config = new sagemaker.EndpointConfig(stack, 'Config', { instanceProductionVariants: [{ model, variantName: 'main', initialInstanceCount: 2, instanceType: sagemaker.InstanceType.M5_LARGE }] });
    const endpoint = new sagemaker.Endpoint(stack, 'Endpoint', { endpointConfig: config });
    endpoint.findInstanceProductionVariant('main').autoScaleInstanceCount({ maxCapacity: 3 }).scaleOnInvocations('Load', { maxRequestsPerSecond: 30 });
    endpoint.grantInvoke(fn(stack, 'Caller'));
  },
  AlphaBedrock: (stack) => {
    const guardrail = new bedrock.Guardrail(stack, 'Guardrail', { guardrailName: 'staff' });
    const agent = new bedrock.Agent(stack, 'Agent', {
      foundationModel: bedrock.BedrockFoundationModel.AMAZON_NOVA_PRO_V1,
      instruction: 'You are a helpful and friendly agent that answers questions about literature.',
      guardrail,
    });
    new bedrock.AgentAlias(stack, 'Alias', { agent });
    bedrock.BedrockFoundationModel.AMAZON_NOVA_LITE_V1.grantInvoke(fn(stack, 'Caller'));
    new bedrock.Prompt(stack, 'Prompt', {
      promptName: 'summary',
      variants: [bedrock.PromptVariant.text({ variantName: 'first', model: bedrock.BedrockFoundationModel.AMAZON_NOVA_PRO_V1, promptVariables: ['text'], promptText: 'Summarise {{text}}' })],
    });
  },
  AlphaAgentCore: (stack) => {
    const gateway = new agentcore.Gateway(stack, 'Gateway', { gatewayName: 'tools' });
    const engine = new agentcore.PolicyEngine(stack, 'Engine', { policyEngineName: 'tools' });
    new agentcore.Policy(stack, 'Policy', { policyEngine: engine, policyName: 'all', definition: 'permit(principal, action, resource is AgentCore::Gateway);' });
    new agentcore.Memory(stack, 'Memory', { memoryName: 'staff', expirationDuration: Duration.days(90) });
    new agentcore.CodeInterpreterCustom(stack, 'Interpreter', { codeInterpreterCustomName: 'code' });
    new agentcore.BrowserCustom(stack, 'Browser', { browserCustomName: 'browser' });
    new agentcore.Runtime(stack, 'Runtime', {
      runtimeName: 'agent',
      agentRuntimeArtifact: agentcore.AgentRuntimeArtifact.fromEcrRepository(ecr.Repository.fromRepositoryName(stack, 'Images', 'agent'), 'v1'),
    });
    return gateway;
  },
};

// Nothing is bundled: an asset of code that would need a container is its source.
const app = new App({ context: { 'aws:cdk:bundling-stacks': [], 'aws:cdk:enable-asset-metadata': false }, analyticsReporting: false });
for (const [name, build] of Object.entries(STACKS)) build(new Stack(app, name, { env: { account: '111111111111', region: 'eu-central-1' } }));
app.synth();
