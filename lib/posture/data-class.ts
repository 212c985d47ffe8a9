/**
 * How sensitive data or a model is: it decides retention, and later keys, access and logging.
 *
 * The four levels are the ones that NIST SP 800-60 impact levels and common corporate schemes map to.
 */
export enum DataClass {
  /** Published or meant to be. */
  PUBLIC = 'public',
  /** For the organisation only; disclosure is an annoyance. */
  INTERNAL = 'internal',
  /** Trade secrets such as model weights; disclosure harms the organisation. */
  CONFIDENTIAL = 'confidential',
  /** Personal, health or payment data; disclosure harms people. */
  RESTRICTED = 'restricted',
}
