import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { DataClass } from '../posture';
import { CaptureStore } from './capture-store';

/** What is sampled of requests and answers, and where it goes. */
export class DataCapture {
  /** Nothing is sampled: monitors of drift have nothing to look at. */
  public static off(): DataCapture {
    return new DataCapture(0);
  }

  /**
   * A share of the requests, in percent, into a store that several endpoints may share.
   *
   * @throws when the share is not a whole number from 1 to 100
   */
  public static sample(percentage: number, store?: CaptureStore): DataCapture {
    if (!Number.isInteger(percentage) || percentage < 1 || percentage > 100) {
      throw new Error(`the share of captured requests is a whole number of percent from 1 to 100, got ${percentage}`);
    }
    return new DataCapture(percentage, store);
  }

  private constructor(
    /** @internal */
    public readonly _percentage: number,
    /** @internal */
    public readonly _store?: CaptureStore,
  ) {}
}

/** A capture with its store. */
export interface ResolvedCapture {
  readonly percentage: number;
  readonly store: CaptureStore;
}

const DEFAULT_PERCENTAGE = 20;
const ORDER = [DataClass.PUBLIC, DataClass.INTERNAL, DataClass.CONFIDENTIAL, DataClass.RESTRICTED];

/** What an endpoint samples: by default a part, of restricted data nothing. */
export function resolveCapture(scope: Construct, dataClass: DataClass, chosen: DataCapture | undefined, key: IKey): ResolvedCapture | undefined {
  const percentage = chosen?._percentage ?? (dataClass === DataClass.RESTRICTED ? 0 : DEFAULT_PERCENTAGE);
  if (percentage === 0) return undefined;
  const store = chosen?._store ?? new CaptureStore(scope, 'Capture', { dataClass, key });
  if (ORDER.indexOf(store.dataClass) < ORDER.indexOf(dataClass)) {
    throw new Error(`'${scope.node.path}' captures ${dataClass} data into a store for ${store.dataClass} data: give a store of its class or a higher one`);
  }
  return { percentage, store };
}
