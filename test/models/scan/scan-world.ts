import { Readable } from 'node:stream';
import type { Artifact, ArtifactStore, ByteRange } from '../../../lib/models/ports/artifact-store';
import type { QuarantineSource, ServedTarget } from '../../../lib/models/promote/promote-model';
import type { PromotionObject } from '../../../lib/models/promote/promotion-request';
import { SCAN_STATUS_TAG } from '../../../lib/models/promote/scan-status';
import type { UploadOutcome } from '../../../lib/models/scan/judge-upload';
import { judgeUpload } from '../../../lib/models/scan/judge-upload';
import type { ScannedUpload } from '../../../lib/models/scan/scan-upload';
import { scanUpload } from '../../../lib/models/scan/scan-upload';
import { SignedVerdicts } from '../../../lib/models/scan/signed-verdicts';
import type { UploadReference } from '../../../lib/models/scan/upload';
import { MemoryRecords } from '../gate/gate-world';
import { newTestKey } from '../signing/test-key';

export const BUCKET = 'quarantine';
export const FOLDER = 'uploads/7/';
export const JUDGED_AT = new Date('2026-06-10T12:00:00Z');

/** `os.system` by the pickle protocol 0: what loading it would run. */
export const EVIL_PICKLE = Buffer.from('cos\nsystem\n(S\'id\'\ntR.');
/** An empty list, as Python's pickle writes it. */
export const SAFE_PICKLE = Buffer.from('80045d942e', 'hex');

interface StoredVersion {
  readonly content: Buffer;
  tag?: string;
}

/** A quarantine zone with the scan over it, all in memory. */
export class ScanWorld implements QuarantineSource {
  public readonly records = new MemoryRecords();
  public readonly key = newTestKey();
  /** Reads of the quarantine zone, in order. */
  public readonly reads: string[] = [];
  /** What reading fails with. */
  public failure?: Error;
  /** Chunks that may still be read before the time is up. */
  public patience = Infinity;
  private readonly versions = new Map<string, StoredVersion>();

  /** Puts a version; its id is its number. */
  public put(key: string, content: string | Buffer, tag: string | undefined = 'NO_THREATS_FOUND'): { readonly key: string; readonly versionId: string } {
    const versionId = `v${this.versions.size + 1}`;
    this.versions.set(`${key}@${versionId}`, { content: Buffer.from(content), ...(tag === undefined ? {} : { tag }) });
    return { key, versionId };
  }

  /** Puts an upload of files below the folder, with its manifest last. */
  public upload(files: Readonly<Record<string, string | Buffer>>, tag?: string, model = 'fraud'): UploadReference {
    const objects = Object.entries(files).map(([name, content]) => ({ name, ...this.put(`${FOLDER}${name}`, content, tag) }));
    return this.put(`${FOLDER}upload.json`, JSON.stringify({ model, objects }));
  }

  public tag(key: string, tag: string | undefined): void {
    for (const [place, version] of this.versions) if (place.startsWith(`${key}@`)) version.tag = tag;
  }

  public tags(object: PromotionObject): Promise<ReadonlyMap<string, string>> {
    const { tag } = this.at(object);
    return Promise.resolve(new Map(tag === undefined ? [] : [[SCAN_STATUS_TAG, tag]]));
  }

  public read(object: PromotionObject): Promise<{ size: number; body: AsyncIterable<Uint8Array> }> {
    this.reads.push(object.key);
    const { content } = this.at(object);
    return Promise.resolve({ size: content.length, body: Readable.from([content]) });
  }

  public scan(reference: UploadReference): Promise<ScannedUpload> {
    return scanUpload(reference, {
      bucket: BUCKET, source: this, records: this.records, store: (objects) => this.storeOf(objects), expired: () => this.patience-- <= 0,
    });
  }

  public judge(id: string): Promise<UploadOutcome> {
    return judgeUpload(id, { bucket: BUCKET, source: this, records: this.records, signer: this.key.signer, now: () => JUDGED_AT });
  }

  public get verdicts(): SignedVerdicts {
    return new SignedVerdicts(BUCKET, this.records, () => Promise.resolve(this.key.publicKey));
  }

  private storeOf(objects: readonly PromotionObject[]): ArtifactStore {
    const at = (name: string): Buffer => this.at(objects.find((one) => one.name === name)!).content;
    const check = (name: string): void => {
      this.reads.push(name);
      if (this.failure) throw this.failure;
    };
    return {
      name: BUCKET,
      layout: 'tree',
      async *list(): AsyncIterable<Artifact> {
        for (const { name, versionId } of objects) yield { name, kind: 'file', size: at(name).length, version: versionId };
      },
      async *read({ name }: Artifact, range?: ByteRange): AsyncIterable<Uint8Array> {
        check(name);
        yield at(name).subarray(range?.start ?? 0, range?.end);
      },
    };
  }

  private at({ key, versionId }: PromotionObject): StoredVersion {
    const version = this.versions.get(`${key}@${versionId}`);
    if (!version) throw Object.assign(new Error('NoSuchVersion'), { name: 'NoSuchVersion' });
    return version;
  }
}

/** A served store that keeps what was copied. */
export class MemoryServed implements ServedTarget {
  public readonly keys: string[] = [];

  public copy(_: PromotionObject, __: number, targetKey: string): Promise<'copied' | 'existed'> {
    return this.write('', targetKey);
  }

  public write(_: string, targetKey: string): Promise<'copied' | 'existed'> {
    if (this.keys.includes(targetKey)) return Promise.resolve('existed');
    this.keys.push(targetKey);
    return Promise.resolve('copied');
  }
}
