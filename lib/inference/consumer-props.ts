import type { ConsumerLimits } from './gateway-limits';

/** Somebody who asks models. */
export interface ConsumerProps {
  /**
   * The principal, as the provider's tokens name it; for gateways that take tokens of an OIDC provider, where nobody else gets in.
   *
   * @default - the consumer sends the value of its API key in the header `x-api-key`
   */
  readonly principal?: string;
  /**
   * How much it may ask.
   *
   * @default - as the gateway says
   */
  readonly limits?: ConsumerLimits;
}
