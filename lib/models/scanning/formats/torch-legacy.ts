import { PickleStream, probePickle } from '../pickle/scan-pickle';
import type { RangedSource } from '../ranged-source';
import type { ScanContext } from '../scan-context';
import { storageKey } from './torch-storage';

/** How `torch.save` began a file before version 1.6: a pickle of one literal number. */
export const TORCH_MAGIC: Uint8Array = Uint8Array.of(0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e);

const PICKLES = 5;

/** Judges a file of the old torch layout: five pickles, then raw storages, which are opaque numbers. */
export async function scanTorchLegacy(source: RangedSource, context: ScanContext): Promise<void> {
  const pickles = new PickleStream(source, context, { persistent: (id) => storageKey(id) !== undefined });
  for (let count = 0; count < PICKLES; count += 1) {
    await pickles.next();
  }
  // Torch takes what follows for numbers; a reader that goes on unpickling must not find anything there.
  for (const { at, text } of await probePickle(source, context, pickles.offset)) {
    context.report('PICKLE_HIDDEN_OPCODES', at, `${text} among raw storages`);
  }
}
