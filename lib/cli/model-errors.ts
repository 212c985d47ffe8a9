import { SigningError } from '../models/signing/signing-error';
import { CliError } from './cli-error';
import { shown } from './input-file';

/** Reads something that the user gave: what is wrong with it is an error of the input, not a verdict on the model. */
export function readingInput<T>(what: string, file: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof SigningError)) throw cause;
    throw new CliError('INPUT_INVALID', `${what} ${shown(file)}: ${cause.message}`, { cause });
  }
}

/** The refusal that an error stands for. Anything else, also a model that cannot be read, is thrown on. */
export function refusalOf(error: unknown): SigningError {
  if (!(error instanceof SigningError)) throw error;
  if (error.code === 'STORE_FAILED') throw new CliError('INPUT_UNREADABLE', error.message, { cause: error });
  return error;
}
