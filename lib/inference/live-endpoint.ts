/**
 * What is deployed at the moment, as `aws sagemaker describe-endpoint` and `describe-endpoint-config` show it. A synthesis knows templates,
 * not accounts: with this it can refuse what would fail half-way or take the endpoint down.
 */
export interface LiveEndpoint {
  /** The name of the endpoint. */
  readonly endpointName: string;
  /**
   * The type of its instances.
   *
   * @default - it is serverless
   */
  readonly instanceType?: string;
  /**
   * Whether the number of instances scales.
   *
   * @default true
   */
  readonly scaled?: boolean;
}
