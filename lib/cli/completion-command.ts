import { CliError } from './cli-error';
import type { ExitCode, Invocation } from './command';
import { GLOBAL_OPTIONS } from './command-line';
import { displayText } from './display-text';
import { PROGRAM } from './help-text';

/** What completion knows of a command. */
export interface CompletedCommand {
  /** Its words, such as `model scan`. */
  readonly name: string;
  readonly options: readonly string[];
}

const SHELLS: Readonly<Record<string, (commands: readonly CompletedCommand[]) => string>> = { bash, zsh, fish };

/** Prints a script that completes commands and options in a shell. */
export function completionCommand({ path, terminal }: Invocation, commands: readonly CompletedCommand[]): Promise<ExitCode> {
  if (!Object.hasOwn(SHELLS, path)) {
    throw new CliError('USAGE', `there is no completion for ${displayText(path)}; there are: ${Object.keys(SHELLS).join(', ')}`);
  }
  terminal.out(SHELLS[path](commands));
  return Promise.resolve(0);
}

/** Long options of a command, those of every command included. */
export function optionsOf(options: Readonly<Record<string, unknown>>): string[] {
  return [...Object.keys(options), ...Object.keys(GLOBAL_OPTIONS)].map((name) => `--${name}`);
}

function wordsAfter(commands: readonly CompletedCommand[]): Map<string, Set<string>> {
  const after = new Map<string, Set<string>>();
  for (const { name } of commands) {
    const words = name.split(' ');
    words.forEach((word, i) => {
      const before = words.slice(0, i).join(' ');
      after.set(before, (after.get(before) ?? new Set()).add(word));
    });
  }
  return after;
}

function bash(commands: readonly CompletedCommand[]): string {
  const words = [...wordsAfter(commands)].map(([before, next]) => `    "${before}") words="${[...next].join(' ')}" ;;`);
  const options = commands.map(({ name, options: own }) => `    "${name}"*) words="${own.join(' ')}" ;;`);
  return `# ${PROGRAM} completion bash > /etc/bash_completion.d/${PROGRAM}
_secure_ai() {
  local line="\${COMP_WORDS[*]:1:COMP_CWORD-1}" current="\${COMP_WORDS[COMP_CWORD]}" words=""
  if [[ "$current" == -* ]]; then
    case "$line" in
${options.map((one) => `  ${one}`).join('\n')}
    esac
  else
    case "$line" in
${words.map((one) => `  ${one}`).join('\n')}
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  if [[ \${#COMPREPLY[@]} -eq 0 && "$current" != -* ]]; then COMPREPLY=($(compgen -f -- "$current")); fi
}
complete -F _secure_ai ${PROGRAM}`;
}

function zsh(commands: readonly CompletedCommand[]): string {
  return `#compdef ${PROGRAM}
# ${PROGRAM} completion zsh > "\${fpath[1]}/_${PROGRAM}"
autoload -U +X bashcompinit && bashcompinit
${bash(commands)}`;
}

function fish(commands: readonly CompletedCommand[]): string {
  const words = [...wordsAfter(commands)].map(([before, next]) => {
    const condition = before === '' ? '__fish_use_subcommand' : `__fish_seen_subcommand_from ${before}`;
    return `complete -c ${PROGRAM} -n '${condition}' -a '${[...next].join(' ')}'`;
  });
  const options = commands.flatMap(({ name, options: own }) => {
    const seen = name.split(' ').map((word) => `__fish_seen_subcommand_from ${word}`).join('; and ');
    return own.map((option) => `complete -c ${PROGRAM} -n '${seen}' -l ${option.slice(2)}`);
  });
  return [`# ${PROGRAM} completion fish > ~/.config/fish/completions/${PROGRAM}.fish`, ...words, ...options].join('\n');
}
