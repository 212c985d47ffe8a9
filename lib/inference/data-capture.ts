import type { CaptureStore } from './capture-store';

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
