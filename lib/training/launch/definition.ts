import type { LaunchFailureCode, LaunchSettings } from '../launch.contract';
import { refusalName, REFUSALS, TRAINING_ENVIRONMENT_TAG } from '../launch.contract';

/** What the state machine of an environment fixes for every job. */
export interface DefinitionSettings {
  readonly partition: string;
  /** ARN of the function that reads requests. */
  readonly functionArn: string;
  readonly settings: LaunchSettings;
  readonly outputKeyArn: string;
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
  readonly dataClass: string;
  /** The longest that an execution may take, in seconds. */
  readonly timeoutSeconds: number;
}

/** The states, by the names that an execution's history shows. */
export const STATES = { READ: 'ReadRequest', TRAIN: 'Train', DONE: 'Done' } as const;

/** Errors of Lambda itself, after which the same call may work. */
const LAMBDA_FAULTS = ['Lambda.ServiceException', 'Lambda.AWSLambdaException', 'Lambda.SdkClientException', 'Lambda.TooManyRequestsException'];

/** Failures of the training state, by the error that Step Functions reports. */
const TRAINING_FAILURES: readonly (readonly [string, LaunchFailureCode])[] = [
  ['States.Timeout', 'TIMED_OUT'],
  ['SageMaker.ResourceLimitExceededException', 'NO_QUOTA'],
  ['SageMaker.ResourceInUseException', 'NAME_IN_USE'],
  ['States.TaskFailed', 'JOB_FAILED'],
];

/**
 * The state machine in Amazon States Language: read the request, start the job, wait for its end.
 *
 * Isolation, encryption between containers, network, output key and tags are written here and not taken from the request or from the
 * function: neither can turn them off.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/connect-sagemaker.html
 */
export function launchDefinition(fixed: DefinitionSettings): object {
  const failures: LaunchFailureCode[] = [...REFUSALS, ...TRAINING_FAILURES.map(([, code]) => code), 'LAUNCHER_FAILED'];
  return {
    Comment: 'Starts isolated training jobs',
    StartAt: STATES.READ,
    TimeoutSeconds: fixed.timeoutSeconds,
    States: {
      [STATES.READ]: readState(fixed),
      [STATES.TRAIN]: trainState(fixed),
      [STATES.DONE]: { Type: 'Succeed' },
      ...Object.fromEntries(failures.map((code) => [code, { Type: 'Fail', Error: code, CausePath: '$.failure.Cause' }])),
    },
  };
}

function readState({ partition, functionArn, settings }: DefinitionSettings): object {
  return {
    Type: 'Task',
    Resource: `arn:${partition}:states:::lambda:invoke`,
    Parameters: { FunctionName: functionArn, Payload: { 'request.$': '$', settings } },
    ResultSelector: { 'job.$': '$.Payload' },
    TimeoutSeconds: 60,
    Retry: [{ ErrorEquals: LAMBDA_FAULTS, IntervalSeconds: 2, MaxAttempts: 3, BackoffRate: 2 }],
    Catch: [...REFUSALS.map((code) => caught(refusalName(code), code)), caught('States.ALL', 'LAUNCHER_FAILED')],
    Next: STATES.TRAIN,
  };
}

function trainState({ partition, outputKeyArn, subnetIds, securityGroupIds, settings, dataClass }: DefinitionSettings): object {
  return {
    Type: 'Task',
    Resource: `arn:${partition}:states:::sagemaker:createTrainingJob.sync`,
    Parameters: {
      'TrainingJobName.$': '$.job.name',
      'RoleArn.$': '$.job.roleArn',
      AlgorithmSpecification: { 'TrainingImage.$': '$.job.image', TrainingInputMode: 'File' },
      'HyperParameters.$': '$.job.hyperparameters',
      'InputDataConfig.$': '$.job.channels',
      OutputDataConfig: { KmsKeyId: outputKeyArn, 'S3OutputPath.$': '$.job.outputPath' },
      'ResourceConfig.$': '$.job.resources',
      StoppingCondition: { 'MaxRuntimeInSeconds.$': '$.job.maxRuntimeSeconds' },
      EnableNetworkIsolation: true,
      EnableInterContainerTrafficEncryption: true,
      RemoteDebugConfig: { EnableRemoteDebug: false },
      VpcConfig: { Subnets: subnetIds, SecurityGroupIds: securityGroupIds },
      Tags: [{ Key: TRAINING_ENVIRONMENT_TAG, Value: settings.prefix }, { Key: 'DataClassification', Value: dataClass }],
    },
    ResultSelector: {
      'job.$': '$.TrainingJobName',
      'arn.$': '$.TrainingJobArn',
      'artifacts.$': '$.ModelArtifacts.S3ModelArtifacts',
    },
    TimeoutSecondsPath: '$.job.timeoutSeconds',
    Retry: [{ ErrorEquals: ['SageMaker.ThrottlingException'], IntervalSeconds: 10, MaxAttempts: 5, BackoffRate: 2, JitterStrategy: 'FULL' }],
    Catch: [...TRAINING_FAILURES.map(([error, code]) => caught(error, code)), caught('States.ALL', 'LAUNCHER_FAILED')],
    Next: STATES.DONE,
  };
}

function caught(error: string, next: LaunchFailureCode): object {
  return { ErrorEquals: [error], ResultPath: '$.failure', Next: next };
}
