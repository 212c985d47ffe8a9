import type { Environment } from 'aws-cdk-lib';
import type { ITopicSubscription } from 'aws-cdk-lib/aws-sns';
import type { ILogArchive, ManagementEvents, ThreatDetector } from '../audit';
import type { InferenceBudgetProps } from '../inference';
import type { NetworkSegmentProps } from '../network';
import type { SecurityPostureProps } from '../posture';

/** What an account has of audit already. */
export interface PlatformAudit {
  /**
   * Where audit records go: an archive of the account, for example from `LogArchive.fromAttributes`.
   *
   * @default - a new log archive
   */
  readonly archive?: ILogArchive;
  /**
   * Who records management events. Most accounts have a trail of their organisation: name it, because a second copy costs.
   *
   * @default ManagementEvents.recordedHere()
   */
  readonly managementEvents?: ManagementEvents;
  /**
   * The detector of the account and region.
   *
   * @default ThreatDetector.managedByOrganization()
   */
  readonly detector?: ThreatDetector;
}

/** An account and region of a platform, and what it has already. */
export interface PlatformAccount {
  /**
   * The account and region. Not for a platform inside a stack, which has its own.
   *
   * @default - that of the scope
   */
  readonly env?: Environment;
  /**
   * What the organisation decided for this account; it is attached for you, to the stack where the platform is inside one.
   *
   * @default - the posture that is attached up the tree or, without any, the defaults of `REGULATED`
   */
  readonly posture?: SecurityPostureProps;
  /**
   * Who is told of alarms and findings, through a new topic. Give `posture` with it, if only an empty one: the topic becomes its
   * `alarmTopic`.
   *
   * @default - the topic of the posture; without one nobody is told
   */
  readonly onCall?: ITopicSubscription[];
  /**
   * The segment in which models are promoted and served: new, or in a network that is there.
   *
   * @default - a new VPC without internet
   */
  readonly network?: NetworkSegmentProps;
  /**
   * What the account has of audit.
   *
   * @default - a new archive and trail; threats are detected by the organisation's detector
   */
  readonly audit?: PlatformAudit;
  /**
   * What a month may cost in this account, or of one tag in it: those on call are told at four fifths, when it is spent, and when the
   * forecast exceeds it. Only you know the amount.
   *
   * @default - no budget: nobody is told what a month costs
   */
  readonly budget?: InferenceBudgetProps;
}
