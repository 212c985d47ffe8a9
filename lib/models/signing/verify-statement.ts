import { assertBundleSize, DEFAULT_MAX_BUNDLE_BYTES, parseBundle, readBundle } from './bundle';
import { keyHint } from './elliptic-key';
import { assertSignature } from './envelope';
import type { TrustPolicy} from './trust-policy';
import { trustedKey } from './trust-policy';
import { step } from './verification-step';

export interface VerifyStatementOptions {
  readonly trust: TrustPolicy;

  /** Unit: bytes. @default 32 MiB */
  readonly maxBundleBytes?: number;
}

/** A payload that the trusted key signed. What it says is not checked yet. */
export interface SignedPayload {
  readonly payload: Buffer;

  /** Hint of the key that verified it. */
  readonly keyHint: string;
}

/**
 * Verifies the signature of a bundle over the very bytes of its payload.
 *
 * @throws SigningError with the step that refused
 */
export function verifyStatement(bundle: Uint8Array, options: VerifyStatementOptions): SignedPayload {
  const sized = step('size', () => assertBundleSize(bundle, options.maxBundleBytes ?? DEFAULT_MAX_BUNDLE_BYTES));
  const json = step('json', () => parseBundle(sized));
  const { material, envelope } = step('bundle', () => readBundle(json));
  const key = step('key', () => trustedKey(material, options.trust));
  step('signature', () => assertSignature(envelope, key));
  return { payload: envelope.payload, keyHint: keyHint(key) };
}
