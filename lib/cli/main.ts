import { ASSURANCE_COMMANDS } from './assurance-commands';
import { CliError } from './cli-error';
import type { Command, CommandGroup, ExitCode } from './command';
import { CommandLine } from './command-line';
import { completionOver } from './completion';
import { displayJson, displayText } from './display-text';
import { commandHelp, groupHelp, PROGRAM, programHelp } from './help-text';
import { MODEL_COMMANDS } from './model-commands';
import { nearest } from './nearest';
import { PROVE_COMMAND } from './prove-command';
import type { Terminal } from './terminal';

const GROUPS: readonly CommandGroup[] = [MODEL_COMMANDS];
/** Commands about no group's subject. */
const SINGLE: readonly Command[] = [...ASSURANCE_COMMANDS, PROVE_COMMAND];
const COMMANDS: readonly Command[] = [...SINGLE, completionOver([...SINGLE, ...GROUPS.flatMap(({ commands }) => commands)])];

/** What the command takes from outside beside its arguments. */
export interface CliOptions {
  readonly terminal: Terminal;
  readonly version: string;
  readonly now: Date;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Runs one command line. Never throws: an error becomes its text and the exit code 2, or what the command has for it. */
export async function runCli(args: readonly string[], options: CliOptions): Promise<ExitCode> {
  try {
    return await dispatch(args, options);
  } catch (error) {
    showError(error, args, options.terminal);
    return COMMANDS.find(({ name }) => name === args[0])?.errorExit ?? 2;
  }
}

async function dispatch(args: readonly string[], options: CliOptions): Promise<ExitCode> {
  const { terminal, version } = options;
  const [first, second, ...rest] = args;
  if (first === '--version') {
    terminal.out(version);
    return 0;
  }
  if (first === '--help' || first === '-h') {
    terminal.out(programHelp(COMMANDS, GROUPS));
    return 0;
  }
  if (first === undefined) {
    terminal.err(`${programHelp(COMMANDS, GROUPS)}\n`);
    return 2;
  }
  const single = COMMANDS.find(({ name }) => name === first);
  if (single) return run(single, args.slice(1), options);
  const group = GROUPS.find(({ name }) => name === first);
  if (!group) throw unknownCommand(first, [...COMMANDS, ...GROUPS].map(({ name }) => name), '');
  if (second === '--help' || second === '-h') {
    terminal.out(groupHelp(group));
    return 0;
  }
  const command = group.commands.find(({ name }) => name === `${first} ${second}`);
  if (!command) throw unknownCommand(second, group.commands.map(({ name }) => name.slice(first.length + 1)), ` ${first}`);
  return run(command, rest, options);
}

async function run(command: Command, args: readonly string[], { terminal, version, now, environment }: CliOptions): Promise<ExitCode> {
  const line = CommandLine.parse(args, command.options);
  if (line.has('help')) {
    terminal.out(commandHelp(command));
    return 0;
  }
  const paths = operandsOf(line, command);
  return (await command.load())({ path: paths.at(0) ?? '', paths, line, terminal, version, now, environment });
}

function operandsOf({ positionals }: CommandLine, { name, usage, operands = ONE_PATH, defaultPath }: Command): readonly string[] {
  const { what, min, max } = operands;
  if (positionals.length === 0 && defaultPath !== undefined) return [defaultPath];
  if (positionals.length < min || positionals.includes('')) {
    throw new CliError('USAGE', `no ${what} given; usage: ${PROGRAM} ${name} ${usage[0]}`);
  }
  if (positionals.length > max) {
    const more = displayText(JSON.stringify(positionals[max]));
    if (max === 0) throw new CliError('USAGE', `${name} takes no ${what}, found ${more}`);
    const expected = max === 1 ? `one ${what}` : `at most ${max} of ${what}`;
    throw new CliError('USAGE', `${expected} expected, found also ${more}; repeat an option for each of its values`);
  }
  return positionals;
}

const ONE_PATH = { what: 'path', min: 1, max: 1 };

function unknownCommand(given: string | undefined, names: readonly string[], before: string): CliError {
  const meant = given === undefined ? undefined : nearest(given, names);
  const problem = given === undefined ? 'no command given' : `unknown command ${displayText(JSON.stringify(given))}`;
  const advice = meant ? `did you mean ${PROGRAM}${before} ${meant}?` : `there are: ${names.join(', ')}`;
  return new CliError('USAGE', `${problem}; ${advice}`);
}

function showError(error: unknown, args: readonly string[], terminal: Terminal): void {
  const code = error instanceof CliError ? error.code : 'INTERNAL';
  const message = error instanceof Error ? error.message : String(error);
  const advice = code === 'INTERNAL' && !args.includes('--debug') ? ' (an error of this program: --debug shows where)' : '';
  if (args.includes('--json')) {
    terminal.out(displayJson({ schema: 'cdk-secure-ai/cli-error/v1', code, message }));
  }
  terminal.err(`${PROGRAM}: ${displayText(message)}${advice}\n`);
  if (args.includes('--debug')) for (let cause = error; cause instanceof Error; cause = cause.cause) terminal.err(`${cause.stack}\n`);
}
