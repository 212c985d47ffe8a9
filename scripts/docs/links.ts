import * as fs from 'node:fs';
import * as path from 'node:path';
import { parseMarkdown } from './markdown';

/** The relative links and anchors of documents that lead nowhere, as `file:line: text`. */
export function brokenLinks(root: string, files: readonly string[]): string[] {
  const anchors = new Map<string, Set<string>>();
  const anchorsOf = (file: string) => {
    const known = anchors.get(file) ?? anchorsIn(fs.readFileSync(file, 'utf8'));
    anchors.set(file, known);
    return known;
  };
  return files.flatMap((file) => {
    const { prose } = parseMarkdown(fs.readFileSync(path.join(root, file), 'utf8'));
    return prose.flatMap((line, index) =>
      targetsIn(line)
        .map((target) => problemOf(root, file, target, anchorsOf))
        .filter((problem) => problem !== undefined)
        .map((problem) => `${file}:${index + 1}: ${problem}`),
    );
  });
}

function targetsIn(line: string): string[] {
  const inline = [...line.matchAll(/\]\(\s*<?([^)>\s]+)>?(?:\s+"[^"]*")?\s*\)/g)];
  const reference = [...line.matchAll(/^\s{0,3}\[[^\]]+\]:\s*<?([^>\s]+)>?/g)];
  const html = [...line.matchAll(/\b(?:href|src)="([^"]+)"/g)];
  return [...inline, ...reference, ...html].map(([, target]) => target);
}

function problemOf(root: string, from: string, target: string, anchorsOf: (file: string) => Set<string>): string | undefined {
  if (/^[a-z][a-z+.-]*:/i.test(target) || target.startsWith('//')) return undefined;
  const [encodedPath = '', encodedAnchor] = target.split('#');
  const file = encodedPath === '' ? path.join(root, from) : path.resolve(root, path.dirname(from), decodeURIComponent(encodedPath));
  if (path.relative(root, file).startsWith('..')) return `the link '${target}' leaves the repository`;
  if (!fs.existsSync(file)) return `the link '${target}' leads nowhere`;
  if (!encodedAnchor || !file.endsWith('.md')) return undefined;
  return anchorsOf(file).has(decodeURIComponent(encodedAnchor)) ? undefined : `the link '${target}' names an anchor that is not there`;
}

/** Headings as GitHub spells their anchors, and anchors written in HTML. */
function anchorsIn(text: string): Set<string> {
  const found = new Set<string>();
  // Not the prose: code in a heading is a part of its anchor.
  const { prose } = parseMarkdown(text);
  const lines = text.split('\n');
  for (const [index, blanked] of prose.entries()) {
    const line = lines[index];
    for (const [, anchor] of line.matchAll(/\b(?:id|name)="([^"]+)"/g)) found.add(anchor);
    const heading = /^ {0,3}#{1,6}\s/.test(blanked) ? line.replace(/^[\s#]+/, '').replace(/\s+#+\s*$/, '') : undefined;
    if (heading === undefined) continue;
    const slug = slugOf(heading);
    let unique = slug;
    for (let again = 1; found.has(unique); again++) unique = `${slug}-${again}`;
    found.add(unique);
  }
  return found;
}

function slugOf(heading: string): string {
  return heading
    .replace(/<[^>]*>/g, '')
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .toLowerCase()
    .trim()
    .replace(/[^\p{L}\p{N}\p{M}_\- ]/gu, '')
    .replaceAll(' ', '-');
}
