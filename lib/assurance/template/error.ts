/** Why a template, or a directory of templates, cannot be judged at all. */
export type TemplateErrorCode =
  /** Not an object with a `Resources` section, or a section of the wrong kind. */
  | 'NOT_A_TEMPLATE'
  /** Nested deeper than the limit, or an object that contains itself. */
  | 'TOO_DEEP'
  /** More resources, nodes or text than the limits allow. */
  | 'TOO_LARGE'
  /** Two inputs with the same id, or a parent that is not among the inputs. */
  | 'BAD_INPUT'
  /** A file that is missing, unreadable, outside its assembly, or no JSON. */
  | 'BAD_FILE';

/** A template that cannot be judged; what is merely unknown inside one is an `Unknown` value instead. */
export class TemplateError extends Error {
  constructor(
    readonly code: TemplateErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'TemplateError';
  }
}
