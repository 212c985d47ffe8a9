import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { DataClass } from '../posture';
import { CaptureStore } from './capture-store';
import type { DataCapture } from './data-capture';

/** A capture with its store. */
export interface ResolvedCapture {
  readonly percentage: number;
  readonly store: CaptureStore;
}

const DEFAULT_PERCENTAGE = 20;
const ORDER = [DataClass.PUBLIC, DataClass.INTERNAL, DataClass.CONFIDENTIAL, DataClass.RESTRICTED];

/** What an endpoint samples: by default a part, of restricted data nothing. */
export function resolveCapture(
  scope: Construct,
  dataClass: DataClass,
  chosen: DataCapture | undefined,
  key: IKey,
): ResolvedCapture | undefined {
  const percentage = chosen?._percentage ?? (dataClass === DataClass.RESTRICTED ? 0 : DEFAULT_PERCENTAGE);
  if (percentage === 0) return undefined;
  const store = chosen?._store ?? new CaptureStore(scope, 'Capture', { dataClass, key });
  if (ORDER.indexOf(store.dataClass) < ORDER.indexOf(dataClass)) {
    throw new Error(`'${scope.node.path}' captures ${dataClass} data into a store for ${store.dataClass} data: give a store of its class or a higher one`);
  }
  return { percentage, store };
}
