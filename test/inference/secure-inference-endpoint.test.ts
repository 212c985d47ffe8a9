import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { CaptureStore, DataCapture, ModelImage } from 'cdk-secure-ai/inference';
import type { SecureInferenceEndpointProps } from 'cdk-secure-ai/inference';
import { ModelArtifactBucket } from 'cdk-secure-ai/models';
import { DataClass, WeakerChoice } from 'cdk-secure-ai/posture';
import { describe, expect, test } from 'vitest';
import { DIGEST, ENV, endpointOf, IMAGE, modelOf, workload } from './world';

const BECAUSE = WeakerChoice.of({ reason: 'a demonstration', owner: 'platform', expires: '2027-03-31' });

function templateWith(change: Partial<SecureInferenceEndpointProps> = {}): Template {
  const world = workload(new App(), 'Stack', { evaluationDate: '2026-11-24' });
  endpointOf(world, change);
  return Template.fromStack(world.stack);
}

describe('by default', () => {
  const template = templateWith();

  test('the model is isolated, in the VPC, and named by its content', () => {
    template.hasResourceProperties('AWS::SageMaker::Model', {
      EnableNetworkIsolation: true,
      ModelName: Match.absent(),
      PrimaryContainer: {
        Image: IMAGE.imageUri,
        ModelDataUrl: Match.absent(),
        ModelDataSource: {
          S3DataSource: {
            CompressionType: 'None', S3DataType: 'S3Prefix',
            S3Uri: { 'Fn::Join': ['', ['s3://', { Ref: Match.stringLikeRegexp('ModelsServed') }, `/models/fraud/${DIGEST}/`]] },
          },
        },
      },
      VpcConfig: { Subnets: [Match.anyValue(), Match.anyValue()], SecurityGroupIds: [Match.anyValue()] },
    });
  });

  test('two instances on encrypted volumes, a fifth of the traffic captured under a key', () => {
    template.hasResourceProperties('AWS::SageMaker::EndpointConfig', {
      EndpointConfigName: Match.absent(),
      KmsKeyId: { 'Fn::GetAtt': [Match.stringLikeRegexp('FraudKey'), 'Arn'] },
      ProductionVariants: [{ InitialInstanceCount: 2, InstanceType: 'ml.m5.xlarge', VariantName: 'main' }],
      DataCaptureConfig: { EnableCapture: true, InitialSamplingPercentage: 20, KmsKeyId: Match.anyValue() },
    });
  });

  test('the endpoint has a fixed name, shifts traffic step by step, keeps its number of instances and rolls back', () => {
    template.hasResourceProperties('AWS::SageMaker::Endpoint', {
      EndpointName: Match.stringLikeRegexp('^stack-?fraud'),
      RetainAllVariantProperties: true,
      DeploymentConfig: {
        BlueGreenUpdatePolicy: { TrafficRoutingConfiguration: { Type: 'CANARY' } },
        AutoRollbackConfiguration: { Alarms: [{ AlarmName: { Ref: Match.anyValue() } }, { AlarmName: { Ref: Match.anyValue() } }] },
      },
    });
    const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm'));
    expect(alarms).toHaveLength(2);
    for (const { Properties } of alarms as { Properties: object }[]) expect(Properties).toMatchObject({ TreatMissingData: 'notBreaching' });
  });

  test('scaling has a cap, waits for the endpoint, and the log group is there before it', () => {
    template.hasResource('AWS::ApplicationAutoScaling::ScalableTarget', {
      Properties: { MinCapacity: 2, MaxCapacity: 4 }, DependsOn: Match.arrayWith([Match.stringLikeRegexp('^Fraud')]),
    });
    template.hasResourceProperties('AWS::Logs::LogGroup', { LogGroupName: Match.stringLikeRegexp('^/aws/sagemaker/Endpoints/'), KmsKeyId: Match.anyValue(), RetentionInDays: 2192 });
    const [endpoint] = Object.values(template.findResources('AWS::SageMaker::Endpoint')) as { DependsOn: string[] }[];
    expect(endpoint.DependsOn.join()).toContain('FraudLogs');
  });

  test('the model waits for all policies of its role', () => {
    const [model] = Object.values(template.findResources('AWS::SageMaker::Model')) as { DependsOn: string[] }[];
    expect(model.DependsOn.filter((id) => id.includes('Role')).length).toBeGreaterThanOrEqual(3);
  });
});

describe('the volume key', () => {
  test.each([['ml.g5.xlarge', false], ['ml.p4d.24xlarge', false], ['ml.m5d.large', false], ['ml.c6gd.large', false], ['ml.c6g.large', true], ['ml.inf2.xlarge', true]])(
    'on %s is set: %s', (instanceType, isSet) => {
      templateWith({ capacity: { instanceType } }).hasResourceProperties('AWS::SageMaker::EndpointConfig', { KmsKeyId: isSet ? Match.anyValue() : Match.absent() });
    },
  );

  test('on an unknown type is asked for', () => {
    expect(() => templateWith({ capacity: { instanceType: 'ml.z9.large' } })).toThrow(/the instance family of 'ml\.z9\.large' has local disks.*: say it in capacity\.localStorage, see https:/);
    templateWith({ capacity: { instanceType: 'ml.z9.large', localStorage: true } }).hasResourceProperties('AWS::SageMaker::EndpointConfig', { KmsKeyId: Match.absent() });
  });
});

describe('data capture', () => {
  test('of restricted data is off, unless it is chosen', () => {
    templateWith({ dataClass: DataClass.RESTRICTED }).hasResourceProperties('AWS::SageMaker::EndpointConfig', { DataCaptureConfig: Match.absent() });
    templateWith({ dataClass: DataClass.RESTRICTED, capture: DataCapture.sample(5) })
      .hasResourceProperties('AWS::SageMaker::EndpointConfig', { DataCaptureConfig: { InitialSamplingPercentage: 5 } });
  });

  test('expires', () => {
    const buckets = Object.values(templateWith().findResources('AWS::S3::Bucket')) as { Properties: { LifecycleConfiguration?: { Rules: object[] } } }[];
    const rules = buckets.flatMap(({ Properties }) => Properties.LifecycleConfiguration?.Rules ?? []);
    expect(rules).toContainEqual(expect.objectContaining({ Id: 'ExpireCaptures', ExpirationInDays: 30, Status: 'Enabled' }));
  });

  test('goes to a store of its class, or a higher one', () => {
    const world = workload(new App());
    const internal = new CaptureStore(world.stack, 'Captures', { dataClass: DataClass.INTERNAL });
    expect(() => endpointOf(world, { capture: DataCapture.sample(5, internal) })).toThrow('captures confidential data into a store for internal data');
    endpointOf(world, { capture: DataCapture.sample(5, internal), dataClass: DataClass.INTERNAL }, 'Other');
    Template.fromStack(world.stack).hasResourceProperties('AWS::SageMaker::EndpointConfig', {
      DataCaptureConfig: { DestinationS3Uri: { 'Fn::Join': ['', ['s3://', { Ref: Match.stringLikeRegexp('^CapturesBucket') }, Match.stringLikeRegexp('^/stack-?other')]] } },
    });
  });

  test('can be turned off', () => {
    templateWith({ capture: DataCapture.off() }).hasResourceProperties('AWS::SageMaker::EndpointConfig', { DataCaptureConfig: Match.absent() });
    expect(() => DataCapture.sample(0)).toThrow('from 1 to 100, got 0');
  });
});

describe('serverless', () => {
  test('is a weaker choice, recorded, and has a cap', () => {
    const world = workload(new App(), 'Stack', { evaluationDate: '2026-11-24' });
    const endpoint = endpointOf(world, { serverless: { because: BECAUSE } });
    const template = Template.fromStack(world.stack);
    template.hasResourceProperties('AWS::SageMaker::EndpointConfig', {
      ProductionVariants: [{ ServerlessConfig: { MaxConcurrency: 5, MemorySizeInMB: 2048 }, InstanceType: Match.absent() }], DataCaptureConfig: Match.absent(),
    });
    template.hasResourceProperties('AWS::SageMaker::Model', { VpcConfig: Match.absent(), EnableNetworkIsolation: Match.absent() });
    template.resourceCountIs('AWS::ApplicationAutoScaling::ScalableTarget', 0);
    expect(endpoint.node.metadata.map(({ type }) => type)).toContain(WeakerChoice.METADATA_KEY);
  });

  test.each<[string, Partial<SecureInferenceEndpointProps>, string]>([
    ['restricted data', { dataClass: DataClass.RESTRICTED, serverless: { because: BECAUSE } }, 'restricted data must not do without: use instances'],
    ['instances beside it', { capacity: {}, serverless: { because: BECAUSE } }, 'serverless and capacity contradict each other'],
    ['capture beside it', { capture: DataCapture.off(), serverless: { because: BECAUSE } }, 'serverless and capture contradict each other'],
    ['odd memory', { serverless: { because: BECAUSE, memoryMib: 1000 } }, 'must be 1024 to 6144'],
    ['no cap', { serverless: { because: BECAUSE, maxConcurrency: 0 } }, 'from 1 to 200'],
  ])('is refused for %s', (_, change, message) => expect(() => templateWith(change)).toThrow(message));
});

test.each<[string, Partial<SecureInferenceEndpointProps>, string]>([
  ['one instance without a reason', { capacity: { minInstances: 1 } }, 'give singleInstance, a WeakerChoice'],
  ['a cap below the floor', { capacity: { minInstances: 4, maxInstances: 3 } }, 'maxInstances (3) is below minInstances (4)'],
  ['no instances', { capacity: { minInstances: 0 } }, 'minInstances must be a whole number above zero'],
  ['a type of EC2', { capacity: { instanceType: 'm5.large' } }, "must look like 'ml.m5.xlarge'"],
  ['a name in capitals', { endpointName: 'Fraud' }, 'lower-case letters, digits and hyphens'],
])('fails for %s', (_, change, message) => expect(() => templateWith(change)).toThrow(message));

test.each([
  ['a tag', '111111111111.dkr.ecr.eu-central-1.amazonaws.com/model:latest'], ['a short digest', '111111111111.dkr.ecr.eu-central-1.amazonaws.com/model@sha256:0a'],
  ['another registry', `docker.io/library/python@sha256:${'0'.repeat(64)}`], ['nothing', ''],
])('an image with %s is refused', (_, uri) => expect(() => ModelImage.fromUri(uri)).toThrow('named by the digest of its content'));

test('an image of a repository is named by its digest', () => {
  const repository = Repository.fromRepositoryName(new Stack(new App(), 'Stack', { env: ENV }), 'Repository', 'models/fraud');
  expect(() => ModelImage.fromEcr(repository, 'latest')).toThrow("'sha256:' and 64");
  expect(ModelImage.fromEcr(repository, `sha256:${'0'.repeat(64)}`).imageUri).toContain(`@sha256:${'0'.repeat(64)}`);
});

describe('what is live', () => {
  const live = { endpointName: 'fraud', instanceType: 'ml.m5.xlarge' };
  test.each<[string, Partial<SecureInferenceEndpointProps>, string]>([
    ['a new name', { endpointName: 'fraud2', live }, 'deletes the live endpoint: make a second endpoint beside it'],
    ['another type while it scales', { endpointName: 'fraud', live, capacity: { instanceType: 'ml.c5.xlarge' } }, '(1) deploy with maxInstances equal to minInstances'],
    ['serverless', { endpointName: 'fraud', live, serverless: { because: BECAUSE } }, 'does not change between instances and serverless'],
  ])('is not reset by %s', (_, change, message) => expect(() => templateWith(change)).toThrow(message));

  test('the steps of the recipe are taken', () => {
    const steps: Partial<SecureInferenceEndpointProps>[] = [
      { live, capacity: { maxInstances: 2 } },
      { live: { ...live, scaled: false }, capacity: { maxInstances: 2, instanceType: 'ml.c5.xlarge' } },
      { live: { ...live, instanceType: 'ml.c5.xlarge', scaled: false }, capacity: { instanceType: 'ml.c5.xlarge' } },
    ];
    const targets = steps.map((step) => Object.keys(templateWith({ endpointName: 'fraud', ...step }).findResources('AWS::ApplicationAutoScaling::ScalableTarget')).length);
    expect(targets).toEqual([0, 0, 1]);
  });
});

describe('a store of another stack', () => {
  test('names the role that it lets through by its name, so that neither stack waits for the other twice', () => {
    const app = new App();
    const shared = workload(app, 'Shared');
    const own = new Stack(app, 'Own', { env: ENV });
    endpointOf(shared, { capture: DataCapture.sample(1, new CaptureStore(shared.stack, 'Captures')) }, 'Fraud', own);
    app.synth();
    Template.fromStack(own).hasResourceProperties('AWS::IAM::Role', { RoleName: Match.stringLikeRegexp('^Own-?Fraud-?Role') });
    expect(JSON.stringify(Template.fromStack(shared.stack).findResources('AWS::S3::BucketPolicy'))).toMatch(/role\/Own-?Fraud-?Role/);
    expect(own.dependencies).toEqual([shared.stack]);
    expect(shared.stack.dependencies).toEqual([]);
    Template.fromStack(shared.stack).resourceCountIs('AWS::IAM::Policy', 0);
  });

  const imported = (stack: Stack) => ModelArtifactBucket.fromAttributes(stack, 'Imported', {
    quarantineBucketArn: 'arn:aws:s3:::quarantine', quarantineKeyArn: 'arn:aws:kms:eu-central-1:111111111111:key/1', servedBucketArn: 'arn:aws:s3:::served', servedKeyArn: 'arn:aws:kms:eu-central-1:111111111111:key/2',
  });

  test('that is imported is said to need its own app', () => {
    const world = workload(new App());
    const store = imported(world.stack);
    endpointOf(world, { model: modelOf(world.stack, store) });
    Annotations.fromStack(world.stack).hasWarning('/Stack/Imported', Match.stringLikeRegexp("unless its own app lets 'Stack/Fraud/Role' through"));
  });

  test('that is imported in another stack is read by the endpoint, and is said to need its own app', () => {
    const app = new App();
    const world = workload(app);
    const other = new Stack(app, 'Other', { env: ENV });
    endpointOf(world, { model: modelOf(world.stack, imported(other)) });
    Annotations.fromStack(other).hasWarning('/Other/Imported', Match.stringLikeRegexp('unless its own app lets .* through with grantReadToServiceRole'));
    Template.fromStack(world.stack).hasResourceProperties('AWS::IAM::ManagedPolicy', {
      PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Action: ['s3:GetObject', 's3:GetObjectVersion'], Resource: 'arn:aws:s3:::served/models/*' })]) },
    });
    Template.fromStack(other).resourceCountIs('AWS::S3::BucketPolicy', 0);
  });
});

test('the alarms open an item in OpsCenter where the posture names nobody', () => {
  for (const { Properties } of Object.values(templateWith().findResources('AWS::CloudWatch::Alarm')) as { Properties: object }[]) {
    expect(JSON.stringify(Properties)).toMatch(/"AlarmActions":\[\{"Fn::Join":\["",\["arn:",\{"Ref":"AWS::Partition"\},":ssm:eu-central-1:111111111111:opsitem:2"/);
  }
});

test('the alarms reach whom the posture names', () => {
  const app = new App();
  const topic = Topic.fromTopicArn(new Stack(app, 'Existing'), 'OnCall', 'arn:aws:sns:eu-central-1:111111111111:on-call');
  const world = workload(app, 'Stack', { alarmTopic: topic });
  endpointOf(world);
  for (const { Properties } of Object.values(Template.fromStack(world.stack).findResources('AWS::CloudWatch::Alarm')) as { Properties: object }[]) {
    expect(Properties).toMatchObject({ AlarmActions: ['arn:aws:sns:eu-central-1:111111111111:on-call'], OKActions: [expect.anything()] });
  }
});

test('one instance is a weaker choice, recorded; its deployments shift all traffic at once, since half of it is no instance', () => {
  const world = workload(new App(), 'Stack', { evaluationDate: '2026-11-24' });
  const endpoint = endpointOf(world, { capacity: { singleInstance: BECAUSE } });
  const template = Template.fromStack(world.stack);
  template.hasResourceProperties('AWS::SageMaker::EndpointConfig', { ProductionVariants: [{ InitialInstanceCount: 1 }] });
  template.hasResourceProperties('AWS::SageMaker::Endpoint', { DeploymentConfig: { BlueGreenUpdatePolicy: { TrafficRoutingConfiguration: { Type: 'ALL_AT_ONCE' } } } });
  expect(endpoint.node.metadata.map(({ type }) => type)).toContain(WeakerChoice.METADATA_KEY);
});
