import type { Duration } from 'aws-cdk-lib';
import type { JsonSchema } from 'aws-cdk-lib/aws-apigateway';
import type { IInferenceTarget } from './api';

/** A model behind a gateway. */
export interface RouteProps {
  /** The model. It is behind one gateway at most. */
  readonly target: IInferenceTarget;
  /**
   * What a request looks like: an object without further properties, in which every text and list has an upper limit. No patterns, no
   * references.
   */
  readonly input: JsonSchema;
  /**
   * The largest request, in bytes: up to 65536, since the firewall reads no further.
   *
   * @default 32768
   */
  readonly maxRequestBytes?: number;
  /**
   * The largest answer, in bytes: up to 3 MiB.
   *
   * @default 1048576
   */
  readonly maxAnswerBytes?: number;
  /**
   * How long a request may take: less than the 29 seconds that the gateway waits.
   *
   * @default Duration.seconds(27)
   */
  readonly deadline?: Duration;
  /**
   * How many requests are worked on at once, where the posture reserves executions at all.
   *
   * @default 50
   */
  readonly concurrency?: number;
}
