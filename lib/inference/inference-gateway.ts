import { Names, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { IRequestValidator, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { AuthorizationType } from 'aws-cdk-lib/aws-apigateway';
import type { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import { Grant as Grants } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { declareControls } from '../core/control-declarations';
import { EncryptionKey } from '../core/encryption-key';
import { refuseAlias } from '../core/refuse-alias';
import type { INetworkSegment } from '../network/api';
import { SecurityPosture } from '../posture';
import { AccountLogRole } from './account-log-role';
import type { ConsumerProps } from './consumer-props';
import type { FirewallSettings } from './firewall-rules';
import { INSPECTED_BYTES } from './firewall-rules';
import { GatewayAlarms } from './gateway-alarms';
import { gatewayApi, STAGE } from './gateway-api';
import { GatewayAuthorization } from './gateway-authorization';
import { GatewayConsumers } from './gateway-consumers';
import { GatewayDashboard } from './gateway-dashboard';
import type { GatewayExposure } from './gateway-exposure';
import { GatewayFirewall } from './gateway-firewall';
import type { ConsumerLimits, GatewayLimits } from './gateway-limits';
import type { MethodAuthorization } from './gateway-route';
import { GatewayRoute } from './gateway-route';
import { methodAuthorization } from './method-authorization';
import type { MutualTlsDomain } from './mutual-tls-domain';
import { ROUTE_METHOD } from './proxy.contract';
import { requireLimits } from './require-limits';
import type { RouteProps } from './route-props';

/** How a gateway is reached, who may ask, and how much. */
export interface InferenceGatewayProps {
  /** From where it can be reached. */
  readonly exposure: GatewayExposure;
  /**
   * How callers prove who they are.
   *
   * @default GatewayAuthorization.iam()
   */
  readonly authorization?: GatewayAuthorization;
  /**
   * Where the function runs that verifies tokens of an OIDC provider.
   *
   * @default - needed with `GatewayAuthorization.oidc` only
   */
  readonly segment?: INetworkSegment;
  /**
   * A domain at which callers show a certificate as well. Refused for a private gateway.
   *
   * @default - no certificate of callers, and the default address
   */
  readonly mutualTls?: MutualTlsDomain;
  /**
   * How much all consumers together may ask.
   *
   * @default - see `GatewayLimits`
   */
  readonly limits?: GatewayLimits;
  /**
   * How much each consumer may ask.
   *
   * @default - see `ConsumerLimits`
   */
  readonly consumerLimits?: ConsumerLimits;
  /**
   * The role with which API Gateway writes logs in this account and region.
   *
   * @default AccountLogRole.existing()
   */
  readonly accountLogRole?: AccountLogRole;
  /**
   * Encrypts the logs: a key, not an alias. Its policy must let CloudWatch Logs use it.
   *
   * @default - a new key with rotation
   */
  readonly key?: IKey;
}

/**
 * The way to models: one REST API for many endpoints. Behind a firewall that blocks what nobody registered, with a validator, an
 * authoriser, keys and quotas for each consumer, and a proxy for each model which judges requests and answers once more.
 *
 * It calls the proxies, which belong to the endpoints' stacks: where those are apart, the gateway's stack is deployed after them.
 *
 * No log holds a request or an answer.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/security-best-practices.html
 */
export class InferenceGateway extends Construct {
  /** The id of the REST API. */
  public readonly restApiId: string;
  /** The name of the web ACL's metrics. */
  public readonly firewallMetricName: string;

  private readonly api: RestApi;
  private readonly validator: IRequestValidator;
  private readonly authorization: MethodAuthorization;
  private readonly consumers: GatewayConsumers;
  private readonly dashboard: GatewayDashboard;
  private readonly routes = new Map<string, GatewayRoute>();

  constructor(scope: Construct, id: string, props: InferenceGatewayProps) {
    super(scope, id);
    refuseAlias(this, 'key', props.key);
    const posture = SecurityPosture.of(this);
    const limits = requireLimits(`'${this.node.path}'`, { ratePerSecond: 100, burst: 200, requestsPerAddress: 6_000, requestsPerCredential: 6_000, ...props.limits });
    requireLimits(`'${this.node.path}'`, { requestsPerAddress: limits.requestsPerAddress, requestsPerCredential: limits.requestsPerCredential }, 10);
    declareControls(this, 'P2', 'P3', 'P5', 'P6', 'DP2a', 'AA1', 'ML8', 'MI1', 'MI4', 'RT5', 'OB1', 'OB2', 'OB4');
    const key = props.key ?? this.newKey();
    const accessLog = new LogGroup(this, 'AccessLog', { encryptionKey: key, retention: posture.logRetentionDays, removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE });
    const authorization = props.authorization ?? GatewayAuthorization.iam();

    this.api = gatewayApi(this, {
      exposure: props.exposure,
      ...(props.mutualTls ? { mutualTls: props.mutualTls } : {}),
      hasTokens: authorization._kind === 'oidc',
      ratePerSecond: limits.ratePerSecond,
      burst: limits.burst,
      accessLog,
      key,
      waitFor: (props.accountLogRole ?? AccountLogRole.existing())._bind(this),
    });
    this.restApiId = this.api.restApiId;
    this.validator = this.api.addRequestValidator('Validator', { validateRequestBody: true, validateRequestParameters: true });
    const { method, usagePrefix } = methodAuthorization(this, {
      api: this.api, authorization, key, ...(props.segment ? { segment: props.segment } : {}),
    });
    this.authorization = method;

    const stage = this.api.deploymentStage;
    const firewall = new GatewayFirewall(this, 'Firewall', {
      key,
      stageArn: Stack.of(this).formatArn({ service: 'apigateway', account: '', resource: '/restapis', resourceName: `${this.api.restApiId}/stages/${stage.stageName}` }),
      settings: () => this.firewallSettings(limits, props.mutualTls !== undefined, authorization._kind),
    });
    this.firewallMetricName = firewall.webAclName;
    this.consumers = new GatewayConsumers(this, 'Consumers', {
      api: this.api, limits: props.consumerLimits ?? {}, ...(usagePrefix === undefined ? {} : { usagePrefix }),
    });
    this.dashboard = new GatewayDashboard(this, 'Dashboard', { api: this.api });
    if (posture.alarmTopic) new GatewayAlarms(this, 'Alarms', { api: this.api, accessLog, topic: posture.alarmTopic });
    this.node.addValidation({ validate: () => (this.routes.size > 0 ? [] : [`'${this.node.path}' has no route: add one with addRoute`]) });
  }

  /**
   * Puts a model at `POST /infer/<name>`.
   *
   * @throws when the name is taken, the schema leaves something open, or a limit is more than the gateway can hold
   */
  public addRoute(name: string, props: RouteProps): void {
    if ((props.maxRequestBytes ?? 0) > INSPECTED_BYTES) {
      throw new Error(`'${this.node.path}': maxRequestBytes of the route '${name}' is ${props.maxRequestBytes}: the firewall reads ${INSPECTED_BYTES} bytes and lets nothing longer pass`);
    }
    if (this.routes.has(name)) throw new Error(`'${this.node.path}' has a route '${name}' already`);
    const routes = this.node.tryFindChild('Routes') ?? new Construct(this, 'Routes');
    const route = new GatewayRoute(routes, name, {
      ...props, api: this.api, stageName: STAGE, validator: this.validator, authorization: this.authorization,
    });
    this.routes.set(name, route);
    this.dashboard.addTarget(name, props.target);
  }

  /**
   * Lets a consumer in, with counters of its own. Returns the id of its API key.
   *
   * @throws when the principal is missing, or there is no use for one
   */
  public addConsumer(id: string, props: ConsumerProps = {}): string {
    return this.consumers.add(id, props);
  }

  /**
   * Lets an identity sign requests to a route. It needs an API key of a consumer as well.
   *
   * @throws when the gateway takes tokens, or has no such route
   */
  public grantInvoke(grantee: IGrantable, route: string): Grant {
    if (this.authorization.type !== AuthorizationType.IAM) throw new Error(`'${this.node.path}' is authorised by tokens: a grant of IAM has no effect`);
    const found = this.routes.get(route);
    if (!found) throw new Error(`'${this.node.path}' has no route '${route}': it has ${[...this.routes.keys()].join(', ') || 'none'}`);
    return Grants.addToPrincipal({ grantee, actions: ['execute-api:Invoke'], resourceArns: [this.api.arnForExecuteApi(ROUTE_METHOD, found.path, STAGE)] });
  }

  private firewallSettings(limits: Required<GatewayLimits>, hasDomain: boolean, kind: string): FirewallSettings {
    const routes = [...this.routes.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
    return {
      method: ROUTE_METHOD,
      // Behind a domain the caller does not write the stage.
      paths: routes.flatMap(({ path }) => (hasDomain ? [`/${STAGE}${path}`, path] : [`/${STAGE}${path}`])),
      maxBodyBytes: Math.max(1, ...routes.map(({ maxRequestBytes }) => maxRequestBytes)),
      ratePerAddress: limits.requestsPerAddress,
      ratePerCredential: limits.requestsPerCredential,
      credentialHeader: kind === 'oidc' ? 'authorization' : 'x-api-key',
    };
  }

  private newKey(): IKey {
    const key = new EncryptionKey(this, 'Key', { description: `Logs of the inference gateway ${Names.nodeUniqueId(this.node)}` });
    key.allowLogGroups();
    return key;
  }
}
