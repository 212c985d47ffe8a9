import type { TrainingRequestErrorCode } from '../launch.contract';
import { refusalName } from '../launch.contract';

/** A refusal: no job was started. Callers branch on `code`. */
export class TrainingRequestError extends Error {
  public readonly code: TrainingRequestErrorCode;

  constructor(code: TrainingRequestErrorCode, message: string) {
    super(message);
    this.name = refusalName(code);
    this.code = code;
  }
}
