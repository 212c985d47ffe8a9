import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { IRuleTarget } from 'aws-cdk-lib/aws-events';
import { EventField, Match, Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { CfnDetector, CfnPublishingDestination } from 'aws-cdk-lib/aws-guardduty';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ITopic, ITopicSubscription } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { declareControls } from '../core/control-declarations';
import { DeadLetterQueue } from '../core/dead-letter-queue';
import { EncryptionKey } from '../core/encryption-key';
import { FINDING_EVENT } from '../core/finding-sink';
import { OnCallAlarm } from '../core/on-call-alarm';
import { SecurityPosture } from '../posture';
import { AlarmTopic } from './alarm-topic';
import type { ILogArchive } from './api';
import { LogSource } from './log-source';
import type { ThreatDetector } from './threat-detector';

/** From which severity on somebody is told. */
export enum FindingSeverity {
  /** 1.0 and above: everything. */
  LOW = 'LOW',
  /** 4.0 and above. */
  MEDIUM = 'MEDIUM',
  /** 7.0 and above. */
  HIGH = 'HIGH',
  /** 9.0 and above. */
  CRITICAL = 'CRITICAL',
}

/** What detects threats, and who is told. */
export interface ThreatDetectionProps {
  /** The detector of the account and region: managed by the organisation, existing, or new. */
  readonly detector: ThreatDetector;
  /**
   * The severity from which on a finding of GuardDuty goes to the topic. The library's own all do: each says that a guard was passed.
   *
   * @default FindingSeverity.MEDIUM
   */
  readonly severity?: FindingSeverity;
  /**
   * The topic that findings go to. An imported one must let `events.amazonaws.com` publish, and so must its key.
   *
   * @default - the posture's alarm topic, or a new one with `subscriptions`
   */
  readonly alarmTopic?: ITopic;
  /**
   * Who is told through the new topic.
   *
   * @default - the topic exists and has its subscriptions
   */
  readonly subscriptions?: ITopicSubscription[];
  /**
   * Where all findings are exported to, of any severity: GuardDuty itself keeps them for 90 days.
   *
   * @default - findings are not exported
   */
  readonly archive?: ILogArchive;
}

const LOWEST: Readonly<Record<FindingSeverity, number>> = {
  [FindingSeverity.LOW]: 1,
  [FindingSeverity.MEDIUM]: 4,
  [FindingSeverity.HIGH]: 7,
  [FindingSeverity.CRITICAL]: 9,
};

/**
 * GuardDuty for an account and region, and the way of its findings to people: a rule, a topic, a dead-letter queue for what the topic did
 * not take, and an alarm on that queue. The findings that this library's functions put on the default event bus go the same way.
 *
 * The message names the finding and leaves its details in GuardDuty. A finding of the library is kept nowhere else, so its message says all
 * of it: resource, reasons and outcome, none of which is data. `docs/runbook.md` says what to do.
 *
 * @see https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_findings_eventbridge.html
 */
export class ThreatDetection extends Construct {
  /** The topic that findings go to. */
  public readonly topic: ITopic;
  /** The id of the detector; undefined when the organisation manages it. */
  public readonly detectorId?: string;

  /** @throws when nobody would be told, or findings of a detector that is not known here should be exported */
  constructor(scope: Construct, id: string, props: ThreatDetectionProps) {
    super(scope, id);
    const topic = props.alarmTopic ?? SecurityPosture.of(this).alarmTopic;
    checkProps(this, props, topic);
    declareControls(this, 'P5', 'OB4', 'OB5');

    this.detectorId = props.detector._origin === 'create' ? this.newDetector(props.detector) : props.detector._detectorId;
    const own = topic ? undefined : new AlarmTopic(this, 'Topic', { subscriptions: props.subscriptions! });
    this.topic = topic ?? own!.topic;
    const deadLetters = this.deadLetters(own?.key ?? new EncryptionKey(this, 'Key', { description: 'Findings that reached no topic' }));

    const rules = [
      new Rule(this, 'Findings', {
        description: 'Sends findings of GuardDuty to the alarm topic',
        eventPattern: {
          source: ['aws.guardduty'],
          detailType: ['GuardDuty Finding'],
          detail: { severity: Match.greaterThanOrEqual(LOWEST[props.severity ?? FindingSeverity.MEDIUM]) },
        },
        targets: [findingsTo(this.topic, deadLetters, guardDutyMessage())],
      }),
      new Rule(this, 'OwnFindings', {
        description: 'Sends findings of cdk-secure-ai to the alarm topic',
        eventPattern: { source: [FINDING_EVENT.source], detailType: [FINDING_EVENT.detailType] },
        targets: [findingsTo(this.topic, deadLetters, ownMessage())],
      }),
    ];
    deadLetters.addToResourcePolicy(new PolicyStatement({
      sid: 'UndeliveredFindings',
      principals: [new ServicePrincipal('events.amazonaws.com')],
      actions: ['sqs:SendMessage'],
      resources: [deadLetters.queueArn],
      conditions: { ArnEquals: { 'aws:SourceArn': rules.map(({ ruleArn }) => ruleArn) } },
    }));
    if (!own) this.topic.addToResourcePolicy(publishOf(this, this.topic));
    if (props.archive) this.exportTo(props.archive, this.detectorId!);
  }

  private newDetector(detector: ThreatDetector): string {
    const resource = new CfnDetector(this, 'Detector', {
      enable: true,
      findingPublishingFrequency: 'FIFTEEN_MINUTES',
      features: detector._plans.map((name) => ({ name, status: 'ENABLED' })),
    });
    // Detection goes on when the stack goes; a first deployment that fails leaves nothing in the way of the second.
    resource.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
    return resource.attrId;
  }

  private deadLetters(key: IKey): DeadLetterQueue {
    key.addToResourcePolicy(new PolicyStatement({
      sid: 'UndeliveredFindings',
      principals: [new ServicePrincipal('events.amazonaws.com')],
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources: ['*'],
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
    }));
    const queue = new DeadLetterQueue(this, 'DeadLetters', { key });
    new OnCallAlarm(this, 'Undelivered', {
      metric: queue.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum' }),
      means: 'a finding did not reach the alarm topic',
      runbook: 'undelivered-finding',
      topic: this.topic,
    });
    return queue;
  }

  private exportTo(archive: ILogArchive, detectorId: string): void {
    archive.admit(LogSource.GUARDDUTY_FINDINGS);
    const destination = new CfnPublishingDestination(this, 'Export', {
      detectorId,
      destinationType: 'S3',
      destinationProperties: { destinationArn: archive.bucket.bucketArn, kmsKeyArn: archive.key.keyArn },
    });
    // GuardDuty tries bucket and key when it makes the destination.
    destination.node.addDependency(archive);
  }
}

/** Written out: the CDK's target would let EventBridge publish on behalf of anybody. */
function findingsTo(topic: ITopic, deadLetters: DeadLetterQueue, message: string): IRuleTarget {
  return {
    bind: () => ({
      arn: topic.topicArn,
      deadLetterConfig: { arn: deadLetters.queueArn },
      input: RuleTargetInput.fromText(message),
      targetResource: topic,
    }),
  };
}

const detail = (field: string): string => EventField.fromPath(`$.detail.${field}`);

function guardDutyMessage(): string {
  return `GuardDuty finding ${detail('type')}, severity ${detail('severity')}, account ${detail('accountId')}, `
    + `region ${detail('region')}, id ${detail('id')}; see docs/runbook.md#guardduty-finding`;
}

/** In the words of the finding, which holds ids and closed codes only: see `FindingFacts`. */
function ownMessage(): string {
  return `Finding ${detail('finding_info.analytic.uid')}, severity ${detail('severity_id')} of 5, disposition ${detail('disposition_id')}, `
    + `account ${detail('cloud.account.uid')}, region ${detail('cloud.region')}, resource ${detail('resources[0].uid')}, `
    + `id ${detail('finding_info.uid')}: ${detail('message')}; ${detail('remediation.desc')}, and #finding-of-the-library`;
}

/** By pattern: a topic of another stack could not name the rule, which names it already. */
function publishOf(scope: Construct, topic: ITopic): PolicyStatement {
  const { partition, region, account } = Stack.of(scope);
  return new PolicyStatement({
    sid: 'PublishFindings',
    principals: [new ServicePrincipal('events.amazonaws.com')],
    actions: ['sns:Publish'],
    resources: [topic.topicArn],
    conditions: {
      StringEquals: { 'aws:SourceAccount': account },
      ArnLike: { 'aws:SourceArn': `arn:${partition}:events:${region}:${account}:rule/*` },
    },
  });
}

function checkProps(scope: Construct, props: ThreatDetectionProps, topic: ITopic | undefined): void {
  const { archive, detector, subscriptions = [] } = props;
  const refusals: [boolean, string][] = [
    [!topic && subscriptions.length === 0, 'tells nobody of findings: give alarmTopic, subscriptions, or a posture with an alarm topic'],
    [topic !== undefined && subscriptions.length > 0, 'has an alarm topic, and subscriptions are for a new one: subscribe to the topic'],
    [
      archive !== undefined && detector._origin === 'organization',
      'cannot export findings of a detector that the organisation manages: its administrator exports them, '
        + 'or name the detector with ThreatDetector.existing',
    ],
  ];
  for (const [refused, message] of refusals) if (refused) throw new Error(`'${scope.node.path}' ${message}`);
}
