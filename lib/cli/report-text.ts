import type { Evidence } from '../assurance/evidence/evidence';
import { STATUS_TEXT } from '../assurance/evidence/status-text';
import { displayText } from './display-text';
import type { Colours } from './terminal';

/** How many controls have each status. */
export function countsOf({ controls }: Evidence): Record<string, number> {
  return Object.fromEntries(Object.keys(STATUS_TEXT).map((status) => [status, controls.filter((c) => c.status === status).length]));
}

/** What a report shows, in a few lines, and where it was written. */
export function reportSummary(evidence: Evidence, files: readonly string[], colours: Colours): string {
  const counts = countsOf(evidence);
  const kept = evidence.acknowledged.length + evidence.packAcknowledgements.length;
  const open = evidence.findings.filter(({ evidenceOnly }) => !evidenceOnly).length;
  const parts = Object.entries(STATUS_TEXT).map(([status, text]) => `${counts[status]} ${text}`);
  const mark = counts.OPEN === 0 ? colours.green('✔') : colours.red('✘');
  return [
    `${mark} ${evidence.controls.length} controls: ${parts.join(', ')}`,
    `  ${open} open findings, ${evidence.findings.length - open} noted whose evidence may lie elsewhere, ${kept} kept on purpose, ` +
      `${evidence.weakerChoices.length} weaker choices`,
    ...files.map((file) => `  ${displayText(file)}`),
  ].join('\n');
}
