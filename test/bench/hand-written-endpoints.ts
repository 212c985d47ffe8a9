/**
 * The endpoints of `library-endpoints.ts`, written by hand with the CDK's own constructs: for each the same resources and statements, in a
 * stack of its own and on its gateway. What they share is plain: only what one more costs is compared.
 */
import * as path from 'node:path';
import type { StackProps } from 'aws-cdk-lib';
import { App, Duration, RemovalPolicy, Stack, Tags } from 'aws-cdk-lib';
import { AuthorizationType, Integration, IntegrationType, JsonSchemaType, Model, PassthroughBehavior, RequestValidator, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { CfnScalableTarget, CfnScalingPolicy } from 'aws-cdk-lib/aws-applicationautoscaling';
import { Alarm, ComparisonOperator, Dashboard, GraphWidget, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { IpAddresses, SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { AnyPrincipal, Effect, ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Architecture, CfnPermission, Code, Function as LambdaFunction, LoggingFormat, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { CfnEndpoint, CfnEndpointConfig, CfnModel } from 'aws-cdk-lib/aws-sagemaker';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { CfnWebACL } from 'aws-cdk-lib/aws-wafv2';

const count = Number('COUNT');
const ACCOUNT = '111111111111';
const REGION = 'eu-central-1';
const env = { account: ACCOUNT, region: REGION };
const app = new App({ builtinCloudFormationValidation: process.env.CDK_VALIDATION === 'true', autoSynth: false });
const INTERFACES = [
  'ec2:AssignPrivateIpAddresses', 'ec2:CreateNetworkInterface', 'ec2:DeleteNetworkInterface', 'ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets',
  'ec2:UnassignPrivateIpAddresses',
];

/** What all endpoints share: their network, and where models and captures lie. */
class Shared extends Stack {
  public readonly vpc = new Vpc(this, 'Vpc', {
    ipAddresses: IpAddresses.cidr('10.0.0.0/16'), maxAzs: 2, natGateways: 0, subnetConfiguration: [{ name: 'Isolated', subnetType: SubnetType.PRIVATE_ISOLATED }],
  });
  public readonly group = new SecurityGroup(this, 'Workloads', { vpc: this.vpc, allowAllOutbound: false });
  public readonly models = store(this, 'Models');
  public readonly captures = store(this, 'Captures');
  private readonly serving: string[] = [];

  constructor(id: string, props: StackProps) {
    super(app, id, props);
    for (const bucket of [this.models, this.captures]) {
      bucket.addToResourcePolicy(new PolicyStatement({
        sid: 'DenyForeignNetworks', effect: Effect.DENY, principals: [new AnyPrincipal()], actions: ['s3:GetObject*', 's3:PutObject*'], resources: [bucket.arnForObjects('*')],
        conditions: { StringNotEquals: { 'aws:VpceAccount': ACCOUNT }, ArnNotEquals: { 'aws:PrincipalArn': this.serving } },
      }));
    }
  }

  public spare(roleName: string): void {
    this.serving.push(this.formatArn({ service: 'iam', region: '', resource: 'role', resourceName: roleName }));
  }
}

function store(scope: Stack, id: string): Bucket {
  return new Bucket(scope, id, { encryption: BucketEncryption.KMS, encryptionKey: new Key(scope, `${id}Key`, { enableKeyRotation: true }), bucketKeyEnabled: true, enforceSSL: true });
}

/** A model that is served, with the function that asks it. */
class ServedModel extends Stack {
  public readonly proxy: LambdaFunction;
  public readonly endpointName: string;

  constructor(id: string, { shared, index, ...props }: StackProps & { shared: Shared; index: number }) {
    super(app, id, props);
    Tags.of(this).add('DataClassification', 'confidential');
    const name = (this.endpointName = `model${index}-endpoint`);
    const viaS3 = { StringEquals: { 'kms:ViaService': `s3.${REGION}.${this.urlSuffix}` } };

    const dataKey = this.key('Key', 'Volumes and captured data of an inference endpoint');
    const logKey = this.key('LogKey', 'Log of an inference endpoint');
    logKey.addToResourcePolicy(new PolicyStatement({
      sid: 'LogGroups',
      principals: [new ServicePrincipal(`logs.${REGION}.${this.urlSuffix}`)],
      actions: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncryptFrom', 'kms:ReEncryptTo', 'kms:GenerateDataKey', 'kms:GenerateDataKeyWithoutPlaintext', 'kms:DescribeKey'],
      resources: ['*'],
      conditions: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': `arn:${this.partition}:logs:${REGION}:${ACCOUNT}:log-group:*` } },
    }));
    const kept = { encryptionKey: logKey, retention: RetentionDays.SIX_YEARS, removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE };
    const logs = new LogGroup(this, 'Logs', { ...kept, logGroupName: `/aws/sagemaker/Endpoints/${name}` });

    const role = new Role(this, 'Role', {
      roleName: `Model${index}-Serving`,
      description: 'Serves one model on a SageMaker endpoint',
      assumedBy: new ServicePrincipal('sagemaker.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': ACCOUNT }, ArnLike: { 'aws:SourceArn': `arn:${this.partition}:sagemaker:${REGION}:${ACCOUNT}:*` } },
      }),
    });
    const policies = [
      new ManagedPolicy(this, 'Policy', {
        roles: [role],
        statements: [
          new PolicyStatement({ actions: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'], resources: [`arn:aws:ecr:${REGION}:${ACCOUNT}:repository/models`] }),
          new PolicyStatement({ actions: ['logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'], resources: [logs.logGroupArn] }),
          new PolicyStatement({
            effect: Effect.DENY,
            actions: ['ec2:CreateNetworkInterface'],
            notResources: [
              'network-interface/*', ...shared.vpc.isolatedSubnets.map(({ subnetId }) => `subnet/${subnetId}`), `security-group/${shared.group.securityGroupId}`,
            ].map((resource) => `arn:${this.partition}:ec2:${REGION}:${ACCOUNT}:${resource}`),
          }),
          new PolicyStatement({ actions: ['kms:CreateGrant'], resources: [dataKey.keyArn], conditions: { Bool: { 'kms:GrantIsForAWSResource': 'true' } } }),
          new PolicyStatement({ actions: ['s3:GetObject', 's3:GetObjectVersion'], resources: [shared.models.arnForObjects('models/*')] }),
          new PolicyStatement({ actions: ['s3:ListBucket'], resources: [shared.models.bucketArn], conditions: { StringLike: { 's3:prefix': 'models/*' } } }),
          new PolicyStatement({ actions: ['kms:Decrypt'], resources: [shared.models.encryptionKey?.keyArn ?? ''], conditions: viaS3 }),
          new PolicyStatement({ actions: ['s3:PutObject'], resources: [shared.captures.arnForObjects(`${name}/*`)] }),
          new PolicyStatement({ actions: ['kms:GenerateDataKey'], resources: [shared.captures.encryptionKey?.keyArn ?? ''], conditions: viaS3 }),
        ],
      }),
      new ManagedPolicy(this, 'ServicePolicy', {
        roles: [role],
        statements: [new PolicyStatement({ actions: ['ecr:GetAuthorizationToken'], resources: ['*'] }), new PolicyStatement({
          actions: [
            'ec2:CreateNetworkInterface', 'ec2:CreateNetworkInterfacePermission', 'ec2:DeleteNetworkInterface', 'ec2:DeleteNetworkInterfacePermission',
            'ec2:DescribeDhcpOptions', 'ec2:DescribeNetworkInterfaces', 'ec2:DescribeSecurityGroups', 'ec2:DescribeSubnets', 'ec2:DescribeVpcs',
          ],
          resources: ['*'],
        })],
      }),
    ];
    shared.spare(`Model${index}-Serving`);

    const placed = { subnets: shared.vpc.isolatedSubnets.map(({ subnetId }) => subnetId), securityGroupIds: [shared.group.securityGroupId] };
    const digest = `sha256-${'0a1b2c3d'.repeat(8)}`;
    const model = new CfnModel(this, 'Model', {
      executionRoleArn: role.roleArn,
      enableNetworkIsolation: true,
      vpcConfig: placed,
      primaryContainer: {
        image: `111111111111.dkr.ecr.eu-central-1.amazonaws.com/models@sha256:${'4e5f6a7b'.repeat(8)}`,
        modelDataSource: { s3DataSource: { compressionType: 'None', s3DataType: 'S3Prefix', s3Uri: `s3://${shared.models.bucketName}/models/m${index}/${digest}/` } },
      },
    });
    model.node.addDependency(role, ...policies);
    const config = new CfnEndpointConfig(this, 'Config', {
      kmsKeyId: dataKey.keyArn,
      productionVariants: [{ variantName: 'main', modelName: model.attrModelName, initialInstanceCount: 2, initialVariantWeight: 1, instanceType: 'ml.m5.xlarge' }],
      dataCaptureConfig: {
        enableCapture: true, initialSamplingPercentage: 10, destinationS3Uri: `s3://${shared.captures.bucketName}/${name}`, kmsKeyId: shared.captures.encryptionKey?.keyArn,
        captureOptions: [{ captureMode: 'Input' }, { captureMode: 'Output' }], captureContentTypeHeader: { jsonContentTypes: ['application/json'] },
      },
    });
    const dimensionsMap = { EndpointName: name, VariantName: 'main' };
    const alarm = (id_: string, metricName: string, statistic: string, threshold: number, alarmDescription: string): Alarm => {
      const made = new Alarm(this, id_, {
        metric: new Metric({ namespace: 'AWS/SageMaker', metricName, statistic, dimensionsMap }), alarmDescription, threshold, evaluationPeriods: 1,
        comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD, treatMissingData: TreatMissingData.NOT_BREACHING,
      });
      made.addAlarmAction({ bind: () => ({ alarmActionArn: `arn:${this.partition}:ssm:${REGION}:${ACCOUNT}:opsitem:2` }) });
      return made;
    };
    const alarms = [
      alarm('Errors', 'Invocation5XXErrors', 'Sum', 5, 'a model fails on requests'),
      alarm('Latency', 'ModelLatency', 'p99', 10_000_000, 'a model answers slowly'),
    ];
    const endpoint = new CfnEndpoint(this, 'Endpoint', {
      endpointName: name,
      endpointConfigName: config.attrEndpointConfigName,
      retainAllVariantProperties: true,
      deploymentConfig: {
        autoRollbackConfiguration: { alarms: alarms.map(({ alarmName }) => ({ alarmName })) },
        blueGreenUpdatePolicy: {
          maximumExecutionTimeoutInSeconds: 7200, terminationWaitInSeconds: 600,
          trafficRoutingConfiguration: { type: 'CANARY', canarySize: { type: 'INSTANCE_COUNT', value: 1 }, waitIntervalInSeconds: 600 },
        },
      },
    });
    endpoint.node.addDependency(logs);
    const target = new CfnScalableTarget(this, 'Target', {
      minCapacity: 2, maxCapacity: 4, resourceId: `endpoint/${name}/variant/main`, scalableDimension: 'sagemaker:variant:DesiredInstanceCount', serviceNamespace: 'sagemaker',
    });
    target.addResourceDependency(endpoint);
    new CfnScalingPolicy(this, 'Scaling', {
      policyName: 'Invocations', policyType: 'TargetTrackingScaling', scalingTargetId: target.ref,
      targetTrackingScalingPolicyConfiguration: {
        predefinedMetricSpecification: { predefinedMetricType: 'SageMakerVariantInvocationsPerInstance' }, scaleInCooldown: 300, scaleOutCooldown: 60, targetValue: 600,
      },
    });

    const proxyLogs = new LogGroup(this, 'ProxyLogs', kept);
    const deadLetters = new Queue(this, 'DeadLetters', { encryption: QueueEncryption.KMS, encryptionMasterKey: logKey, enforceSSL: true, retentionPeriod: Duration.days(14) });
    const proxyRole = new Role(this, 'ProxyRole', { assumedBy: new ServicePrincipal('lambda.amazonaws.com'), description: 'Answers requests of an inference gateway with one model' });
    Tags.of(proxyRole).add('cdk-secure-ai:purpose', 'inference-proxy');
    const proxyPolicies = [
      new ManagedPolicy(this, 'ProxyPolicy', {
        roles: [proxyRole],
        statements: [
          new PolicyStatement({ actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [proxyLogs.logGroupArn] }),
          new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [deadLetters.queueArn] }),
          new PolicyStatement({
            actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [logKey.keyArn],
            conditions: { StringEquals: { 'kms:ViaService': [`lambda.${REGION}.${this.urlSuffix}`, `sqs.${REGION}.${this.urlSuffix}`] } },
          }),
          new PolicyStatement({ sid: 'DenyNetworkInterfacesToCode', effect: Effect.DENY, actions: INTERFACES, resources: ['*'], conditions: { Null: { 'lambda:SourceFunctionArn': 'false' } } }),
          new PolicyStatement({ actions: ['sagemaker:InvokeEndpoint'], resources: [`arn:${this.partition}:sagemaker:${REGION}:${ACCOUNT}:endpoint/${name}`] }),
        ],
      }),
      new ManagedPolicy(this, 'ProxyServicePolicy', {
        roles: [proxyRole], statements: [new PolicyStatement({ actions: ['xray:PutTelemetryRecords', 'xray:PutTraceSegments', ...INTERFACES], resources: ['*'] })],
      }),
    ];
    this.proxy = new LambdaFunction(this, 'Proxy', {
      description: 'Answers requests of an inference gateway with one model',
      code: Code.fromAsset(path.join(process.cwd(), 'assets', 'inference', 'proxy')),
      handler: 'index.handler', runtime: Runtime.NODEJS_24_X, architecture: Architecture.ARM_64, memorySize: 1024, timeout: Duration.seconds(29), tracing: Tracing.ACTIVE,
      environment: {
        ENDPOINT_NAME: name,
        SETTINGS: JSON.stringify({ route: `/infer/m${index}`, modelDigest: digest, schema: INPUT, maxRequestBytes: 32768, maxAnswerBytes: 1048576, deadlineMs: 27000 }),
      },
      environmentEncryption: logKey, deadLetterQueue: deadLetters, logGroup: proxyLogs, loggingFormat: LoggingFormat.JSON,
      role: proxyRole.withoutPolicyUpdates(),
      vpc: shared.vpc, vpcSubnets: { subnets: shared.vpc.isolatedSubnets }, securityGroups: [shared.group], reservedConcurrentExecutions: 50,
    });
    this.proxy.node.addDependency(proxyRole, ...proxyPolicies);
  }

  private key(id: string, description: string): Key {
    const made = new Key(this, id, { description, enableKeyRotation: true, removalPolicy: RemovalPolicy.RETAIN });
    const deny = (sid: string, actions: string[], conditions: Record<string, unknown> = {}): void => {
      made.addToResourcePolicy(new PolicyStatement({ sid, effect: Effect.DENY, principals: [new AnyPrincipal()], actions, resources: ['*'], conditions }));
    };
    deny('DenyGrantsToPeople', ['kms:CreateGrant'], { BoolIfExists: { 'kms:GrantIsForAWSResource': 'false', 'aws:PrincipalIsAWSService': 'false' } });
    deny('DenyKeyRemoval', ['kms:ScheduleKeyDeletion', 'kms:DisableKey', 'kms:DisableKeyRotation']);
    return made;
  }
}

const INPUT = { type: JsonSchemaType.OBJECT, properties: { prompt: { type: JsonSchemaType.STRING, maxLength: 8_000 } }, required: ['prompt'], additionalProperties: false };

/** An API with a path for each model. */
class Front extends Stack {
  private readonly paths: string[] = [];
  private readonly api = new RestApi(this, 'Api', { deployOptions: { stageName: 'v1' }, cloudWatchRole: false });
  private readonly root = this.api.root.addResource('infer');
  private readonly validator = new RequestValidator(this, 'Validator', { restApi: this.api, validateRequestBody: true, validateRequestParameters: true });
  private readonly dashboard = new Dashboard(this, 'Dashboard');

  constructor(id: string, props: StackProps) {
    super(app, id, props);
    const is = (fieldToMatch: object, searchString: string) =>
      ({ byteMatchStatement: { fieldToMatch, searchString, positionalConstraint: 'EXACTLY', textTransformations: [{ priority: 0, type: 'NONE' }] } });
    const visibilityConfig = { cloudWatchMetricsEnabled: true, metricName: 'Registered', sampledRequestsEnabled: false };
    const paths = this.paths;
    new CfnWebACL(this, 'Firewall', {
      scope: 'REGIONAL', defaultAction: { block: {} }, visibilityConfig,
      rules: {
        creationStack: [],
        resolve: () => [{
          name: 'Registered', priority: 0, action: { allow: {} }, visibilityConfig,
          statement: { andStatement: { statements: [is({ method: {} }, 'POST'), { orStatement: { statements: paths.map((one) => is({ uriPath: {} }, `/v1/infer/${one}`)) } }] } },
        }],
      },
    });
  }

  public add(name: string, { proxy, endpointName }: ServedModel): void {
    this.paths.push(name);
    const model = new Model(this, `${name}Input`, { restApi: this.api, contentType: 'application/json', schema: INPUT });
    const uri = `arn:${this.partition}:apigateway:${REGION}:lambda:path/2015-03-31/functions/${proxy.functionArn}/invocations`;
    this.root.addResource(name).addMethod('POST', new Integration({
      type: IntegrationType.AWS_PROXY, integrationHttpMethod: 'POST', uri, options: { passthroughBehavior: PassthroughBehavior.NEVER, timeout: Duration.seconds(29) },
    }), {
      authorizationType: AuthorizationType.IAM, apiKeyRequired: true, requestModels: { 'application/json': model }, requestValidator: this.validator,
      requestParameters: { 'method.request.header.Content-Type': true },
    });
    new CfnPermission(this, `${name}Invoke`, {
      action: 'lambda:InvokeFunction', functionName: proxy.functionArn, principal: 'apigateway.amazonaws.com', sourceAccount: ACCOUNT,
      sourceArn: this.api.arnForExecuteApi('POST', `/infer/${name}`, 'v1'),
    });
    const widget = (title: string, metricName: string, statistic: string): GraphWidget => new GraphWidget({
      title: `${name}: ${title}`,
      left: [new Metric({ namespace: 'AWS/SageMaker', metricName, statistic, dimensionsMap: { EndpointName: endpointName, VariantName: 'main' } })],
    });
    this.dashboard.addWidgets(widget('invocations', 'Invocations', 'Sum'), widget('errors', 'Invocation5XXErrors', 'Sum'), widget('model latency', 'ModelLatency', 'p99'));
  }
}

let shared: Shared | undefined;
let front: Front | undefined;
for (let index = 0; index < count; index++) {
  if (shared === undefined || front === undefined || index % 100 === 0) {
    shared = new Shared(`Shared${index / 100}`, { env });
    front = new Front(`Front${index / 100}`, { env });
  }
  front.add(`m${index}`, new ServedModel(`Model${index}`, { env, shared, index }));
}
app.synth();
