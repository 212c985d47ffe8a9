import { Duration } from 'aws-cdk-lib';
import type { ObjectLock } from '../posture';

/** Long enough to investigate what was uploaded, short enough to let malware go. */
const LONGEST_DAYS = 7;

/** The lock of the quarantine zone: as the posture says, but for a week at most. */
export function quarantineLock(lock: ObjectLock | undefined): { objectLock?: ObjectLock } {
  if (!lock) return {};
  return { objectLock: { mode: lock.mode, duration: Duration.days(Math.min(LONGEST_DAYS, lock.duration.toDays())) } };
}
