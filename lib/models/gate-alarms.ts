import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { OnCallAlarm } from '../core/on-call-alarm';

const RUNBOOK = 'a-gate-that-does-not-decide';

export interface GateAlarmsProps {
  readonly stateMachineArn: string;
  /** Requests and decisions that did not reach the state machine. */
  readonly undelivered: IQueue;
  readonly topic: ITopic;
}

/** Tells the on-call topic when the gate came to no decision, or never heard of a request. `docs/runbook.md` has an entry for them. */
export class GateAlarms extends Construct {
  constructor(scope: Construct, id: string, { stateMachineArn, undelivered, topic }: GateAlarmsProps) {
    super(scope, id);
    const executions = [
      ['Failed', 'ExecutionsFailed', 'the approval gate refused a package or came to no decision'],
      ['Aborted', 'ExecutionsAborted', 'the approval gate was ended from outside'],
      ['TimedOut', 'ExecutionsTimedOut', 'the approval gate took too long'],
    ] as const;
    for (const [alarmId, metricName, means] of executions) {
      const metric = new Metric({ namespace: 'AWS/States', metricName, dimensionsMap: { StateMachineArn: stateMachineArn }, statistic: 'Sum' });
      new OnCallAlarm(this, alarmId, { metric, means, runbook: RUNBOOK, topic });
    }
    new OnCallAlarm(this, 'Undelivered', {
      metric: undelivered.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum' }),
      means: 'a request or a decision did not reach the approval gate',
      runbook: RUNBOOK,
      topic,
    });
  }
}
