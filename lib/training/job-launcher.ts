import { ArnFormat, Lazy, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { CfnStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { acknowledge } from '../core/acknowledge';
import type { HandlerNetwork } from '../core/handler-function';
import { HandlerFunction } from '../core/handler-function';
import { encryptedBy, letLogDeliveryRead, stateMachinePlatformStatements, vendedLogName } from '../core/state-machine-platform';
import { isolatedWork } from './guard/boundary-statements';
import type { GuardScope } from './guard/guard-statements';
import { localStorageTypes } from './guard/guard-statements';
import { LAUNCHER_ROLE_PATH } from './guard/role-paths';
import { grantForVolumes } from './execution-statements';
import type { JobSettings } from './launch.contract';
import { LAUNCH, WAITING_SECONDS } from './launch.contract';
import { launchDefinition } from './launch/definition';
import type { TrainingCeiling } from './training-ceiling';
import { TrainingRole } from './training-role';

/** Beginning of the Sids of the statements that let somebody start training jobs. */
export const START_ISOLATED_JOBS = 'StartIsolatedJobs';

export interface JobLauncherProps {
  /** Encrypts executions, logs and the function's environment. */
  readonly key: IKey;
  readonly network: HandlerNetwork;
  readonly logRetentionDays: number;
  /** Network and keys of its guard are those that every job gets. */
  readonly ceiling: TrainingCeiling;
  /** Names of its jobs begin with it. */
  readonly environmentId: string;
  readonly dataClass: string;
  /** `s3://bucket/prefix`, below which each job writes. */
  readonly output: string;
  /** What may be launched; jobs may be added until synthesis. */
  readonly jobs: ReadonlyMap<string, JobSettings>;
}

/** The state machine that alone starts the jobs of an environment, with the function that reads its requests. */
export class JobLauncher extends Construct {
  public readonly stateMachine: CfnStateMachine;
  public readonly role: TrainingRole;

  constructor(scope: Construct, id: string, props: JobLauncherProps) {
    super(scope, id);
    const { partition } = Stack.of(this);
    const { guard } = props.ceiling;
    const { subnetIds, securityGroupIds, volumeKeyArns: [volumeKeyArn], outputKeyArns: [outputKeyArn], maxRuntimeSeconds } = guard;
    const handler = new HandlerFunction(this, 'Handler', {
      contract: LAUNCH, description: 'Reads requests for training jobs', key: props.key, network: props.network, environment: {}, resources: {},
      logRetentionDays: props.logRetentionDays,
    });
    const logs = new LogGroup(this, 'Logs', {
      logGroupName: vendedLogName(this),
      encryptionKey: props.key,
      retention: props.logRetentionDays,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });

    this.role = new TrainingRole(this, 'Role', {
      description: 'Starts isolated training jobs',
      service: 'states',
      actsFor: { resource: 'stateMachine', name: '*', format: ArnFormat.COLON_RESOURCE_NAME },
      path: LAUNCHER_ROLE_PATH,
      ceiling: props.ceiling,
    });
    const statements = [
      ...this.jobStatements(props),
      new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [handler.function.functionArn] }),
      ...stateMachinePlatformStatements(this, props.key),
    ];
    for (const statement of statements) this.role.addToPrincipalPolicy(statement);
    letLogDeliveryRead(this, props.key);

    this.stateMachine = new CfnStateMachine(this, 'Resource', {
      stateMachineType: 'STANDARD',
      roleArn: this.role.roleArn,
      definitionString: Lazy.string({
        produce: () => Stack.of(this).toJsonString(launchDefinition({
          partition,
          functionArn: handler.function.functionArn,
          settings: {
            prefix: props.environmentId,
            volumeKeyArn,
            output: props.output,
            jobs: Object.fromEntries(props.jobs),
          },
          outputKeyArn,
          subnetIds,
          securityGroupIds,
          dataClass: props.dataClass,
          timeoutSeconds: maxRuntimeSeconds + 2 * WAITING_SECONDS,
        })),
      }),
      encryptionConfiguration: encryptedBy(props.key),
      // Every event, and of none the data: hyperparameters and paths stay out of the log.
      loggingConfiguration: {
        level: 'ALL', includeExecutionData: false, destinations: [{ cloudWatchLogsLogGroup: { logGroupArn: logs.logGroupArn } }],
      },
      tracingConfiguration: { enabled: true },
    });
    acknowledge(this.stateMachine, 'run-time-names', ['SecureAi::AISec-SM03', 'SecureAi::AISec-SM04']);
    // Step Functions tries key and log delivery with the role's permissions when it makes the state machine.
    this.stateMachine.node.addDependency(this.role);
  }

  /** Lets the launcher hand a role to SageMaker for a job. */
  public allowToPass(roleArn: string): void {
    this.role.addToPrincipalPolicy(new PolicyStatement({
      actions: ['iam:PassRole'], resources: [roleArn], conditions: { StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } },
    }));
  }

  /** What `createTrainingJob.sync` needs. @see https://docs.aws.amazon.com/step-functions/latest/dg/connect-sagemaker.html */
  private jobStatements({ environmentId, ceiling: { guard } }: JobLauncherProps): PolicyStatement[] {
    const stack = Stack.of(this);
    const jobs = stack.formatArn({ service: 'sagemaker', resource: 'training-job', resourceName: `${environmentId}-*` });
    return [
      ...isolationConditions(guard).map((conditions, index) => new PolicyStatement({
        sid: `${START_ISOLATED_JOBS}${index + 1}`, actions: ['sagemaker:CreateTrainingJob'], resources: [jobs], conditions,
      })),
      new PolicyStatement({
        actions: ['sagemaker:AddTags', 'sagemaker:DescribeTrainingJob', 'sagemaker:ListTags', 'sagemaker:StopTrainingJob'], resources: [jobs],
      }),
      new PolicyStatement({
        actions: ['events:DescribeRule', 'events:PutRule', 'events:PutTargets'],
        resources: [stack.formatArn({ service: 'events', resource: 'rule', resourceName: 'StepFunctionsGetEventsForSageMakerTrainingJobsRule' })],
      }),
      grantForVolumes(guard.volumeKeyArns[0]),
    ];
  }
}

/**
 * Under which conditions a job is isolated: one set for each of the two names under which AWS may report keys, and in each for instances
 * that take a volume key and for those that do not.
 */
function isolationConditions(guard: GuardScope): Record<string, Record<string, unknown>>[] {
  const base = isolatedWork(guard).Condition ?? {};
  return ['Arn', ''].flatMap((suffix) => {
    const output = { ...base.Null, [`sagemaker:OutputKmsKey${suffix}`]: 'false' };
    return [
      { ...base, Null: { ...output, [`sagemaker:VolumeKmsKey${suffix}`]: 'false' } },
      {
        ...base,
        Null: { ...output, 'sagemaker:InstanceTypes': 'false' },
        'ForAllValues:StringLike': { 'sagemaker:InstanceTypes': localStorageTypes(guard.localStorageFamilies) },
      },
    ];
  });
}
