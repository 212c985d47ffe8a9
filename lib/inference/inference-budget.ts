import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { declareControls } from '../core/control-declarations';
import { SecurityPosture } from '../posture';

/** What a month may cost. */
export interface InferenceBudgetProps {
  /** In US dollars. */
  readonly monthlyLimit: number;
  /**
   * The cost allocation tag by which resources are counted, as `key$value`; it must be activated in the billing console.
   *
   * @default - the whole account
   */
  readonly tag?: string;
  /**
   * Who is told. The topic must let `budgets.amazonaws.com` publish, as `AlarmTopic` does.
   *
   * @default - the posture's alarm topic
   */
  readonly topic?: ITopic;
}

/**
 * One budget for a platform: told at four fifths of it and when the forecast exceeds it. There is no metric of what an endpoint costs, so
 * the limits of gateways and the caps of endpoints stop spending, and this tells of it, hours later.
 *
 * @see https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-sns-policy.html
 */
export class InferenceBudget extends Construct {
  /** @throws when nobody is told, or the limit is no amount */
  constructor(scope: Construct, id: string, props: InferenceBudgetProps) {
    super(scope, id);
    const topic = props.topic ?? SecurityPosture.of(this).alarmTopic;
    if (!topic) throw new Error(`'${this.node.path}' tells nobody: give topic, or alarmTopic in the posture`);
    if (!Number.isFinite(props.monthlyLimit) || props.monthlyLimit <= 0) throw new Error(`'${this.node.path}': monthlyLimit must be an amount above zero, got ${props.monthlyLimit}`);
    declareControls(this, 'MI4', 'OB4');
    const told = (notificationType: string, threshold: number): CfnBudget.NotificationWithSubscribersProperty => ({
      notification: { notificationType, comparisonOperator: 'GREATER_THAN', threshold, thresholdType: 'PERCENTAGE' },
      subscribers: [{ subscriptionType: 'SNS', address: topic.topicArn }],
    });
    new CfnBudget(this, 'Resource', {
      budget: {
        budgetType: 'COST',
        timeUnit: 'MONTHLY',
        budgetLimit: { amount: props.monthlyLimit, unit: 'USD' },
        ...(props.tag ? { costFilters: { TagKeyValue: [`user:${props.tag}`] } } : {}),
      },
      notificationsWithSubscribers: [told('ACTUAL', 80), told('ACTUAL', 100), told('FORECASTED', 100)],
    });
  }
}
