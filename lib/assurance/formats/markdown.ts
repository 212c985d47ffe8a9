import type { ControlEvidence, ControlStatus, Evidence } from '../evidence/evidence';
import { STATUS_TEXT } from '../evidence/status-text';
import { SEVERITIES } from '../rules/rule';

/** Evidence as Markdown: tables that a review shows as they are. */
export function markdownOf(evidence: Evidence): string {
  const { controls, findings, acknowledged, packs, packAcknowledgements, weakerChoices, proofs } = evidence;
  const { inventory, access, gaps, assumptions } = evidence;
  return [
    '# Security evidence',
    `${evidence.templates.length} templates, ${sum(evidence.templates.map(({ resources }) => resources))} resources` +
      `${evidence.evaluationDate === undefined ? '' : `, as of ${evidence.evaluationDate}`}. It supports an audit; it claims no compliance.`,
    '## Controls',
    table(['status', 'controls'], statusRows(controls)),
    table(
      ['control', 'title', 'status', 'declared by', 'rules', 'proofs', 'open', 'kept'],
      controls.map((c) => [
        c.id, c.title, STATUS_TEXT[c.status], `${c.declaredBy.length}`, `${c.rules.length}`, `${c.proofs.length}`, `${c.openFindings}`,
        `${c.acknowledgedFindings}`,
      ]),
    ),
    '## Findings',
    findings.length === 0
      ? 'Nothing is open.'
      : table(
          ['severity', 'rule', 'resource', 'property', 'what'],
          SEVERITIES.flatMap((level) => findings.filter(({ severity }) => severity === level)).map((f) => [
            f.severity, f.ruleId, f.constructPath ?? f.resource, f.path, `${f.verdict === 'UNDETERMINED' ? 'undetermined: ' : ''}${f.message}`,
          ]),
        ),
    '## Kept on purpose',
    acknowledged.length + packAcknowledgements.length === 0
      ? 'Nothing is acknowledged.'
      : table(
          ['rule', 'class', 'resources', 'reason'],
          [
            ...acknowledged.map((a) => [a.ruleId, 'USER', a.constructPath ?? a.resource, a.reason]),
            ...packAcknowledgements.map((a) => [a.rule, a.classId, `${a.resources.length}`, a.reason]),
          ],
        ),
    '## Weaker choices',
    weakerChoices.length === 0
      ? 'None.'
      : table(
          ['where', 'setting', 'reason', 'owner', 'expires', 'days left'],
          weakerChoices.map((w) => [w.at, w.setting, w.reason, w.owner, w.expires, `${w.daysLeft ?? ''}`]),
        ),
    '## Proofs',
    proofs.length === 0
      ? 'None.'
      : table(
          ['attack', 'verdict', 'layers', 'details'],
          proofs.map((p) => [`${p.id} ${p.title}`, p.verdict, p.layers.join(', '), p.details.join('; ')]),
        ),
    '## Public packs',
    packs.length === 0
      ? 'No public pack left its results in the assembly.'
      : table(
          ['pack', 'version', 'rules', 'evaluations', 'open', 'kept', 'completed'],
          packs.map((p) => [p.name, p.version ?? '', `${p.rules}`, `${p.evaluations}`, `${p.open}`, `${p.acknowledged}`, p.completed ? 'yes' : 'no']),
        ),
    '## Where data, models and keys live',
    table(
      ['resource', 'type', 'class', 'account', 'region', 'keys'],
      inventory.map((i) => [i.constructPath ?? i.resource, i.type, i.dataClass ?? '', i.account, i.region, i.keys.join(', ')]),
    ),
    '## Who can do what',
    table(
      ['principal', 'actions', 'resources', 'only if'],
      access.flatMap(({ principal, constructPath, grants }) =>
        grants.map((g) => [constructPath ?? principal, g.actions.join(', '), g.resources.join(', '), g.conditions.join(', ')]),
      ),
    ),
    '## Not judged, and taken for granted',
    gaps.length + assumptions.length === 0 ? 'Nothing.' : [...gaps, ...assumptions].map((line) => `- ${cell(line)}`).join('\n'),
  ].join('\n\n') + '\n';
}

function statusRows(controls: readonly ControlEvidence[]): string[][] {
  const statuses = Object.keys(STATUS_TEXT) as ControlStatus[];
  return statuses.map((status) => [STATUS_TEXT[status], `${controls.filter((control) => control.status === status).length}`]);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows.map((row) => row.map(cell))].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

/** Text from a template must not become markup, nor a new row. */
function cell(text: string): string {
  return text.replace(/[\\`*_{}[\]<>#|~]/g, '\\$&').replace(/\s+/g, ' ');
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, n) => total + n, 0);
}
