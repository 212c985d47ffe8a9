/** The usual name of a signature beside a model. */
export const SIGNATURE_NAME = 'model.sig';
