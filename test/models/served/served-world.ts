import { createHash } from 'node:crypto';
import type { Artifact, ArtifactStore, ByteRange } from '../../../lib/models/ports/artifact-store';
import { hashObject } from '../../../lib/models/served/hash-object';
import { toServedKey, toServedPlace } from '../../../lib/models/served/served-place';
import type { SignedServedModel } from '../../../lib/models/served/sign-served-model';
import { signServedModel } from '../../../lib/models/served/sign-served-model';
import { MemoryRecords } from '../gate/gate-world';
import { newTestKey } from '../signing/test-key';

export const SERVED = 'served';

interface ServedObject {
  readonly versionId: string;
  readonly content: Buffer;
}

/** A served store with the signer over it, all in memory. */
export class ServedWorld {
  public readonly records = new MemoryRecords();
  public readonly key = newTestKey();
  /** Keys in the order in which they were read for hashing. */
  public readonly hashed: string[] = [];
  /** Chunks that may still be hashed before the time is up. */
  public patience = Infinity;
  public readonly objects = new Map<string, ServedObject>();

  /** Puts an object; the promoter alone can. */
  public put(key: string, content: string | Buffer): void {
    this.objects.set(key, { versionId: `v${this.objects.size + 1}`, content: Buffer.from(content) });
  }

  /** A model as the promoter leaves it; gives its prefix. */
  public promote(files: Readonly<Record<string, string>>, model = 'fraud'): string {
    const names = Object.keys(files).sort();
    const manifest = names.map((name) => `${createHash('sha256').update(files[name]).digest('hex')}  ${name}\n`).join('');
    const place = `models/${model}/sha256-${createHash('sha256').update(manifest).digest('hex')}`;
    for (const name of names) this.put(`${place}/${name}`, files[name]);
    this.put(`${place}.manifest`, manifest);
    return `${place}/`;
  }

  /** Keys below a prefix, as the reader of the map lists them. */
  public list(prefix: string): { readonly Key: string }[] {
    return [...this.objects.keys()].filter((key) => key.startsWith(prefix)).map((Key) => ({ Key }));
  }

  public hash(key: unknown): Promise<{ readonly hashed: boolean }> {
    const known = toServedKey(key);
    const expired = () => this.patience-- <= 0;
    return hashObject(known, { bucket: SERVED, store: this.storeOf(known, (name) => name === ''), records: this.records, expired });
  }

  public sign(prefix: unknown): Promise<SignedServedModel> {
    const place = toServedPlace(prefix);
    return signServedModel(place, {
      bucket: SERVED,
      store: this.storeOf(place.prefix, () => true),
      records: this.records,
      served: {
        read: (key) => Promise.resolve(this.objects.get(key)?.content),
        writeOnce: (key, content) => {
          if (this.objects.has(key)) return Promise.resolve(false);
          this.put(key, Buffer.from(content));
          return Promise.resolve(true);
        },
      },
      signer: this.key.signer,
    });
  }

  /** The model below a prefix, or one object when the prefix is a key. */
  public storeOf(prefix: string, wanted: (name: string) => boolean): ArtifactStore {
    const { objects, hashed } = this;
    return {
      name: prefix.split('/').at(-2) ?? SERVED,
      layout: 'tree',
      async *list(): AsyncIterable<Artifact> {
        for (const [key, { versionId, content }] of objects) {
          const name = key.slice(prefix.length);
          if (key.startsWith(prefix) && wanted(name)) yield { name, kind: 'file', size: content.length, version: versionId };
        }
      },
      async *read({ name }: Artifact, range?: ByteRange): AsyncIterable<Uint8Array> {
        hashed.push(`${prefix}${name}`);
        const content = objects.get(`${prefix}${name}`)!.content.subarray(range?.start ?? 0, range?.end);
        for (let at = 0; at < content.length; at += 4) yield content.subarray(at, at + 4);
      },
    };
  }
}
