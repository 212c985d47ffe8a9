import type { Duration } from 'aws-cdk-lib';
import type { WeakerChoice } from './weaker-choice';

/** Who may shorten a lock before it ends. */
export enum ObjectLockMode {
  /** Whoever holds `s3:BypassGovernanceRetention`; the library denies it to all but break-glass roles. */
  GOVERNANCE = 'GOVERNANCE',
  /** Nobody, not even the account's root user. Objects cannot be deleted until the lock ends. */
  COMPLIANCE = 'COMPLIANCE',
}

/**
 * The default lock of new object versions.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html
 */
export interface ObjectLock {
  /** Who may shorten it. */
  readonly mode: ObjectLockMode;
  /** How long a new version is locked, in whole days. */
  readonly duration: Duration;
  /**
   * Needed when the lock is weaker than the profile's.
   *
   * @default - the lock must be at least as strong as the profile's
   */
  readonly because?: WeakerChoice;
}
