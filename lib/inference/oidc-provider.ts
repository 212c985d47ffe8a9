import type { Duration } from 'aws-cdk-lib';
import type { KeySetMirror } from './key-set-mirror';

/** Algorithms with which a provider signs tokens: public keys only. */
export enum SigningAlgorithm {
  /** RSASSA-PKCS1-v1_5 with SHA-256. */
  RS256 = 'RS256',
  /** RSASSA-PKCS1-v1_5 with SHA-384. */
  RS384 = 'RS384',
  /** RSASSA-PKCS1-v1_5 with SHA-512. */
  RS512 = 'RS512',
  /** RSASSA-PSS with SHA-256. */
  PS256 = 'PS256',
  /** RSASSA-PSS with SHA-384. */
  PS384 = 'PS384',
  /** RSASSA-PSS with SHA-512. */
  PS512 = 'PS512',
  /** ECDSA on P-256 with SHA-256. */
  ES256 = 'ES256',
  /** ECDSA on P-384 with SHA-384. */
  ES384 = 'ES384',
  /** ECDSA on P-521 with SHA-512. */
  ES512 = 'ES512',
}

/** A provider of OpenID Connect, and what its tokens must say. */
export interface OidcProvider {
  /** The issuer, exactly as its tokens name it: an https URL. */
  readonly issuer: string;
  /** Who tokens must be for: one of these. */
  readonly audiences: string[];
  /** The mirror of its keys, in the account and region of the gateway. */
  readonly keys: KeySetMirror;
  /**
   * The algorithms that it signs with.
   *
   * @default [SigningAlgorithm.RS256]
   */
  readonly algorithms?: SigningAlgorithm[];
  /**
   * Scopes that a token must have, each of them.
   *
   * @default - none
   */
  readonly scopes?: string[];
  /**
   * The claim that names the principal.
   *
   * @default 'sub'
   */
  readonly principalClaim?: string;
  /**
   * The longest life of a token: a longer one is refused.
   *
   * @default Duration.hours(24)
   */
  readonly maxLifetime?: Duration;
}
