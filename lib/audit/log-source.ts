/** What may deliver to a log archive. */
export enum LogSource {
  /** Trails of the archive's account. */
  CLOUDTRAIL = 'CLOUDTRAIL',
  /** VPC flow logs, DNS query logs and the other logs that `delivery.logs.amazonaws.com` delivers. */
  VENDED_LOGS = 'VENDED_LOGS',
  /** The export of findings by GuardDuty. */
  GUARDDUTY_FINDINGS = 'GUARDDUTY_FINDINGS',
  /** Refused: S3 delivers access logs only to a bucket with SSE-S3, which is `accessLogs` of the archive. */
  S3_ACCESS_LOGS = 'S3_ACCESS_LOGS',
  /** Refused: AWS Config does not deliver to a bucket with Object Lock. */
  CONFIG = 'CONFIG',
}
