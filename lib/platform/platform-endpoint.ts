import type { Duration } from 'aws-cdk-lib';
import type { JsonSchema } from 'aws-cdk-lib/aws-apigateway';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { DataCapture, EndpointCapacity, LiveEndpoint, ModelImage, RequestCost, ServerlessCapacity } from '../inference';
import type { DataClass, WeakerChoice } from '../posture';

/** A model that is served: what its endpoint and its route of the gateway take. */
export interface PlatformEndpoint {
  /** Where its files are, as the promoter returns it: `models/<name>/sha256-<64 hexadecimal digits>/`. */
  readonly prefix: string;
  /**
   * Why it is deployed although the gate's decision is not checked, as where the gate is in another account.
   *
   * @default - the deployment fails unless the platform's gate approved this very prefix
   */
  readonly unproven?: WeakerChoice;
  /** The image of its container. */
  readonly image: ModelImage;
  /** What a request looks like: an object without further properties, in which every text and list has an upper limit. */
  readonly input: JsonSchema;
  /**
   * How sensitive requests and answers are.
   *
   * @default DataClass.CONFIDENTIAL
   */
  readonly dataClass?: DataClass;
  /**
   * Instances, and how they scale.
   *
   * @default - two `ml.m5.xlarge`, four at most
   */
  readonly capacity?: EndpointCapacity;
  /**
   * Serverless in place of instances: no VPC, no network isolation, nothing sampled. Refused for restricted data.
   *
   * @default - instances
   */
  readonly serverless?: ServerlessCapacity;
  /**
   * What is sampled of requests and answers.
   *
   * @default - a fifth of them, into one store of the platform; nothing of restricted data, and on serverless
   */
  readonly capture?: DataCapture;
  /**
   * The 99th percentile of the model's time above which a deployment is rolled back and an alarm raised.
   *
   * @default Duration.seconds(10)
   */
  readonly latencyLimit?: Duration;
  /**
   * What a request costs.
   *
   * @default - instances are paid by the hour: nothing for each request
   */
  readonly cost?: RequestCost;
  /**
   * The name of the endpoint, which it keeps for ever.
   *
   * @default - made of the construct's path
   */
  readonly endpointName?: string;
  /**
   * What is deployed now, so that a change which would fail or reset it is refused.
   *
   * @default - nothing is known to be deployed
   */
  readonly live?: LiveEndpoint;
  /**
   * Encrypts volumes.
   *
   * @default - a new key with rotation
   */
  readonly key?: IKey;
  /**
   * Encrypts the log, and the settings of the proxy.
   *
   * @default - a new key with rotation
   */
  readonly logKey?: IKey;
  /**
   * The largest request, in bytes: up to 65536.
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
