import { ArnFormat, Duration, Tags } from 'aws-cdk-lib';
import { Grant } from 'aws-cdk-lib/aws-iam';
import type { IGrantable, IRole } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { declareControls } from '../core/control-declarations';
import { declareDataEvents } from '../core/data-event-registry';
import { EncryptionKey } from '../core/encryption-key';
import type { IModelArtifactBucket } from '../models/api';
import type { INetworkSegment } from '../network/api';
import { OwnSegment } from '../network/api';
import { DataClass, SecurityPosture } from '../posture';
import type { ITrainingEnvironment } from './api';
import { executionStatements } from './execution-statements';
import type { GuardScope } from './guard/guard-statements';
import { EXECUTION_ROLE_PATH } from './guard/role-paths';
import type { InstanceFamily } from './instance-family';
import { instanceStorage, localDiskFamilies } from './instance-storage';
import { jobBounds } from './job-bounds';
import { JobLauncher } from './job-launcher';
import { JobSweeper } from './job-sweeper';
import { LaunchAlarms } from './launch-alarms';
import type { JobSettings } from './launch.contract';
import { jobName, TRAINING_ENVIRONMENT_TAG } from './launch.contract';
import { logRetentionDays } from './log-retention';
import { OWN_MARKS } from './sweep.contract';
import { trainingEnvironmentId } from './training-environment-id';
import type { TrainingJobOptions } from './training-job';
import { makeTrainingLogs } from './training-log-group';
import { TrainingLogs } from './training-logs';
import { TrainingCeiling } from './training-ceiling';
import { TrainingRole } from './training-role';
import { UnscannedOutputs } from './unscanned-outputs';

/** How an environment differs from the default. */
export interface SecureTrainingEnvProps {
  /**
   * The network segment in which jobs run.
   *
   * @default - a new segment with a VPC of its own, without a way to the internet
   */
  readonly segment?: INetworkSegment;
  /**
   * The store into whose quarantine zone jobs write, from which clean models are promoted.
   *
   * @default - a bucket of the environment's own, whose content nobody scans, promotes or serves, and which expires after 30 days
   */
  readonly artifacts?: IModelArtifactBucket;
  /**
   * An existing key for the volumes of jobs, in the account and region of the environment: a key, not an alias.
   *
   * @default - a new key with rotation
   */
  readonly volumeKey?: IKey;
  /**
   * How sensitive the data is; it decides how long logs are kept.
   *
   * @default DataClass.CONFIDENTIAL
   */
  readonly dataClass?: DataClass;
  /**
   * How the log group of SageMaker's training jobs comes about, of which an account has one for each region.
   *
   * @default - TrainingLogs.create(), once for all environments of an app in an account and region
   */
  readonly jobLogs?: TrainingLogs;
  /**
   * Instance families that the library's table lacks, or has wrong.
   *
   * @default - those of the table
   */
  readonly instanceFamilies?: InstanceFamily[];
}

/**
 * An environment in which models are trained without a way out.
 *
 * Jobs run in a segment without internet and in containers without any network, on volumes that are encrypted with the environment's key,
 * for as long as the posture lets them at most, and nothing runs when no job does. Each job has a role of its own, which reads its datasets
 * and writes to the quarantine of `artifacts`, or without one to a bucket that is not scanned. One state machine starts them: it reads a
 * small request and takes nothing else from outside. A guard over the account keeps people from starting others: see `TrainingGuard`.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/mkt-algo-model-internet-free.html
 */
export class SecureTrainingEnv extends Construct implements ITrainingEnvironment {
  public readonly environmentId: string;
  public readonly stateMachineArn: string;
  public readonly volumeKey: IKey;
  public readonly outputKey: IKey;
  public readonly outputBucket: IBucket;
  /** The segment in which jobs run. */
  public readonly segment: INetworkSegment;

  private readonly jobs = new Map<string, JobSettings>();
  private readonly launcher: JobLauncher;
  private readonly ceiling: TrainingCeiling;
  private readonly instanceFamilies: readonly InstanceFamily[];

  constructor(scope: Construct, id: string, props: SecureTrainingEnvProps = {}) {
    super(scope, id);
    refuseAlias(this, props.volumeKey);
    const posture = SecurityPosture.of(this);
    const dataClass = props.dataClass ?? DataClass.CONFIDENTIAL;
    declareControls(this, 'P1', 'P2', 'P4', 'DP2b', 'DP3', 'DP6', 'ML3', 'RT1');
    Tags.of(this).add('DataClassification', dataClass);
    this.environmentId = trainingEnvironmentId(this);
    this.instanceFamilies = props.instanceFamilies ?? [];
    const retention = logRetentionDays(this, dataClass);

    // Where jobs run and write, and with which keys.
    this.segment = props.segment ?? OwnSegment.of(this);
    this.segment.require({ services: ['s3'] });
    this.volumeKey = props.volumeKey ?? new EncryptionKey(this, 'VolumeKey', { description: 'Volumes of training jobs' });
    const own = props.artifacts ? undefined : new UnscannedOutputs(this, 'Outputs', { logRetentionDays: retention });
    this.outputBucket = props.artifacts?.quarantineBucket ?? own!.bucket;
    this.outputKey = props.artifacts?.quarantineKey ?? own!.key;

    // What is logged about them.
    const key = new EncryptionKey(this, 'OperationsKey', { description: 'Executions, logs and launcher of a training environment' });
    key.allowLogGroups();
    if ((props.jobLogs ?? TrainingLogs.create())._made) makeTrainingLogs(this, { key, days: retention, dataClass });

    // What their roles are held to, and the one way to start them.
    this.ceiling = new TrainingCeiling(this, this.guardScope());
    const { vpc, subnets, securityGroup } = this.segment;
    this.launcher = new JobLauncher(this, 'Launcher', {
      key,
      network: { vpc, subnets, securityGroups: [securityGroup] },
      logRetentionDays: retention,
      ceiling: this.ceiling,
      environmentId: this.environmentId,
      dataClass,
      output: `s3://${this.outputBucket.bucketName}/${this.outputPrefix}`,
      jobs: this.jobs,
    });
    this.stateMachineArn = this.launcher.stateMachine.attrArn;
    if (posture.alarmTopic) new LaunchAlarms(this, 'Alarms', { stateMachineArn: this.stateMachineArn, topic: posture.alarmTopic });

    // What stops a job that came about in another way.
    this.sweep(props, retention);
  }

  /**
   * Lets a job be launched, and makes its role, which alone reads the job's datasets.
   *
   * @returns the role, for grants that the datasets' own policies or keys may need
   * @throws when the job exists, its limits are above the posture's, or an instance family is not known
   */
  public addJob(name: string, options: TrainingJobOptions): IRole {
    if (this.jobs.has(name)) throw new Error(`'${this.node.path}' has a job '${name}' already: give each its own name`);
    const bounds = jobBounds(this, name, options, this.ceiling.guard.maxRuntimeSeconds);
    const instances = instanceStorage(this, options.instanceTypes ?? ['ml.m5.xlarge'], this.instanceFamilies);
    const runs = jobName(this.environmentId, name, '*');
    const role = new TrainingRole(this, `Job-${name}`, {
      description: `Training job ${name}`,
      service: 'sagemaker',
      actsFor: { resource: 'training-job', name: runs, format: ArnFormat.SLASH_RESOURCE_NAME },
      path: this.rolePath,
      ceiling: this.ceiling,
    });
    const statements = executionStatements(this, {
      datasets: Object.values(options.datasets).map((dataset) => ({ ...dataset, ...keyOf(dataset) })),
      repositories: options.repositories,
      output: { bucket: this.outputBucket, prefix: `${this.outputPrefix}/${name}`, key: this.outputKey },
      volumeKey: this.volumeKey,
      subnetIds: this.ceiling.guard.subnetIds,
      securityGroupIds: this.ceiling.guard.securityGroupIds,
      runs,
    });
    for (const statement of statements) role.addToPrincipalPolicy(statement);
    // Who read the training data is a question of every audit.
    for (const { bucket, prefix } of Object.values(options.datasets)) declareDataEvents(bucket, `${prefix}/`);
    this.launcher.allowToPass(role.roleArn);
    // A job that starts before its role's policies are there fails.
    this.launcher.stateMachine.node.addDependency(role);
    this.jobs.set(name, {
      roleArn: role.roleArn,
      repositories: options.repositories.map(({ repositoryUri }) => repositoryUri),
      channels: Object.entries(options.datasets).map(([channel, { bucket, prefix }]) => ({ name: channel, uri: `s3://${bucket.bucketName}/${prefix}/` })),
      instances,
      ...bounds,
    });
    return role;
  }

  public grantLaunch(grantee: IGrantable): Grant {
    return Grant.addToPrincipal({ grantee, actions: ['states:StartExecution'], resourceArns: [this.stateMachineArn] });
  }

  /** Roles of the environment have a path of their own: by it the sweeper knows their jobs. */
  private get rolePath(): string {
    return `${EXECUTION_ROLE_PATH}${this.environmentId}/`;
  }

  private sweep(props: SecureTrainingEnvProps, logRetention: number): void {
    new JobSweeper(this, 'Sweeper', {
      environmentTag: { key: TRAINING_ENVIRONMENT_TAG, value: this.environmentId },
      rolesUnder: EXECUTION_ROLE_PATH,
      volumeKey: this.volumeKey,
      outputKey: this.outputKey,
      segment: this.segment,
      // What was brought may be used by jobs of others, which are none of this environment's.
      shared: OWN_MARKS.filter((mark) => ({ 'volume-key': props.volumeKey, 'output-key': props.artifacts, 'segment': props.segment })[mark]),
      maxRuntime: Duration.seconds(this.ceiling.guard.maxRuntimeSeconds),
      keylessFamilies: this.ceiling.guard.localStorageFamilies,
      logRetentionDays: logRetention,
    });
  }

  private get outputPrefix(): string {
    return `training/${this.environmentId}`;
  }

  private guardScope(): GuardScope {
    const posture = SecurityPosture.of(this);
    return {
      subnetIds: this.segment.vpc.selectSubnets(this.segment.subnets).subnetIds,
      securityGroupIds: [this.segment.securityGroup.securityGroupId],
      volumeKeyArns: [this.volumeKey.keyArn],
      outputKeyArns: [this.outputKey.keyArn],
      vpcEndpointIds: posture.vpcEndpointIds,
      maxRuntimeSeconds: posture.maxTrainingSeconds,
      namedActions: [],
      launcherOnly: true,
      exemptRoleArns: [],
      localStorageFamilies: localDiskFamilies(this.instanceFamilies),
    };
  }
}

function keyOf({ bucket, key }: { readonly bucket: IBucket; readonly key?: IKey }): { key?: IKey } {
  const known = key ?? bucket.encryptionKey;
  return known ? { key: known } : {};
}

/** An alias passes for a key, but IAM and KMS compare the key's own ARN: every permission on the alias would be void. */
function refuseAlias(scope: Construct, key: IKey | undefined): void {
  if (!key?.keyArn.includes(':alias/')) return;
  throw new Error(`'${scope.node.path}': volumeKey is the alias '${key.keyArn}', on which permissions have no effect: give the key`);
}
