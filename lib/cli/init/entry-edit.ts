import { closingBracket, codeMask, isTopLevel } from './code-mask';

/** Name of the first stack that is added. */
export const STACK_NAME = 'SecureModels';

/** Name of the file with the findings that an app has already. */
export const BASELINE_FILE = 'secure-ai-baseline.json';

/** How the modules of an app name each other. */
export interface ModuleStyle {
  /** `import` or `require`. */
  readonly kind: 'IMPORT' | 'REQUIRE';
  readonly quote: "'" | '"';
}

/** What an edit needs to know beside the text. */
export interface EntryPlace {
  /** How the entry names the file of the new stack, for example `../lib/secure-models-stack`. */
  readonly stackModule: string;
}

/** The edited text, or why it is left alone. */
export type EntryEdit = { readonly text: string; readonly style: ModuleStyle } | { readonly refused: string };

const APP = /^(?:export\s+)?(?:const|let|var)\s+([A-Za-z_$][\w$]*)\s*(?::\s*[\w$.]+\s*)?=\s*new\s+(?:[\w$]+\.)?App\s*\(/gm;
const IMPORT = /^import\b[^'"`;]*(['"]) *\1[^\n]*\n/gm;
const REQUIRE = /^(?:const|let|var)\b[^'"`;=]*=\s*require\(\s*(['"]) *\1\s*\)[^\n]*\n/gm;

/** Adds the checks and the first stack to the code that makes an app. Takes nothing away. */
export function editEntry(text: string, { stackModule }: EntryPlace): EntryEdit {
  const mask = codeMask(text);
  if (mask === undefined) return { refused: 'it has a string or a comment that does not end' };
  const apps = [...mask.matchAll(APP)];
  if (apps.length !== 1) return { refused: `it has ${apps.length} statements of the form 'const app = new App(…)' at the start of a line; one is expected` };
  const [{ index, 0: head, 1: app }] = apps;
  if (!isTopLevel(mask, index)) return { refused: `'${app}' is made inside of a function or block` };
  const closing = closingBracket(mask, index + head.length - 1);
  if (closing === undefined) return { refused: `the call that makes '${app}' does not end` };
  const rest = /^[ \t]*;?[ \t]*(?=\r?\n|$)/.exec(mask.slice(closing + 1));
  if (rest === null) return { refused: `more code follows on the line that makes '${app}'` };

  const imports = lastOf(mask, IMPORT);
  const requires = lastOf(mask, REQUIRE);
  const found = imports ?? requires;
  if (found === undefined) return { refused: 'it has no import and no require at the start of a line' };
  if (found.end > index) return { refused: `an import follows the line that makes '${app}'` };
  const style: ModuleStyle = { kind: imports ? 'IMPORT' : 'REQUIRE', quote: found.quote };
  const taken = ['SecureAiChecks', 'SecureModelsStack'].find((name) => new RegExp(`\\b${name}\\b`).test(mask));
  if (taken !== undefined) return { refused: `it uses the name ${taken} already` };

  const q = style.quote;
  const after = closing + 1 + rest[0].length;
  const checks = `\nSecureAiChecks.addTo(${app}, { baselineFile: ${q}${BASELINE_FILE}${q} });`;
  const stack = `new SecureModelsStack(${app}, ${q}${STACK_NAME}${q});\n`;
  const end = endOfStacks(mask, app, after);
  if (end === undefined) return { refused: `'${app}.synth()' stands inside of a function or block` };
  const added = [
    { at: found.end, text: importOf('SecureAiChecks', 'cdk-secure-ai/assurance', style) + importOf('SecureModelsStack', stackModule, style) },
    { at: after, text: checks },
    { at: end, text: end === text.length && !text.endsWith('\n') ? `\n${stack}` : stack },
  ];
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  return { text: inserted(text, added.map((one) => ({ ...one, text: one.text.replaceAll('\n', newline) }))), style };
}

/** A line that takes a name from a module. */
export function importOf(name: string, from: string, { kind, quote }: ModuleStyle): string {
  const module = `${quote}${from}${quote}`;
  return kind === 'IMPORT' ? `import { ${name} } from ${module};\n` : `const { ${name} } = require(${module});\n`;
}

/** Before the line that synthesises, or at the end. */
function endOfStacks(mask: string, app: string, after: number): number | undefined {
  const synth = new RegExp(`^[ \\t]*${app.replaceAll('$', '\\$')}\\.synth\\(`, 'm').exec(mask.slice(after));
  if (synth === null) return mask.length;
  const at = after + synth.index;
  return isTopLevel(mask, at) ? at : undefined;
}

function lastOf(mask: string, pattern: RegExp): { readonly end: number; readonly quote: "'" | '"' } | undefined {
  const last = [...mask.matchAll(pattern)].filter(({ index }) => isTopLevel(mask, index)).at(-1);
  return last && { end: last.index + last[0].length, quote: last[1] === '"' ? '"' : "'" };
}

function inserted(text: string, additions: readonly { readonly at: number; readonly text: string }[]): string {
  let result = '';
  let from = 0;
  for (const { at, text: added } of additions) {
    result += text.slice(from, at) + added;
    from = at;
  }
  return result + text.slice(from);
}
