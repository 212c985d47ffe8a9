import type { ControlId } from '../../core/control-declarations';
import type { Judgement } from './judgement';
import type { Subject } from './subject';

/** How much harm a violation does, from the most to the least. */
export const SEVERITIES = ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW'] as const;

/** One of {@link SEVERITIES}. */
export type Severity = (typeof SEVERITIES)[number];

/** Stands for every resource type in the types of a rule. */
export const ANY_TYPE = '*';

/** A question that is put to resources of a synthesised template. */
export interface Rule {
  /** Stable id, for example `AISec-SM01`. */
  readonly id: string;
  /** Name in pascal case, for example `ModelNetworkIsolation`. */
  readonly name: string;
  /** One sentence: what must hold. */
  readonly title: string;
  readonly severity: Severity;
  /** Controls of the catalogue that it checks. */
  readonly controls: readonly ControlId[];
  /** Attack techniques, for example `AML.T0025` of MITRE ATLAS or `LLM08` of OWASP. */
  readonly threats: readonly string[];
  /** What an attacker does where it is violated. */
  readonly why: string;
  /** What to change. */
  readonly remedy: string;
  /** A compliant piece of CDK code or CloudFormation. */
  readonly example: string;
  /** The page of AWS, or the standard, that it rests on. */
  readonly source: string;
  /** Resource types that it looks at; {@link ANY_TYPE} for every resource. */
  readonly types: readonly string[];
  /**
   * What the rule judges: `EACH` resource of these types, a `STACK`, or the `APP`. Of a stack or an app it is shown one resource after
   * the other until it says something, which is then what it says of the whole.
   *
   * @default EACH
   */
  readonly scope?: 'EACH' | 'STACK' | 'APP';
  /** True when it looks for evidence only: what it asks for may exist outside of the templates. @default false */
  readonly evidenceOnly?: boolean;
  /** Judges one resource; undefined or an empty list when there is nothing to judge. */
  check(subject: Subject): Judgement | readonly Judgement[] | undefined;
}
