import type { ControlId } from '../../core/control-declarations';
import type { Severity } from './rule';

/** What a rule found at one resource. */
export interface Finding {
  readonly ruleId: string;
  readonly severity: Severity;
  readonly verdict: 'VIOLATED' | 'UNDETERMINED';
  /** True when the rule looks for evidence that may also exist outside of the templates: noted, and no failure by itself. */
  readonly evidenceOnly?: boolean;
  /** `stackId/LogicalId`. */
  readonly resource: string;
  readonly resourceType: string;
  /** Path of the construct, where the template says. */
  readonly constructPath?: string;
  /** Property path; empty for the resource as a whole. */
  readonly path: string;
  readonly message: string;
  readonly controls: readonly ControlId[];
  /** Template that the resource stands in, where known. */
  readonly source?: string;
  /** Place in the code of the app that made it, where the assembly says: `file:line:column`. */
  readonly location?: string;
  /** Same for the same rule, resource and property in a later run: what a baseline compares. */
  readonly fingerprint: string;
}

/** What else makes a run fail, or does not. */
export interface FailureOptions {
  /** Whether what the templates do not decide is only noted. @default false */
  readonly allowUndetermined?: boolean;
  /** Whether missing evidence counts as well. @default false */
  readonly requireEvidence?: boolean;
}

/** Whether a finding makes a run fail: undetermined is no pass, and missing evidence is a note, unless the options say otherwise. */
export function failsOn({ verdict, evidenceOnly }: Finding, { allowUndetermined, requireEvidence }: FailureOptions = {}): boolean {
  return (verdict === 'VIOLATED' || allowUndetermined !== true) && (evidenceOnly !== true || requireEvidence === true);
}
