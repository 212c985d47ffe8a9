import type { PickleValue } from '../pickle/pickle-value';
import { scanPickles } from '../pickle/scan-pickle';
import type { ScanContext } from '../scan-context';
import type { ZipArchive } from '../zip/zip-archive';
import type { ZipEntry } from '../zip/zip-entry';
import { storageKey } from './torch-storage';

/** Entries that torch writes for itself: a number or a word. */
const SMALL_TEXT = new Set(['version', 'byteorder', '.format_version', '.storage_alignment', '.data/serialization_id', '.data/version']);
const SMALL = 256;

/** The folder that holds a torch checkpoint in an archive; undefined where the archive is something else. */
export function torchRoot(entries: readonly ZipEntry[]): string | undefined {
  const root = /^([^/]+\/)data\.pkl$/.exec(entries.find(({ name }) => /^[^/]+\/data\.pkl$/.test(name))?.name ?? '')?.[1];
  return root !== undefined && entries.every(({ name }) => name.startsWith(root)) ? root : undefined;
}

/**
 * Judges a torch checkpoint: its pickle, that each storage belongs to it, and every other entry by content.
 *
 * Storages are raw numbers. They are judged from the directory alone, so the size of a checkpoint hardly changes the cost.
 */
export async function scanTorchZip(archive: ZipArchive, root: string, context: ScanContext): Promise<void> {
  const storages = new Set<string>();
  for (const entry of archive.entries) {
    const inner = entry.name.slice(root.length);
    if (inner === 'data.pkl') {
      const part = context.part(entry.name);
      const persistent = (id: PickleValue): boolean => {
        const key = storageKey(id);
        storages.add(key ?? '');
        return key !== undefined;
      };
      await part.guard(() => archive.use(entry, (content) => scanPickles(content, part, { persistent })));
    } else if (inner.startsWith('code/') || inner === 'constants.pkl') {
      context.report('TORCH_SCRIPT_CODE', entry.recordOffset, entry.name);
    }
  }
  for (const entry of archive.entries) {
    const inner = entry.name.slice(root.length);
    const key = /^data\/(\w+)$/.exec(inner)?.[1];
    if (key !== undefined && storages.has(key) && archive.isTight(entry)) {
      continue;
    }
    if (key !== undefined && !storages.has(key)) {
      context.report('TORCH_STORAGE', entry.recordOffset, `${entry.name} belongs to no tensor`);
    }
    if (inner !== 'data.pkl') {
      await context.guard(() => archive.use(entry, async (content) => {
        if (SMALL_TEXT.has(inner) && content.size <= SMALL) {
          return;
        }
        if (key !== undefined) {
          context.report('TORCH_STORAGE', entry.recordOffset, `${entry.name} is not stored plainly`);
        }
        await context.descend(entry.name, content);
      }));
    }
  }
}
