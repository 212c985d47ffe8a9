import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto';
import type { SignatureV4 } from '@smithy/signature-v4';

const TIMEOUT_MS = 10_000;
const MAX_ANSWER = 4 * 1024 * 1024;
const ATTEMPTS = 3;

/** A request that changes nothing. */
export interface AwsRequest {
  /** Name in endpoint and signature. */
  readonly service: string;
  readonly region: string;
  /** Action as policies name it, for messages. */
  readonly action: string;
  /** @default '/' */
  readonly path?: string;
  /** Target of a JSON protocol, with its body. @default - a GET without body */
  readonly target?: { readonly name: string; readonly body: object };
  /** Parameters of a query protocol. @default - none */
  readonly query?: Readonly<Record<string, string>>;
}

/** What AWS said. */
export interface AwsAnswer {
  readonly ok: boolean;
  readonly status: number;
  /** Name of the error, such as `AccessDeniedException`; empty for none. */
  readonly error: string;
  readonly text: string;
}

/** Who signs, and until when. */
export interface AwsIdentity {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

/** Calls AWS; the doctor's only way out. */
export interface AwsCaller {
  call(request: AwsRequest): Promise<AwsAnswer>;
}

/** Why the account cannot be asked at all. */
export class NoAccount extends Error {
  public override readonly name = 'NoAccount';
}

/** The credentials that AWS's own tools would take. @throws {@link NoAccount} */
export async function findIdentity(): Promise<AwsIdentity> {
  const { defaultProvider } = await import('@aws-sdk/credential-provider-node');
  try {
    return await defaultProvider({ maxRetries: 0, timeout: 1000 })();
  } catch (cause) {
    throw new NoAccount(`no AWS credentials were found: ${(cause as Error).message}`, { cause });
  }
}

/** AWS by signed requests. An endpoint of the environment (`AWS_ENDPOINT_URL`) takes the place of all of them. */
export class AwsApi implements AwsCaller {
  private constructor(
    private readonly signerFor: (service: string, region: string) => SignatureV4,
    private readonly endpoint: string | undefined,
  ) {}

  public static async connect(credentials: AwsIdentity, endpoint: string | undefined): Promise<AwsApi> {
    const { SignatureV4: Signer } = await import('@smithy/signature-v4');
    return new AwsApi((service, region) => new Signer({ service, region, credentials, sha256: Sha256 }), endpoint === '' ? undefined : endpoint);
  }

  /** @throws {@link NoAccount} where no answer comes */
  public async call(request: AwsRequest): Promise<AwsAnswer> {
    for (let attempt = 1; ; attempt++) {
      const answer = await this.once(request);
      const isTemporary = answer.status >= 500 || answer.status === 429 || /Throttl|TooManyRequests/.test(answer.error);
      if (!isTemporary || attempt === ATTEMPTS) return answer;
      await new Promise((resolve) => setTimeout(resolve, 200 * 2 ** attempt));
    }
  }

  private async once({ service, region, path = '/', target, query, action }: AwsRequest): Promise<AwsAnswer> {
    const url = new URL(this.endpoint ?? `https://${service}.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`);
    const body = target ? JSON.stringify(target.body) : query ? new URLSearchParams(query).toString() : undefined;
    const signed = await this.signerFor(service, region).sign({
      method: body === undefined ? 'GET' : 'POST',
      protocol: url.protocol,
      hostname: url.hostname,
      path,
      headers: {
        host: url.host,
        ...(target && { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target.name }),
        ...(query && { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' }),
      },
      ...(body === undefined ? {} : { body }),
    });
    const { host: _, ...headers } = signed.headers;
    try {
      const response = await fetch(new URL(path, url), {
        method: signed.method, headers, redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS), ...(body === undefined ? {} : { body }),
      });
      const text = (await response.text()).slice(0, MAX_ANSWER);
      return { ok: response.ok, status: response.status, error: response.ok ? '' : errorName(response.headers.get('x-amzn-errortype'), text), text };
    } catch (cause) {
      const why = (cause as Error).cause ?? cause;
      throw new NoAccount(`${action} in ${region} was not answered: ${(why as Error).message}`, { cause });
    }
  }
}

/** The content of an answer in JSON; empty where it is none. */
export function jsonOf({ text }: AwsAnswer): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function errorName(header: string | null, text: string): string {
  const named = header ?? /"__type"\s*:\s*"([^"]+)"/.exec(text)?.[1] ?? /"code"\s*:\s*"([^"]+)"/.exec(text)?.[1] ?? /<Code>([^<]+)<\/Code>/.exec(text)?.[1] ?? '';
  return named.split(':')[0].split('#').at(-1) ?? '';
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
