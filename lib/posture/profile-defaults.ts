import { Duration } from 'aws-cdk-lib';
import { DataClass } from './data-class';
import type { ObjectLock } from './object-lock';
import { ObjectLockMode } from './object-lock';
import { NetworkPerimeter } from './perimeter';
import { SecurityProfile } from './security-profile';

/** What a profile turns on. `docs/profiles.md` is printed from this table. */
export interface ProfileDefaults {
  /** Retention of CloudWatch log groups, in days: one of the values that CloudWatch Logs accepts. */
  readonly logRetentionDays: number;
  /** Default lock of model versions; undefined: buckets can be locked, but new versions are not. */
  readonly objectLock?: ObjectLock;
  readonly networkPerimeter: NetworkPerimeter;
  /** Whether only break-glass roles may delete or disable keys. */
  readonly keysProtected: boolean;
  /** Reserved concurrency of each handler; undefined: none reserved. */
  readonly handlerConcurrency?: number;
  /** The longest that a training job may run, in hours. */
  readonly trainingHours: number;
  /** Whether an alarm topic and the required tags must be named. */
  readonly mustBeComplete: boolean;
}

/** The defaults of each profile. */
export const PROFILE_DEFAULTS: Readonly<Record<SecurityProfile, ProfileDefaults>> = {
  [SecurityProfile.BASELINE]: {
    logRetentionDays: 365,
    networkPerimeter: NetworkPerimeter.OFF,
    keysProtected: false,
    trainingHours: 72,
    mustBeComplete: false,
  },
  [SecurityProfile.REGULATED]: {
    // HIPAA 164.316(b)(2)(i) keeps documentation for six years; CloudWatch's next step is 2,192 days.
    logRetentionDays: 2192,
    objectLock: { mode: ObjectLockMode.GOVERNANCE, duration: Duration.days(30) },
    networkPerimeter: NetworkPerimeter.OWNED_ENDPOINTS,
    keysProtected: true,
    handlerConcurrency: 5,
    trainingHours: 24,
    mustBeComplete: false,
  },
  [SecurityProfile.HIGH_ASSURANCE]: {
    logRetentionDays: 2192,
    objectLock: { mode: ObjectLockMode.COMPLIANCE, duration: Duration.days(90) },
    networkPerimeter: NetworkPerimeter.NAMED_ENDPOINTS,
    keysProtected: true,
    handlerConcurrency: 5,
    trainingHours: 12,
    mustBeComplete: true,
  },
};

/** How long superseded versions and records of a class are kept, in days. */
export const RETENTION_DAYS: Readonly<Record<DataClass, number>> = {
  [DataClass.PUBLIC]: 90,
  [DataClass.INTERNAL]: 365,
  [DataClass.CONFIDENTIAL]: 1095,
  [DataClass.RESTRICTED]: 2192,
};
