import { promotionErrorName } from './promote/promotion-error';
import type { ChainStep } from './scan/chain-finding';
import { uploadErrorName } from './scan/upload-error';

/** What a deployment fixes in the definition. */
export interface ScanMachineSettings {
  readonly partition: string;
  readonly malwareFunction: string;
  readonly scanFunction: string;
  readonly verdictFunction: string;
  readonly findingFunction: string;
  /** @default - nothing is promoted: a clean upload ends as `Clean` */
  readonly promoterFunction?: string;
  /** ARN of the signer's state machine. @default - what is promoted is signed when somebody asks for it */
  readonly signerMachine?: string;
}

/** How often the malware scan is asked, and how long between; GuardDuty needs minutes for most objects. */
const MALWARE_MINUTES = 90;

const UPLOAD_REFUSALS = (['INVALID_EVENT', 'INVALID_MANIFEST', 'REPORT_INVALID', 'VERDICT_INVALID'] as const).map(uploadErrorName);
const PROMOTION_REFUSALS = (['INVALID_REQUEST', 'NOT_CLEAN', 'NO_VERDICT', 'VERDICT_INVALID', 'DIGEST_MISMATCH'] as const).map(promotionErrorName);

/** A function that gave up for a reason of its own will do so again; anything else may pass. */
const RETRY = [
  { ErrorEquals: [...UPLOAD_REFUSALS, ...PROMOTION_REFUSALS], MaxAttempts: 0 },
  { ErrorEquals: ['States.TaskFailed'], IntervalSeconds: 20, MaxAttempts: 2, BackoffRate: 3, JitterStrategy: 'FULL' },
];
const PENDING = { ErrorEquals: [uploadErrorName('MALWARE_PENDING')], IntervalSeconds: 60, MaxAttempts: MALWARE_MINUTES, BackoffRate: 1 };

/** An upload is named by the version of its manifest, and nothing else of what starts an execution is taken. */
const UPLOAD = { 'key.$': '$.key', 'versionId.$': '$.versionId' };

/**
 * The way of an upload out of quarantine, as Amazon States Language: wait for the malware scan and scan the files at the same time, decide,
 * promote what is clean, and have it signed. Whatever else happens leaves the upload where it is, and is told; so is a promoted model whose
 * signature could not be started.
 *
 * @see https://states-language.net
 */
export function scanDefinition(settings: ScanMachineSettings): object {
  const invoke = (functionArn: string, payload: object) => ({
    Type: 'Task',
    Resource: `arn:${settings.partition}:states:::lambda:invoke`,
    Parameters: { FunctionName: functionArn, Payload: payload },
  });
  const caught = (next: string) => [{ ErrorEquals: ['States.ALL'], ResultPath: '$.failure', Next: next }];
  // A branch tells of its failure instead of failing: which error a parallel state fails with is the fastest branch's.
  const branch = (name: string, task: object, result: object, failures: Readonly<Record<string, string>>) => ({
    StartAt: name,
    States: {
      [name]: {
        ...task,
        ResultSelector: { reason: 'NONE', ...result },
        ResultPath: '$',
        Catch: Object.entries(failures).map(([error, reason]) => ({ ErrorEquals: [error], Next: `${name}${reason}` })),
        End: true,
      },
      ...Object.fromEntries(Object.values(failures).map((reason) => [`${name}${reason}`, { Type: 'Pass', Result: { reason }, End: true }])),
    },
  });
  const refusals: Readonly<Record<string, string>> = {
    InvalidUpload: 'UPLOAD_INVALID', NoMalwareVerdict: 'NO_MALWARE_VERDICT', ScanFailed: 'SCAN_FAILED', NotPromoted: 'NOT_PROMOTED',
  };
  const tell = (about: ChainStep, next: string) => ({
    ...invoke(settings.findingFunction, { about, 'reasons.$': '$.refusal.reasons', 'execution.$': '$$.Execution.Id', 'startedAt.$': '$$.Execution.StartTime' }),
    ResultPath: null,
    TimeoutSeconds: 120,
    Retry: RETRY,
    Catch: caught('Untold'),
    Next: next,
  });
  const equals = (variable: string, value: string, next: string) => ({ Variable: variable, StringEquals: value, Next: next });
  return {
    Comment: 'Scans an upload, and promotes what is clean',
    StartAt: 'Examine',
    TimeoutSeconds: 6 * 3600,
    States: {
      Examine: {
        Type: 'Parallel',
        Branches: [
          branch('AwaitMalwareScan', { ...invoke(settings.malwareFunction, UPLOAD), TimeoutSeconds: 120, Retry: [PENDING, ...RETRY] }, {}, {
            [uploadErrorName('INVALID_MANIFEST')]: 'UPLOAD_INVALID', [uploadErrorName('MALWARE_PENDING')]: 'NO_MALWARE_VERDICT', 'States.ALL': 'SCAN_FAILED',
          }),
          branch('ScanArtifacts', { ...invoke(settings.scanFunction, UPLOAD), TimeoutSeconds: 960, Retry: RETRY }, { 'id.$': '$.Payload.id', 'model.$': '$.Payload.model' }, {
            [uploadErrorName('INVALID_MANIFEST')]: 'UPLOAD_INVALID', 'States.ALL': 'SCAN_FAILED',
          }),
        ],
        ResultSelector: { 'malware.$': '$[0]', 'artifacts.$': '$[1]' },
        ResultPath: '$.examined',
        Catch: caught('ScanFailed'),
        Next: 'MalwareScanned',
      },
      MalwareScanned: {
        Type: 'Choice',
        Choices: [
          equals('$.examined.malware.reason', 'NONE', 'ArtifactsScanned'),
          equals('$.examined.malware.reason', 'UPLOAD_INVALID', 'InvalidUpload'),
          equals('$.examined.malware.reason', 'NO_MALWARE_VERDICT', 'NoMalwareVerdict'),
        ],
        Default: 'ScanFailed',
      },
      ArtifactsScanned: {
        Type: 'Choice',
        Choices: [
          equals('$.examined.artifacts.reason', 'NONE', 'Decide'), equals('$.examined.artifacts.reason', 'UPLOAD_INVALID', 'InvalidUpload'),
        ],
        Default: 'ScanFailed',
      },
      Decide: {
        ...invoke(settings.verdictFunction, { 'id.$': '$.examined.artifacts.id' }),
        ResultSelector: { 'verdict.$': '$.Payload.verdict', 'reasons.$': '$.Payload.reasons' },
        ResultPath: '$.refusal',
        TimeoutSeconds: 360,
        Retry: RETRY,
        Catch: caught('ScanFailed'),
        Next: 'Decided',
      },
      // Also by default to the side that promotes nothing.
      Decided: {
        Type: 'Choice',
        Choices: [equals('$.refusal.verdict', 'CLEAN', settings.promoterFunction === undefined ? 'Clean' : 'Promote'), equals('$.refusal.verdict', 'REFUSED', 'Tell')],
        Default: 'ScanFailed',
      },
      ...(settings.promoterFunction === undefined ? {} : {
        Promote: {
          ...invoke(settings.promoterFunction, { 'model.$': '$.examined.artifacts.model', 'verdict.$': '$.examined.artifacts.id' }),
          ResultSelector: { 'prefix.$': '$.Payload.prefix' },
          ResultPath: '$.promoted',
          TimeoutSeconds: 960,
          Retry: RETRY,
          Catch: caught('NotPromoted'),
          Next: settings.signerMachine === undefined ? 'Clean' : 'StartSigning',
        },
      }),
      ...(settings.signerMachine === undefined ? {} : startSigning(settings.partition, settings.signerMachine, tell('signature', 'Unsigned'))),
      Clean: { Type: 'Succeed' },
      ...Object.fromEntries(Object.entries(refusals)
        .filter(([name]) => name !== 'NotPromoted' || settings.promoterFunction !== undefined)
        .map(([name, reason]) => [name, { Type: 'Pass', Result: { verdict: 'REFUSED', reasons: [reason] }, ResultPath: '$.refusal', Next: 'Tell' }])),
      Tell: tell('upload', 'Quarantined'),
      Quarantined: { Type: 'Fail', Error: 'NOT_CLEAN', Cause: 'The upload stays in quarantine; the finding says why' },
      Untold: { Type: 'Fail', Error: 'FINDING_NOT_RAISED', Cause: 'The model goes no further, and the finding that says why could not be raised' },
    },
  };
}

/**
 * Starts the signer and does not wait for it: signing may take a day, and tells of its own failures.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/connect-stepfunctions.html
 */
function startSigning(partition: string, signerMachine: string, tell: object): Record<string, object> {
  return {
    StartSigning: {
      Type: 'Task',
      Resource: `arn:${partition}:states:::states:startExecution`,
      Parameters: { StateMachineArn: signerMachine, Input: { 'prefix.$': '$.promoted.prefix' } },
      ResultPath: null,
      TimeoutSeconds: 120,
      Retry: RETRY,
      Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.failure', Next: 'NotStarted' }],
      Next: 'Clean',
    },
    NotStarted: { Type: 'Pass', Result: { reasons: ['SIGNING_NOT_STARTED'] }, ResultPath: '$.refusal', Next: 'TellUnsigned' },
    TellUnsigned: tell,
    Unsigned: { Type: 'Fail', Error: 'NOT_SIGNED', Cause: 'The model is promoted, and its signature was not started: start the signer with its prefix' },
  };
}
