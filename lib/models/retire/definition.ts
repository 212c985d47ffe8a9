import type { ServingEndpoint } from '../retire.contract';

/** Names in the definition that CloudFormation replaces by what it made. */
export const RETIRE_SUBSTITUTIONS = { RETIRE_FUNCTION: 'RetireFunctionArn', CERTIFY_FUNCTION: 'CertifyFunctionArn', PARTITION: 'Partition' } as const;

/** What a deployment fixes in the definition. */
export interface RetireSettings {
  readonly group: string;
  readonly timeToLiveDays: number;
  /** Endpoints by the prefix that they serve. */
  readonly endpoints: Readonly<Record<string, readonly ServingEndpoint[]>>;
}

/** What an execution of the schedule is given: no version, so that it looks for those whose time is over. */
export const BY_TIME = { modelPackageArn: '' };

const named = (name: string): string => '$' + `{${name}}`;

/** Only what may pass by itself: a refusal of ours is not tried again. */
const PASSING = {
  ErrorEquals: [
    'Lambda.ClientExecutionTimeoutException', 'Lambda.ServiceException', 'Lambda.AWSLambdaException', 'Lambda.SdkClientException', 'Lambda.TooManyRequestsException',
    'SageMaker.ThrottlingException',
  ],
  IntervalSeconds: 5,
  MaxAttempts: 4,
  BackoffRate: 2,
  JitterStrategy: 'FULL',
};
/** An endpoint takes minutes to go. */
const REMOVAL = { ErrorEquals: ['RetireError.ENDPOINT_STILL_THERE'], IntervalSeconds: 30, MaxAttempts: 40, BackoffRate: 1 };
/** Whatever fails leaves no certificate, and what was done before it stays done. */
const CATCH = [{ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'NotRetired' }];

/**
 * The retirement as Amazon States Language: of one version that somebody names, or of all whose time is over, one after the other.
 *
 * The registry comes first, so that nobody deploys what is going; the certificate last, so that it says nothing that was not done.
 *
 * @see https://states-language.net
 */
export function retireDefinition({ group, timeToLiveDays, endpoints }: RetireSettings): object {
  const task = (resource: string, parameters: object, resultPath: string | null, next: string, more: object = {}) => ({
    Type: 'Task',
    Resource: `arn:${named(RETIRE_SUBSTITUTIONS.PARTITION)}:states:::${resource}`,
    Parameters: parameters,
    ResultPath: resultPath,
    Retry: [PASSING],
    Catch: CATCH,
    Next: next,
    ...more,
  });
  const invoke = (functionName: string, payload: object, resultPath: string, next: string, retry: object[] = [PASSING]) => task(
    'lambda:invoke', { FunctionName: named(functionName), Payload: payload }, resultPath, next, { ResultSelector: { 'value.$': '$.Payload' }, Retry: retry },
  );
  const retire = (payload: object, resultPath: string, next: string, retry?: object[]) =>
    invoke(RETIRE_SUBSTITUTIONS.RETIRE_FUNCTION, payload, resultPath, next, retry);
  const is = (variable: string, value: string, next: string) => ({ Variable: variable, StringEquals: value, Next: next });
  return {
    Comment: 'Takes models out of use: registry, endpoints, archive, access, certificate',
    StartAt: 'Which',
    TimeoutSeconds: 20 * 3600,
    States: {
      Which: { Type: 'Choice', Choices: [is('$.modelPackageArn', '', 'List')], Default: 'Asked' },
      Asked: {
        Type: 'Pass', Parameters: { 'modelPackageArn.$': '$.modelPackageArn', 'reason': 'requested', 'plan': { value: { 'due.$': '$.modelPackageArn' } } }, Next: 'Describe',
      },
      List: task('aws-sdk:sagemaker:listModelPackages', {
        ModelPackageGroupName: group, ModelApprovalStatus: 'Approved', SortBy: 'CreationTime', SortOrder: 'Ascending', MaxResults: 20,
      }, '$.listed', 'Plan', { ResultSelector: { 'versions.$': '$.ModelPackageSummaryList' } }),
      Plan: retire({ 'step': 'plan', 'listed.$': '$.listed.versions', timeToLiveDays }, '$.plan', 'Due'),
      Due: { Type: 'Choice', Choices: [is('$.plan.value.due', '', 'NoneLeft')], Default: 'Expired' },
      Expired: {
        Type: 'Pass', Parameters: { 'modelPackageArn': '', 'reason': 'time to live', 'plan.$': '$.plan' }, Next: 'Describe',
      },
      Describe: task('aws-sdk:sagemaker:describeModelPackage', { 'ModelPackageName.$': '$.plan.value.due' }, '$.package', 'Read'),
      Read: retire({ 'step': 'read', 'package.$': '$.package', group }, '$.subject', 'Withdraw'),
      Withdraw: task('aws-sdk:sagemaker:updateModelPackage', {
        'ModelPackageArn.$': '$.subject.value.modelPackageArn',
        'ModelApprovalStatus': 'Rejected',
        'ApprovalDescription.$': "States.Format('retired: {}', $.reason)",
      }, null, 'RemoveEndpoints'),
      RemoveEndpoints: retire({ 'step': 'remove', 'subject.$': '$.subject.value', endpoints }, '$.endpoints', 'BeginArchive', [REMOVAL, PASSING]),
      BeginArchive: { Type: 'Pass', Result: { value: { file: 0, next: 'CONTINUE' } }, ResultPath: '$.archive', Next: 'Archive' },
      Archive: retire({ 'step': 'archive', 'subject.$': '$.subject.value', 'cursor.$': '$.archive.value' }, '$.archive', 'Archived'),
      Archived: {
        Type: 'Choice', Choices: [is('$.archive.value.next', 'CONTINUE', 'Archive'), is('$.archive.value.next', 'DONE', 'Revoke')], Default: 'NotRetired',
      },
      Revoke: retire({ 'step': 'revoke', 'subject.$': '$.subject.value', endpoints }, '$.revoked', 'Certify'),
      Certify: invoke(RETIRE_SUBSTITUTIONS.CERTIFY_FUNCTION, {
        'subject.$': '$.subject.value', 'reason.$': '$.reason', 'removed.$': '$.endpoints.value.removed', 'revoked.$': '$.revoked.value', 'retiredBy.$': '$$.StateMachine.Id',
      }, '$.certified', 'Further'),
      // By time there may be another; what somebody named is done.
      Further: { Type: 'Choice', Choices: [is('$.modelPackageArn', '', 'List')], Default: 'Retired' },
      Retired: { Type: 'Succeed' },
      NoneLeft: { Type: 'Succeed' },
      NotRetired: { Type: 'Fail', Error: 'NotRetired', Cause: 'A model could not be taken out of use as a whole; there is no certificate' },
    },
  };
}
