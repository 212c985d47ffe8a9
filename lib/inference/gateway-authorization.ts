import type { IUserPool } from 'aws-cdk-lib/aws-cognito';
import type { OidcProvider } from './oidc-provider';

/** How callers of a gateway prove who they are. There is no way to leave it open. */
export class GatewayAuthorization {
  /** By signing requests with IAM: for workloads in AWS. Grant them `InferenceGateway.grantInvoke`. */
  public static iam(): GatewayAuthorization {
    return new GatewayAuthorization('iam');
  }

  /**
   * By a token of Cognito user pools. An access token is asked for, with one of the scopes.
   *
   * @throws when no pool or no scope is named: without a scope API Gateway takes identity tokens, which are not for APIs
   */
  public static cognito(userPools: IUserPool[], scopes: string[]): GatewayAuthorization {
    if (userPools.length === 0 || scopes.length === 0) throw new Error('authorisation by Cognito needs a user pool and a scope');
    return new GatewayAuthorization('cognito', { userPools, scopes });
  }

  /**
   * By a token of any provider of OpenID Connect, which a function of the library verifies against the mirrored keys.
   *
   * @throws when the issuer is no https URL, or no audience or algorithm is named
   */
  public static oidc(provider: OidcProvider): GatewayAuthorization {
    if (!provider.issuer.startsWith('https://')) throw new Error(`the issuer must be an https URL, got '${provider.issuer}'`);
    if (provider.audiences.length === 0) throw new Error(`the tokens of '${provider.issuer}' must be for somebody: name an audience`);
    if (provider.algorithms?.length === 0) throw new Error(`the tokens of '${provider.issuer}' must be signed: name an algorithm`);
    return new GatewayAuthorization('oidc', undefined, provider);
  }

  private constructor(
    /** @internal */
    public readonly _kind: 'iam' | 'cognito' | 'oidc',
    /** @internal */
    public readonly _cognito?: { readonly userPools: readonly IUserPool[]; readonly scopes: readonly string[] },
    /** @internal */
    public readonly _oidc?: OidcProvider,
  ) {}
}
