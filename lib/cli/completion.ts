import type { Command } from './command';

/** The command that completes the others. */
export function completionOver(commands: readonly Command[]): Command {
  return {
    name: 'completion',
    summary: 'print a script that completes commands and options in a shell',
    usage: ['bash|zsh|fish'],
    operands: { what: 'shell', min: 1, max: 1 },
    options: {},
    exits: { 0: 'printed', 1: 'not used', 2: 'wrong usage' },
    load: async () => {
      const { completionCommand, optionsOf } = await import('./completion-command.js');
      const completed = [...commands, { name: 'completion', options: {} }].map(({ name, options }) => ({ name, options: optionsOf(options) }));
      return (invocation) => completionCommand(invocation, completed);
    },
  };
}
