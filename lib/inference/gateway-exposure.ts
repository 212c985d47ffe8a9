import { Token } from 'aws-cdk-lib';

/** From where a gateway can be reached. */
export class GatewayExposure {
  /** From the internet, in the region of the stack. */
  public static regional(): GatewayExposure {
    return new GatewayExposure([]);
  }

  /**
   * Through VPC endpoints of `execute-api` alone.
   *
   * @throws when no endpoint is named
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-apis.html
   */
  public static privateTo(vpcEndpointIds: string[]): GatewayExposure {
    const wrong = vpcEndpointIds.find((id) => !Token.isUnresolved(id) && !/^vpce-[0-9a-f]+$/.test(id));
    if (vpcEndpointIds.length === 0 || wrong !== undefined) {
      throw new Error(`a private gateway needs the ids of VPC endpoints for execute-api, like 'vpce-0a1b2c3d', got ${wrong === undefined ? 'none' : `'${wrong}'`}`);
    }
    return new GatewayExposure(vpcEndpointIds);
  }

  private constructor(
    /** Empty: regional. @internal */
    public readonly _vpcEndpointIds: readonly string[],
  ) {}

  /** Whether it can be reached through VPC endpoints alone. */
  public get isPrivate(): boolean {
    return this._vpcEndpointIds.length > 0;
  }
}
