import type { Finding } from './finding';
import type { Rule, Severity } from './rule';
import { SEVERITIES } from './rule';

/** Finds rules by id or name, whatever the case, with or without prefix; undefined when there is none. */
export function ruleNamed(rules: readonly Rule[], given: string): Rule | undefined {
  const folded = given.toLowerCase();
  return rules.find(({ id, name }) => [id, name, id.replace(/^AISec-/, '')].some((one) => one.toLowerCase() === folded));
}

/** Whether a finding is at least as severe as the threshold. */
export function isAtLeastAsSevere(finding: Pick<Finding, 'severity'>, threshold: Severity): boolean {
  return SEVERITIES.indexOf(finding.severity) <= SEVERITIES.indexOf(threshold);
}
