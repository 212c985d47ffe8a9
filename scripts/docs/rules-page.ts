import type { Rule } from '../../lib/assurance/rules/rule';
import { SEVERITIES } from '../../lib/assurance/rules/rule';
import { RULE_PACK } from '../../lib/assurance/rules/rule-pack';
import { table } from './markdown';

/** `docs/rules.md`: every rule with its attack and its remedy. */
export function rulesPage(): string {
  const counts = SEVERITIES.map((severity) => `${RULE_PACK.filter((rule) => rule.severity === severity).length} ${severity.toLowerCase()}`);
  return [
    '# Rules',
    `Printed from the rules; do not edit. ${RULE_PACK.length} rules: ${counts.join(', ')}. \`SecureAiChecks\` applies them at synthesis, ` +
      '`secure-ai check` to any assembly or template, and `secure-ai explain RULE` shows one.',
    'A rule says compliant, violated or undetermined. What a template does not decide is never a pass. Rules marked "evidence only" look ' +
      'for something that may also exist outside of the templates.',
    table(['Rule', 'Severity', 'What must hold', 'Controls'], RULE_PACK.map((rule) => [link(rule), rule.severity.toLowerCase(), rule.title, rule.controls.join(', ')])),
    ...RULE_PACK.map(section),
    '',
  ].join('\n\n').trimEnd() + '\n';
}

function link({ id }: Rule): string {
  return `[${id}](#${id.toLowerCase()})`;
}

function section(rule: Rule): string {
  const threats = rule.threats.length > 0 ? ` (${rule.threats.join(', ')})` : '';
  return [
    `## ${rule.id}`,
    `**${rule.name}**, ${rule.severity.toLowerCase()}${rule.evidenceOnly ? ', evidence only' : ''}: ${rule.title}.`,
    `Attack: ${rule.why}${threats}`,
    `Remedy: ${rule.remedy}`,
    // No language on the fence: an example is a fragment, which the check of code blocks could not compile.
    `\`\`\`text\n${rule.example}\n\`\`\``,
    `Looks at ${rule.types.map((type) => `\`${type}\``).join(', ')}. Source: <${rule.source}>`,
  ].join('\n\n');
}
