/** How much one consumer may ask. */
export interface ConsumerLimits {
  /**
   * Requests in a second, in the long run.
   *
   * @default 10
   */
  readonly ratePerSecond?: number;
  /**
   * Requests at once.
   *
   * @default 20
   */
  readonly burst?: number;
  /**
   * Requests in a day.
   *
   * @default 10000
   */
  readonly requestsPerDay?: number;
}

/** How much all consumers together may ask. */
export interface GatewayLimits {
  /**
   * Requests in a second, in the long run.
   *
   * @default 100
   */
  readonly ratePerSecond?: number;
  /**
   * Requests at once.
   *
   * @default 200
   */
  readonly burst?: number;
  /**
   * Requests of one address in five minutes, at least 10.
   *
   * @default 6000
   */
  readonly requestsPerAddress?: number;
  /**
   * Requests with one credential in five minutes, at least 10.
   *
   * @default 6000
   */
  readonly requestsPerCredential?: number;
}
