import type { Command, CommandGroup } from './command';
import { GLOBAL_OPTIONS, type OptionSpec } from './command-line';

/** The program as users call it. */
export const PROGRAM = 'secure-ai';

/** Help of the program. */
export function programHelp(commands: readonly Command[], groups: readonly CommandGroup[]): string {
  return [
    `${PROGRAM}: security of AI and ML workloads, on the command line`,
    '',
    'Usage:',
    `  ${PROGRAM} COMMAND [OPTIONS]`,
    '',
    'Commands:',
    ...columns([...commands, ...groups.flatMap((group) => group.commands)].map(({ name, summary }) => [name, summary])),
    '',
    'Options:',
    ...columns([['--help, -h', 'show help, also of a command'], ['--version', 'show the version']]),
  ].join('\n');
}

/** Help of a group of commands. */
export function groupHelp(group: CommandGroup): string {
  return [
    `${PROGRAM} ${group.name}: ${group.summary}`,
    '',
    'Commands:',
    ...columns(group.commands.map(({ name, summary }) => [name, summary])),
    '',
    `'${PROGRAM} ${group.name} COMMAND --help' shows the options of a command.`,
  ].join('\n');
}

/** Help of one command. */
export function commandHelp(command: Command): string {
  const exits = Object.entries<string | undefined>(command.exits).map(([code, meaning = '']) => [code, meaning]);
  return [
    `${PROGRAM} ${command.name}: ${command.summary}`,
    '',
    'Usage:',
    ...command.usage.map((line) => `  ${PROGRAM} ${command.name} ${line}`),
    '',
    'Options:',
    ...columns(Object.entries<OptionSpec>({ ...command.options, ...GLOBAL_OPTIONS }).map(([name, spec]) => [flag(name, spec), spec.help])),
    '',
    'Exit codes:',
    ...columns(exits),
  ].join('\n');
}

function flag(name: string, { value, repeatable }: OptionSpec): string {
  return `--${name}${value === undefined ? '' : ` ${value}`}${repeatable ? ' …' : ''}${name === 'help' ? ', -h' : ''}`;
}

function columns(rows: readonly (readonly string[])[]): string[] {
  const width = Math.max(...rows.map(([first]) => first.length));
  return rows.map(([first, second]) => `  ${first.padEnd(width)}  ${second}`);
}
