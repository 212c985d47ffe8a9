import type { Duration } from 'aws-cdk-lib';
import type { WeakerChoice } from './weaker-choice';

/** What training jobs may do. */
export interface TrainingOptions {
  /**
   * The longest that a job may run, in whole minutes.
   *
   * @default - BASELINE 72 hours, REGULATED 24 hours, HIGH_ASSURANCE 12 hours
   */
  readonly maxRuntime?: Duration;
  /**
   * Actions of SageMaker, for example `CreateTransformJob`, that the training guard lets through though their requests cannot say that the
   * work has no network; for one that can, as `CreateMonitoringSchedule`, the guard no longer asks for what the request leaves out.
   *
   * @default - none
   */
  readonly unisolatedActions?: string[];
  /**
   * Needed when a job may run longer than the profile says, and when an action is named.
   *
   * @default - the time is at most the profile's, and no action is named
   */
  readonly because?: WeakerChoice;
}
