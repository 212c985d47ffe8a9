import type { IModelArtifactBucket } from './api';
import { SERVED_PREFIX } from './promote.contract';

/** What the slots of the promotion contract are bound to. */
export function promotionResources(store: IModelArtifactBucket): Record<string, string[]> {
  return {
    quarantineObjects: [store.quarantineBucket.arnForObjects('*')],
    quarantineKey: [store.quarantineKey.keyArn],
    servedModels: [store.servedBucket.arnForObjects(`${SERVED_PREFIX}*`)],
    servedKey: [store.servedKey.keyArn],
  };
}
