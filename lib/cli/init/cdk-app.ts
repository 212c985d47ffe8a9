import * as fs from 'node:fs';
import * as path from 'node:path';
import { CliError } from '../cli-error';
import { readTextInput, shown } from '../input-file';

/** The language of an app that is edited by hand. */
export type OtherLanguage = 'PYTHON' | 'JAVA' | 'GO' | 'UNKNOWN';

/** An app as `cdk.json` describes it. */
export interface CdkApp {
  readonly directory: string;
  /** The command that runs it. */
  readonly command: string;
  /** Where it is synthesised to. */
  readonly output: string;
  /** The file that makes the app, relative to the directory; its language where that is not JavaScript or TypeScript. */
  readonly entry: { readonly file: string } | { readonly language: OtherLanguage };
}

/** Reads `cdk.json`. @throws CliError */
export async function readCdkApp(directory: string): Promise<CdkApp> {
  const file = path.join(directory, 'cdk.json');
  const text = await readTextInput(file, 'CDK configuration');
  let content: unknown;
  try {
    content = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (cause) {
    throw new CliError('INPUT_INVALID', `${shown(file)} is no JSON: ${(cause as Error).message}`, { cause });
  }
  const { app, output } = (typeof content === 'object' && content !== null ? content : {}) as Record<string, unknown>;
  if (typeof app !== 'string' || app.trim() === '') throw new CliError('INPUT_INVALID', `${shown(file)} has no command "app" that runs the CDK app`);
  return {
    directory,
    command: app,
    output: path.join(directory, typeof output === 'string' && output !== '' ? output : 'cdk.out'),
    entry: entryOf(directory, app),
  };
}

function entryOf(directory: string, command: string): CdkApp['entry'] {
  const words = command.split(/\s+/).map((word) => word.replace(/^(['"])(.*)\1$/, '$2'));
  const scripts = words.filter((word) => /\.[cm]?[jt]sx?$/.test(word)).filter((word) => isInside(directory, word));
  const script = scripts.at(-1);
  if (script !== undefined) {
    // What is compiled is overwritten with the next build: its source is what people edit.
    const source = script.replace(/\.([cm]?)js$/, '.$1ts');
    const found = [source, script].find((name) => isFile(path.join(directory, name)));
    if (found !== undefined) return { file: path.normalize(found) };
  }
  if (/\bpython[\d.]*(\.exe)?\b|\.py\b/.test(command)) return { language: 'PYTHON' };
  if (/\b(mvn|mvnw|gradle|gradlew|java)\b/.test(command)) return { language: 'JAVA' };
  if (/\bgo\s+(mod|run)\b/.test(command)) return { language: 'GO' };
  return { language: 'UNKNOWN' };
}

function isInside(directory: string, name: string): boolean {
  const relative = path.relative(path.resolve(directory), path.resolve(directory, name));
  return relative !== '' && !relative.startsWith('..') && !path.isAbsolute(relative);
}

function isFile(file: string): boolean {
  return fs.statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
}
