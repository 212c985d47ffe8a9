/** Names in the definition that CloudFormation replaces by what it made. */
export const GATE_SUBSTITUTIONS = {
  CHECK_FUNCTION: 'CheckFunctionArn',
  SIGN_FUNCTION: 'SignFunctionArn',
  APPROVER_ROLE: 'ApproverRoleArn',
  KEY: 'RegistryKeyArn',
  PARTITION: 'Partition',
} as const;

/** What a deployment fixes in the definition. */
export interface GateSettings {
  readonly policy: string;
  readonly modelTrust: string;
  readonly evidenceTrust: string;
  readonly group: string;
  readonly approvalHours: number;
}

const named = (name: string): string => '$' + `{${name}}`;

/** Only what may pass by itself: a refusal of ours is not tried again. */
const RETRY = [{
  ErrorEquals: [
    'Lambda.ClientExecutionTimeoutException', 'Lambda.ServiceException', 'Lambda.AWSLambdaException', 'Lambda.SdkClientException', 'Lambda.TooManyRequestsException',
    'SageMaker.ThrottlingException',
  ],
  IntervalSeconds: 5,
  MaxAttempts: 4,
  BackoffRate: 2,
  JitterStrategy: 'FULL',
}];
/** Whatever fails leaves the version as it is: not approved. */
const CATCH = [{ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'Failed' }];

/**
 * The gate as Amazon States Language.
 *
 * A request is checked and then waits for a person, whose decision starts the gate once more: nothing that was good when it was asked for
 * is taken for good when it is approved. The two updates run as the approver role, which nothing else may assume.
 *
 * @see https://states-language.net
 */
export function gateDefinition(settings: GateSettings): object {
  const invoke = (functionName: string, payload: object, resultPath: string, next: string) => ({
    Type: 'Task',
    Resource: `arn:${named(GATE_SUBSTITUTIONS.PARTITION)}:states:::lambda:invoke`,
    Parameters: { FunctionName: named(functionName), Payload: payload },
    ResultSelector: { 'value.$': '$.Payload' },
    ResultPath: resultPath,
    Retry: RETRY,
    Catch: CATCH,
    Next: next,
  });
  const update = (status: 'Approved' | 'Rejected', next: string) => ({
    Type: 'Task',
    Resource: `arn:${named(GATE_SUBSTITUTIONS.PARTITION)}:states:::aws-sdk:sagemaker:updateModelPackage`,
    Credentials: { RoleArn: named(GATE_SUBSTITUTIONS.APPROVER_ROLE) },
    Parameters: {
      'ModelPackageArn.$': '$.subject.value.modelPackageArn',
      'ModelApprovalStatus': status,
      'ApprovalDescription.$': "States.Format('cdk-secure-ai gate, approval {}', $.subject.value.id)",
    },
    ResultPath: null,
    Retry: RETRY,
    Catch: CATCH,
    Next: next,
  });
  const { policy, modelTrust, evidenceTrust, group, approvalHours } = settings;
  const is = (value: string, next: string) => ({ Variable: '$.outcome.value.next', StringEquals: value, Next: next });
  return {
    Comment: 'Checks a model, waits for a person, checks again, and approves',
    StartAt: 'ReadSubject',
    TimeoutSeconds: 3600,
    States: {
      ReadSubject: invoke(GATE_SUBSTITUTIONS.CHECK_FUNCTION, { 'key.$': '$.key' }, '$.subject', 'DescribePackage'),
      DescribePackage: {
        Type: 'Task',
        Resource: `arn:${named(GATE_SUBSTITUTIONS.PARTITION)}:states:::aws-sdk:sagemaker:describeModelPackage`,
        Parameters: { 'ModelPackageName.$': '$.subject.value.modelPackageArn' },
        ResultPath: '$.package',
        Retry: RETRY,
        Catch: CATCH,
        Next: 'Check',
      },
      Check: invoke(GATE_SUBSTITUTIONS.CHECK_FUNCTION, {
        'key.$': '$.key', 'package.$': '$.package', policy, modelTrust, evidenceTrust, group, 'kmsKeyArn': named(GATE_SUBSTITUTIONS.KEY), approvalHours,
      }, '$.outcome', 'Judge'),
      Judge: {
        Type: 'Choice',
        Choices: [is('AWAIT_PERSON', 'Waiting'), is('APPROVE', 'Sign'), is('REJECT', 'Sign'), is('REFUSE', 'Refused')],
        Default: 'Failed',
      },
      Sign: invoke(GATE_SUBSTITUTIONS.SIGN_FUNCTION, { 'outcome.$': '$.outcome.value', 'gate.$': '$$.StateMachine.Id' }, '$.signed', 'Conclude'),
      // Also by default to the side that approves nothing.
      Conclude: { Type: 'Choice', Choices: [is('APPROVE', 'ApprovePackage')], Default: 'RejectPackage' },
      ApprovePackage: update('Approved', 'Approved'),
      RejectPackage: update('Rejected', 'Rejected'),
      Waiting: { Type: 'Succeed' },
      Approved: { Type: 'Succeed' },
      Rejected: { Type: 'Succeed' },
      Refused: { Type: 'Fail', Error: 'PackageMismatch', Cause: 'The model package is not what was asked for; nothing was done to it' },
      Failed: { Type: 'Fail', Error: 'GateFailed', Cause: 'The gate could not come to a decision; the model package was not approved' },
    },
  };
}
