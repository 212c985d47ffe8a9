import type { Duration } from 'aws-cdk-lib';
import { Stack } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { declareControls } from '../core/control-declarations';
import { EncryptionKey } from '../core/encryption-key';
import { FINDING_BUS_SLOT } from '../core/finding-sink';
import { servicesOf } from '../core/handler-contract';
import { HandlerFunction } from '../core/handler-function';
import { OnCallAlarm } from '../core/on-call-alarm';
import type { INetworkSegment } from '../network/api';
import { SecurityPosture } from '../posture';
import type { OwnMark } from './sweep.contract';
import { JOB_KINDS, JOB_NAMING, jobSlot, MODEL_SLOT, NONE, OWN_MARKS, SWEEP, SWEEP_ENV } from './sweep.contract';

/** The bus on which services publish, and that every account has. */
const DEFAULT_BUS = 'default';

/** Which jobs are the environment's, and what isolates them. */
export interface JobSweeperProps {
  /** A tag that all jobs of the environment carry, and no other. */
  readonly environmentTag: { readonly key: string; readonly value: string };
  /** The path under which each environment has its roles, in a path of its own that is the value of its tag: `/secure-ai/training/`. */
  readonly rolesUnder: string;
  /** Encrypts the volumes of all its jobs. */
  readonly volumeKey: IKey;
  /** Encrypts the output of all its jobs. */
  readonly outputKey: IKey;
  /** The segment in which its jobs run, and the sweeper. */
  readonly segment: INetworkSegment;
  /**
   * What others use as well, so that it makes no job one of the environment. Other environments may share everything without being
   * named here: they are known by tag and roles.
   *
   * @default - keys and segment are the environment's alone
   */
  readonly shared?: readonly OwnMark[];
  /** Longest run of a job. */
  readonly maxRuntime: Duration;
  /**
   * Families of instance types with local storage, such as `g5`: they encrypt in hardware and refuse a volume key.
   *
   * @default - every job needs the volume key
   */
  readonly keylessFamilies?: readonly string[];
  /**
   * For how many days its log is kept.
   *
   * @default - as the profile says
   */
  readonly logRetentionDays?: number;
}

/**
 * Stops jobs of a training environment that are not isolated, and raises a finding for each.
 *
 * It is the second line behind the guard that refuses to make such jobs, for those that got through. SageMaker's events start it, so
 * nothing runs while no job does. Jobs of others are described and left alone. An event that it could not deal with waits in the
 * dead-letter queue, of which an alarm tells the posture's topic, where it has one. `docs/runbook.md` says what to do.
 */
export class JobSweeper extends Construct {
  public readonly function: IFunction;
  /** Events that were not dealt with. */
  public readonly deadLetters: IQueue;

  constructor(scope: Construct, id: string, props: JobSweeperProps) {
    super(scope, id);
    declareControls(this, 'P1', 'OB5');
    const key = new EncryptionKey(this, 'Key', { description: 'Environment, log and dead letters of the job sweeper' });
    key.allowLogGroups();
    props.segment.require({ services: servicesOf(SWEEP) });

    const handler = new HandlerFunction(this, 'Handler', {
      contract: SWEEP,
      description: 'Stops training jobs that are not isolated',
      key,
      network: { vpc: props.segment.vpc, subnets: props.segment.subnets, securityGroups: [props.segment.securityGroup] },
      environment: environmentOf(this, props),
      resources: resourcesOf(this),
      ...(props.logRetentionDays === undefined ? {} : { logRetentionDays: props.logRetentionDays }),
    });
    this.function = handler.function;
    this.deadLetters = handler.function.deadLetterQueue!;
    this.listen(key);
    const topic = SecurityPosture.of(this).alarmTopic;
    if (topic) this.alarm(topic);
  }

  /** Events of running jobs are enough: the first comes before the job has an instance, and one that is over is not stopped. */
  private listen(key: IKey): void {
    const { account, region } = Stack.of(this);
    new Rule(this, 'Jobs', {
      description: 'Shows each running job to the sweeper',
      eventPattern: {
        source: ['aws.sagemaker'],
        // The default bus may carry events of other accounts and regions.
        account: [account],
        region: [region],
        detailType: JOB_KINDS.map((kind) => JOB_NAMING[kind].detailType),
        detail: { $or: JOB_KINDS.map((kind) => ({ [`${JOB_NAMING[kind].noun}Status`]: ['InProgress'] })) },
      },
      targets: [new LambdaFunction(this.function, { deadLetterQueue: this.deadLetters })],
    });
    key.addToResourcePolicy(new PolicyStatement({
      sid: 'UndeliveredEvents',
      principals: [new ServicePrincipal('events.amazonaws.com')],
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources: ['*'],
      conditions: { StringEquals: { 'aws:SourceAccount': account } },
    }));
  }

  private alarm(topic: ITopic): void {
    new OnCallAlarm(this, 'Unswept', {
      metric: this.deadLetters.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum' }),
      means: 'a job of a training environment was not judged or not stopped',
      runbook: 'unswept-job',
      topic,
    });
  }
}

function environmentOf(scope: Construct, props: JobSweeperProps): Record<string, string> {
  const { segment, environmentTag, keylessFamilies = [], shared = [] } = props;
  const { partition, account } = Stack.of(scope);
  return {
    [SWEEP_ENV.JOB_ARN_PREFIX]: sagemakerArn(scope, ''),
    [SWEEP_ENV.ROLES_UNDER]: `arn:${partition}:iam::${account}:role${props.rolesUnder}`,
    [SWEEP_ENV.OWN_MARKS]: listOf(OWN_MARKS.filter((mark) => !shared.includes(mark))),
    [SWEEP_ENV.VOLUME_KEY_ARN]: props.volumeKey.keyArn,
    [SWEEP_ENV.OUTPUT_KEY_ARN]: props.outputKey.keyArn,
    [SWEEP_ENV.SUBNET_IDS]: segment.vpc.selectSubnets(segment.subnets).subnetIds.join(','),
    [SWEEP_ENV.SECURITY_GROUP_IDS]: segment.securityGroup.securityGroupId,
    [SWEEP_ENV.TAG_KEY]: environmentTag.key,
    [SWEEP_ENV.TAG_VALUE]: environmentTag.value,
    [SWEEP_ENV.MAX_RUNTIME_SECONDS]: String(props.maxRuntime.toSeconds()),
    [SWEEP_ENV.KEYLESS_FAMILIES]: listOf([...keylessFamilies].sort()),
    [SWEEP_ENV.FINDING_BUS]: DEFAULT_BUS,
  };
}

/** What the slots of the contract are bound to: whoever makes a job chooses its name. */
function resourcesOf(scope: Construct): Record<string, string[]> {
  return {
    ...Object.fromEntries(JOB_KINDS.map((kind) => [jobSlot(kind), [sagemakerArn(scope, `${JOB_NAMING[kind].path}/*`)]])),
    [MODEL_SLOT]: [sagemakerArn(scope, 'model/*')],
    [FINDING_BUS_SLOT]: [Stack.of(scope).formatArn({ service: 'events', resource: 'event-bus', resourceName: DEFAULT_BUS })],
  };
}

function listOf(items: readonly string[]): string {
  return items.length > 0 ? items.join(',') : NONE;
}

function sagemakerArn(scope: Construct, end: string): string {
  const { partition, region, account } = Stack.of(scope);
  return `arn:${partition}:sagemaker:${region}:${account}:${end}`;
}
