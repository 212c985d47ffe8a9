/** Making something in a service that then runs with the role that was passed. */
export const CREATIONS: readonly { readonly service: string; readonly actions: readonly string[] }[] = [
  { service: 'lambda.amazonaws.com', actions: ['lambda:CreateFunction'] },
  {
    service: 'sagemaker.amazonaws.com',
    actions: [
      'sagemaker:CreateNotebookInstance',
      'sagemaker:CreateTrainingJob',
      'sagemaker:CreateProcessingJob',
      'sagemaker:CreateAutoMLJobV2',
      'sagemaker:CreatePipeline',
      'sagemaker:CreateModel',
      'sagemaker:CreateUserProfile',
    ],
  },
  { service: 'bedrock.amazonaws.com', actions: ['bedrock:CreateAgent', 'bedrock:CreateFlow', 'bedrock:CreateModelCustomizationJob'] },
  {
    service: 'bedrock-agentcore.amazonaws.com',
    actions: ['bedrock-agentcore:CreateAgentRuntime', 'bedrock-agentcore:CreateCodeInterpreter', 'bedrock-agentcore:CreateGateway'],
  },
  { service: 'states.amazonaws.com', actions: ['states:CreateStateMachine', 'states:UpdateStateMachine'] },
  { service: 'ec2.amazonaws.com', actions: ['ec2:RunInstances', 'ec2:AssociateIamInstanceProfile'] },
  { service: 'ecs-tasks.amazonaws.com', actions: ['ecs:RunTask', 'ecs:CreateService'] },
  { service: 'glue.amazonaws.com', actions: ['glue:CreateJob', 'glue:CreateSession', 'glue:UpdateJob'] },
  { service: 'codebuild.amazonaws.com', actions: ['codebuild:CreateProject', 'codebuild:UpdateProject'] },
  { service: 'cloudformation.amazonaws.com', actions: ['cloudformation:CreateStack', 'cloudformation:UpdateStack'] },
];

/** Changes of policies that lift the limits of the caller itself; `SELF` is its own ARN. */
export const UNLIMITED: readonly { readonly actions: readonly string[]; readonly on: string; readonly lifts: 'IDENTITY' | 'BOUNDARY' }[] = [
  {
    actions: ['iam:PutRolePolicy', 'iam:AttachRolePolicy', 'iam:PutUserPolicy', 'iam:AttachUserPolicy', 'iam:AddUserToGroup'],
    on: 'SELF',
    lifts: 'IDENTITY',
  },
  { actions: ['iam:CreatePolicyVersion', 'iam:SetDefaultPolicyVersion'], on: 'policy/*', lifts: 'IDENTITY' },
  { actions: ['iam:DeleteRolePermissionsBoundary', 'iam:PutRolePermissionsBoundary'], on: 'SELF', lifts: 'BOUNDARY' },
];

/** Requests that write the policy of a resource anew, or that hand out the use of a key without writing it. */
export const OPENINGS: readonly {
  readonly service: string;
  readonly actions: readonly string[];
  readonly allows?: readonly string[];
  readonly where?: Record<string, Record<string, string>>;
}[] = [
  { service: 's3', actions: ['s3:PutBucketPolicy', 's3:DeleteBucketPolicy'] },
  { service: 'kms', actions: ['kms:PutKeyPolicy'] },
  {
    service: 'kms',
    actions: ['kms:CreateGrant'],
    // Only a service of AWS, not the caller, makes a grant for a resource of its own: what it gives stays with the service.
    where: { BoolIfExists: { 'kms:GrantIsForAWSResource': 'false' } },
    allows: ['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*', 'kms:Sign', 'kms:Verify', 'kms:DescribeKey', 'kms:CreateGrant'],
  },
  { service: 'sqs', actions: ['sqs:SetQueueAttributes', 'sqs:AddPermission'] },
  { service: 'sns', actions: ['sns:SetTopicAttributes', 'sns:AddPermission'] },
  { service: 'secretsmanager', actions: ['secretsmanager:PutResourcePolicy', 'secretsmanager:DeleteResourcePolicy'] },
  { service: 'ecr', actions: ['ecr:SetRepositoryPolicy', 'ecr:DeleteRepositoryPolicy'] },
  { service: 'lambda', actions: ['lambda:AddPermission'] },
  { service: 'dynamodb', actions: ['dynamodb:PutResourcePolicy', 'dynamodb:DeleteResourcePolicy'] },
];
