import type { Duration } from 'aws-cdk-lib';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { WeakerChoice } from './weaker-choice';

/** How long superseded versions and records are kept, by data class, in whole days. */
export interface RetentionOptions {
  /**
   * For published data.
   *
   * @default Duration.days(90)
   */
  readonly publicData?: Duration;
  /**
   * For internal data.
   *
   * @default Duration.days(365)
   */
  readonly internalData?: Duration;
  /**
   * For trade secrets such as model weights.
   *
   * @default Duration.days(1095)
   */
  readonly confidentialData?: Duration;
  /**
   * For personal, health or payment data.
   *
   * @default Duration.days(2192)
   */
  readonly restrictedData?: Duration;
  /**
   * Needed when one of them is shorter than its default.
   *
   * @default - each must be at least its default
   */
  readonly because?: WeakerChoice;
}

/** How long log groups keep their events. */
export interface LogRetention {
  /** One of the values that CloudWatch Logs accepts. */
  readonly value: RetentionDays;
  /**
   * Needed when it is shorter than the profile's.
   *
   * @default - the value must be at least the profile's
   */
  readonly because?: WeakerChoice;
}
