import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { JsonSchemaType } from 'aws-cdk-lib/aws-apigateway';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import {
  CaptureStore, DataCapture, GatewayAuthorization, GatewayExposure, InferenceBudget, InferenceGateway, InferenceTargetKind, KeySetMirror,
} from 'cdk-secure-ai/inference';
import type { InferenceGatewayProps, IInferenceTarget, RouteProps } from 'cdk-secure-ai/inference';
import type { SecurityPostureProps } from 'cdk-secure-ai/posture';
import { DataClass, SecurityProfile } from 'cdk-secure-ai/posture';
import { describe, expect, test } from 'vitest';
import { usageIdentifier } from '../../lib/inference/authorise/usage-identifier';
import { toProxySettings } from '../../lib/inference/proxy/proxy-settings';
import { AUTHORIZATIONS, DIGEST, ENV, endpointOf, gatewayOf, IMAGE, INPUT, workload } from './world';

function templateWith(change: Partial<InferenceGatewayProps> = {}, kind = 'iam', posture: SecurityPostureProps = {}, app = new App()): Template {
  const world = workload(app, 'Stack', posture);
  gatewayOf(world, change, kind);
  return Template.fromStack(world.stack);
}

const logged = (template: Template): string => {
  const [{ Properties }] = Object.values(template.findResources('AWS::ApiGateway::Stage')) as { Properties: { AccessLogSetting: { Format: string } } }[];
  return Properties.AccessLogSetting.Format;
};

describe('by default', () => {
  const template = templateWith();

  test('the stage throttles, traces, logs without payloads, shows a certificate and caches for no time', () => {
    template.hasResourceProperties('AWS::ApiGateway::Stage', {
      StageName: 'v1', TracingEnabled: true, ClientCertificateId: Match.anyValue(), CacheClusterEnabled: true,
      MethodSettings: [{
        HttpMethod: '*', ResourcePath: '/*', DataTraceEnabled: false, LoggingLevel: 'INFO', MetricsEnabled: true, ThrottlingRateLimit: 100, ThrottlingBurstLimit: 200,
        CachingEnabled: true, CacheDataEncrypted: true, CacheTtlInSeconds: 0,
      }],
    });
    const fields = Object.keys(JSON.parse(logged(template)) as object);
    expect(fields).toEqual(expect.arrayContaining(['requestId', 'status', 'apiKeyId', 'principal']));
    expect(logged(template)).not.toMatch(/body|header|query|authorizationToken|apiKey"|clientCertPem/i);
  });

  test('takes TLS 1.2 with forward secrecy or 1.3, at its own name alone', () => {
    template.hasResourceProperties('AWS::ApiGateway::RestApi', { SecurityPolicy: 'SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09', EndpointAccessMode: 'STRICT' });
  });

  test('the execution log is there before the stage, encrypted and with retention', () => {
    template.hasResourceProperties('AWS::Logs::LogGroup', {
      LogGroupName: { 'Fn::Join': ['', ['API-Gateway-Execution-Logs_', { Ref: Match.stringLikeRegexp('GatewayApi') }, '/v1']] }, KmsKeyId: Match.anyValue(), RetentionInDays: 2192,
    });
    const [stage] = Object.values(template.findResources('AWS::ApiGateway::Stage')) as { DependsOn: string[] }[];
    expect(stage.DependsOn.join()).toMatch(/ExecutionLog.*|.*Account/);
    expect(stage.DependsOn.some((id) => id.startsWith('GatewayExecutionLog'))).toBe(true);
    expect(stage.DependsOn.some((id) => id.startsWith('GatewayAccount'))).toBe(true);
  });

  test('a method asks for a signature, a key, a JSON body of the schema, and takes no other type', () => {
    template.hasResourceProperties('AWS::ApiGateway::Method', {
      HttpMethod: 'POST', AuthorizationType: 'AWS_IAM', ApiKeyRequired: true, RequestValidatorId: Match.anyValue(), RequestModels: { 'application/json': Match.anyValue() },
      Integration: { Type: 'AWS_PROXY', PassthroughBehavior: 'NEVER', TimeoutInMillis: 29_000 },
    });
    template.hasResourceProperties('AWS::ApiGateway::RequestValidator', { ValidateRequestBody: true, ValidateRequestParameters: true });
    template.hasResourceProperties('AWS::ApiGateway::Model', {
      ContentType: 'application/json',
      Schema: { type: 'object', additionalProperties: false, properties: { prompt: { type: 'string', maxLength: 8_000 } }, required: ['prompt'], $schema: Match.stringLikeRegexp('draft-04') },
    });
    expect(Object.values(template.findResources('AWS::ApiGateway::Method')).map((one) => (one as { Properties: { HttpMethod: string } }).Properties.HttpMethod)).toEqual(['POST']);
  });

  test('each consumer has counters of its own', () => {
    template.hasResourceProperties('AWS::ApiGateway::UsagePlan', { Quota: { Limit: 10_000, Period: 'DAY' }, Throttle: { RateLimit: 10, BurstLimit: 20 }, ApiStages: [Match.anyValue()] });
    template.resourceCountIs('AWS::ApiGateway::ApiKey', 1);
    template.resourceCountIs('AWS::ApiGateway::UsagePlanKey', 1);
  });

  test('the proxy has a deadline below the gateway, and settings that it can read', () => {
    const [proxy] = (Object.values(template.findResources('AWS::Lambda::Function')) as { Properties: { Environment: { Variables: Record<string, string> }; Timeout: number; ReservedConcurrentExecutions: number } }[])
      .filter(({ Properties }) => 'ENDPOINT_NAME' in Properties.Environment.Variables);
    expect(proxy.Properties).toMatchObject({ Timeout: 29, ReservedConcurrentExecutions: 50 });
    expect(toProxySettings(proxy.Properties.Environment.Variables.SETTINGS)).toMatchObject({ route: '/infer/fraud', modelDigest: DIGEST, deadlineMs: 27_000 });
  });

  test('only the stage and path of the gateway may call the proxy', () => {
    template.hasResourceProperties('AWS::Lambda::Permission', {
      Principal: 'apigateway.amazonaws.com', SourceAccount: '111111111111',
      SourceArn: { 'Fn::Join': ['', Match.arrayWith([Match.stringLikeRegexp('/v1/POST/infer/fraud')])] },
    });
  });

  test('BASELINE has no cache and reserves nothing', () => {
    const baseline = templateWith({}, 'iam', { profile: SecurityProfile.BASELINE });
    baseline.hasResourceProperties('AWS::ApiGateway::Stage', { CacheClusterEnabled: false, MethodSettings: [{ CachingEnabled: Match.absent() }] });
    for (const { Properties } of Object.values(baseline.findResources('AWS::Lambda::Function')) as { Properties: object }[]) {
      expect(Properties).not.toHaveProperty('ReservedConcurrentExecutions');
    }
  });
});

describe('authorisation', () => {
  test('by Cognito asks for an access token with a scope', () => {
    templateWith({}, 'cognito').hasResourceProperties('AWS::ApiGateway::Method', { AuthorizationType: 'COGNITO_USER_POOLS', AuthorizationScopes: ['models/ask'], ApiKeyRequired: true });
    expect(() => GatewayAuthorization.cognito([], ['a'])).toThrow('needs a user pool and a scope');
  });

  test('by OIDC runs the authoriser, whose answers nobody keeps, and which names the counter', () => {
    const template = templateWith({}, 'oidc');
    template.hasResourceProperties('AWS::ApiGateway::Authorizer', { Type: 'TOKEN', AuthorizerResultTtlInSeconds: 0, IdentitySource: 'method.request.header.Authorization' });
    template.hasResourceProperties('AWS::ApiGateway::RestApi', { ApiKeySourceType: 'AUTHORIZER' });
    template.hasResourceProperties('AWS::ApiGateway::ApiKey', {
      Value: { 'Fn::Join': ['', [{ 'Fn::Select': [2, { 'Fn::Split': ['/', { Ref: 'AWS::StackId' }] }] }, usageIdentifier('', 'alice')]] },
    });
    template.hasResourceProperties('AWS::ApiGateway::Method', { AuthorizationType: 'CUSTOM' });
  });

  test('by OIDC takes the consumer that the tokens name', () => {
    expect(() => {
      const world = workload(new App());
      gatewayOf(world, {}, 'oidc').gateway.addConsumer('Other');
    }).toThrow('needs the principal');
    expect(() => {
      const world = workload(new App());
      gatewayOf(world).gateway.addConsumer('Other', { principal: 'alice' });
    }).toThrow('principal is for gateways that take tokens');
  });

  test.each<[string, object, string]>([
    ['an issuer without TLS', { issuer: 'http://issuer.example.com' }, 'https URL'], ['no audience', { audiences: [] }, 'name an audience'], ['no algorithm', { algorithms: [] }, 'name an algorithm'],
  ])('by OIDC refuses %s', (_, change, message) => {
    const keys = new KeySetMirror(workload(new App()).stack, 'Keys');
    expect(() => GatewayAuthorization.oidc({ issuer: 'https://issuer.example.com', audiences: ['a'], keys, ...change })).toThrow(message);
  });

  test('by OIDC needs a segment', () => {
    const world = workload(new App());
    expect(() => new InferenceGateway(world.stack, 'Gateway', { exposure: GatewayExposure.regional(), authorization: AUTHORIZATIONS.oidc(world.stack) })).toThrow('give segment');
  });
});

describe('exposure', () => {
  const truststore = (stack: Stack) => ({
    domainName: 'models.example.com', certificate: Certificate.fromCertificateArn(stack, 'Certificate', 'arn:aws:acm:eu-central-1:111111111111:certificate/0a1b2c3d'),
    truststoreBucket: Bucket.fromBucketName(stack, 'Truststore', 'truststore'), truststoreKey: 'authorities.pem', truststoreVersion: 'v1',
  });

  test('private: through named endpoints alone', () => {
    const template = templateWith({ exposure: GatewayExposure.privateTo(['vpce-0a1b2c3d']) });
    template.hasResourceProperties('AWS::ApiGateway::RestApi', {
      EndpointConfiguration: { Types: ['PRIVATE'], VpcEndpointIds: ['vpce-0a1b2c3d'] },
      Policy: { Statement: [{ Effect: 'Allow', Condition: { StringEquals: { 'aws:SourceVpce': ['vpce-0a1b2c3d'] } } }, { Effect: 'Deny', Condition: { StringNotEquals: { 'aws:SourceVpce': ['vpce-0a1b2c3d'] } } }] },
    });
  });

  test.each([['none', []], ['a VPC', ['vpc-0a1b2c3d']]])('private to %s is refused', (_, ids) => expect(() => GatewayExposure.privateTo(ids)).toThrow('ids of VPC endpoints'));

  test('mutual TLS: a Regional domain, TLS 1.2, a versioned truststore, and no other address', () => {
    const world = workload(new App());
    gatewayOf(world, { mutualTls: truststore(world.stack) });
    const template = Template.fromStack(world.stack);
    template.hasResourceProperties('AWS::ApiGateway::DomainName', {
      DomainName: 'models.example.com', EndpointConfiguration: { Types: ['REGIONAL'] }, SecurityPolicy: 'TLS_1_2',
      MutualTlsAuthentication: { TruststoreUri: 's3://truststore/authorities.pem', TruststoreVersion: 'v1' },
    });
    template.hasResourceProperties('AWS::ApiGateway::RestApi', { DisableExecuteApiEndpoint: true, SecurityPolicy: Match.absent() });
    expect(JSON.stringify(template.findResources('AWS::WAFv2::WebACL'))).toContain('"/infer/fraud"');
  });

  test('mutual TLS is refused for a private gateway', () => {
    const world = workload(new App());
    expect(() => gatewayOf(world, { mutualTls: truststore(world.stack), exposure: GatewayExposure.privateTo(['vpce-0a1b2c3d']) })).toThrow('knows no mutual TLS');
  });
});

describe('a route', () => {
  const added = (name: string, change: Partial<RouteProps>) => () => {
    const world = workload(new App());
    const { gateway, endpoint } = gatewayOf(world);
    gateway.addRoute(name, { target: change.target ?? endpointOf(world, {}, 'Second'), input: INPUT, ...change });
    void endpoint;
  };
  test.each<[string, string, Partial<RouteProps>, string]>([
    ['a taken name', 'fraud', {}, "has a route 'fraud' already"],
    ['a name with a slash', 'a/b', {}, 'lower-case letters, digits and hyphens'],
    ['a request that the firewall would not read', 'b', { maxRequestBytes: 65_537 }, 'lets nothing longer pass'],
    ['an answer that a function cannot give', 'b', { maxAnswerBytes: 4 * 1024 * 1024 }, 'maxAnswerBytes must be'],
    ['an open schema', 'b', { input: { type: JsonSchemaType.OBJECT, properties: {} } }, 'additionalProperties must be false'],
    ['a text without end', 'b', { input: { ...INPUT, properties: { prompt: { type: JsonSchemaType.STRING } } } }, '$.prompt.maxLength'],
    ['a schema beyond the environment', 'b', { input: { ...INPUT, properties: { prompt: { type: JsonSchemaType.STRING, maxLength: 9 }, ...Object.fromEntries(Array.from({ length: 99 }, (_, i) => [`field-${i}`, { type: JsonSchemaType.STRING, maxLength: 9 }])) } } }, 'shorten the schema'],
  ])('is refused with %s', (_, name, change, message) => expect(added(name, change)).toThrow(message));

  test('is refused for a model that is behind a gateway already', () => {
    const world = workload(new App());
    const { gateway, endpoint } = gatewayOf(world);
    expect(() => gateway.addRoute('again', { target: endpoint, input: INPUT })).toThrow('is behind a gateway already');
  });

  test('is refused for what there is no proxy for', () => {
    const world = workload(new App());
    const { gateway } = gatewayOf(world);
    const target = Object.assign(new Stack(world.stack.node.root as App, 'Elsewhere', { env: ENV }), { targetKind: InferenceTargetKind.BEDROCK_MODEL, modelDigest: 'x' }) as unknown as IInferenceTarget;
    expect(() => gateway.addRoute('chat', { target, input: INPUT })).toThrow('for which there is no proxy yet');
  });

  test('must be there, or the synthesis fails', () => {
    const world = workload(new App());
    new InferenceGateway(world.stack, 'Gateway', { exposure: GatewayExposure.regional() });
    expect(() => (world.stack.node.root as App).synth()).toThrow('has no route');
  });

  test('of a gateway with signatures can be granted, one of another cannot', () => {
    const world = workload(new App());
    const { gateway, endpoint } = gatewayOf(world);
    expect(() => gateway.grantInvoke(endpoint.role, 'other')).toThrow("has no route 'other': it has fraud");
    const tokens = gatewayOf(workload(new App()), {}, 'oidc');
    expect(() => tokens.gateway.grantInvoke(tokens.endpoint.role, 'fraud')).toThrow('a grant of IAM has no effect');
  });
});

test.each<[string, Partial<InferenceGatewayProps>, string]>([
  ['no rate', { limits: { ratePerSecond: 0 } }, 'ratePerSecond must be a whole number of at least 1'],
  ['a rate that WAF refuses', { limits: { requestsPerAddress: 9 } }, 'requestsPerAddress must be a whole number of at least 10'],
  ['half a request', { consumerLimits: { requestsPerDay: 0.5 } }, 'requestsPerDay must be a whole number'],
])('limits with %s are refused', (_, change, message) => expect(() => templateWith(change)).toThrow(message));

test('a consumer with limits of its own has a plan of its own', () => {
  const world = workload(new App());
  gatewayOf(world).gateway.addConsumer('Batch', { limits: { requestsPerDay: 500 } });
  Template.fromStack(world.stack).hasResourceProperties('AWS::ApiGateway::UsagePlan', { Quota: { Limit: 500 }, Throttle: { RateLimit: 10 } });
});

describe('alarms', () => {
  const app = new App();
  const alarmTopic = Topic.fromTopicArn(new Stack(app, 'Existing'), 'OnCall', 'arn:aws:sns:eu-central-1:111111111111:on-call');
  const template = templateWith({}, 'iam', { alarmTopic }, app);
  const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm')) as { Properties: { AlarmDescription: string; ThresholdMetricId?: string; TreatMissingData: string } }[];

  test('tell of errors, latency, throttling and unusual use, each with an entry in the runbook', async () => {
    const { readFileSync } = await import('node:fs');
    const anchors = [...readFileSync('docs/runbook.md', 'utf8').matchAll(/^## (.+)$/gm)].map(([, title]) => title.toLowerCase().replace(/ /g, '-'));
    const named = alarms.map(({ Properties }) => /runbook\.md#([a-z-]+)$/.exec(Properties.AlarmDescription)?.[1]);
    expect(named).toEqual(expect.arrayContaining(['gateway-errors', 'gateway-latency', 'gateway-throttling', 'invocation-anomaly', 'endpoint-errors', 'endpoint-latency']));
    for (const anchor of named) expect(anchors).toContain(anchor);
    expect(alarms.filter(({ Properties }) => Properties.ThresholdMetricId !== undefined)).toHaveLength(1);
    expect(alarms.every(({ Properties }) => Properties.TreatMissingData === 'notBreaching')).toBe(true);
  });

  test('count what the gateway turns away from its own log', () => {
    template.hasResourceProperties('AWS::Logs::MetricFilter', { FilterPattern: '{ $.status = "429" }' });
  });

  test('are not made where nobody is told; the page is', () => {
    const quiet = templateWith();
    quiet.resourceCountIs('AWS::CloudWatch::Alarm', 2);
    quiet.resourceCountIs('AWS::CloudWatch::Dashboard', 1);
  });
});

describe('the budget', () => {
  test('tells at four fifths, and of the forecast', () => {
    const stack = new Stack(new App(), 'Stack', { env: ENV });
    new InferenceBudget(stack, 'Budget', { monthlyLimit: 100, tag: 'Environment$production', topic: Topic.fromTopicArn(stack, 'Topic', 'arn:aws:sns:eu-central-1:111111111111:a') });
    Template.fromStack(stack).hasResourceProperties('AWS::Budgets::Budget', {
      Budget: { BudgetLimit: { Amount: 100, Unit: 'USD' }, CostFilters: { TagKeyValue: ['user:Environment$production'] } },
      NotificationsWithSubscribers: Match.arrayWith([Match.objectLike({ Notification: { NotificationType: 'FORECASTED', Threshold: 100, ComparisonOperator: 'GREATER_THAN', ThresholdType: 'PERCENTAGE' } })]),
    });
  });

  test.each([['tells nobody', { monthlyLimit: 1 }], ['must be an amount above zero', { monthlyLimit: 0, topic: 'a' }]])('%s: refused', (message, props) => {
    const stack = new Stack(new App(), 'Stack', { env: ENV });
    const topic = 'topic' in props ? { topic: Topic.fromTopicArn(stack, 'Topic', 'arn:aws:sns:eu-central-1:111111111111:a') } : {};
    expect(() => new InferenceBudget(stack, 'Budget', { monthlyLimit: props.monthlyLimit, ...topic })).toThrow(message);
  });
});

describe('many endpoints', () => {
  /** Network and stores in one stack, each endpoint in a stack of its own, the gateway, which calls their proxies, in another. */
  function platform(names: readonly string[]): Record<string, Record<string, { Type: string }>> {
    const app = new App();
    const world = workload(app, 'Shared');
    const captures = new CaptureStore(world.stack, 'Captures');
    const front = new Stack(app, 'Front', { env: ENV });
    const gateway = new InferenceGateway(front, 'Gateway', { exposure: GatewayExposure.regional() });
    const stacks = names.map((name) => {
      const stack = new Stack(app, name, { env: ENV });
      const endpoint = endpointOf(world, { capture: DataCapture.sample(10, captures), image: IMAGE }, 'Endpoint', stack);
      gateway.addRoute(name, { target: endpoint, input: INPUT });
      return stack;
    });
    app.synth();
    const plain = (stack: Stack) => (Template.fromStack(stack).toJSON() as { Resources: Record<string, { Type: string }> }).Resources;
    return Object.fromEntries([['Shared', plain(world.stack)], ['Front', plain(front)], ...stacks.map((stack) => [stack.node.id, plain(stack)] as const)]);
  }
  const two = platform(['fraud', 'churn']);
  const three = platform(['fraud', 'churn', 'chat']);
  const count = (templates: object) => Object.values(templates).reduce<number>((sum, resources) => sum + Object.keys(resources as object).length, 0);

  test('one more adds at most 25 resources, four of them to the stack of the gateway', () => {
    expect(count(three) - count(two)).toBeLessThanOrEqual(25);
    expect(count(three) - count(two)).toBeGreaterThan(15);
    expect(Object.keys(three.Front).length - Object.keys(two.Front).length).toBe(4);
    expect(Object.keys(three.Shared)).toEqual(Object.keys(two.Shared));
  });

  test('one more, one fewer, or another order changes no other endpoint', () => {
    expect(three.fraud).toEqual(two.fraud);
    expect(three.churn).toEqual(two.churn);
    const shuffled = platform(['chat', 'fraud', 'churn']);
    for (const name of ['fraud', 'churn', 'chat']) expect(shuffled[name]).toEqual(three[name]);
    const one = platform(['churn']);
    expect(one.churn).toEqual(three.churn);
  });

  test('in another order the gateway keeps its resources, too', () => {
    const shuffled = platform(['chat', 'fraud', 'churn']).Front;
    const kept = (resources: Record<string, { Type: string }>) => Object.entries(resources).map(([id, { Type }]) => `${Type} ${id}`).filter((line) => !line.startsWith('AWS::ApiGateway::Deployment')).sort();
    expect(kept(shuffled)).toEqual(kept(three.Front));
  });

  test('in one stack, restricted ones without a capture of their own, add no more', () => {
    const resources = (count_: number) => {
      const world = workload(new App());
      const gateway = new InferenceGateway(world.stack, 'Gateway', { exposure: GatewayExposure.regional() });
      for (let index = 0; index < count_; index += 1) gateway.addRoute(`e${index}`, { target: endpointOf(world, { dataClass: DataClass.RESTRICTED }, `E${index}`), input: INPUT });
      return Object.keys((Template.fromStack(world.stack).toJSON() as { Resources: object }).Resources).length;
    };
    expect(resources(3) - resources(2)).toBeLessThanOrEqual(25);
  });
});
