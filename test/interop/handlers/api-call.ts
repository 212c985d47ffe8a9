import type { IncomingHttpHeaders } from 'node:http';
import { sageMakerRuntimeOperation } from './sagemaker-runtime-call';

/** A request to AWS as it went over the wire. */
export interface WireRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** One SDK operation, read from the wire. */
export interface ApiCall {
  /** The name in the signature, for example `s3`. */
  readonly service: string;
  readonly operation: string;
  /** By the names of the API. Bodies of objects are left out. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** An operation with how AWS answered it. */
export interface AnsweredCall extends ApiCall {
  /** HTTP status. */
  readonly status: number;
}

/** The access key and the service that a request is signed for. */
export function signatureOf({ headers }: WireRequest): { readonly accessKeyId: string; readonly service: string } {
  const [, accessKeyId, service] = /Credential=([^/]+)\/[^/]+\/[^/]+\/([^/]+)\//.exec(headers.authorization ?? '') ?? [];
  if (!accessKeyId || !service) throw new Error('the request is not signed with version 4');
  return { accessKeyId, service };
}

/** @throws for a request whose protocol or operation is not known here: what cannot be named cannot be judged */
export function apiCallOf(request: WireRequest): ApiCall {
  const { service } = signatureOf(request);
  if (service === 's3') return { service, ...s3Operation(request) };
  const target = request.headers['x-amz-target'];
  if (service === 'sagemaker' && target === undefined) return { service, ...sageMakerRuntimeOperation(request) };
  if (typeof target !== 'string') throw new Error(`a request to ${service} names no operation: its protocol is not AWS JSON`);
  const operation = target.slice(target.lastIndexOf('.') + 1);
  return { service, operation, parameters: JSON.parse(request.body.toString('utf8') || '{}') as Record<string, unknown> };
}

/** S3 has no operation on the wire: method, query and headers tell. */
function s3Operation({ method, url, headers }: WireRequest): Omit<ApiCall, 'service'> {
  const { pathname, searchParams: query } = new URL(url, 'http://s3');
  const [, Bucket = '', ...rest] = pathname.split('/');
  const source = headers['x-amz-copy-source'];
  const parameters = {
    Bucket,
    Key: decodeURIComponent(rest.join('/')),
    ...present('Prefix', query.get('prefix')),
    ...present('VersionId', query.get('versionId')),
    ...present('UploadId', query.get('uploadId')),
    ...present('CopySource', typeof source === 'string' ? source : null),
    ...present('IfNoneMatch', headers['if-none-match'] ?? null),
  };
  const sub = ['attributes', 'tagging', 'uploads', 'partNumber', 'uploadId', 'list-type', 'versions'].filter((name) => query.has(name)).join('+');
  const operations = parameters.Key === '' ? BUCKET_OPERATIONS : OBJECT_OPERATIONS;
  const operation = operations[`${method} ${sub}${source === undefined ? '' : ' copy'}`];
  if (operation === undefined) throw new Error(`${method} ${url} is no S3 operation that is known here`);
  return { operation, parameters };
}

const BUCKET_OPERATIONS: Readonly<Record<string, string>> = {
  'GET list-type': 'ListObjectsV2',
  'GET versions': 'ListObjectVersions',
};

const OBJECT_OPERATIONS: Readonly<Record<string, string>> = {
  'GET ': 'GetObject',
  'HEAD ': 'HeadObject',
  'GET attributes': 'GetObjectAttributes',
  'GET tagging': 'GetObjectTagging',
  'PUT ': 'PutObject',
  'PUT tagging': 'PutObjectTagging',
  'POST uploads': 'CreateMultipartUpload',
  'PUT partNumber+uploadId copy': 'UploadPartCopy',
  'POST uploadId': 'CompleteMultipartUpload',
  'DELETE uploadId': 'AbortMultipartUpload',
};

function present(name: string, value: string | null): Record<string, string> {
  return value === null ? {} : { [name]: value };
}
