import { RemovalPolicy } from 'aws-cdk-lib';
import type { CfnRestApi, CfnStage } from 'aws-cdk-lib/aws-apigateway';
import {
  AccessLogFormat, ApiKeySourceType, CfnClientCertificate, EndpointType, LogGroupLogDestination, RestApi, SecurityPolicy,
} from 'aws-cdk-lib/aws-apigateway';
import { AnyPrincipal, Effect, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct, IDependable } from 'constructs';
import { SecurityPosture, SecurityProfile } from '../posture';
import type { GatewayExposure } from './gateway-exposure';
import type { MutualTlsDomain } from './mutual-tls-domain';

/** The one stage: its name is part of addresses, and says that the interface may have a second version. */
export const STAGE = 'v1';

export interface GatewayApiProps {
  readonly exposure: GatewayExposure;
  readonly mutualTls?: MutualTlsDomain;
  /** Whether the authoriser names the API key that counts a request. */
  readonly hasTokens: boolean;
  readonly ratePerSecond: number;
  readonly burst: number;
  readonly accessLog: LogGroup;
  readonly key: IKey;
  readonly waitFor: readonly IDependable[];
}

/** What is recorded of each request: who, what, when, how it ended; no header, no query, no body. */
const ACCESS_LOG = {
  requestId: '$context.requestId',
  time: '$context.requestTimeEpoch',
  sourceIp: '$context.identity.sourceIp',
  vpceId: '$context.identity.vpceId',
  certificate: '$context.identity.clientCert.subjectDN',
  tlsVersion: '$context.tlsVersion',
  apiKeyId: '$context.identity.apiKeyId',
  user: '$context.identity.user',
  principal: '$context.authorizer.principalId',
  subject: '$context.authorizer.claims.sub',
  method: '$context.httpMethod',
  resource: '$context.resourcePath',
  status: '$context.status',
  error: '$context.error.responseType',
  authoriserStatus: '$context.authorizer.status',
  firewall: '$context.waf.status',
  responseLength: '$context.responseLength',
  latency: '$context.responseLatency',
  integrationLatency: '$context.integration.latency',
} as const;

/**
 * The REST API of a gateway, with its one stage: TLS 1.2 with forward secrecy, or 1.3.
 *
 * @throws when mutual TLS is asked for with a private API
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-security-policies.html
 */
export function gatewayApi(scope: Construct, props: GatewayApiProps): RestApi {
  const { exposure, mutualTls } = props;
  if (exposure.isPrivate && mutualTls) {
    throw new Error(`'${scope.node.path}' is private, where API Gateway knows no mutual TLS: make it regional, or leave mutualTls out`);
  }
  const posture = SecurityPosture.of(scope);
  // The packs from REGULATED on ask for an encrypted cache. It keeps answers for no time at all: one caller's must not reach another.
  const hasCache = posture.profile !== SecurityProfile.BASELINE;
  const certificate = new CfnClientCertificate(scope, 'ClientCertificate', { description: 'Shown by API Gateway to what it calls' });
  const api = new RestApi(scope, 'Api', {
    description: 'Inference gateway',
    cloudWatchRole: false,
    apiKeySourceType: props.hasTokens ? ApiKeySourceType.AUTHORIZER : ApiKeySourceType.HEADER,
    endpointTypes: [exposure.isPrivate ? EndpointType.PRIVATE : EndpointType.REGIONAL],
    ...(exposure.isPrivate ? { policy: endpointsOnly(exposure) } : {}),
    disableExecuteApiEndpoint: mutualTls !== undefined,
    ...(mutualTls ? { domainName: domainOf(mutualTls) } : {}),
    deployOptions: {
      stageName: STAGE,
      accessLogDestination: new LogGroupLogDestination(props.accessLog),
      accessLogFormat: AccessLogFormat.custom(JSON.stringify(ACCESS_LOG)),
      clientCertificateId: certificate.ref,
      tracingEnabled: true,
      cacheClusterEnabled: hasCache,
      ...(hasCache ? { cacheClusterSize: '0.5' } : {}),
    },
  });
  const resource = api.node.defaultChild as CfnRestApi;
  if (!mutualTls) {
    // The default of a regional API still takes TLS 1.0. With a domain nobody reaches the API's own address.
    resource.securityPolicy = 'SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09';
    resource.endpointAccessMode = 'STRICT';
  }
  if (exposure.isPrivate) {
    resource.endpointConfiguration = { types: ['PRIVATE'], vpcEndpointIds: [...exposure._vpcEndpointIds] };
  }
  const stage = api.deploymentStage.node.defaultChild as CfnStage;
  // Through the L1: the L2 leaves out a time of zero, and overrides are hidden from rules that judge constructs.
  stage.methodSettings = [{
    httpMethod: '*',
    resourcePath: '/*',
    dataTraceEnabled: false,
    loggingLevel: 'INFO',
    metricsEnabled: true,
    throttlingRateLimit: props.ratePerSecond,
    throttlingBurstLimit: props.burst,
    ...(hasCache ? { cachingEnabled: true, cacheDataEncrypted: true, cacheTtlInSeconds: 0 } : {}),
  }];
  // API Gateway would make the group itself, without key and retention.
  const executionLog = new LogGroup(scope, 'ExecutionLog', {
    logGroupName: `API-Gateway-Execution-Logs_${api.restApiId}/${STAGE}`,
    encryptionKey: props.key,
    retention: posture.logRetentionDays,
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
  });
  stage.node.addDependency(executionLog, ...props.waitFor);
  return api;
}

function domainOf(domain: MutualTlsDomain): NonNullable<ConstructorParameters<typeof RestApi>[2]>['domainName'] {
  return {
    domainName: domain.domainName,
    certificate: domain.certificate,
    endpointType: EndpointType.REGIONAL,
    securityPolicy: SecurityPolicy.TLS_1_2,
    mtls: { bucket: domain.truststoreBucket, key: domain.truststoreKey, version: domain.truststoreVersion },
  };
}

/** Who comes through one of the endpoints may ask, as far as the authoriser lets them; nobody else may, whoever they are. */
function endpointsOnly(exposure: GatewayExposure): PolicyDocument {
  const statement = (sid: string, effect: Effect, conditions: Record<string, unknown>) => new PolicyStatement({
    sid, effect, principals: [new AnyPrincipal()], actions: ['execute-api:Invoke'], resources: ['execute-api:/*'], conditions,
  });
  return new PolicyDocument({
    statements: [
      statement('AllowNamedEndpoints', Effect.ALLOW, { StringEquals: { 'aws:SourceVpce': [...exposure._vpcEndpointIds] } }),
      statement('DenyOtherEndpoints', Effect.DENY, { StringNotEquals: { 'aws:SourceVpce': [...exposure._vpcEndpointIds] } }),
    ],
  });
}
