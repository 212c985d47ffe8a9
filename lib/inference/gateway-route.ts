import { Duration, Stack } from 'aws-cdk-lib';
import type { IAuthorizer, IRequestValidator, JsonSchema, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { AuthorizationType, Integration, IntegrationType, JsonSchemaVersion, Model, PassthroughBehavior } from 'aws-cdk-lib/aws-apigateway';
import { CfnPermission } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { acknowledge } from '../core/acknowledge';
import type { IInferenceTarget } from './api';
import { InferenceProxy } from './inference-proxy';
import { ROUTE_FOLDER, ROUTE_METHOD } from './proxy.contract';
import { toInputSchema } from './proxy/input-schema';
import type { ProxySettings } from './proxy/proxy-settings';
import { GATEWAY_TIMEOUT_MS } from './proxy/proxy-settings';
import type { RouteProps } from './route-props';

/** How callers are authorised, for a method. */
export interface MethodAuthorization {
  readonly type: AuthorizationType;
  readonly authorizer?: IAuthorizer;
  readonly scopes?: readonly string[];
}

export interface GatewayRouteProps extends RouteProps {
  readonly api: RestApi;
  readonly stageName: string;
  readonly validator: IRequestValidator;
  readonly authorization: MethodAuthorization;
}

/** One path of a gateway, with the model of its requests, its method, and the permission to call the proxy. */
export class GatewayRoute extends Construct {
  /** The path below the stage. */
  public readonly path: string;
  public readonly maxRequestBytes: number;
  public readonly proxy: InferenceProxy;
  public readonly target: IInferenceTarget;

  constructor(scope: Construct, id: string, props: GatewayRouteProps) {
    super(scope, id);
    const { api, target, authorization, stageName } = props;
    if (!/^[a-z0-9][a-z0-9-]{0,62}$/.test(id)) throw new Error(`'${scope.node.path}': the name of a route has up to 63 lower-case letters, digits and hyphens, got '${id}'`);
    this.path = `/${ROUTE_FOLDER}/${id}`;
    this.target = target;
    const { schema: _version, ...described } = props.input;
    const schema = toInputSchema(described);
    const settings: ProxySettings = {
      route: this.path,
      modelDigest: target.modelDigest,
      schema,
      maxRequestBytes: props.maxRequestBytes ?? 32_768,
      maxAnswerBytes: props.maxAnswerBytes ?? 1_048_576,
      deadlineMs: (props.deadline ?? Duration.seconds(27)).toMilliseconds(),
    };
    this.maxRequestBytes = settings.maxRequestBytes;
    if (target.node.tryFindChild('Proxy')) throw new Error(`'${target.node.path}' is behind a gateway already: its limits hold only if there is one way to it`);
    // In the target's stack: see InferenceProxy.
    this.proxy = new InferenceProxy(target, 'Proxy', { target, settings, concurrency: props.concurrency ?? 50 });

    const model = new Model(this, 'Input', { restApi: api, contentType: 'application/json', schema: { schema: JsonSchemaVersion.DRAFT4, ...schema } as JsonSchema });
    const { partition, region, account } = Stack.of(this);
    const { functionArn } = this.proxy.function;
    const folder = api.root.getResource(ROUTE_FOLDER) ?? api.root.addResource(ROUTE_FOLDER);
    const method = folder.addResource(id).addMethod(ROUTE_METHOD, new Integration({
      type: IntegrationType.AWS_PROXY,
      integrationHttpMethod: 'POST',
      uri: `arn:${partition}:apigateway:${region}:lambda:path/2015-03-31/functions/${functionArn}/invocations`,
      options: { passthroughBehavior: PassthroughBehavior.NEVER, timeout: Duration.millis(GATEWAY_TIMEOUT_MS) },
    }), {
      apiKeyRequired: true,
      authorizationType: authorization.type,
      ...(authorization.authorizer ? { authorizer: authorization.authorizer } : {}),
      ...(authorization.scopes ? { authorizationScopes: [...authorization.scopes] } : {}),
      requestValidator: props.validator,
      requestModels: { 'application/json': model },
      requestParameters: { 'method.request.header.Content-Type': true },
    });
    if (authorization.type !== AuthorizationType.COGNITO) acknowledge(method, 'other-authoriser', ['AwsSolutions-COG4']);
    new CfnPermission(this, 'Invoke', {
      action: 'lambda:InvokeFunction',
      principal: 'apigateway.amazonaws.com',
      functionName: functionArn,
      sourceAccount: account,
      sourceArn: Stack.of(this).formatArn({ service: 'execute-api', resource: api.restApiId, resourceName: `${stageName}/${ROUTE_METHOD}${this.path}` }),
    });
  }
}
