/** A fenced code block of a document. */
export interface CodeBlock {
  readonly language: string;
  readonly text: string;
  /** Line of its first line of code, from 1. */
  readonly line: number;
}

/** The fenced code blocks of a document, and its lines with those blocks and inline code blanked. */
export function parseMarkdown(text: string): { readonly blocks: CodeBlock[]; readonly prose: string[] } {
  const blocks: CodeBlock[] = [];
  const prose: string[] = [];
  let open: { fence: string; language: string; lines: string[]; line: number } | undefined;
  for (const [index, line] of text.split('\n').entries()) {
    const [, indent = '', fence, language] = /^( *)(`{3,}|~{3,})\s*([\w-]*)/.exec(line) ?? [];
    if (open) {
      if (fence?.startsWith(open.fence)) {
        blocks.push({ language: open.language, text: open.lines.join('\n'), line: open.line });
        open = undefined;
      } else {
        open.lines.push(line);
      }
      prose.push('');
    } else if (fence && indent.length < 4) {
      open = { fence, language: language ?? '', lines: [], line: index + 2 };
      prose.push('');
    } else {
      prose.push(line.replace(/`[^`]*`/g, (code) => ' '.repeat(code.length)));
    }
  }
  return { blocks, prose };
}

/** A table; a `|` in a cell does not end it. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
  return [line(head), `|${head.map(() => '---|').join('')}`, ...rows.map(line)].join('\n');
}
