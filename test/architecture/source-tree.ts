import * as fs from 'node:fs';
import * as path from 'node:path';
import * as ts from 'typescript';

/** When an import takes effect: never at run time, when the file is loaded, or when a function runs. */
export type ImportKind = 'type' | 'load' | 'use';

/** One import of a file. */
export interface Import {
  readonly from: string;
  /** A file of the tree, or the name of a package. */
  readonly to: string;
  readonly kind: ImportKind;
}

/** TypeScript files by their path from the root of the repository, parsed once. */
export class SourceTree {
  /** All TypeScript files in folders of the repository. */
  public static read(root: string, ...folders: string[]): SourceTree {
    const files = folders.flatMap((folder) =>
      fs
        .readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
        .map((file) => path.posix.join(folder, file.replaceAll(path.sep, '/')))
        .filter((file) => /(?<!\.d)\.ts$/.test(file) && !/(^|\/)(node_modules|cdk\.out)\//.test(file)),
    );
    return new SourceTree(Object.fromEntries(files.map((file) => [file, fs.readFileSync(path.join(root, file), 'utf8')])));
  }

  public readonly files: readonly string[];
  private readonly parsed: ReadonlyMap<string, ts.SourceFile>;

  constructor(texts: Readonly<Record<string, string>>) {
    this.files = Object.keys(texts).sort();
    this.parsed = new Map(this.files.map((file) => [file, ts.createSourceFile(file, texts[file], ts.ScriptTarget.Latest, true)]));
  }

  public has(file: string): boolean {
    return this.parsed.has(file);
  }

  public source(file: string): ts.SourceFile {
    const source = this.parsed.get(file);
    if (!source) throw new Error(`${file} is not part of the tree`);
    return source;
  }

  /**
   * The imports of a file.
   *
   * @throws when a relative one leads nowhere: a graph with holes proves nothing
   */
  public imports(file: string): Import[] {
    return importsOf(this.source(file)).map(({ specifier, kind }) => ({ from: file, to: this.resolve(file, specifier), kind }));
  }

  /** The files that are loaded when one is, itself included. */
  public loadedWith(file: string): string[] {
    const seen = new Set<string>();
    const visit = (current: string): void => {
      if (seen.has(current)) return;
      seen.add(current);
      for (const { to, kind } of this.imports(current)) if (kind === 'load' && this.has(to)) visit(to);
    };
    visit(file);
    return [...seen];
  }

  /** The file of the tree that a specifier leads to, or the name of the package. */
  public resolve(file: string, specifier: string): string {
    if (!specifier.startsWith('.')) return packageOf(specifier);
    // An import on use names the compiled file.
    const base = path.posix.join(path.posix.dirname(file), specifier).replace(/\.js$/, '');
    const found = [`${base}.ts`, `${base}/index.ts`].find((candidate) => this.has(candidate));
    if (!found) throw new Error(`${file} imports '${specifier}', which is not part of the tree`);
    return found;
  }

  /** Calls a function for each node of a file. */
  public walk(file: string, visit: (node: ts.Node) => void): void {
    const down = (node: ts.Node): void => {
      visit(node);
      ts.forEachChild(node, down);
    };
    down(this.source(file));
  }
}

/** `@scope/name` or `name` of a specifier, without the path inside the package. */
function packageOf(specifier: string): string {
  return specifier.split('/').slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
}

function importsOf(source: ts.SourceFile): { specifier: string; kind: ImportKind }[] {
  const found: { specifier: string; kind: ImportKind }[] = [];
  const add = (specifier: ts.Node | undefined, kind: ImportKind): void => {
    if (specifier && ts.isStringLiteralLike(specifier)) found.push({ specifier: specifier.text, kind });
  };
  const visit = (node: ts.Node, inFunction: boolean): void => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, isTypeOnly(node.importClause) ? 'type' : 'load');
    else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly ? 'type' : 'load');
    else if (ts.isImportEqualsDeclaration(node) && ts.isExternalModuleReference(node.moduleReference)) {
      add(node.moduleReference.expression, node.isTypeOnly ? 'type' : 'load');
    } else if (ts.isImportTypeNode(node)) add(ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined, 'type');
    else if (ts.isCallExpression(node) && (node.expression.kind === ts.SyntaxKind.ImportKeyword || isRequire(node.expression))) {
      add(node.arguments[0], inFunction ? 'use' : 'load');
    }
    ts.forEachChild(node, (child) => visit(child, inFunction || ts.isFunctionLike(node)));
  };
  visit(source, false);
  return found;
}

function isRequire(expression: ts.Expression): boolean {
  return ts.isIdentifier(expression) && expression.text === 'require';
}

/** `import type …`, or an import of which each name is marked as a type. */
function isTypeOnly(clause: ts.ImportClause | undefined): boolean {
  if (!clause) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const names = clause.namedBindings;
  return !clause.name && !!names && ts.isNamedImports(names) && names.elements.length > 0 && names.elements.every((name) => name.isTypeOnly);
}
