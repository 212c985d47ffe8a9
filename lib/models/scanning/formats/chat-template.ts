import { createHash } from 'node:crypto';
import type { ReasonCode } from '../reason';
import type { ScanContext } from '../scan-context';

const MAX_TEMPLATE = 256 * 1024;

/** What a template engine's sandbox is broken out with, as it stands in templates once escapes are undone. */
const RULES: readonly { readonly code: ReasonCode; readonly pattern: RegExp }[] = [
  { code: 'TEMPLATE_CODE', pattern: /__\w{2,40}__/ },
  { code: 'TEMPLATE_CODE', pattern: /\|\s*(?:map|(?:select|reject)(?:attr)?|groupby|sort|sum|unique|min|max)\s*\([^)]{0,40}['"]_/ },
  { code: 'TEMPLATE_CODE', pattern: /\|\s*attr\b/ },
  { code: 'TEMPLATE_CODE', pattern: /\b(?:lipsum|cycler|joiner|self|request|config|url_for|get_flashed_messages)\s*(?:\.|\[|\()/ },
  { code: 'TEMPLATE_CODE', pattern: /\bnamespace\s*(?:\.|\[)/ },
  { code: 'TEMPLATE_CODE', pattern: /\{%[-+]?\s*(?:import|include|extends|from)\b/ },
  { code: 'TEMPLATE_CODE', pattern: /\b(?:popen|subprocess|getattr|globals|builtins|mro|subclasses|os\.system|eval|exec)\b\s*[([]/ },
  { code: 'TEMPLATE_CODE', pattern: /\.(?:format_map|gi_frame|f_globals|f_back|cr_frame|tb_frame|func_globals)\b/ },
  { code: 'TEMPLATE_SUSPICIOUS', pattern: /['"]_{1,2}['"]/ },
  { code: 'TEMPLATE_SUSPICIOUS', pattern: /(?:['"][^'"]{0,3}['"]\s*[~+]\s*){6}/ },
  { code: 'TEMPLATE_SUSPICIOUS', pattern: /\\[uU]\d|\\x[0-9a-fA-F]|\\[0-7]{3}|\\N\{/ },
  { code: 'TEMPLATE_SUSPICIOUS', pattern: /%c/ },
  { code: 'TEMPLATE_SUSPICIOUS', pattern: /[\u200b-\u200f\u202a-\u202e\u2060-\u2069\u{e0000}-\u{e007f}]/u },
];

/**
 * Judges a Jinja chat template: attribute walks to the interpreter, imports, escapes that hide such things, invisible characters.
 *
 * A template whose SHA-256 the policy lists was reviewed by a person and is not judged.
 */
export function scanChatTemplate(template: string, offset: number, context: ScanContext): void {
  const digest = createHash('sha256').update(template, 'utf8').digest('hex');
  if (context.policy.chatTemplates.includes(digest)) {
    return;
  }
  if (template.length > MAX_TEMPLATE) {
    context.report('LIMIT_EXCEEDED', offset, `chat template of ${template.length} characters`);
    return;
  }
  // One blank for many: the patterns below need no second look at long runs of them.
  const code = insideBlocks(template).replace(/\s+/g, ' ');
  const plain = unescape(code);
  for (const rule of RULES) {
    const match = rule.pattern.exec(plain) ?? rule.pattern.exec(code);
    if (match !== null) {
      context.report(rule.code, offset, `chat template ${digest.slice(0, 12)}: ${match[0]}`);
    }
  }
  if (/[\u200b-\u200f\u202a-\u202e\u2060-\u2069\u{e0000}-\u{e007f}]/u.test(template)) {
    context.report('TEMPLATE_SUSPICIOUS', offset, `chat template ${digest.slice(0, 12)}: invisible characters`);
  }
}

/** The code of a template, statements and expressions; text between them is never run. Line statements are off by default. */
function insideBlocks(template: string): string {
  const blocks: string[] = [];
  for (let at = 0; ;) {
    const start = firstOf(template, ['{%', '{{'], at);
    if (start < 0) {
      return blocks.join('\n');
    }
    const end = template.indexOf(template[start + 1] === '%' ? '%}' : '}}', start + 2);
    // A quoted end mark cuts a block short here and not in Jinja, so what follows is taken along up to the next block as well.
    const next = firstOf(template, ['{%', '{{'], start + 2);
    const following = next < 0 ? template.length : next;
    const stop = end < 0 ? template.length : Math.max(end + 2, quoted(template.slice(start, end)) ? following : 0);
    blocks.push(template.slice(start, stop));
    at = Math.max(stop, start + 2);
  }
}

function quoted(text: string): boolean {
  return (text.split("'").length - 1) % 2 === 1 || (text.split('"').length - 1) % 2 === 1;
}

function firstOf(text: string, marks: readonly string[], from: number): number {
  const found = marks.map((mark) => text.indexOf(mark, from)).filter((index) => index >= 0);
  return found.length === 0 ? -1 : Math.min(...found);
}

/** Undoes the escapes of Jinja's text literals and joins literals that are written side by side or added up. */
function unescape(code: string): string {
  return code
    .replace(/\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|([0-7]{1,3}))/g, (_, hex?: string, unicode?: string, octal?: string) =>
      String.fromCharCode(octal === undefined ? parseInt(hex ?? unicode ?? '0', 16) : parseInt(octal, 8) & 0xff))
    .replace(/(['"])\s*[~+]?\s*\1/g, '');
}
