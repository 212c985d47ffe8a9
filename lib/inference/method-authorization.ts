import { Duration } from 'aws-cdk-lib';
import type { IAuthorizer, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { AuthorizationType, CognitoUserPoolsAuthorizer } from 'aws-cdk-lib/aws-apigateway';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { INetworkSegment } from '../network/api';
import type { GatewayAuthorization } from './gateway-authorization';
import type { MethodAuthorization } from './gateway-route';
import { TokenAuthoriser } from './token-authoriser';

export interface MethodAuthorizationProps {
  readonly api: RestApi;
  readonly authorization: GatewayAuthorization;
  readonly key: IKey;
  readonly segment?: INetworkSegment;
}

/** How the methods of a gateway are authorised, with the authoriser that they share, and what usage keys begin with. */
export function methodAuthorization(
  scope: Construct,
  props: MethodAuthorizationProps,
): { readonly method: MethodAuthorization; readonly usagePrefix?: string } {
  const { api, authorization, key, segment } = props;
  const { _cognito: cognito, _oidc: provider } = authorization;
  if (cognito) {
    const authorizer = new CognitoUserPoolsAuthorizer(scope, 'Authoriser', { cognitoUserPools: [...cognito.userPools], resultsCacheTtl: Duration.seconds(0) });
    return { method: { type: AuthorizationType.COGNITO, authorizer, scopes: cognito.scopes } };
  }
  if (provider) {
    if (!segment) throw new Error(`'${scope.node.path}' verifies tokens with a function, which needs a segment: give segment`);
    const { authorizerId, usagePrefix } = new TokenAuthoriser(scope, 'Authoriser', { api, provider, segment, key, concurrency: 50 });
    const authorizer: IAuthorizer = { authorizerId, authorizationType: AuthorizationType.CUSTOM };
    return { method: { type: AuthorizationType.CUSTOM, authorizer }, usagePrefix };
  }
  return { method: { type: AuthorizationType.IAM } };
}
