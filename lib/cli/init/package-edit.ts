const NAME = 'cdk-secure-ai';

/** The oldest aws-cdk-lib that the package works with. */
export const OLDEST_CDK = '2.276.0';

/** What `package.json` says, as far as it matters here. */
export interface PackageFacts {
  /** Whether the package depends on this one already, in any version. */
  readonly hasPackage: boolean;
  /** Whether `.js` files are ES modules. */
  readonly isModule: boolean;
  /** The range of aws-cdk-lib. @default - none is declared */
  readonly cdk?: string;
}

/** @throws Error saying what is wrong with the text */
export function packageFacts(text: string): PackageFacts {
  const content = objectOf(text);
  const declared = (name: string): unknown =>
    ['dependencies', 'devDependencies', 'peerDependencies']
      .map((section) => content[section])
      .map((section) => (isObject(section) && Object.hasOwn(section, name) ? section[name] : undefined))
      .find((range) => range !== undefined);
  const cdk = declared('aws-cdk-lib');
  return { hasPackage: declared(NAME) !== undefined, isModule: content.type === 'module', ...(typeof cdk === 'string' ? { cdk } : {}) };
}

/** Adds the exact version to the dependencies and leaves every other character as it is; undefined when it cannot. */
export function withDependency(text: string, version: string): string | undefined {
  const content = objectOf(text);
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const indent = /\n([ \t]+)"/.exec(text)?.[1] ?? '  ';
  const entry = `${newline}${indent}${indent}"${NAME}": "${version}"`;
  const section = /"dependencies"\s*:\s*\{(\s*\})?/.exec(text);
  let edited: string;
  if (isObject(content.dependencies) && section) {
    const at = section.index + section[0].indexOf('{') + 1;
    const tail = section[1] === undefined ? `,${text.slice(at)}` : `${newline}${indent}${text.slice(at).trimStart()}`;
    edited = text.slice(0, at) + entry + tail;
  } else {
    const at = text.indexOf('{') + 1;
    const comma = Object.keys(content).length > 0 ? ',' : newline;
    edited = `${text.slice(0, at)}${newline}${indent}"dependencies": {${entry}${newline}${indent}}${comma}${text.slice(at)}`;
  }
  return isJustThat(edited, content, version) ? edited : undefined;
}

/** Whether a version, or every version that a range allows, is too old. What cannot be read is not. */
export function isTooOld(range: string): boolean {
  const [, operator, major, minor, patch] = /^([\^~>=v]*)\s*(\d+)(?:\.(\d+))?(?:\.(\d+))?/.exec(range.trim()) ?? [];
  if (major === undefined) return false;
  const [oldestMajor, oldestMinor, oldestPatch] = OLDEST_CDK.split('.').map(Number);
  if (Number(major) !== oldestMajor) return Number(major) < oldestMajor && !operator.includes('>');
  // A caret allows every later minor version: what is installed decides.
  if (/[\^>]/.test(operator) || minor === undefined) return false;
  return Number(minor) < oldestMinor || (Number(minor) === oldestMinor && Number(patch ?? oldestPatch) < oldestPatch);
}

function isJustThat(edited: string, before: Readonly<Record<string, unknown>>, version: string): boolean {
  try {
    const { dependencies, ...rest } = objectOf(edited);
    const { dependencies: old, ...others } = before;
    const { [NAME]: added, ...kept } = dependencies as Record<string, unknown>;
    return added === version && JSON.stringify(rest) === JSON.stringify(others) && JSON.stringify(kept) === JSON.stringify(old ?? {});
  } catch {
    return false;
  }
}

function objectOf(text: string): Record<string, unknown> {
  const content: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
  if (!isObject(content)) throw new Error('it is no JSON object');
  return content;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
