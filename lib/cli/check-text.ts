import { failsOn, type Finding } from '../assurance/rules/finding';
import { SEVERITIES, type Severity } from '../assurance/rules/rule';
import type { Checked } from './checked';
import { displayText } from './display-text';
import { plainTable } from './table';
import type { Colours, Terminal } from './terminal';

/** What a check found, for people: one block for each rule, the worst first, and a line that sums up. */
export function checkText(checked: Checked, terminal: Terminal | undefined): string {
  const { open, known, acknowledged, judged } = checked;
  const paint = terminal?.colours;
  const rules = [...new Set(open.map(({ ruleId }) => ruleId))];
  const blocks = rules.map((id) => {
    const own = open.filter(({ ruleId }) => ruleId === id);
    const title = judged.tallies.find(({ rule }) => rule.id === id)?.rule.title ?? '';
    const head = `${severityText(own[0].severity, paint)}  ${paint ? paint.bold(id) : id}  ${title}`;
    return `${head}\n${plainTable(own.map(rowOf), terminal?.columns)}`;
  });
  return [...blocks, summary(checked, paint), ...notes(open, known.length, acknowledged.length, judged.gaps)].join('\n\n');
}

function rowOf(finding: Finding): [string, string, string] {
  const where = finding.constructPath ?? finding.resource;
  const mark = finding.evidenceOnly ? 'no evidence: ' : finding.verdict === 'UNDETERMINED' ? '? ' : '';
  return [`  ${displayText(where)}`, displayText(finding.path), displayText(`${mark}${finding.message}`)];
}

function severityText(severity: Severity, paint: Colours | undefined): string {
  const text = severity.padEnd(8);
  if (!paint) return text;
  if (severity === 'CRITICAL') return paint.bold(paint.red(text));
  return severity === 'HIGH' ? paint.red(text) : severity === 'MEDIUM' ? paint.yellow(text) : paint.dim(text);
}

function summary({ open, judged }: Checked, paint: Colours | undefined): string {
  const rules = judged.tallies.filter(({ applied }) => applied > 0).length;
  const scope = `${judged.resources} resources, ${judged.tallies.length} rules of which ${rules} had something to judge`;
  const evidence = open.filter(({ evidenceOnly }) => evidenceOnly).length;
  const noted = evidence > 0 ? [`${evidence} without evidence`] : [];
  if (open.length === evidence) return `${paint ? paint.green('✔') : '✔'} ${['nothing is open', ...noted].join(', ')}: ${scope}`;
  const violated = open.filter((finding) => failsOn(finding, { allowUndetermined: true }));
  const counts = SEVERITIES.map((severity) => ({ severity, n: violated.filter((f) => f.severity === severity).length }));
  const undecided = open.length - violated.length - evidence;
  const parts = [...counts.filter(({ n }) => n > 0).map(({ severity, n }) => `${n} ${severity}`), ...(undecided > 0 ? [`${undecided} undetermined`] : []), ...noted];
  return `${paint ? paint.red('✘') : '✘'} ${parts.join(', ')}: ${scope}`;
}

function notes(open: readonly Finding[], known: number, acknowledged: number, gaps: readonly string[]): string[] {
  const lines = [
    ...(known > 0 ? [`  ${known} known from before`] : []),
    ...(acknowledged > 0 ? [`  ${acknowledged} acknowledged in the app; --json shows the reasons`] : []),
    ...gaps.map((gap) => `  not judged: ${displayText(gap)}`),
    ...(open.length > 0 ? [`  why, and what to do: secure-ai explain ${open[0].ruleId}`] : []),
  ];
  return lines.length > 0 ? [lines.join('\n')] : [];
}
