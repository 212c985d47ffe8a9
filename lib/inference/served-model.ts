import type { IModelArtifactBucket } from '../models/api';

/** A promoted model: the store that serves it, and the prefix that its promotion returned. */
export interface ServedModel {
  /** The store. */
  readonly store: IModelArtifactBucket;
  /** Where its files are: `models/<name>/sha256-<64 hexadecimal digits>/`, as the promoter returns it. */
  readonly prefix: string;
}
