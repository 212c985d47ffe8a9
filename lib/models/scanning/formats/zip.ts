import type { RangedSource } from '../ranged-source';
import type { ScanContext } from '../scan-context';
import { ZipArchive } from '../zip/zip-archive';
import { scanTorchZip, torchRoot } from './torch-zip';

/** Judges a zip archive: a torch checkpoint by its layout, anything else entry by entry, by content and not by name. */
export async function scanZip(source: RangedSource, context: ScanContext): Promise<void> {
  const archive = await ZipArchive.open(source, context);
  const root = torchRoot(archive.entries);
  if (root !== undefined) {
    context.ledger.formats.add('TORCH_ZIP');
    await scanTorchZip(archive, root, context);
    return;
  }
  for (const entry of archive.entries) {
    if (entry.name.endsWith('/') && entry.size === 0 && entry.compressedSize === 0) {
      await context.guard(() => archive.use(entry, () => Promise.resolve()));
      continue;
    }
    await context.guard(() => archive.use(entry, async (content) => {
      if (/^(?:[^/]+\/)?code\//.test(entry.name)) {
        context.report('INFERENCE_CODE', entry.recordOffset, entry.name);
      }
      await context.descend(entry.name, content);
    }));
  }
}
