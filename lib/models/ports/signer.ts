/** Holds one private key of an elliptic curve (P-256, P-384 or P-521) and never gives it away. */
export interface Signer {
  /** The public key, SPKI in PEM. */
  publicKeyPem(): Promise<string>;

  /** ECDSA over the curve's own hash of `message` (SHA-256, SHA-384, SHA-512), in DER. */
  sign(message: Uint8Array): Promise<Uint8Array>;
}
