import { createColors } from 'picocolors';

export type Colours = ReturnType<typeof createColors>;

/** Where a command writes, and what may be assumed of who reads it. */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  /** Width of what reads the output. @default - not a terminal, no limit */
  readonly columns?: number;
  readonly colours: Colours;
  /** Whether a line on the error stream can be written over. */
  readonly interactive: boolean;
}

/** The part of a stream that matters here. */
export interface OutputStream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** @param environment `NO_COLOR` with any value, or a dumb terminal, turns colour off; nothing turns it on where no terminal is */
export function terminalOf(
  stdout: OutputStream, stderr: OutputStream, environment: Readonly<Record<string, string | undefined>>,
): Terminal {
  const plain = Boolean(environment.NO_COLOR) || environment.TERM === 'dumb';
  return {
    out: (text) => void stdout.write(`${text}\n`),
    err: (text) => void stderr.write(text),
    columns: stdout.isTTY ? (stdout.columns || 80) : undefined,
    colours: createColors(Boolean(stdout.isTTY) && !plain),
    interactive: Boolean(stderr.isTTY),
  };
}
