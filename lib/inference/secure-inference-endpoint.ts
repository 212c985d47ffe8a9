import { Duration, Names, RemovalPolicy, Stack, Tags, Token } from 'aws-cdk-lib';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { CfnEndpoint, CfnModel } from 'aws-cdk-lib/aws-sagemaker';
import { Construct } from 'constructs';
import { declareControls } from '../core/control-declarations';
import { EncryptionKey } from '../core/encryption-key';
import { familyOf, INSTANCE_FAMILIES, unknownFamily } from '../core/instance-families';
import { refuseAlias } from '../core/refuse-alias';
import type { InterfacePlaces } from '../core/segment-interfaces';
import type { INetworkSegment } from '../network/api';
import { DataClass, SecurityPosture } from '../posture';
import type { IInferenceTarget, RequestCost, TargetInvocation } from './api';
import { InferenceTargetKind } from './api';
import type { CaptureStore } from './capture-store';
import type { DataCapture } from './data-capture';
import type { EndpointCapacity, ServerlessCapacity } from './endpoint-capacity';
import { endpointConfiguration, VARIANT } from './endpoint-configuration';
import { EndpointScaling } from './endpoint-scaling';
import type { LiveEndpoint } from './live-endpoint';
import type { ModelImage } from './model-image';
import { digestOfPrefix } from './model-prefix';
import { refuseReset } from './refuse-reset';
import type { ResolvedCapacity } from './resolved-capacity';
import { resolveCapacity } from './resolved-capacity';
import { resolveCapture } from './resolved-capture';
import { RollbackAlarms } from './rollback-alarms';
import type { ServedModel } from './served-model';
import { ServingRole } from './serving-role';
import { admitServingRole } from './serving-stores';

/** What an endpoint serves, and how it differs from the default. */
export interface SecureInferenceEndpointProps {
  /** The model. */
  readonly model: ServedModel;
  /** The image of its container. */
  readonly image: ModelImage;
  /** Where the container and the proxy of the gateway run. */
  readonly segment: INetworkSegment;
  /**
   * How sensitive requests and answers are.
   *
   * @default DataClass.CONFIDENTIAL
   */
  readonly dataClass?: DataClass;
  /**
   * The name of the endpoint, which it keeps for ever.
   *
   * @default - made of the construct's path
   */
  readonly endpointName?: string;
  /**
   * Instances, and how they scale.
   *
   * @default - two `ml.m5.xlarge`, four at most
   */
  readonly capacity?: EndpointCapacity;
  /**
   * Serverless in place of instances: no VPC, no network isolation, no data capture. Refused for restricted data.
   *
   * @default - instances
   */
  readonly serverless?: ServerlessCapacity;
  /**
   * What is sampled of requests and answers.
   *
   * @default - a fifth of them into a store of the endpoint's own; nothing for restricted data, and on serverless
   */
  readonly capture?: DataCapture;
  /**
   * The 99th percentile of the model's time above which a deployment is rolled back and an alarm raised.
   *
   * @default Duration.seconds(10)
   */
  readonly latencyLimit?: Duration;
  /**
   * Encrypts volumes and, unless `capture` names a store, captured data: a key, not an alias.
   *
   * @default - a new key with rotation
   */
  readonly key?: IKey;
  /**
   * Encrypts the log, and the settings and undelivered events of the proxy: a key, not an alias, and another one than `key`, so that who
   * reads the log cannot read what the model answers with. Its policy must let CloudWatch Logs use it.
   *
   * @default - a new key with rotation
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
   */
  readonly logKey?: IKey;
  /**
   * What is deployed now, so that a change which would fail or reset it is refused.
   *
   * @default - nothing is known to be deployed
   */
  readonly live?: LiveEndpoint;
  /**
   * What a request costs.
   *
   * @default - instances are paid by the hour: nothing for each request
   */
  readonly cost?: RequestCost;
}

/**
 * A model on a SageMaker endpoint: isolated from the network, in a VPC, from an image and artifacts that are named by their content, on
 * encrypted volumes, with two instances or more, and with deployments that shift traffic step by step and roll back on alarms.
 *
 * It can be asked through an `InferenceGateway` only: no role of the library but the gateway's proxy may invoke it.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/mkt-algo-model-internet-free.html
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-blue-green.html
 */
export class SecureInferenceEndpoint extends Construct implements IInferenceTarget {
  public readonly targetKind = InferenceTargetKind.SAGEMAKER_ENDPOINT;
  public readonly invocation: TargetInvocation;
  public readonly modelDigest: string;
  public readonly dataClass: DataClass;
  /** Encrypts its volumes and captured data. */
  public readonly key: IKey;
  public readonly logKey: IKey;
  public readonly segment: INetworkSegment;
  /** The name of the endpoint. */
  public readonly endpointName: string;
  /** The role with which SageMaker serves the model. */
  public readonly role: IRole;
  /** Where a sample of requests and answers goes; undefined: nowhere. */
  public readonly captureStore?: CaptureStore;

  constructor(scope: Construct, id: string, props: SecureInferenceEndpointProps) {
    super(scope, id);
    refuseAlias(this, 'key', props.key);
    refuseAlias(this, 'logKey', props.logKey);
    const where = `'${this.node.path}'`;
    const stack = Stack.of(this);
    const posture = SecurityPosture.of(this);
    this.dataClass = props.dataClass ?? DataClass.CONFIDENTIAL;
    this.segment = props.segment;
    this.modelDigest = digestOfPrefix(props.model.prefix);
    this.endpointName = props.endpointName ?? Names.uniqueResourceName(this, { maxLength: 63, separator: '-' }).toLowerCase();
    const capacity = this.capacityOf(where, props);
    if (props.live) refuseReset(where, props.live, this.endpointName, capacity);
    declareControls(this, 'P1', 'P4', 'DP2b', 'DP3', 'ML7', 'ML8', 'MI1', 'MI3', 'RT1', 'OB2');
    Tags.of(this).add('DataClassification', this.dataClass);

    this.key = props.key ?? this.newKey();
    this.logKey = props.logKey ?? this.newLogKey();
    const hasVolume = capacity === undefined || volumeTakesKey(where, capacity.instanceType, props.capacity?.localStorage);
    const capture = props.serverless ? undefined : resolveCapture(this, this.dataClass, props.capture, this.key);
    if (capture) this.captureStore = capture.store;
    if ([this.key, capture?.store.key].some((key) => key?.keyArn === this.logKey.keyArn)) {
      throw new Error(`${where}: logKey is a key of the data as well, so that who reads the log could read captures: give another`);
    }

    // SageMaker would make the group itself, without key and retention.
    const logs = new LogGroup(this, 'Logs', {
      logGroupName: `/aws/sagemaker/Endpoints/${this.endpointName}`,
      encryptionKey: this.logKey,
      retention: posture.logRetentionDays,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    const interfaces = this.interfacesIn(props.segment);
    const role = new ServingRole(this, 'Role', {
      repositoryArn: props.image.repositoryArn,
      logGroupArn: logs.logGroupArn,
      ...(props.serverless ? {} : { interfaces }),
      ...(hasVolume ? { volumeKeyArn: this.key.keyArn } : {}),
      named: Stack.of(props.model.store) !== stack || (capture !== undefined && !capture.store._isIn(stack)),
    });
    this.role = role;
    admitServingRole(this, role, props.model.store, capture && { ...capture, prefix: this.endpointName });

    const model = this.newModel(props, role, interfaces);
    const config = endpointConfiguration(this, {
      model,
      endpointName: this.endpointName,
      ...(capacity ? { capacity } : {}),
      ...(props.serverless ? { serverless: props.serverless } : {}),
      ...(hasVolume ? { key: this.key } : {}),
      ...(capture ? { capture } : {}),
    });
    const alarms = new RollbackAlarms(this, 'Alarms', {
      serverErrors: this.metricServerErrors(), modelLatency: this.metricModelLatency(), latency: props.latencyLimit ?? Duration.seconds(10),
    });
    const endpoint = new CfnEndpoint(this, 'Resource', {
      endpointName: this.endpointName,
      endpointConfigName: config.attrEndpointConfigName,
      ...(capacity ? {
        // Without this each deployment would set the number of instances back.
        retainAllVariantProperties: true,
        deploymentConfig: stepByStep(alarms, capacity.minInstances),
      } : {}),
    });
    endpoint.node.addDependency(logs);
    if (capacity && capacity.maxInstances > capacity.minInstances) {
      new EndpointScaling(this, 'Scaling', { ...capacity, endpoint, endpointName: this.endpointName });
    }
    this.invocation = {
      name: this.endpointName,
      resourceArns: [stack.formatArn({ service: 'sagemaker', resource: 'endpoint', resourceName: this.endpointName })],
      streaming: false,
      countsTokens: false,
      cost: props.cost ?? {},
    };
  }

  public metricInvocations(): IMetric {
    return this.metric('Invocations', 'Sum');
  }

  public metricServerErrors(): IMetric {
    return this.metric('Invocation5XXErrors', 'Sum');
  }

  public metricModelLatency(): IMetric {
    return this.metric('ModelLatency', 'p99');
  }

  private metric(metricName: string, statistic: string): IMetric {
    return new Metric({
      namespace: 'AWS/SageMaker', metricName, statistic, period: Duration.minutes(5), dimensionsMap: { EndpointName: this.endpointName, VariantName: VARIANT },
    });
  }

  private capacityOf(where: string, props: SecureInferenceEndpointProps): ResolvedCapacity | undefined {
    if (!Token.isUnresolved(this.endpointName) && !/^[a-z0-9](?:-*[a-z0-9]){0,62}$/.test(this.endpointName)) {
      // SageMaker writes ARNs in lower case, and IAM compares them letter by letter.
      throw new Error(`${where}: endpointName has up to 63 lower-case letters, digits and hyphens, got '${this.endpointName}'`);
    }
    const { serverless } = props;
    if (!serverless) {
      const capacity = resolveCapacity(where, props.capacity ?? {});
      props.capacity?.singleInstance?._record(this, 'capacity.singleInstance', SecurityPosture.of(this).evaluationDate);
      return capacity;
    }
    if (this.dataClass === DataClass.RESTRICTED) {
      throw new Error(`${where}: serverless inference has no VPC and no network isolation, which restricted data must not do without: use instances`);
    }
    if (props.capacity || props.capture) {
      throw new Error(`${where}: serverless and ${props.capacity ? 'capacity' : 'capture'} contradict each other: give one of them`);
    }
    serverless.because._record(this, 'serverless', SecurityPosture.of(this).evaluationDate);
    return undefined;
  }

  private interfacesIn({ vpc, subnets, securityGroup }: INetworkSegment): InterfacePlaces {
    const { subnetIds } = vpc.selectSubnets(subnets);
    if (subnetIds.length < 2) throw new Error(`'${this.node.path}' needs a segment with at least two subnets, got ${subnetIds.length}: one zone may fail`);
    return { subnetIds, securityGroupIds: [securityGroup.securityGroupId] };
  }

  private newModel(
    { model, image, segment, serverless }: SecureInferenceEndpointProps,
    role: ServingRole,
    { subnetIds, securityGroupIds }: InterfacePlaces,
  ): CfnModel {
    if (!serverless) segment.require({ services: ['s3'] });
    const resource = new CfnModel(this, 'Model', {
      executionRoleArn: role.roleArn,
      primaryContainer: {
        image: image.imageUri,
        modelDataSource: {
          s3DataSource: { s3Uri: `s3://${model.store.servedBucket.bucketName}/${model.prefix}`, s3DataType: 'S3Prefix', compressionType: 'None' },
        },
      },
      ...(serverless ? {} : {
        enableNetworkIsolation: true,
        vpcConfig: { subnets: [...subnetIds], securityGroupIds: [...securityGroupIds] },
      }),
    });
    // SageMaker looks at the data with the role at once.
    resource.node.addDependency(role);
    return resource;
  }

  private newKey(): IKey {
    return new EncryptionKey(this, 'Key', { description: 'Volumes and captured data of an inference endpoint' });
  }

  /** Who may read the log shall not be able to read what the model answers with. */
  private newLogKey(): IKey {
    const key = new EncryptionKey(this, 'LogKey', { description: 'Log of an inference endpoint' });
    key.allowLogGroups();
    return key;
  }
}

function volumeTakesKey(where: string, instanceType: string, localStorage: boolean | undefined): boolean {
  const storage = INSTANCE_FAMILIES.get(familyOf(instanceType) ?? '');
  if (storage !== undefined) return storage === 'EBS';
  if (localStorage === undefined) throw new Error(`${where}: ${unknownFamily(instanceType, 'capacity.localStorage')}`);
  return !localStorage;
}

/** One instance of the new fleet takes traffic first, then all; the alarms are watched at each step. */
function stepByStep({ alarms }: RollbackAlarms, instances: number): CfnEndpoint.DeploymentConfigProperty {
  return {
    blueGreenUpdatePolicy: {
      // The first step is half of the fleet at most, which of one instance there is not.
      trafficRoutingConfiguration: instances > 1
        ? { type: 'CANARY', canarySize: { type: 'INSTANCE_COUNT', value: 1 }, waitIntervalInSeconds: 600 }
        : { type: 'ALL_AT_ONCE', waitIntervalInSeconds: 600 },
      terminationWaitInSeconds: 600,
      maximumExecutionTimeoutInSeconds: 7200,
    },
    autoRollbackConfiguration: { alarms: alarms.map(({ alarmName }) => ({ alarmName })) },
  };
}
