/** Whether a file may be in the tarball. */
const ALLOWED = [
  /^dist\/.+\.(js|d\.ts)$/,
  /^assets\/[a-z-]+\/[a-z-]+\/index\.mjs$/,
  /^assets\/THIRD-PARTY-NOTICES\.txt$/,
  /^docs\/api\/[a-z]+\.md$/,
  /^(\.jsii|API\.md|CHANGELOG\.md|LICENSE|README\.md|package\.json)$/,
];
const FORBIDDEN = [/\.lambda\.(js|d\.ts)$/, /\.tsbuildinfo$/, /(?<!\.d)\.ts$/, /source-hash$/];

const NEEDED = ['.jsii', 'LICENSE', 'README.md', 'package.json', 'dist/index.js', 'dist/index.d.ts', 'dist/cli/secure-ai.js'];

/** What is wrong with the files of a tarball; empty when nothing is. */
export function tarballProblems(files: readonly string[], assets: readonly string[]): string[] {
  const unwanted = files.filter((file) => FORBIDDEN.some((pattern) => pattern.test(file)) || !ALLOWED.some((pattern) => pattern.test(file)));
  const missing = [...NEEDED, ...assets].filter((file) => !files.includes(file));
  return [...unwanted.map((file) => `${file} must not be in the tarball`), ...missing.map((file) => `${file} is missing from the tarball`)];
}

interface Assembly {
  readonly schema?: string;
  readonly name?: string;
  readonly types?: Readonly<Record<string, unknown>>;
}

/** What is wrong with a jsii assembly for a package with the given public types; empty when nothing is. */
export function assemblyProblems(assembly: Assembly, types: readonly string[]): string[] {
  if (assembly.schema !== 'jsii/0.10.0') return [`the assembly has the schema "${assembly.schema}", jsii/0.10.0 expected: a redirect names another file`];
  return types.filter((type) => !Object.hasOwn(assembly.types ?? {}, type)).map((type) => `the assembly does not list ${type}`);
}
