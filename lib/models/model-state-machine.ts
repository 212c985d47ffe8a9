import { Lazy, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { CfnRuleProps } from 'aws-cdk-lib/aws-events';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { CfnStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { DeadLetterQueue } from '../core/dead-letter-queue';
import type { EncryptionKey } from '../core/encryption-key';
import { LeastPrivilegeRole } from '../core/least-privilege-role';
import { OnCallAlarm } from '../core/on-call-alarm';
import { anyStateMachine, encryptedBy, letLogDeliveryRead, stateMachinePlatformStatements, vendedLogName } from '../core/state-machine-platform';
import { SecurityPosture } from '../posture';

export interface ModelStateMachineProps {
  /** What it does, as the second half of a sentence: `scans uploads`. */
  readonly does: string;
  /** Encrypts executions, the log and what could not be delivered. */
  readonly key: EncryptionKey;
  /** The definition, asked for when the app is synthesised. */
  readonly definition: () => object;
  /** Values for `${…}` in the definition. @default - none */
  readonly substitutions?: Record<string, string>;
}

/** Which objects start the machine: new ones of a bucket, by how their keys end. */
export interface StartingObjects {
  readonly bucketName: string;
  readonly suffix: string;
  /** What the machine is given: fields of the input by their places in the event. */
  readonly input: Readonly<Record<string, string>>;
}

/** A state machine over the library's own functions, with its role, its log, what starts it, and alarms for each bad end. */
export class ModelStateMachine extends Construct {
  public readonly role: LeastPrivilegeRole;
  public readonly resource: CfnStateMachine;
  private undelivered?: DeadLetterQueue;

  constructor(scope: Construct, id: string, private readonly props: ModelStateMachineProps) {
    super(scope, id);
    const { key, definition, substitutions, does } = props;
    const { account } = Stack.of(this);
    this.role = new LeastPrivilegeRole(this, 'Role', {
      assumedBy: new ServicePrincipal('states.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': account }, ArnLike: { 'aws:SourceArn': anyStateMachine(this) } },
      }),
      description: `State machine that ${does}`,
    });
    for (const statement of stateMachinePlatformStatements(this, key)) this.role.addToPrincipalPolicy(statement);
    letLogDeliveryRead(this, key);
    const logs = new LogGroup(this, 'Logs', {
      logGroupName: vendedLogName(this),
      encryptionKey: key,
      retention: SecurityPosture.of(this).logRetentionDays,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    this.resource = new CfnStateMachine(this, 'Resource', {
      roleArn: this.role.roleArn,
      definitionString: Lazy.string({ produce: () => Stack.of(this).toJsonString(definition()) }),
      ...(substitutions ? { definitionSubstitutions: substitutions } : {}),
      stateMachineType: 'STANDARD',
      tracingConfiguration: { enabled: true },
      // What passes through the states names models and who uploads them.
      encryptionConfiguration: encryptedBy(key),
      // Names of states and outcomes; what passes through them stays in the execution's history.
      loggingConfiguration: {
        level: 'ALL', includeExecutionData: false, destinations: [{ cloudWatchLogsLogGroup: { logGroupArn: logs.logGroupArn } }],
      },
    });
    // Step Functions tries the role when it creates the machine.
    this.resource.node.addDependency(this.role);
  }

  /** Lets the machine invoke functions. */
  public invokes(...functions: IFunction[]): void {
    this.role.addToPrincipalPolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: functions.map((one) => one.functionArn) }));
  }

  /** Starts the machine for each new object of a kind. */
  public startOn(id: string, { bucketName, suffix, input }: StartingObjects): void {
    const eventPattern = { 'source': ['aws.s3'], 'detail-type': ['Object Created'], 'detail': { bucket: { name: [bucketName] }, object: { key: [{ suffix }] } } };
    this.startBy(id, { eventPattern }, {
      inputTransformer: {
        inputPathsMap: { ...input }, inputTemplate: `{${Object.keys(input).map((field) => `"${field}":<${field}>`).join(',')}}`,
      },
    });
  }

  /**
   * Starts the machine once a day.
   *
   * @param input what the execution is given, as JSON
   */
  public startDaily(input: string): void {
    this.startBy('Daily', { scheduleExpression: 'rate(1 day)' }, { input });
  }

  private startBy(
    id: string,
    when: Pick<CfnRuleProps, 'eventPattern' | 'scheduleExpression'>,
    input: Pick<CfnRule.TargetProperty, 'input' | 'inputTransformer'>,
  ): void {
    const { key, does } = this.props;
    const { account } = Stack.of(this);
    const principal = new ServicePrincipal('events.amazonaws.com');
    const role = new LeastPrivilegeRole(this, 'StarterRole', {
      assumedBy: principal.withConditions({ StringEquals: { 'aws:SourceAccount': account } }), description: `Starts what ${does}`,
    });
    role.addToPrincipalPolicy(new PolicyStatement({ actions: ['states:StartExecution'], resources: [this.resource.attrArn] }));
    key.addToResourcePolicy(new PolicyStatement({
      sid: 'UndeliveredEvents',
      principals: [principal],
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources: ['*'],
      conditions: { StringEquals: { 'aws:SourceAccount': account } },
    }));
    const queue = new DeadLetterQueue(new Construct(this, 'Undelivered'), 'DeadLetters', { key });
    const rule = new CfnRule(this, id, {
      description: `Starts what ${does}`,
      ...when,
      targets: [{ id: 'Machine', arn: this.resource.attrArn, roleArn: role.roleArn, deadLetterConfig: { arn: queue.queueArn }, ...input }],
    });
    rule.node.addDependency(role);
    queue.addToResourcePolicy(new PolicyStatement({
      sid: 'UndeliveredEvents',
      principals: [principal],
      actions: ['sqs:SendMessage'],
      resources: [queue.queueArn],
      conditions: { ArnEquals: { 'aws:SourceArn': rule.attrArn } },
    }));
    this.undelivered = queue;
  }

  /** Tells the posture's alarm topic, if there is one, of every execution that did not succeed, and of every event that started none. */
  public tell(what: string, runbook: string): void {
    const topic = SecurityPosture.of(this).alarmTopic;
    if (!topic) return;
    const ends = [
      ['Failed', 'ExecutionsFailed', `${what} was refused, or could not be dealt with`],
      ['Aborted', 'ExecutionsAborted', `the work on ${what} was ended from outside`],
      ['TimedOut', 'ExecutionsTimedOut', `the work on ${what} took too long`],
    ] as const;
    for (const [id, metricName, means] of ends) {
      const metric = new Metric({ namespace: 'AWS/States', metricName, dimensionsMap: { StateMachineArn: this.resource.attrArn }, statistic: 'Sum' });
      new OnCallAlarm(this, id, { metric, means, runbook, topic });
    }
    if (!this.undelivered) return;
    const metric = this.undelivered.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum' });
    new OnCallAlarm(this, 'Unstarted', { metric, means: `the work on ${what} was never started`, runbook, topic });
  }
}
