/** S3 and KMS on this machine, as far as the command asks them. Prints its port; started by the tests as a process of its own. */
import { createHash, createPrivateKey, createPublicKey } from 'node:crypto';
import * as fs from 'node:fs';
import * as http from 'node:http';
import * as path from 'node:path';
import { signDigest } from '../models/ports/sign-digest';

const [, , root, keyFile] = process.argv;
const key = createPrivateKey(fs.readFileSync(keyFile));

http.createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://localhost');
  if (request.method === 'POST') kms(request, response);
  else if (url.searchParams.has('versions')) list(url, response);
  else get(url, request, response);
}).listen(0, '127.0.0.1', function (this: http.Server) {
  const address = this.address();
  console.log(typeof address === 'object' ? address?.port : address);
});

function list(url: URL, response: http.ServerResponse): void {
  const bucket = path.join(root, url.pathname.split('/')[1]);
  const prefix = url.searchParams.get('prefix') ?? '';
  const keys = (fs.readdirSync(bucket, { recursive: true }) as string[])
    .filter((name) => name.startsWith(prefix) && fs.statSync(path.join(bucket, name)).isFile());
  const versions = keys.sort().map((name) => {
    const content = fs.readFileSync(path.join(bucket, name));
    const fields = `<VersionId>v1</VersionId><IsLatest>true</IsLatest><ETag>"${tagOf(content)}"</ETag><Size>${content.length}</Size>`;
    return `<Version><Key>${encodeURIComponent(name)}</Key>${fields}</Version>`;
  });
  response.setHeader('content-type', 'application/xml');
  response.end(`<?xml version="1.0"?><ListVersionsResult>${versions.join('')}<IsTruncated>false</IsTruncated></ListVersionsResult>`);
}

function get(url: URL, request: http.IncomingMessage, response: http.ServerResponse): void {
  const content = fs.readFileSync(path.join(root, decodeURIComponent(url.pathname)));
  const [, start, end] = (/^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? []).map(Number);
  if (request.headers['if-match'] !== `"${tagOf(content)}"` || url.searchParams.get('versionId') !== 'v1') {
    response.statusCode = 412;
    response.end();
    return;
  }
  response.statusCode = 206;
  response.setHeader('content-range', `bytes ${start}-${end}/${content.length}`);
  response.end(content.subarray(start, end + 1));
}

function kms(request: http.IncomingMessage, response: http.ServerResponse): void {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const input = JSON.parse(Buffer.concat(chunks).toString()) as { Message: string };
    const answer = request.headers['x-amz-target'] === 'TrentService.GetPublicKey'
      ? { KeyUsage: 'SIGN_VERIFY', PublicKey: createPublicKey(key).export({ type: 'spki', format: 'der' }).toString('base64') }
      : { Signature: signDigest(Buffer.from(input.Message, 'base64'), key).toString('base64') };
    response.setHeader('content-type', 'application/x-amz-json-1.1');
    response.end(JSON.stringify(answer));
  });
}

function tagOf(content: Buffer): string {
  return createHash('md5').update(content).digest('hex');
}
