import { ArnFormat, Aws, Duration, Fn, Stack } from 'aws-cdk-lib';
import type { IRestApi } from 'aws-cdk-lib/aws-apigateway';
import { CfnAuthorizer } from 'aws-cdk-lib/aws-apigateway';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnPermission } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { servicesOf } from '../core/handler-contract';
import { HandlerFunction } from '../core/handler-function';
import type { INetworkSegment } from '../network/api';
import { AUTHORISE, AUTHORISE_ENV, KEY_SET_OBJECT } from './authorise.contract';
import type { AuthoriseSettings } from './authorise/authorise-request';
import type { OidcProvider } from './oidc-provider';
import { setConcurrency } from './proxy-concurrency';

export interface TokenAuthoriserProps {
  readonly api: IRestApi;
  readonly provider: OidcProvider;
  readonly segment: INetworkSegment;
  readonly key: IKey;
  readonly concurrency?: number;
}

/**
 * Verifies tokens before a request goes on.
 *
 * Its answers are not cached: a cached one would outlive its token, and would be for other methods than the one that it was made for.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-use-lambda-authorizer.html
 */
export class TokenAuthoriser extends Construct {
  public readonly authorizerId: string;
  /** What the ids of usage keys begin with: the stack's own id, which no other stack has. */
  public readonly usagePrefix: string;

  constructor(scope: Construct, id: string, { api, provider, segment, key, concurrency }: TokenAuthoriserProps) {
    super(scope, id);
    this.usagePrefix = Fn.select(2, Fn.split('/', Aws.STACK_ID));
    const { bucket, key: keySetKey } = provider.keys;
    const settings: AuthoriseSettings = {
      issuer: provider.issuer,
      audiences: provider.audiences,
      algorithms: provider.algorithms ?? ['RS256'],
      scopes: provider.scopes ?? [],
      principalClaim: provider.principalClaim ?? 'sub',
      maxLifetime: (provider.maxLifetime ?? Duration.hours(24)).toSeconds(),
      usagePrefix: this.usagePrefix,
    };
    segment.require({ services: servicesOf(AUTHORISE) });
    const handler = new HandlerFunction(this, 'Handler', {
      contract: AUTHORISE,
      description: 'Verifies the tokens of callers of an inference gateway',
      key,
      network: { vpc: segment.vpc, subnets: segment.subnets, securityGroups: [segment.securityGroup] },
      environment: { [AUTHORISE_ENV.KEY_SET_BUCKET]: bucket.bucketName, [AUTHORISE_ENV.SETTINGS]: Stack.of(this).toJsonString(settings) },
      resources: { keySet: [bucket.arnForObjects(KEY_SET_OBJECT)], keySetKey: [keySetKey.keyArn] },
      timeout: Duration.seconds(5),
    });
    setConcurrency(handler, concurrency);
    const { partition, region, account } = Stack.of(this);
    const authorizer = new CfnAuthorizer(this, 'Resource', {
      restApiId: api.restApiId,
      name: 'Token',
      type: 'TOKEN',
      authorizerUri: `arn:${partition}:apigateway:${region}:lambda:path/2015-03-31/functions/${handler.function.functionArn}/invocations`,
      identitySource: 'method.request.header.Authorization',
      // What is not even shaped like a token is refused without a call.
      identityValidationExpression: '^[Bb]earer [A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+$',
      authorizerResultTtlInSeconds: 0,
    });
    new CfnPermission(this, 'Invoke', {
      action: 'lambda:InvokeFunction',
      principal: 'apigateway.amazonaws.com',
      functionName: handler.function.functionArn,
      sourceAccount: account,
      sourceArn: Stack.of(this).formatArn({
        service: 'execute-api', resource: api.restApiId, arnFormat: ArnFormat.SLASH_RESOURCE_NAME, resourceName: `authorizers/${authorizer.ref}`,
      }),
    });
    this.authorizerId = authorizer.ref;
  }
}
