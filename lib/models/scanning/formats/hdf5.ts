import type { RangedSource } from '../ranged-source';
import type { ScanContext } from '../scan-context';

export async function scanHdf5(_: RangedSource, context: ScanContext): Promise<void> {
  context.report('HDF5_UNREAD', 0, 'not read yet');
}
