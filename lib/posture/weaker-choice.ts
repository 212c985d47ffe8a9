import type { IConstruct } from 'constructs';
import { Annotations, Validations } from 'aws-cdk-lib';
import { isCalendarDay } from './calendar-day';

/** Why, by whom and until when a protection is weaker than its default. */
export interface WeakerChoiceProps {
  /** The reason that an auditor reads: what makes the weaker setting necessary. */
  readonly reason: string;
  /** The team or role that answers for it. */
  readonly owner: string;
  /** The last day on which it holds, as `YYYY-MM-DD` (UTC). */
  readonly expires: string;
  /**
   * The day on which it was agreed, as `YYYY-MM-DD` (UTC); the report shows the age from it.
   *
   * @default - the report shows the age as unknown
   */
  readonly since?: string;
}

/**
 * A protection that somebody turned down on purpose.
 *
 * It is written to the cloud assembly and shown in the report. From 30 days before its last day it is a warning, after that day a
 * validation error: `cdk synth` and `cdk deploy` fail; `cdk destroy` still works, and an emergency `cdk rollback` or `cdk deploy` with
 * `--ignore-errors`.
 */
export class WeakerChoice {
  /** Metadata key under which a weaker choice reaches the cloud assembly. */
  public static readonly METADATA_KEY = 'cdk-secure-ai:weaker-choice';

  /**
   * Names a weaker choice.
   *
   * @throws when the reason or the owner is empty, or a date is not a real day written as `YYYY-MM-DD`
   */
  public static of(props: WeakerChoiceProps): WeakerChoice {
    return new WeakerChoice(props);
  }

  /** What makes the weaker setting necessary. */
  public readonly reason: string;
  /** The team or role that answers for it. */
  public readonly owner: string;
  /** The last day on which it holds, `YYYY-MM-DD`. */
  public readonly expires: string;
  /** The day on which it was agreed, `YYYY-MM-DD`. */
  public readonly since?: string;

  private constructor(props: WeakerChoiceProps) {
    this.reason = required('reason', props.reason);
    this.owner = required('owner', props.owner);
    this.expires = day('expires', props.expires);
    this.since = props.since === undefined ? undefined : day('since', props.since);
  }

  /**
   * Records that `setting` of a construct is weaker than its default.
   *
   * @internal
   */
  public _record(scope: IConstruct, setting: string, today: string): void {
    scope.node.addMetadata(WeakerChoice.METADATA_KEY, {
      setting,
      reason: this.reason,
      owner: this.owner,
      expires: this.expires,
      ...(this.since === undefined ? {} : { since: this.since }),
    });
    const daysLeft = Math.round((Date.parse(this.expires) - Date.parse(today)) / 86_400_000);
    const what = `the weaker choice for ${setting} (${this.reason}; owner ${this.owner})`;
    if (daysLeft < 0) {
      // An error annotation, not a throw: a throw would also stop `cdk destroy` and, with `--ignore-errors`, an emergency rollback.
      Validations.of(scope).addError(
        'cdk-secure-ai-weaker-choice-expired',
        `${what} expired on ${this.expires}: remove it, or renew it with a later date after a review`,
      );
    } else if (daysLeft <= 30) {
      Annotations.of(scope).addWarningV2(
        'cdk-secure-ai:weaker-choice-expires',
        `${what} expires on ${this.expires}: after that day synthesis fails; remove it, or renew it after a review`,
      );
    }
  }
}

function required(name: string, value: string): string {
  if (value.trim() === '') throw new Error(`a weaker choice needs its ${name}, got an empty string`);
  return value;
}

function day(name: string, value: string): string {
  if (!isCalendarDay(value)) throw new Error(`a weaker choice needs a real day as YYYY-MM-DD for ${name}, got '${value}'`);
  return value;
}
