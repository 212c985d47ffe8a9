const CONTEXT = 3;

interface Line {
  readonly mark: ' ' | '+' | '-';
  readonly text: string;
}

/** The difference of two texts in the unified form, as `patch` and `git apply` read it; empty when there is none. */
export function lineDiff(file: string, before: string | undefined, after: string): string {
  const lines = compared(linesOf(before ?? ''), linesOf(after));
  const changed = lines.flatMap(({ mark }, i) => (mark === ' ' ? [] : [i]));
  if (changed.length === 0) return '';
  const hunks: [number, number][] = [];
  for (const i of changed) {
    const last = hunks.at(-1);
    if (last && i - CONTEXT <= last[1]) last[1] = i + CONTEXT + 1;
    else hunks.push([Math.max(0, i - CONTEXT), i + CONTEXT + 1]);
  }
  const head = [before === undefined ? '--- /dev/null' : `--- a/${file}`, `+++ b/${file}`];
  return [...head, ...hunks.map(([from, to]) => hunkText(lines, from, Math.min(to, lines.length)))].join('\n');
}

function hunkText(lines: readonly Line[], from: number, to: number): string {
  const range = (other: Line['mark']): string => {
    const start = lines.slice(0, from).filter(({ mark }) => mark !== other).length;
    const count = lines.slice(from, to).filter(({ mark }) => mark !== other).length;
    return `${count === 0 ? start : start + 1},${count}`;
  };
  const body = lines.slice(from, to).map(({ mark, text }) => (text.endsWith('\n') ? mark + text.slice(0, -1) : `${mark}${text}\n\\ No newline at end of file`));
  return [`@@ -${range('+')} +${range('-')} @@`, ...body].join('\n');
}

/** Lines of the older text that come again are kept, in order; what lies between is added, the rest taken away. */
function compared(before: readonly string[], after: readonly string[]): Line[] {
  const lines: Line[] = [];
  let next = 0;
  for (const text of before) {
    const found = after.indexOf(text, next);
    if (found < 0) {
      lines.push({ mark: '-', text });
      continue;
    }
    lines.push(...after.slice(next, found).map((added): Line => ({ mark: '+', text: added })), { mark: ' ', text });
    next = found + 1;
  }
  return [...lines, ...after.slice(next).map((text): Line => ({ mark: '+', text }))];
}

function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}
