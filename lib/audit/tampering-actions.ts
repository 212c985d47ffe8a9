/** What turns records or detection off. The alarm on changes watches the same names. */
export const TAMPERING: Readonly<Record<string, readonly string[]>> = {
  cloudtrail: ['DeleteTrail', 'PutEventSelectors', 'StopLogging', 'UpdateTrail'],
  ec2: ['DeleteFlowLogs'],
  guardduty: [
    'CreateFilter', 'DeleteDetector', 'DeleteMembers', 'DeletePublishingDestination', 'DisassociateFromAdministratorAccount',
    'DisassociateMembers', 'StopMonitoringMembers', 'UpdateDetector', 'UpdateFilter', 'UpdatePublishingDestination',
  ],
};

/** Sid of the deny, so that proofs can take it away. */
export const AUDIT_GUARD = 'DenyAuditTampering';
