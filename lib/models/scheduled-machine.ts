import { Lazy, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { CfnStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { DeadLetterQueue } from '../core/dead-letter-queue';
import type { EncryptionKey } from '../core/encryption-key';
import { LeastPrivilegeRole } from '../core/least-privilege-role';
import { OnCallAlarm } from '../core/on-call-alarm';
import { SecurityPosture } from '../posture';

export interface ScheduledMachineProps {
  /** What it does, as in "checks the served models". */
  readonly does: string;
  /** Encrypts its log, and its starts that were not delivered. */
  readonly key: EncryptionKey;
  /** In Amazon States Language; asked for when all is known. */
  readonly definition: () => object;
  readonly substitutions: Record<string, string>;
  /** What its role may do, besides tracing and delivering its log. */
  readonly statements: PolicyStatement[];
  /** What an execution of the schedule is given, as JSON. */
  readonly input: string;
  /** The heading of its entry in the runbook, as an anchor. */
  readonly runbook: string;
}

/** A state machine that runs once a day, and tells the on-call topic of every execution that does not end well. */
export class ScheduledMachine extends Construct {
  public readonly machine: CfnStateMachine;
  public readonly role: LeastPrivilegeRole;

  constructor(scope: Construct, id: string, props: ScheduledMachineProps) {
    super(scope, id);
    const { account } = Stack.of(this);
    const assumedBy = (service: string) => new ServicePrincipal(service, { conditions: { StringEquals: { 'aws:SourceAccount': account } } });
    this.role = new LeastPrivilegeRole(this, 'Role', { assumedBy: assumedBy('states.amazonaws.com'), description: `State machine: ${props.does}` });
    for (const statement of [...props.statements, platformStatement()]) this.role.addToPrincipalPolicy(statement);
    const logs = new LogGroup(this, 'Logs', {
      encryptionKey: props.key,
      retention: SecurityPosture.of(this).logRetentionDays,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    this.machine = new CfnStateMachine(this, 'Resource', {
      roleArn: this.role.roleArn,
      definitionString: Lazy.string({ produce: () => Stack.of(this).toJsonString(props.definition()) }),
      definitionSubstitutions: props.substitutions,
      stateMachineType: 'STANDARD',
      tracingConfiguration: { enabled: true },
      // Names of states and outcomes; what passes through them stays in the execution's history.
      loggingConfiguration: { level: 'ALL', includeExecutionData: false, destinations: [{ cloudWatchLogsLogGroup: { logGroupArn: logs.logGroupArn } }] },
    });
    // Step Functions tries the role when it creates the machine.
    this.machine.node.addDependency(this.role);
    this.alarm(props, this.startDaily(props, assumedBy('events.amazonaws.com')));
  }

  /** Returns where starts wait that EventBridge could not deliver. */
  private startDaily({ key, input, does }: ScheduledMachineProps, assumedBy: ServicePrincipal): IQueue {
    const { account } = Stack.of(this);
    const role = new LeastPrivilegeRole(this, 'StarterRole', { assumedBy, description: `Starts once a day: ${does}` });
    role.addToPrincipalPolicy(new PolicyStatement({ actions: ['states:StartExecution'], resources: [this.machine.attrArn] }));
    const events = new ServicePrincipal('events.amazonaws.com');
    key.addToResourcePolicy(new PolicyStatement({
      sid: 'UndeliveredStarts',
      principals: [events],
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources: ['*'],
      conditions: { StringEquals: { 'aws:SourceAccount': account } },
    }));
    const queue = new DeadLetterQueue(new Construct(this, 'Undelivered'), 'DeadLetters', { key });
    const rule = new CfnRule(this, 'Daily', {
      description: `Once a day: ${does}`,
      scheduleExpression: 'rate(1 day)',
      targets: [{ id: 'Machine', arn: this.machine.attrArn, roleArn: role.roleArn, deadLetterConfig: { arn: queue.queueArn }, input }],
    });
    rule.node.addDependency(role);
    queue.addToResourcePolicy(new PolicyStatement({
      sid: 'UndeliveredStarts',
      principals: [events],
      actions: ['sqs:SendMessage'],
      resources: [queue.queueArn],
      conditions: { ArnEquals: { 'aws:SourceArn': rule.attrArn } },
    }));
    return queue;
  }

  private alarm({ does, runbook }: ScheduledMachineProps, undelivered: IQueue): void {
    const topic = SecurityPosture.of(this).alarmTopic;
    if (!topic) return;
    const dimensionsMap = { StateMachineArn: this.machine.attrArn };
    for (const [id, metricName, means] of [
      ['Failed', 'ExecutionsFailed', 'did not end well'], ['Aborted', 'ExecutionsAborted', 'was ended from outside'], ['TimedOut', 'ExecutionsTimedOut', 'took too long'],
    ]) {
      const metric = new Metric({ namespace: 'AWS/States', metricName, dimensionsMap, statistic: 'Sum' });
      new OnCallAlarm(this, id, { metric, means: `what ${does} ${means}`, runbook, topic });
    }
    const metric = undelivered.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum' });
    new OnCallAlarm(this, 'Unstarted', { metric, means: `what ${does} was not started`, runbook, topic });
  }
}

/** What Step Functions does with the role for itself. */
function platformStatement(): PolicyStatement {
  return new PolicyStatement({
    actions: [
      'xray:PutTraceSegments', 'xray:PutTelemetryRecords', 'xray:GetSamplingRules', 'xray:GetSamplingTargets', 'logs:CreateLogDelivery',
      'logs:DeleteLogDelivery', 'logs:DescribeLogGroups', 'logs:DescribeResourcePolicies', 'logs:GetLogDelivery', 'logs:ListLogDeliveries',
      'logs:PutResourcePolicy', 'logs:UpdateLogDelivery',
    ],
    resources: ['*'],
  });
}
