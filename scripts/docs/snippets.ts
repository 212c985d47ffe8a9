import * as fs from 'node:fs';
import * as path from 'node:path';
import ts from 'typescript';
import { parseMarkdown } from './markdown';

/** A piece of code that a reader may copy. */
interface Snippet {
  readonly file: string;
  /** Line of its first line, from 1. */
  readonly line: number;
  readonly text: string;
}

const IMPORT = /^import\s(?:[^;]*?\sfrom\s)?['"][^'"]+['"];?[ \t]*$/gm;
const LANGUAGES = new Set(['ts', 'typescript']);

/** The number of code blocks, and those that do not compile against the built package, as `file:line: text`. */
export function uncompiledSnippets(root: string, files: readonly string[]): { readonly count: number; readonly problems: string[] } {
  const snippets = [...files.flatMap((file) => documentSnippets(root, file)), ...exampleSnippets(root)];
  const fixture = readFixture(root);
  const sources = new Map(snippets.map((snippet, i) => [path.join(root, 'docs', `snippet-${i}.ts`), { snippet, text: moduleOf(snippet, fixture) }]));
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.Node20,
    moduleResolution: ts.ModuleResolutionKind.Node16,
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    esModuleInterop: true,
    types: ['node'],
  };
  const host = ts.createCompilerHost(options);
  const fileExists = host.fileExists.bind(host);
  const readFile = host.readFile.bind(host);
  // Beside the documents in name only: the package then resolves itself through its own exports.
  host.fileExists = (file) => sources.has(path.normalize(file)) || fileExists(file);
  host.readFile = (file) => sources.get(path.normalize(file))?.text ?? readFile(file);
  host.getCurrentDirectory = () => root;
  const program = ts.createProgram([...sources.keys()], options, host);
  const problems = ts.getPreEmitDiagnostics(program).map((diagnostic) => {
    const text = ts.flattenDiagnosticMessageText(diagnostic.messageText, ' ');
    const found = diagnostic.file && sources.get(path.normalize(diagnostic.file.fileName));
    if (!found || !diagnostic.file) return text;
    const at = diagnostic.file.getLineAndCharacterOfPosition(diagnostic.start ?? 0).line;
    return `${found.snippet.file}:${found.snippet.line + Math.max(0, at - fixture.lines)}: ${text}`;
  });
  return { count: snippets.length, problems };
}

function documentSnippets(root: string, file: string): Snippet[] {
  const { blocks } = parseMarkdown(fs.readFileSync(path.join(root, file), 'utf8'));
  return blocks.filter(({ language }) => LANGUAGES.has(language)).map(({ line, text }) => ({ file, line, text }));
}

/** Every `@example` of the package, as jsii recorded it. */
function exampleSnippets(root: string): Snippet[] {
  const assembly: unknown = JSON.parse(fs.readFileSync(path.join(root, '.jsii'), 'utf8'));
  const snippets: Snippet[] = [];
  visit((assembly as { readonly types?: unknown }).types, { filename: '.jsii', line: 1 });
  return snippets;

  function visit(node: unknown, place: { readonly filename: string; readonly line: number }): void {
    if (typeof node !== 'object' || node === null) return;
    const { locationInModule, docs } = node as { locationInModule?: typeof place; docs?: { example?: unknown } };
    const here = locationInModule ?? place;
    if (typeof docs?.example === 'string') snippets.push({ file: here.filename, line: here.line, text: docs.example });
    for (const child of Object.values(node)) visit(child, here);
  }
}

interface Fixture {
  readonly imports: string;
  readonly declarations: string;
  /** Lines that stand before a snippet's first one. */
  readonly lines: number;
}

function readFixture(root: string): Fixture {
  const [text = ''] = fs.readFileSync(path.join(root, 'rosetta', 'default.ts-fixture'), 'utf8').split('/// here');
  const imports = text.match(IMPORT)?.join('') ?? '';
  const declarations = text.replace(IMPORT, '').replace(/^\/\/.*$/gm, '').replaceAll('\n', ' ');
  return { imports, declarations, lines: 1 };
}

/** A module with the snippet in a function, so that what it declares hides what the fixture does; its lines keep their order. */
function moduleOf({ text }: Snippet, fixture: Fixture): string {
  const imports = text.match(IMPORT)?.map((line) => line.replaceAll('\n', ' ')).join(' ');
  const body = text.replace(IMPORT, (lines) => lines.replace(/[^\n]/g, '')).replace(/^export (?=class|const|function|interface|enum|abstract)/gm, '');
  const head = `${imports ?? fixture.imports} ${fixture.declarations} export async function snippet(this: import('constructs').Construct) {`;
  return `${head}\n${body}\n}\n`;
}
