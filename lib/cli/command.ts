import type { CommandLine, OptionSpec } from './command-line';
import type { Terminal } from './terminal';

/**
 * 0: done, and the verdict is good. 1: done, and the verdict is bad. 2: not done.
 *
 * A command with a third verdict takes 2 for it, and 64 for "not done".
 */
export type ExitCode = 0 | 1 | 2 | 64;

/** What a command gets. */
export interface Invocation {
  /** The first argument; empty when there is none. */
  readonly path: string;
  /** Every argument. */
  readonly paths: readonly string[];
  readonly line: CommandLine;
  readonly terminal: Terminal;
  /** Version of the package. */
  readonly version: string;
  /** The time at which keys and certificates must be valid. */
  readonly now: Date;
  /** Variables of the environment. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export type Action = (invocation: Invocation) => Promise<ExitCode>;

/** A command as it is described; its code is loaded only when it runs, so that help costs nothing. */
export interface Command {
  readonly name: string;
  readonly summary: string;
  /** Usage lines, without the name of the program. */
  readonly usage: readonly string[];
  readonly options: Readonly<Record<string, OptionSpec>>;
  /** What the command takes beside options. @default - exactly one path */
  readonly operands?: { readonly what: string; readonly min: number; readonly max: number };
  /** What the exit codes mean here. */
  readonly exits: Readonly<Partial<Record<ExitCode, string>>>;
  /** The exit code of an error. @default 2 */
  readonly errorExit?: ExitCode;
  /** What the path is when none is given. @default - a path is needed */
  readonly defaultPath?: string;
  load(): Promise<Action>;
}

/** Commands about one subject. */
export interface CommandGroup {
  readonly name: string;
  readonly summary: string;
  readonly commands: readonly Command[];
}
