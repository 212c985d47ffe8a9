import type { JudgedResource } from './judged-resource';

/** How much harm a violation does. */
export enum FindingSeverity {
  CRITICAL = 'CRITICAL',
  HIGH = 'HIGH',
  MEDIUM = 'MEDIUM',
  LOW = 'LOW',
}

/** A rule of your own. */
export interface IOwnRule {
  /** Id with a prefix of your own, for example `Acme-ML1`. */
  readonly id: string;
  /** One sentence: what must hold. */
  readonly title: string;
  readonly severity: FindingSeverity;
  /** Resource types that it looks at, for example `AWS::SageMaker::Model`. */
  readonly resourceTypes: string[];
  /**
   * Judges one resource.
   *
   * @returns what is wrong, in a sentence; undefined when nothing is
   */
  check(resource: JudgedResource): string | undefined;
}
