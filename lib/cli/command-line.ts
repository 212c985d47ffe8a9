import { parseArgs } from 'node:util';
import { CliError } from './cli-error';
import { displayText } from './display-text';
import { nearest } from './nearest';

/** One option of a command. */
export interface OptionSpec {
  /** What stands for its value in help. @default - a switch without a value */
  readonly value?: string;
  /** Whether it may be given several times. @default false */
  readonly repeatable?: boolean;
  readonly help: string;
}

/** The options of every command. */
export const GLOBAL_OPTIONS = {
  json: { help: 'print one JSON document instead of text' },
  debug: { help: 'show where an error came from' },
  help: { help: 'show this help' },
} as const satisfies Readonly<Record<string, OptionSpec>>;

/** A command line after parsing: every option is known, and has a value where it needs one. */
export class CommandLine {
  /** @throws CliError USAGE */
  public static parse(args: readonly string[], own: Readonly<Record<string, OptionSpec>>): CommandLine {
    const specs: Readonly<Record<string, OptionSpec>> = { ...own, ...GLOBAL_OPTIONS };
    const options = Object.fromEntries(Object.entries(specs).map(([name, { value }]) =>
      [name, { type: value === undefined ? 'boolean' as const : 'string' as const, multiple: true, ...(name === 'help' ? { short: 'h' } : {}) }]));
    // Not strict: its own messages suggest nothing.
    const { tokens } = parseArgs({ args: [...args], options, strict: false, allowPositionals: true, tokens: true });
    const values = new Map<string, string[]>();
    const positionals: string[] = [];
    for (const token of tokens) {
      if (token.kind === 'positional') positionals.push(token.value);
      if (token.kind !== 'option') continue;
      const spec = Object.hasOwn(specs, token.name) ? specs[token.name] : undefined;
      if (!spec) throw unknown(token.rawName, Object.keys(specs));
      const given = values.get(token.name) ?? [];
      if (given.length > 0 && !spec.repeatable && spec.value !== undefined) throw new CliError('USAGE', `--${token.name} is given twice`);
      values.set(token.name, [...given, valueOf(token.name, spec, token)]);
    }
    return new CommandLine(positionals, values);
  }

  private constructor(public readonly positionals: readonly string[], private readonly values: ReadonlyMap<string, readonly string[]>) {}

  public has(name: string): boolean {
    return this.values.has(name);
  }

  public text(name: string): string | undefined {
    return this.values.get(name)?.[0];
  }

  public texts(name: string): readonly string[] {
    return this.values.get(name) ?? [];
  }
}

function valueOf(name: string, spec: OptionSpec, token: { readonly value?: string; readonly inlineValue?: boolean }): string {
  if (spec.value === undefined) {
    if (token.value !== undefined) throw new CliError('USAGE', `--${name} takes no value`);
    return '';
  }
  // The parser takes the next option for a value; who means it can write it with an equals sign.
  if (token.value === undefined || token.value === '' || (!token.inlineValue && token.value.startsWith('-'))) {
    throw new CliError('USAGE', `--${name} needs a value: --${name} ${spec.value}`);
  }
  return token.value;
}

function unknown(rawName: string, names: readonly string[]): CliError {
  const meant = nearest(rawName.replace(/^-+/, ''), names);
  return new CliError('USAGE', `unknown option ${displayText(rawName)}${meant ? `; did you mean --${meant}?` : ''}`);
}
