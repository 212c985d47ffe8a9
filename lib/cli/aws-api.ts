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
  const { findCredentials } = await import('./aws-session.js').catch((cause: unknown) => {
    throw new NoAccount('this copy of the command has no aws-session.js beside it: take that of the package', { cause });
  });
  try {
    return await findCredentials();
  } catch (cause) {
    throw new NoAccount(`no AWS credentials were found: ${(cause as Error).message}`, { cause });
  }
}

/** AWS by signed requests. An endpoint of the environment (`AWS_ENDPOINT_URL`) takes the place of all of them. */
export class AwsApi implements AwsCaller {
  public constructor(
    private readonly credentials: AwsIdentity,
    private readonly endpoint: string | undefined,
  ) {}

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
    const { signedHeaders } = await import('./aws-session.js');
    const url = new URL(path, this.endpoint || `https://${service}.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`);
    const body = target ? JSON.stringify(target.body) : query ? new URLSearchParams(query).toString() : undefined;
    const method = body === undefined ? 'GET' : 'POST';
    const unsigned = {
      host: url.host,
      ...(target && { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target.name }),
      ...(query && { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' }),
    };
    const sent = body === undefined ? {} : { body };
    const { protocol, hostname } = url;
    const request = { method, protocol, hostname, path, headers: unsigned, ...sent };
    const { host: _, ...headers } = await signedHeaders(request, { service, region, credentials: this.credentials });
    try {
      const response = await fetch(url, { method, headers, redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS), ...sent });
      const text = (await response.text()).slice(0, MAX_ANSWER);
      const { ok, status } = response;
      return { ok, status, error: ok ? '' : errorName(response.headers.get('x-amzn-errortype'), text), text };
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
