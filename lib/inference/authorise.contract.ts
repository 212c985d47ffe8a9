import type { HandlerContract } from '../core/handler-contract';

/** Names of the environment variables of the authoriser. */
export const AUTHORISE_ENV = {
  /** The bucket of the mirrored key set. */
  KEY_SET_BUCKET: 'KEY_SET_BUCKET',
  /** What a token must say, as JSON: see `AuthoriseSettings`. */
  SETTINGS: 'SETTINGS',
} as const;

/** The key of the mirrored set in its bucket. */
export const KEY_SET_OBJECT = 'keys/jwks.json';

/** What the authoriser's construct, handler and tests agree on. */
export const AUTHORISE: HandlerContract = {
  area: 'inference',
  name: 'authorise',
  environment: Object.values(AUTHORISE_ENV),
  calls: [{
    service: 's3',
    operation: 'GetObject',
    permits: [{ actions: ['s3:GetObject'], slot: 'keySet' }, { actions: ['kms:Decrypt'], slot: 'keySetKey', through: 's3' }],
  }],
};
