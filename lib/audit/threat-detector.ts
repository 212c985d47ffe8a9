import { Token } from 'aws-cdk-lib';

/** What GuardDuty watches besides trails, flow logs and DNS queries, which a detector always watches. */
export enum ProtectionPlan {
  /** Object events of every bucket. */
  S3 = 'S3_DATA_EVENTS',
  /** Audit logs of EKS. */
  EKS = 'EKS_AUDIT_LOGS',
  /** A malware scan of volumes after a finding. */
  VOLUME_MALWARE = 'EBS_MALWARE_PROTECTION',
  /** Logins to databases. */
  RDS = 'RDS_LOGIN_EVENTS',
  /** Network activity of functions. */
  LAMBDA = 'LAMBDA_NETWORK_LOGS',
  /**
   * Processes on instances and in containers. The agents are not installed by GuardDuty: that would put endpoints into your VPCs.
   */
  RUNTIME = 'RUNTIME_MONITORING',
}

/** How the detector of the account and region comes about. There is one at most, so this is a choice and has no default. */
export class ThreatDetector {
  /** The detector is managed by the organisation's delegated administrator, as in most organisations. */
  public static managedByOrganization(): ThreatDetector {
    return new ThreatDetector('organization');
  }

  /**
   * The account has a detector, which stays as it is.
   *
   * @throws when the id is not 32 hexadecimal digits
   */
  public static existing(detectorId: string): ThreatDetector {
    if (!Token.isUnresolved(detectorId) && !/^[0-9a-f]{32}$/.test(detectorId)) {
      throw new Error(`a detector id has 32 hexadecimal digits, got '${detectorId}': see aws guardduty list-detectors`);
    }
    return new ThreatDetector('existing', detectorId);
  }

  /**
   * A new detector: the deployment fails where there is one already. It is kept when its stack goes; name it with `existing` then.
   *
   * @throws when a plan is named twice
   */
  public static create(plans: ProtectionPlan[] = Object.values(ProtectionPlan)): ThreatDetector {
    if (new Set(plans).size < plans.length) throw new Error(`a protection plan is named twice in ${plans.join(', ')}: name each once`);
    return new ThreatDetector('create', undefined, plans);
  }

  private constructor(
    /** @internal */
    public readonly _origin: 'create' | 'existing' | 'organization',
    /** @internal */
    public readonly _detectorId?: string,
    /** @internal */
    public readonly _plans: readonly ProtectionPlan[] = [],
  ) {}
}
