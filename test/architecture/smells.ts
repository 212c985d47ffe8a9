import * as path from 'node:path';
import * as ts from 'typescript';
import type { SourceTree } from './source-tree';

const MAX_LINES = 400;
/** Who reads the environment: handlers in one place, and at synthesis the record of whether the CDK's own validation is on. */
const ENVIRONMENT = ['lib/core/handler-environment.ts', 'lib/assurance/check-run.ts'];
const VAGUE = /(^|-)(utils?|helpers?|common|types?)\.ts$/;

/** Files whose name says nothing about what they hold. */
export function vagueNames(tree: SourceTree): string[] {
  return tree.files.filter((file) => VAGUE.test(path.posix.basename(file))).map((file) => `${file}: name it after the noun that it holds`);
}

/** Files that are too long to be about one thing. */
export function longFiles(tree: SourceTree): string[] {
  const lines = (file: string) => tree.source(file).text.trimEnd().split('\n').length;
  return tree.files.filter((file) => lines(file) > MAX_LINES).map((file) => `${file} has ${lines(file)} lines, more than ${MAX_LINES}`);
}

/** Statements in an `index.ts` that are not re-exports. */
export function codeInIndex(tree: SourceTree): string[] {
  return tree.files
    .filter((file) => path.posix.basename(file) === 'index.ts')
    .flatMap((file) => tree.source(file).statements.map((statement) => ({ file, statement })))
    .filter(({ statement }) => !(ts.isExportDeclaration(statement) && statement.moduleSpecifier))
    .map(({ file, statement }) => at(file, statement, 'an index holds exports of other files only'));
}

/** Reads of the environment outside the places for it. */
export function environmentReads(tree: SourceTree): string[] {
  return nodesOf(tree, (file) => !ENVIRONMENT.includes(file), isEnvironment, `read the environment with requireEnvironment`);
}

/** `instanceof CfnX`, which is false when two copies of the CDK are installed. */
export function instanceChecks(tree: SourceTree): string[] {
  const isCheck = (node: ts.Node) =>
    ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.InstanceOfKeyword && /(^|\.)Cfn\w*$/.test(node.right.getText());
  return nodesOf(tree, () => true, isCheck, 'use CfnX.isCfnX: instanceof is false for another copy of the CDK');
}

/** Children that a construct makes in the scope of its parent instead of its own. */
export function strayChildren(tree: SourceTree): string[] {
  const isStray = (node: ts.Node) => {
    if (!ts.isNewExpression(node)) return false;
    const [first] = node.arguments ?? [];
    if (!first || !ts.isIdentifier(first)) return false;
    const constructor = ts.findAncestor(node, ts.isConstructorDeclaration);
    return !!constructor?.parent.heritageClauses?.some(isExtends) && constructor.parameters[0]?.name.getText() === first.text;
  };
  return nodesOf(tree, () => true, isStray, 'make children in `this`, not in the scope of the parent');
}

/** Exported constants and functions that users reach: other languages do not get them. */
export function publicValues(tree: SourceTree): string[] {
  const found = new Set<string>();
  const seen = new Set<string>();
  const visit = (file: string, only: ReadonlySet<string> | undefined): void => {
    const key = `${file}|${only ? [...only].sort().join() : '*'}`;
    if (seen.has(key)) return;
    seen.add(key);
    const { statements } = tree.source(file);
    for (const statement of statements) {
      for (const name of valuesOf(statement)) if (!only || only.has(name)) found.add(at(file, statement, `${name} is public and no class`));
    }
    for (const statement of statements) {
      if (!ts.isExportDeclaration(statement) || statement.isTypeOnly || !statement.moduleSpecifier) continue;
      const target = tree.resolve(file, (statement.moduleSpecifier as ts.StringLiteral).text);
      const clause = statement.exportClause;
      const names = clause && ts.isNamedExports(clause) ? clause.elements.map((one) => (one.propertyName ?? one.name).text) : undefined;
      if (tree.has(target)) visit(target, names && new Set(names));
    }
  };
  visit('lib/index.ts', undefined);
  return [...found];
}

/** Tests that do not run, or keep others from running. */
export function silentTests(tree: SourceTree): string[] {
  const isSilent = (node: ts.Node) =>
    (ts.isPropertyAccessExpression(node) && /^(skip|only|todo|skipIf|runIf|fails)$/.test(node.name.text) && /^(test|it|describe|suite)$/.test(rootOf(node))) ||
    (ts.isIdentifier(node) && /^x(it|test|describe)$/.test(node.text));
  return nodesOf(tree, (file) => file.endsWith('.test.ts'), isSilent, 'a test runs, always and with all others');
}

/** Names of the constants and functions that a statement exports. */
function valuesOf(statement: ts.Statement): string[] {
  const exported = ts.canHaveModifiers(statement) && ts.getModifiers(statement)?.some((one) => one.kind === ts.SyntaxKind.ExportKeyword);
  if (!exported) return [];
  if (ts.isFunctionDeclaration(statement)) return [statement.name?.text ?? 'default'];
  return ts.isVariableStatement(statement) ? statement.declarationList.declarations.map((one) => one.name.getText()) : [];
}

function isEnvironment(node: ts.Node): boolean {
  if (ts.isPropertyAccessExpression(node)) return node.name.text === 'env' && /^(globalThis\.)?process$/.test(node.expression.getText());
  // `const { env } = process`, and the same by import.
  if (ts.isVariableDeclaration(node)) return node.initializer?.getText() === 'process' && /\benv\b/.test(node.name.getText());
  return ts.isImportDeclaration(node) && /^['"](node:)?process['"]$/.test(node.moduleSpecifier.getText());
}

function isExtends(clause: ts.HeritageClause): boolean {
  return clause.token === ts.SyntaxKind.ExtendsKeyword;
}

/** The first name of `a.b.c` or `a.b(…).c`. */
function rootOf(node: ts.Expression): string {
  if (ts.isPropertyAccessExpression(node) || ts.isCallExpression(node)) return rootOf(node.expression);
  return node.getText();
}

function nodesOf(tree: SourceTree, inFile: (file: string) => boolean, wanted: (node: ts.Node) => boolean, advice: string): string[] {
  const found: string[] = [];
  for (const file of tree.files.filter(inFile)) {
    tree.walk(file, (node) => {
      if (wanted(node)) found.push(at(file, node, advice));
    });
  }
  return found;
}

function at(file: string, node: ts.Node, message: string): string {
  const source = node.getSourceFile();
  return `${file}:${source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1}: ${message}`;
}
