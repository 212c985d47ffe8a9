import { Names } from 'aws-cdk-lib';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { FilterPattern, MetricFilter } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { OnCallAlarm } from '../core/on-call-alarm';
import { TAMPERING } from './tampering-actions';

/** Calls on keys that make records unreadable. */
const KEY_REMOVAL = ['DisableKey', 'ScheduleKeyDeletion'];

/** Tells the alarm topic when somebody changes trails, detection, flow logs or takes a key away; `docs/runbook.md` has the entry. */
export class TamperingAlarm extends Construct {
  constructor(scope: Construct, id: string, props: { readonly logGroup: ILogGroup; readonly topic: ITopic }) {
    super(scope, id);
    const names = [...Object.values(TAMPERING).flat(), ...KEY_REMOVAL];
    const filter = new MetricFilter(this, 'Changes', {
      logGroup: props.logGroup,
      filterPattern: FilterPattern.any(...names.map((name) => FilterPattern.stringValue('$.eventName', '=', name))),
      metricNamespace: 'CdkSecureAi/Audit',
      // Metric filters take no dimension from a constant: the name keeps two trails apart.
      metricName: `AuditChanges-${Names.uniqueResourceName(this, { maxLength: 100, separator: '-' })}`,
      metricValue: '1',
    });
    new OnCallAlarm(this, 'Resource', {
      metric: filter.metric({ statistic: 'Sum' }),
      means: 'somebody changed what records or detects attacks',
      runbook: 'audit-change',
      topic: props.topic,
    });
  }
}
