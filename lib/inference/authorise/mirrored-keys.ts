import { AuthoriseError } from './authorise-error';
import type { KeySet } from './key-set';
import { toKeySet } from './key-set';

/** Where the mirrored key set is read from, and what time it is. */
export interface MirrorPorts {
  /** The text of the set. @throws anything when it cannot be read */
  load(): Promise<string>;
  /** In seconds; never goes back. */
  now(): number;
}

/** How long a set is taken without looking again, in seconds. */
const FRESH = 300;
/** How often an unknown key makes it look again, in seconds: a rotated key is found soon, and hostile ids cost one read in so long. */
const RELOAD_INTERVAL = 30;
/** How long a set serves while the mirror cannot be read, in seconds; after that nobody gets in. */
const STALE = 3_600;

/** The mirrored keys of a provider, read again from time to time and when a token names a key that is not there yet. */
export class MirroredKeys {
  private keys?: KeySet;
  private loadedAt = -Infinity;
  private triedAt = -Infinity;
  private loading?: Promise<void>;
  /** Why the last look failed; undefined when it did not. */
  private failure?: unknown;

  constructor(private readonly ports: MirrorPorts) {}

  /**
   * The set, with the key of an id where the provider has one.
   *
   * @throws AuthoriseError KEY_SET, caused by what the last look at the mirror met
   */
  public async forKey(keyId: string | undefined): Promise<KeySet> {
    const age = this.ports.now() - this.loadedAt;
    const isMissing = keyId !== undefined && !this.keys?.has(keyId);
    if (age >= FRESH || isMissing) await this.reload();
    if (!this.keys || this.ports.now() - this.loadedAt >= STALE) {
      throw new AuthoriseError('KEY_SET', 'the mirrored key set could not be read for an hour, or never', { cause: this.failure });
    }
    return this.keys;
  }

  private async reload(): Promise<void> {
    if (this.loading) return this.loading;
    if (this.ports.now() - this.triedAt < RELOAD_INTERVAL) return undefined;
    this.triedAt = this.ports.now();
    this.loading = this.load().finally(() => {
      this.loading = undefined;
    });
    return this.loading;
  }

  private async load(): Promise<void> {
    let keys: KeySet;
    try {
      keys = toKeySet(await this.ports.load());
    } catch (error) {
      // A broken set does not replace one that works: its time runs out all the same.
      this.failure = error;
      return;
    }
    this.keys = keys;
    this.loadedAt = this.ports.now();
    this.failure = undefined;
  }
}
