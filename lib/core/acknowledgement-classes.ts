/** Why a finding of a public pack may stay. */
export type AcknowledgementKind =
  /** AWS itself refuses what the rule asks for. */
  | 'AWS_LIMIT'
  /** The rule is wrong about this resource. */
  | 'SCANNER_DEFECT'
  /** The rule conflicts with a stronger protection that the library chose. */
  | 'DESIGN';

/** One class of finding that the library leaves on purpose: the whole list is closed, and a test holds it to its needs. */
export interface AcknowledgementClass {
  /** Stable id, shown in `checks.json` and the report. */
  readonly id: string;
  readonly kind: AcknowledgementKind;
  /** Ids of the rules without finding suffix, for example `AwsSolutions-IAM5`. */
  readonly rules: readonly string[];
  /** What may carry it: matched against the construct path of the resource. */
  readonly path: RegExp;
  /** The sentence an auditor reads. */
  readonly reason: string;
  /** Where AWS or the rule's source says so. */
  readonly source: string;
}

/** Every class of acknowledged finding in the whole library. At most twelve. */
export const ACKNOWLEDGEMENT_CLASSES: readonly AcknowledgementClass[] = [];

/** The class that covers a finding, or undefined when the library did not acknowledge it (then a user did). */
export function acknowledgementClassOf(ruleId: string, constructPath: string): AcknowledgementClass | undefined {
  const base = ruleId.replace(/^[^:]+::/, '').replace(/\[.*$/s, '');
  return ACKNOWLEDGEMENT_CLASSES.find((c) => c.rules.includes(base) && c.path.test(constructPath));
}
