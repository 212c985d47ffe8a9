import type { Signer } from '../ports/signer';
import type { NewVerificationMaterial} from './bundle';
import { writeBundle } from './bundle';
import { Certificate } from './certificate';
import { keyHint, publicKeyPem, readPublicKey } from './elliptic-key';
import { assertSignature, IN_TOTO_PAYLOAD_TYPE, preAuthenticationEncoding } from './envelope';
import { SigningError } from './signing-error';

/** Certificates to sign under, in PEM: the leaf of the signer's key, then the way up to, but not needing, the anchor. */
export interface SigningCertificates {
  readonly leaf: string;
  readonly chain?: readonly string[];
}

/**
 * Wraps the bytes of an in-toto statement into a signed bundle.
 * The signature is verified before it is given out, so a wrong key or certificate fails here and not at a verifier.
 *
 * @param certificates left out for the key method
 * @throws SigningError KEY_INVALID, CERTIFICATE_INVALID or SIGNER_FAILED
 */
export async function signStatement(payload: Buffer, signer: Signer, certificates?: SigningCertificates): Promise<Buffer> {
  const key = readPublicKey(await fromSigner(() => signer.publicKeyPem()));
  const material = certificates ? { certificates: toChain(certificates, publicKeyPem(key)) } : { hint: keyHint(key) };
  const signature = await fromSigner(() => signer.sign(preAuthenticationEncoding(IN_TOTO_PAYLOAD_TYPE, payload)));
  const envelope = { payload, signature: Buffer.from(signature) };
  try {
    assertSignature(envelope, key);
  } catch (cause) {
    throw new SigningError('SIGNER_FAILED', 'signer gave a signature that its own public key does not verify', { cause });
  }
  return writeBundle(envelope, material satisfies NewVerificationMaterial);
}

function toChain(certificates: SigningCertificates, publicKey: string): Buffer[] {
  const leaf = Certificate.allFromPem(certificates.leaf);
  if (publicKeyPem(leaf[0].x509.publicKey) !== publicKey) {
    throw new SigningError('CERTIFICATE_INVALID', `certificate ${leaf[0].label} does not belong to the signer's key`);
  }
  const above = (certificates.chain ?? []).flatMap((pem) => Certificate.allFromPem(pem));
  return [...leaf, ...above].map((certificate) => certificate.x509.raw);
}

async function fromSigner<T>(action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (cause) {
    if (cause instanceof SigningError) throw cause;
    throw new SigningError('SIGNER_FAILED', `signer failed: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}
