import { Annotations, Lazy, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { CfnTrailProps } from 'aws-cdk-lib/aws-cloudtrail';
import { CfnTrail } from 'aws-cdk-lib/aws-cloudtrail';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { declareControls } from '../core/control-declarations';
import { addDataEventRecorder, dataEventRecordersBeside, dataEventSourcesOf } from '../core/data-event-registry';
import type { DataEventSource } from '../core/data-event-registry';
import { EncryptionKey } from '../core/encryption-key';
import { LeastPrivilegeRole } from '../core/least-privilege-role';
import { SecurityPosture, SecurityProfile } from '../posture';
import type { IDataEventRecorder, ILogArchive } from './api';
import { LogArchive } from './log-archive';
import { LogSource } from './log-source';
import type { ManagementEvents } from './management-events';
import { TamperingAlarm } from './tampering-alarm';
import { accountWideSelectors, advancedSelectors, aiDataEventTypes, checkDataEventTypes, selectorProblems } from './trail-selectors';

/** What a trail records, and where. */
export interface AuditTrailProps {
  /**
   * Where the records go.
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
   * The types whose data events are recorded besides the objects of registered buckets, as CloudTrail names them.
   *
   * @default - SageMaker endpoints and, outside China, what Bedrock runs: agents, flows, guardrails, knowledge bases, streams
   */
  readonly dataEventTypes?: string[];
}

/**
 * The audit trail of an account and region: management events, and data events of models, datasets, endpoints and Bedrock.
 *
 * Model and dataset stores of the same stage, account and region register their buckets themselves, whichever is made first; other buckets
 * are registered. Data events cost by their number, so only registered buckets are recorded. `HIGH_ASSURANCE` asks for the events of every
 * bucket: a second trail records them together with management events, because a trail holds either kind of selector, not both.
 *
 * A trail of another stack than its stores refers to their buckets. Where stores send access logs to the archive, put the trail in a
 * stack of its own: stores refer to the archive, the trail to both. A region takes five trails, those of the organisation and of other
 * regions included.
 *
 * Nothing prevents an administrator from stopping a trail but `AuditGuard` in a service control policy.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html
 */
export class AuditTrail extends Construct implements IDataEventRecorder {
  /** Where the records go. */
  public readonly archive: ILogArchive;
  /** Where the events arrive within minutes, for alarms and queries. */
  public readonly logGroup: ILogGroup;
  /** ARN of the trail with data events. */
  public readonly trailArn: string;

  private readonly registered: DataEventSource[] = [];
  private readonly deliveryRole: LeastPrivilegeRole;

  constructor(scope: Construct, id: string, props: AuditTrailProps = {}) {
    super(scope, id);
    const posture = SecurityPosture.of(this);
    const stack = Stack.of(this);
    const types = props.dataEventTypes ?? aiDataEventTypes(stack);
    checkDataEventTypes(this.node.path, types);
    const recordsManagement = !props.managementEvents?.existingTrailArn;
    const accountWide = posture.profile === SecurityProfile.HIGH_ASSURANCE;
    declareControls(this, 'P5', 'OB1');
    this.warnOfSecondTrail();
    addDataEventRecorder(this);

    this.archive = props.archive ?? new LogArchive(this, 'Archive');
    this.archive.admit(LogSource.CLOUDTRAIL);
    this.logGroup = this.events(posture.logRetentionDays);
    this.deliveryRole = this.roleFor(this.logGroup);

    const selectors = () => advancedSelectors({
      managementEvents: recordsManagement && !accountWide,
      sources: accountWide ? [] : [...dataEventSourcesOf(this), ...this.registered],
      types,
    });
    this.trailArn = this.trail('Resource', { advancedEventSelectors: Lazy.any({ produce: selectors }) }).attrArn;
    this.node.addValidation({ validate: () => selectorProblems(selectors()) });
    if (accountWide) this.trail('AccountWide', { eventSelectors: accountWideSelectors(stack, recordsManagement) });

    if (posture.alarmTopic && recordsManagement) {
      new TamperingAlarm(this, 'Tampering', { logGroup: this.logGroup, topic: posture.alarmTopic });
    }
  }

  /** Records the object events of a bucket, or of the keys below a prefix; `HIGH_ASSURANCE` records those of every bucket already. */
  public registerBucket(bucket: IBucket, prefix = ''): void {
    this.registered.push({ bucket, prefix });
  }

  /** Logs have a key of their own: CloudWatch Logs may use it, and that is no reason to let it use the archive's. */
  private events(retention: number): LogGroup {
    const key = new EncryptionKey(this, 'LogsKey', { description: 'Audit events in CloudWatch Logs' });
    key.allowLogGroups();
    return new LogGroup(this, 'Events', { encryptionKey: key, retention, removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE });
  }

  /** CloudTrail sends no source account or ARN when it assumes this role. */
  private roleFor(logGroup: ILogGroup): LeastPrivilegeRole {
    const role = new LeastPrivilegeRole(this, 'DeliveryRole', {
      assumedBy: new ServicePrincipal('cloudtrail.amazonaws.com'),
      description: 'Lets CloudTrail write events to its log group',
    });
    role.addToPrincipalPolicy(new PolicyStatement({
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [logGroup.logGroupArn],
    }));
    return role;
  }

  private trail(id: string, selectors: Pick<CfnTrailProps, 'advancedEventSelectors' | 'eventSelectors'>): CfnTrail {
    const trail = new CfnTrail(this, id, {
      isLogging: true,
      isMultiRegionTrail: true,
      includeGlobalServiceEvents: true,
      enableLogFileValidation: true,
      s3BucketName: this.archive.bucket.bucketName,
      kmsKeyId: this.archive.keyId,
      cloudWatchLogsLogGroupArn: this.logGroup.logGroupArn,
      cloudWatchLogsRoleArn: this.deliveryRole.roleArn,
      ...selectors,
    });
    // CloudTrail tries bucket, key and log group when it makes a trail: their policies must be there.
    trail.node.addDependency(this.archive, this.deliveryRole);
    return trail;
  }

  private warnOfSecondTrail(): void {
    const [other] = dataEventRecordersBeside(this);
    if (!other) return;
    Annotations.of(this).addWarningV2(
      'cdk-secure-ai:second-audit-trail',
      `this account and region have the audit trail '${other.node.path}' already, and a second copy of events costs: `
        + 'register buckets with that one',
    );
  }
}
