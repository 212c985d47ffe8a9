/** Finds credentials and signs. A bundle of its own, which the command loads to ask an account and never otherwise. */
import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto';
import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { SignatureV4 } from '@smithy/signature-v4';
import type { AwsIdentity } from './aws-api';

/** What is signed. */
export interface UnsignedRequest {
  readonly method: string;
  readonly protocol: string;
  readonly hostname: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
}

/** What a signature is for, and whose it is. */
export interface SigningScope {
  readonly service: string;
  readonly region: string;
  readonly credentials: AwsIdentity;
}

/** The credentials that AWS's own tools would take. */
export function findCredentials(): Promise<AwsIdentity> {
  return defaultProvider({ maxRetries: 0, timeout: 1000 })();
}

/** The headers of a request, signed. */
export async function signedHeaders(request: UnsignedRequest, scope: SigningScope): Promise<Record<string, string>> {
  const { headers } = await new SignatureV4({ ...scope, sha256: Sha256 }).sign(request);
  return headers;
}

/** Node's own hash in the form that the signer asks for. */
class Sha256 {
  private hash: Hash | Hmac;

  constructor(private readonly secret?: string | ArrayBuffer | ArrayBufferView) {
    this.hash = this.start();
  }

  public update(data: Uint8Array): void {
    this.hash.update(data);
  }

  public digest(): Promise<Uint8Array> {
    return Promise.resolve(new Uint8Array(this.hash.digest()));
  }

  public reset(): void {
    this.hash = this.start();
  }

  private start(): Hash | Hmac {
    const { secret } = this;
    if (secret === undefined) return createHash('sha256');
    return createHmac('sha256', secret instanceof ArrayBuffer ? new Uint8Array(secret) : secret as string | NodeJS.ArrayBufferView);
  }
}
