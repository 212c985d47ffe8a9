import { once } from 'node:events';
import * as http from 'node:http';
import type { AnsweredCall, ApiCall, WireRequest } from './api-call';
import { apiCallOf, signatureOf } from './api-call';
import { KmsGaps } from './kms-gaps';
import type { MotoServer } from './moto-server';
import { objectAttributes } from './s3-gaps';
import type { WireAnswer } from './sagemaker-gaps';
import { SageMakerGaps } from './sagemaker-gaps';

/** Credentials by who calls: only what the handler does is recorded. */
export const HANDLER_KEY = 'AKIAHANDLER000000000';
export const SEED_KEY = 'AKIASEED000000000000';

/** What AWS answers in place of a result, once: `<service>:<operation>` and the error. */
export interface Failure {
  readonly status: number;
  readonly code: string;
}

/**
 * The endpoint that a handler's SDK calls: it records each call as it comes over the wire and passes it on to moto. What moto lacks of
 * SageMaker's jobs, of KMS's keys and of S3's checksums is answered by `SageMakerGaps`, `KmsGaps` and `objectAttributes`.
 */
export class AwsGateway {
  public readonly calls: AnsweredCall[] = [];
  /** Requests of the handler that could not be read. */
  public readonly unread: string[] = [];
  private readonly failures = new Map<string, Failure>();
  private readonly sagemaker = new SageMakerGaps();
  private readonly kms = new KmsGaps();

  private constructor(private readonly server: http.Server, public readonly moto: MotoServer) {
    server.on('request', (request, response) => void this.serve(request, response));
  }

  public static async start(moto: MotoServer): Promise<AwsGateway> {
    const server = http.createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new AwsGateway(server, moto);
  }

  /** By address, so that the SDK puts buckets into the path. */
  public get url(): string {
    return `http://127.0.0.1:${(this.server.address() as { port: number }).port}`;
  }

  /** Lets the operations of the handler fail until they are restored. */
  public fail(failures: Readonly<Record<string, Failure>>): void {
    this.failures.clear();
    for (const [operation, failure] of Object.entries(failures)) this.failures.set(operation, failure);
  }

  public async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private async serve(incoming: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    try {
      const answer = await this.answer({
        method: incoming.method ?? '', url: incoming.url ?? '', headers: incoming.headers, body: await bodyOf(incoming),
      });
      response.writeHead(answer.status, answer.headers).end(answer.body);
    } catch (error) {
      response.writeHead(500, { 'content-type': 'text/plain' }).end(String(error));
    }
  }

  private async answer(request: WireRequest): Promise<WireAnswer> {
    const { accessKeyId, service } = signatureOf(request);
    if (accessKeyId !== HANDLER_KEY && service === 's3') return this.forward(request);
    const call = this.read(request);
    if (accessKeyId !== HANDLER_KEY) return this.answerTo(call, request);
    const failure = this.failures.get(call.operation);
    const answer = failure ? errorAnswer(service, failure) : await this.answerTo(call, request);
    this.calls.push({ ...call, status: answer.status });
    return answer;
  }

  private answerTo(call: ApiCall, request: WireRequest): Promise<WireAnswer> {
    if (call.operation === 'GetObjectAttributes') return this.attributes(request);
    switch (call.service) {
      case 'sagemaker': return this.sagemaker.answer(call, () => this.forward(request));
      case 'kms': return this.kms.answer(call, (parameters) => this.forward(withParameters(request, parameters)));
      default: return this.forward(request);
    }
  }

  private async attributes(request: WireRequest): Promise<WireAnswer> {
    // moto does not know a list with spaces.
    const headers = { ...request.headers, 'x-amz-object-attributes': String(request.headers['x-amz-object-attributes']).replaceAll(' ', '') };
    return objectAttributes(await this.forward({ ...request, headers }), async () => {
      const { body } = await this.forward({ ...request, url: request.url.replace(/([?&])attributes(?:=[^&]*)?&?/, '$1') });
      return Buffer.from(body);
    });
  }

  private read(request: WireRequest): ApiCall {
    try {
      return apiCallOf(request);
    } catch (error) {
      this.unread.push(error instanceof Error ? error.message : String(error));
      throw error;
    }
  }

  private async forward({ method, url, headers, body }: WireRequest): Promise<WireAnswer> {
    const { host, port } = this.moto;
    const request = http.request({ host, port, method, path: url, headers: { ...headers, host: `${host}:${port}` } });
    request.end(body);
    const [answer] = (await once(request, 'response')) as [http.IncomingMessage];
    const { 'transfer-encoding': _, ...rest } = answer.headers;
    return { status: answer.statusCode ?? 500, headers: rest, body: await bodyOf(answer) };
  }
}

function withParameters(request: WireRequest, parameters: ApiCall['parameters']): WireRequest {
  const body = Buffer.from(JSON.stringify(parameters));
  return { ...request, headers: { ...request.headers, 'content-length': String(body.length) }, body };
}

function errorAnswer(service: string, { status, code }: Failure): WireAnswer {
  if (service === 's3') {
    return { status, headers: { 'content-type': 'application/xml' }, body: `<Error><Code>${code}</Code><Message>${code}</Message></Error>` };
  }
  return { status, headers: { 'content-type': 'application/x-amz-json-1.1' }, body: JSON.stringify({ __type: code, message: code }) };
}

async function bodyOf(stream: http.IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
