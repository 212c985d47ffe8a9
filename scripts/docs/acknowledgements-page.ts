import { ACKNOWLEDGEMENT_CLASSES } from '../../lib/core/acknowledgement-classes';
import { table } from './markdown';

/** `docs/acknowledgements.md`. */
export function acknowledgementsPage(): string {
  const rows = ACKNOWLEDGEMENT_CLASSES.map(({ id, kind, rules, reason, source }) => [
    `\`${id}\``,
    `\`${kind}\``,
    rules.map((rule) => `\`${rule}\``).join('<br>'),
    reason,
    `<${source}>`,
  ]);
  return `# Acknowledged findings

The library leaves these findings of the public packs on purpose, and no others: the list is closed, and \`checks.json\` shows each finding
with its class and reason.

- \`AWS_LIMIT\`: AWS itself refuses what the rule asks for.
- \`SCANNER_DEFECT\`: the rule is wrong about the resource.
- \`DESIGN\`: the rule conflicts with a stronger protection that the library chose.

${table(['class', 'kind', 'rules', 'reason', 'source'], rows)}
`;
}
