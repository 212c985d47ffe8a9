import type { Duration } from 'aws-cdk-lib';
import type { IRole } from 'aws-cdk-lib/aws-iam';

/** Who approves models, and by what. */
export interface PlatformGate {
  /** Name of the model package group: lower-case letters, digits and hyphens. */
  readonly groupName: string;
  /** What a model must satisfy, as JSON: see `docs/gate.md`. */
  readonly policy: string;
  /** The keys that sign models, as the document of a trust store. */
  readonly modelTrust: string;
  /** The keys that sign provenance and evaluation results, as the document of a trust store. */
  readonly evidenceTrust: string;
  /** The roles whose sessions may decide. */
  readonly approvers: IRole[];
  /**
   * How long a person has to decide, in whole hours.
   *
   * @default Duration.days(3)
   */
  readonly approvalWindow?: Duration;
  /**
   * How old an approval may be when its model is deployed, in whole days.
   *
   * @default - any age
   */
  readonly maxApprovalAge?: Duration;
}
