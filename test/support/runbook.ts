import * as fs from 'node:fs';
import * as path from 'node:path';

/** The anchors of the runbook's entries, as GitHub makes them of headings. */
export function headings(): string[] {
  const text = fs.readFileSync(path.join(__dirname, '..', '..', 'docs', 'runbook.md'), 'utf8');
  return [...text.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading.toLowerCase().replace(/[^a-z0-9 -]/g, '').replaceAll(' ', '-'));
}
