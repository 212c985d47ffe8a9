import type { ServedModelErrorCode } from './served/served-model-error';
import { servedModelErrorName } from './served/served-model-error';

/** What a deployment fixes in the definition. */
export interface SignMachineSettings {
  readonly partition: string;
  readonly servedBucket: string;
  readonly hashFunction: string;
  readonly signFunction: string;
  readonly findingFunction: string;
}

/** Objects that are hashed at the same time: each takes a processor and part of the bucket's throughput. */
const MAX_CONCURRENCY = 20;

const REFUSALS: readonly ServedModelErrorCode[] = ['INVALID_PLACE', 'OBJECT_TOO_LARGE', 'MANIFEST_MISMATCH', 'NOT_HASHED'];

/** A function that gave up for a reason of its own will do so again; anything else may pass. */
const RETRY = [
  { ErrorEquals: REFUSALS.map(servedModelErrorName), MaxAttempts: 0 },
  { ErrorEquals: ['States.TaskFailed'], IntervalSeconds: 20, MaxAttempts: 3, BackoffRate: 3, JitterStrategy: 'FULL' },
];

/**
 * Signs a served model, as Amazon States Language: each object is hashed in an execution of its own, so that no model is too large for the
 * time of one function, and what is hashed is not hashed again when the work is taken up once more; then the digests are signed. Whatever
 * leaves the model unsigned is told.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html
 */
export function signDefinition({ partition, servedBucket, hashFunction, signFunction, findingFunction }: SignMachineSettings): object {
  const invoke = (functionArn: string, payload: object) => ({
    Type: 'Task', Resource: `arn:${partition}:states:::lambda:invoke`, Parameters: { FunctionName: functionArn, Payload: payload }, Retry: RETRY,
  });
  const caught = (next: string) => [{ ErrorEquals: ['States.ALL'], ResultPath: '$.failure', Next: next }];
  const tell = (reason: string, next: string) => ({
    ...invoke(findingFunction, { 'about': 'signature', 'reasons': [reason], 'execution.$': '$$.Execution.Id', 'startedAt.$': '$$.Execution.StartTime' }),
    ResultPath: null,
    TimeoutSeconds: 120,
    Catch: caught('Untold'),
    Next: next,
  });
  return {
    Comment: 'Hashes the objects of a served model and signs them',
    StartAt: 'HashObjects',
    TimeoutSeconds: 24 * 3600,
    States: {
      HashObjects: {
        Type: 'Map',
        ItemReader: { Resource: `arn:${partition}:states:::s3:listObjectsV2`, Parameters: { 'Bucket': servedBucket, 'Prefix.$': '$.prefix' } },
        ItemSelector: { 'key.$': '$$.Map.Item.Value.Key' },
        ItemProcessor: {
          ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
          StartAt: 'HashObject',
          States: {
            HashObject: {
              ...invoke(hashFunction, { 'key.$': '$.key' }), TimeoutSeconds: 960, ResultSelector: { 'hashed.$': '$.Payload.hashed' }, End: true,
            },
          },
        },
        MaxConcurrency: MAX_CONCURRENCY,
        ResultPath: null,
        Catch: caught('TellNotHashed'),
        Next: 'Sign',
      },
      Sign: {
        ...invoke(signFunction, { 'prefix.$': '$.prefix' }),
        TimeoutSeconds: 360,
        ResultSelector: { 'rootDigest.$': '$.Payload.rootDigest', 'signature.$': '$.Payload.signature' },
        Catch: caught('TellNotSigned'),
        Next: 'Signed',
      },
      Signed: { Type: 'Succeed' },
      TellNotHashed: tell('NOT_HASHED', 'NotHashed'),
      TellNotSigned: tell('NOT_SIGNED', 'NotSigned'),
      NotHashed: { Type: 'Fail', Error: 'NOT_HASHED', CausePath: '$.failure.Cause' },
      NotSigned: { Type: 'Fail', Error: 'NOT_SIGNED', CausePath: '$.failure.Cause' },
      Untold: { Type: 'Fail', Error: 'FINDING_NOT_RAISED', Cause: 'The model is not signed, and the finding that says so could not be raised' },
    },
  };
}
