import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Artifact } from '../../../lib/models/ports/artifact-store';
import type { ArtifactStoreErrorCode } from '../../../lib/models/ports/artifact-store-error';
import { ArtifactStoreError } from '../../../lib/models/ports/artifact-store-error';
import { S3ArtifactStore } from '../../../lib/models/ports/s3-artifact-store';
import { signModel } from '../../../lib/models/signing/sign-model';
import { verifyModel } from '../../../lib/models/signing/verify-model';
import { expectRefusal } from '../signing/refusal';
import { newTestKey } from '../signing/test-key';

interface Version {
  readonly key: string;
  readonly id: string;
  readonly content: Buffer;
  latest: boolean;
}

/** The two calls of S3 that the store makes, over HTTP, so that the real client and its wire format are in the test. */
class LocalS3 {
  public readonly requests: Array<{ url: URL; headers: IncomingMessage['headers'] }> = [];
  public readonly versions: Version[] = [];
  public pageSize = 1000;

  /** Breaks the connection after this many bytes, this many times. */
  public breakAfter?: { bytes: number; times: number };
  public wrongRange = false;
  public listedId?: string;
  private readonly server: Server = createServer((request, response) => this.answer(request, response));

  public put(key: string, content: string | Buffer): void {
    for (const version of this.versions) if (version.key === key) version.latest = false;
    this.versions.push({ key, id: `v${this.versions.length + 1}`, content: Buffer.from(content), latest: true });
  }

  public delete(key: string): void {
    for (const version of this.versions) if (version.key === key) version.latest = false;
  }

  public async start(): Promise<S3Client> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return new S3Client({
      region: 'eu-central-1',
      endpoint: `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`,
      forcePathStyle: true,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      maxAttempts: 1,
    });
  }

  public stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url!, 'http://s3');
    this.requests.push({ url, headers: request.headers });
    if (url.searchParams.has('versions')) this.list(url, response);
    else this.get(decodeURIComponent(url.pathname).split('/').slice(2).join('/'), url, request, response);
  }

  private list(url: URL, response: ServerResponse): void {
    const encode = (key: string): string => encodeURIComponent(key).replaceAll('%20', '+').replaceAll('%2F', '/');
    const marker = url.searchParams.get('key-marker');
    const below = this.versions
      .filter(({ key }) => key.startsWith(url.searchParams.get('prefix')!))
      .sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)) || Number(b.id.slice(1)) - Number(a.id.slice(1)));
    const start =
      marker === null ? 0 : below.findIndex(({ key, id }) => key === marker && id === url.searchParams.get('version-id-marker')) + 1;
    const page = below.slice(start, start + this.pageSize);
    const last = page.at(-1);
    const truncated = start + this.pageSize < below.length;
    response.setHeader('content-type', 'application/xml').end(`<?xml version="1.0"?><ListVersionsResult>
      <IsTruncated>${truncated}</IsTruncated>
      ${truncated ? `<NextKeyMarker>${encode(last!.key)}</NextKeyMarker><NextVersionIdMarker>${last!.id}</NextVersionIdMarker>` : ''}
      ${page
        .map(
          ({ key, id, content, latest }) => `<Version><Key>${encode(key)}</Key><VersionId>${this.listedId ?? id}</VersionId>
        <IsLatest>${latest}</IsLatest><ETag>&quot;tag-${id}&quot;</ETag><Size>${content.length}</Size></Version>`,
        )
        .join('')}
    </ListVersionsResult>`);
  }

  private get(key: string, url: URL, request: IncomingMessage, response: ServerResponse): void {
    const version = this.versions.find((candidate) => candidate.key === key && candidate.id === url.searchParams.get('versionId'));
    if (!version) return void response.writeHead(404).end('<Error><Code>NoSuchVersion</Code></Error>');
    if (request.headers['if-match'] !== `"tag-${version.id}"`)
      return void response.writeHead(412).end('<Error><Code>PreconditionFailed</Code></Error>');
    const [, start, end] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '')!.map(Number);
    const bytes = version.content.subarray(start, end + 1);
    response.writeHead(206, {
      'content-length': bytes.length,
      'content-range': `bytes ${start}-${end}/${this.wrongRange ? version.content.length + 1 : version.content.length}`,
    });
    if (this.breakAfter && this.breakAfter.times > 0) {
      this.breakAfter.times--;
      response.write(bytes.subarray(0, this.breakAfter.bytes), () => setTimeout(() => response.destroy(), 20));
    } else {
      response.end(bytes);
    }
  }
}

const key = newTestKey();
const trust = { publicKey: key.publicKey };
let s3: LocalS3;
let client: S3Client;

beforeEach(async () => {
  s3 = new LocalS3();
  client = await s3.start();
  s3.put('models/m1/config.json', '{}');
  s3.put('models/m1/weights/a.bin', 'weights');
  s3.put('models/m10/other.bin', 'another model');
});

afterEach(() => {
  client.destroy();
  s3.stop();
});

const open = (prefix = 'models/m1'): S3ArtifactStore => new S3ArtifactStore({ client, bucket: 'artifacts', prefix });

async function listed(store: S3ArtifactStore): Promise<Artifact[]> {
  const artifacts: Artifact[] = [];
  for await (const artifact of store.list()) artifacts.push(artifact);
  return artifacts;
}

async function read(store: S3ArtifactStore, artifact: Artifact, range?: { start: number; end: number }): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of store.read(artifact, range)) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString();
}

async function expectStoreError(action: () => Promise<unknown>, code: ArtifactStoreErrorCode): Promise<void> {
  const error = await action().then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ArtifactStoreError);
  expect((error as ArtifactStoreError).code).toBe(code);
}

describe('S3 store', () => {
  test('lists the latest versions below its prefix and nothing of a neighbour with a longer name', async () => {
    s3.put('models/m1/config.json', '{"v":2}');
    s3.put('models/m1/gone.bin', 'x');
    s3.delete('models/m1/gone.bin');
    s3.put('models/m1/folder/', '');
    const store = open();
    expect(store).toMatchObject({ name: 'm1', layout: 'tree' });
    expect((await listed(store)).map(({ name, version, size }) => `${name} ${version} ${size}`)).toEqual([
      'config.json v4 7',
      'weights/a.bin v2 7',
    ]);
  });

  test('lists over pages, with spaces, signs, control characters and emoji in keys', async () => {
    s3.pageSize = 2;
    const names = ['a b', 'a+b', 'a%2Fb', 'tab\there', '模型', '😀', 'x&y<z'];
    for (const name of names) s3.put(`odd/${name}`, 'x');
    expect((await listed(open('odd/'))).map(({ name }) => name).sort()).toEqual([...names].sort());
  });

  test('reads the listed version after a newer upload, by version and entity tag', async () => {
    const store = open();
    const [config] = await listed(store);
    s3.put('models/m1/config.json', 'evil');
    expect(await read(store, config)).toBe('{}');
    expect(await read(store, config, { start: 1, end: 2 })).toBe('}');
    const last = s3.requests.at(-1)!;
    expect(last.url.searchParams.get('versionId')).toBe('v1');
    expect(last.headers).toMatchObject({ 'if-match': '"tag-v1"', range: 'bytes=1-1' });
  });

  test('refuses to read what it did not list', async () => {
    const store = open();
    const [config] = await listed(store);
    await expectStoreError(() => read(store, { ...config, version: 'v9' }), 'VERSION_UNKNOWN');
    await expectStoreError(() => read(store, { ...config, name: '../m10/other.bin' }), 'VERSION_UNKNOWN');
    await expectStoreError(() => read(store, config, { start: 0, end: 3 }), 'RANGE_INVALID');
  });

  test('reads on after a broken connection, and gives up when nothing comes any more', async () => {
    s3.put('models/m1/big.bin', 'x'.repeat(100_000));
    const store = open();
    const [big] = await listed(store);
    s3.breakAfter = { bytes: 10_000, times: 5 };
    expect((await read(store, big)).length).toBe(100_000);
    s3.breakAfter = { bytes: 0, times: 50 };
    await expect(read(store, big)).rejects.toThrow();
    expect(s3.breakAfter.times).toBe(47);
  });

  test('refuses a range that comes from an object of another length', async () => {
    const store = open();
    const [config] = await listed(store);
    s3.wrongRange = true;
    await expectStoreError(() => read(store, config), 'RESPONSE_INVALID');
  });

  test('refuses objects without a version', async () => {
    s3.listedId = 'null';
    await expectStoreError(() => listed(open()), 'VERSION_UNKNOWN');
  });

  test('asks for nothing to read an empty object', async () => {
    s3.put('empty/a', '');
    const store = open('empty');
    const [empty] = await listed(store);
    const before = s3.requests.length;
    expect(await read(store, empty)).toBe('');
    expect(s3.requests.length).toBe(before);
  });
});

describe('a model on S3', () => {
  test('signs and verifies, and fails once an object changes or joins', async () => {
    const { bundle, files } = await signModel(open(), key.signer);
    expect(files.map(({ artifact }) => artifact.version)).toEqual(['v1', 'v2']);
    s3.put('models/m1/model.sig', bundle);
    await verifyModel(open(), bundle, { trust });
    s3.put('models/m1/extra.py', 'x');
    await expectRefusal(() => verifyModel(open(), bundle, { trust }), 'FILE_EXTRA');
    s3.delete('models/m1/extra.py');
    s3.put('models/m1/weights/a.bin', 'Weights');
    await expectRefusal(() => verifyModel(open(), bundle, { trust }), 'FILE_MISMATCH');
  });

  test.each(['a\\b', 'a//b', './a', '../m10/other.bin', 'folder/'])('is refused with the key %j', async (name) => {
    s3.put(`models/m1/${name}`, 'x');
    await expectRefusal(() => signModel(open(), key.signer), 'FILE_NAME_INVALID');
  });
});
