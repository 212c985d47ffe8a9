import type { GroundPolicy, GroundText } from './ground';
import type { Placeholders } from './placeholders';

/**
 * Patterns that may or may not match a generated name, depending on the characters that CloudFormation will choose.
 *
 * A claim must not rest on them.
 */
export function ambiguousNames(policies: Iterable<GroundPolicy>, placeholders: Placeholders): string[] {
  const patterns = new Map<string, string>();
  for (const policy of policies) {
    for (const s of policy.statements) {
      for (const text of [...(s.resources?.texts ?? []), ...s.conditions.flatMap((c) => c.values)]) collect(text, s.label, patterns);
    }
  }
  const found: string[] = [];
  for (const [name, { resource, fixed }] of placeholders.generated) {
    for (const [pattern, label] of patterns) {
      if (separates(pattern, name, fixed))
        found.push(`'${pattern}' of ${label} may or may not match the generated name of ${resource} ('${fixed}…')`);
    }
  }
  return found;
}

function collect(text: GroundText, label: string, patterns: Map<string, string>): void {
  if (text.pieces.length !== 1 || text.pieces[0].kind !== 'TEXT') return;
  const pattern = text.pieces[0].text;
  if (/[*?]/.test(pattern) && pattern !== '*') patterns.set(pattern, label);
}

/** True if the pattern's last segment runs into the random part with characters of its own. */
function separates(pattern: string, name: string, fixed: string): boolean {
  if (fixed === '') return false;
  const at = pattern.lastIndexOf(':') + 1;
  const local = pattern.slice(at).replace(/^(?:[a-z-]+\/)/, '');
  const wildcard = local.search(/[*?]/);
  const head = wildcard < 0 ? local : local.slice(0, wildcard);
  // Longer than what is fixed and in agreement with it: what follows is decided by random characters.
  return head.length > fixed.length && head.startsWith(fixed) && head.length <= name.length && !name.startsWith(head);
}
