import * as os from 'node:os';
import { table } from '../docs/markdown';
import type { Measure } from './measure';
import { HEAD, cells, isMissed } from './measure';

/** `docs/benchmarks.md`. */
export function page(measures: readonly Measure[]): string {
  return `# Benchmarks

Measured by \`npm run bench\` with Node ${process.versions.node.split('.')[0]} on ${os.cpus().length} cores. CPU is user and system time of whole processes. Times are medians of
interleaved runs, with the CDK's validation off on both sides where nothing else is said: the ratio within one run counts, not the milliseconds.
Rows without a budget are there for the reader.

${table(HEAD, measures.map(cells))}
${missed(measures)}`;
}

/** What a profile of each missed budget shows, once for all rows that share it. */
function missed(measures: readonly Measure[]): string {
  const reasons = new Set(measures.filter(isMissed).map(({ what, explanation }) => explanation ?? `${what}: not explained yet.`));
  if (reasons.size === 0) return '';
  return `
## What a missed budget is made of

${[...reasons].map(wrapped).join('\n\n')}
`;
}

function wrapped(text: string): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + word.length > 139) {
      lines.push(line);
      line = '';
    }
    line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].join('\n');
}
