/** Actions that send something to a model, an agent or a knowledge base and read the answer. Converse is authorised by `InvokeModel`. */
export const USE_MODEL: readonly string[] = [
  'bedrock:InvokeModel',
  'bedrock:InvokeModelWithResponseStream',
  'bedrock:InvokeAgent',
  'bedrock:InvokeInlineAgent',
  'bedrock:InvokeFlow',
  'bedrock:RetrieveAndGenerate',
  'bedrock:Retrieve',
  'bedrock-agentcore:InvokeAgentRuntime',
  'bedrock-agentcore:InvokeAgentRuntimeForUser',
  'bedrock-agentcore:InvokeGateway',
  'bedrock-agentcore:InvokeHarness',
  'sagemaker:InvokeEndpoint',
  'sagemaker:InvokeEndpointAsync',
  'sagemaker:InvokeEndpointWithResponseStream',
];

/** Actions that call a foundation model directly. */
export const INVOKE_FOUNDATION_MODEL: readonly string[] = ['bedrock:InvokeModel', 'bedrock:InvokeModelWithResponseStream'];

/** Actions that call an endpoint. */
export const INVOKE_ENDPOINT: readonly string[] = [
  'sagemaker:InvokeEndpoint',
  'sagemaker:InvokeEndpointAsync',
  'sagemaker:InvokeEndpointWithResponseStream',
];

/** Actions that start something which runs with a role that the caller chooses. */
export const RUN_WITH_ROLE: readonly string[] = [
  'sagemaker:CreateTrainingJob',
  'sagemaker:CreateProcessingJob',
  'sagemaker:CreateHyperParameterTuningJob',
  'sagemaker:CreateAutoMLJob',
  'sagemaker:CreateAutoMLJobV2',
  'sagemaker:CreateModel',
  'sagemaker:CreateNotebookInstance',
  'sagemaker:CreatePipeline',
  'sagemaker:CreateDomain',
  'sagemaker:CreateUserProfile',
  'bedrock:CreateAgent',
  'bedrock:UpdateAgent',
  'bedrock:CreateFlow',
  'bedrock:CreateKnowledgeBase',
  'bedrock:CreateModelCustomizationJob',
  'bedrock:CreateModelInvocationJob',
  'bedrock-agentcore:CreateAgentRuntime',
  'bedrock-agentcore:UpdateAgentRuntime',
  'bedrock-agentcore:CreateCodeInterpreter',
  'bedrock-agentcore:CreateBrowser',
  'bedrock-agentcore:CreateGateway',
];

/** Actions that hand a signed address of a notebook, studio or tracking server to whoever holds it. */
export const PRESIGN_SESSION: readonly string[] = [
  'sagemaker:CreatePresignedDomainUrl',
  'sagemaker:CreatePresignedNotebookInstanceUrl',
  'sagemaker:CreatePresignedMlflowTrackingServerUrl',
];

/** Actions that destroy a registered model, or open the registry to others. */
export const DESTROY_MODEL: readonly string[] = [
  'sagemaker:DeleteModelPackage',
  'sagemaker:DeleteModelPackageGroup',
  'sagemaker:PutModelPackageGroupPolicy',
  'sagemaker:DeleteModelPackageGroupPolicy',
];

/** Actions that weaken or remove a guardrail. */
export const EDIT_GUARDRAIL: readonly string[] = [
  'bedrock:UpdateGuardrail',
  'bedrock:DeleteGuardrail',
  'bedrock:PutEnforcedGuardrailConfiguration',
  'bedrock:DeleteEnforcedGuardrailConfiguration',
];

/** Actions that write the log of model invocations off or elsewhere. */
export const EDIT_INVOCATION_LOGGING: readonly string[] = [
  'bedrock:PutModelInvocationLoggingConfiguration',
  'bedrock:DeleteModelInvocationLoggingConfiguration',
];

/** Actions by which a principal gives itself more. */
export const WRITE_PERMISSIONS: readonly string[] = [
  'iam:AttachRolePolicy',
  'iam:PutRolePolicy',
  'iam:CreatePolicyVersion',
  'iam:SetDefaultPolicyVersion',
  'iam:UpdateAssumeRolePolicy',
  'iam:AttachUserPolicy',
  'iam:PutUserPolicy',
  'iam:DeleteRolePermissionsBoundary',
];

/** What a registration and an approval are authorised by. */
export const REGISTER_MODEL = 'sagemaker:CreateModelPackage';
export const APPROVE_MODEL = 'sagemaker:UpdateModelPackage';

/** Keys that a caller must be held to for each action that runs code of a model, with those that must hold the value true. */
export const JOB_GUARDS: Readonly<Record<string, readonly string[]>> = {
  'sagemaker:CreateTrainingJob': [
    'sagemaker:NetworkIsolation',
    'sagemaker:InterContainerTrafficEncryption',
    'sagemaker:VpcSubnets',
    'sagemaker:VolumeKmsKeyArn',
    'sagemaker:OutputKmsKeyArn',
  ],
  'sagemaker:CreateHyperParameterTuningJob': [
    'sagemaker:NetworkIsolation',
    'sagemaker:InterContainerTrafficEncryption',
    'sagemaker:VpcSubnets',
    'sagemaker:VolumeKmsKeyArn',
    'sagemaker:OutputKmsKeyArn',
  ],
  'sagemaker:CreateProcessingJob': [
    'sagemaker:NetworkIsolation',
    'sagemaker:InterContainerTrafficEncryption',
    'sagemaker:VpcSubnets',
    'sagemaker:VolumeKmsKeyArn',
    'sagemaker:OutputKmsKeyArn',
  ],
  'sagemaker:CreateAutoMLJobV2': [
    'sagemaker:InterContainerTrafficEncryption',
    'sagemaker:VpcSubnets',
    'sagemaker:VolumeKmsKeyArn',
    'sagemaker:OutputKmsKeyArn',
  ],
  'sagemaker:CreateTransformJob': ['sagemaker:VolumeKmsKeyArn', 'sagemaker:OutputKmsKeyArn'],
  'sagemaker:CreateModel': ['sagemaker:NetworkIsolation', 'sagemaker:VpcSubnets'],
};

/** Guards that only the value true satisfies; of the others it is enough that they are there. */
export const BOOLEAN_GUARDS: readonly string[] = ['sagemaker:NetworkIsolation', 'sagemaker:InterContainerTrafficEncryption'];
