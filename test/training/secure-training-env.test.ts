import * as fs from 'node:fs';
import * as path from 'node:path';
import { App, Duration, Size, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { SecurityPostureProps } from 'cdk-secure-ai/posture';
import { DataClass, SecurityPosture, SecurityProfile, WeakerChoice } from 'cdk-secure-ai/posture';
import { InstanceStorage, SecureTrainingEnv, TrainingLogs } from 'cdk-secure-ai/training';
import type { SecureTrainingEnvProps, TrainingJobOptions } from 'cdk-secure-ai/training';
import { describe, expect, test } from 'vitest';
import { definitionOf, environmentWith } from './environment';

const env = { account: '111111111111', region: 'eu-central-1' };
const because = WeakerChoice.of({ reason: 'test', owner: 'platform', expires: '2027-03-31' });

function zeroProps(props: SecureTrainingEnvProps = {}): { stack: Stack; environment: SecureTrainingEnv; template: Template } {
  const stack = new Stack(new App(), 'Stack', { env });
  const environment = new SecureTrainingEnv(stack, 'Training', props);
  return { stack, environment, template: Template.fromStack(stack) };
}

describe('an environment without any property', () => {
  const { template } = zeroProps();

  test('has a VPC without a way out, a volume key, an output zone that expires, and runs nothing by itself', () => {
    template.resourceCountIs('AWS::EC2::VPC', 1);
    template.resourceCountIs('AWS::EC2::InternetGateway', 0);
    template.resourceCountIs('AWS::EC2::NatGateway', 0);
    template.hasResourceProperties('AWS::KMS::Key', { Description: 'Volumes of training jobs', EnableKeyRotation: true });
    template.hasResourceProperties('AWS::S3::Bucket', { LifecycleConfiguration: { Rules: Match.arrayWith([Match.objectLike({ Id: 'Artifacts', ExpirationInDays: 30 })]) } });
    const running = Object.values(template.toJSON().Resources as Record<string, { Type: string }>).map(({ Type }) => Type)
      .filter((type) => /^AWS::(SageMaker|EC2::Instance|ECS|Batch|AutoScaling|Scheduler)/.test(type));
    expect(running).toEqual([]);
    for (const rule of Object.values(template.findResources('AWS::Events::Rule'))) expect(rule.Properties).not.toHaveProperty('ScheduleExpression');
  });

  test('has a state machine under a key, whose log has every event and no data', () => {
    template.hasResourceProperties('AWS::StepFunctions::StateMachine', {
      StateMachineType: 'STANDARD',
      EncryptionConfiguration: { Type: 'CUSTOMER_MANAGED_KMS_KEY', KmsKeyId: Match.anyValue() },
      LoggingConfiguration: { Level: 'ALL', IncludeExecutionData: false },
      TracingConfiguration: { Enabled: true },
    });
  });

  test('has log groups with a key and an end, among them the one that SageMaker would make without either', () => {
    template.hasResource('AWS::Logs::LogGroup', {
      Properties: { LogGroupName: '/aws/sagemaker/TrainingJobs', RetentionInDays: 2192, KmsKeyId: Match.anyValue() }, DeletionPolicy: 'RetainExceptOnCreate',
    });
    for (const { Properties } of Object.values(template.findResources('AWS::Logs::LogGroup')) as { Properties: Record<string, unknown> }[]) {
      expect(Properties).toMatchObject({ RetentionInDays: 2192, KmsKeyId: expect.anything() });
    }
  });

  test('refuses every launch until it knows a job', () => {
    const { stack } = zeroProps();
    expect(JSON.stringify(definitionOf(stack).States.ReadRequest)).toContain('"jobs":{}');
  });
});

describe('the roles of an environment', () => {
  test('are under a boundary of its own, and under paths by which the guard knows them', () => {
    const template = Template.fromStack(environmentWith().stack);
    const roles = Object.values(template.findResources('AWS::IAM::Role')) as { Properties: Record<string, unknown> }[];
    const bounded = roles.map(({ Properties }) => Properties).filter(({ PermissionsBoundary }) => PermissionsBoundary !== undefined);
    const paths = bounded.map(({ Path }) => String(Path).replace(/[0-9a-f]{8}/, 'ID')).sort();
    expect(paths).toEqual(['/secure-ai/training-launcher/', '/secure-ai/training/training-ID/', '/secure-ai/training/training-ID/']);
    expect(new Set(bounded.map(({ PermissionsBoundary }) => JSON.stringify(PermissionsBoundary))).size).toBe(1);
  });

  test('are under the boundary of the posture, which then has the guard in their own policies', () => {
    const stack = new Stack(new App(), 'Stack', { env });
    SecurityPosture.attach(stack, { permissionsBoundary: ManagedPolicy.fromManagedPolicyArn(stack, 'Boundary', 'arn:aws:iam::111111111111:policy/boundary') });
    new SecureTrainingEnv(stack, 'Training');
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::IAM::Role', { Path: '/secure-ai/training-launcher/', PermissionsBoundary: 'arn:aws:iam::111111111111:policy/boundary' });
    template.hasResourceProperties('AWS::IAM::ManagedPolicy', {
      Roles: [{ Ref: Match.stringLikeRegexp('TrainingLauncherRole') }],
      PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Sid: 'DenyNetworkAccess', Action: 'sagemaker:CreateTrainingJob' })]) },
    });
  });

  test('the launcher has exactly what createTrainingJob.sync needs of SageMaker and EventBridge', () => {
    const template = Template.fromStack(environmentWith().stack);
    const found = template.findResources('AWS::IAM::ManagedPolicy') as Record<string, { Properties: { PolicyDocument: { Statement: { Action: string | string[] }[] } } }>;
    const policies = Object.entries(found).filter(([id]) => id.startsWith('TrainingLauncherRole'));
    const statements = policies.flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement);
    const actions = new Set(statements.flatMap(({ Action }) => Action).filter((action) => /^(sagemaker|events|iam):/.test(action)));
    expect([...actions].sort()).toEqual([
      'events:DescribeRule', 'events:PutRule', 'events:PutTargets', 'iam:PassRole', 'sagemaker:AddTags', 'sagemaker:CreateTrainingJob',
      'sagemaker:DescribeTrainingJob', 'sagemaker:ListTags', 'sagemaker:StopTrainingJob',
    ]);
    template.hasResourceProperties('AWS::IAM::ManagedPolicy', {
      PolicyDocument: { Statement: Match.arrayWith([{ Effect: 'Allow', Action: 'kms:CreateGrant', Resource: Match.anyValue(), Condition: { Bool: { 'kms:GrantIsForAWSResource': 'true' } } }]) },
    });
  });

  test('somebody may be let launch, which is all that it gives', () => {
    const { stack, environment } = environmentWith();
    environment.grantLaunch(new Role(stack, 'Scientist', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') }));
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: { Statement: [{ Action: 'states:StartExecution', Effect: 'Allow', Resource: { 'Fn::GetAtt': [Match.stringLikeRegexp('^TrainingLauncher'), 'Arn'] } }] },
    });
  });
});

describe('the id of an environment', () => {
  test('is short, begins with its name, and differs between stacks and constructs', () => {
    const app = new App();
    const ids = [['A', 'Training'], ['B', 'Training'], ['C', 'Fraud_Models-2026-Q4']].map(([stack, id]) => new SecureTrainingEnv(new Stack(app, stack, { env }), id).environmentId);
    expect(ids[0]).toMatch(/^training-[0-9a-f]{8}$/);
    expect(ids[2]).toMatch(/^fraudmodels2-[0-9a-f]{8}$/);
    expect(new Set(ids).size).toBe(3);
    expect(new SecureTrainingEnv(new Stack(new App(), 'A', { env }), 'Training').environmentId).toBe(ids[0]);
  });
});

describe('the log group of SageMaker', () => {
  test('is made once for the environments of an account and region, and kept as long as the strictest needs', () => {
    const app = new App();
    SecurityPosture.attach(app, { profile: SecurityProfile.BASELINE });
    const [first, second, elsewhere] = [env, env, { ...env, region: 'eu-west-1' }].map((where, index) => new Stack(app, `Stack${index}`, { env: where }));
    new SecureTrainingEnv(first, 'Training', { dataClass: DataClass.PUBLIC });
    new SecureTrainingEnv(second, 'Training', { dataClass: DataClass.CONFIDENTIAL });
    new SecureTrainingEnv(elsewhere, 'Training', { dataClass: DataClass.PUBLIC });
    const groups = (stack: Stack) => Object.values(Template.fromStack(stack).findResources('AWS::Logs::LogGroup', { Properties: { LogGroupName: '/aws/sagemaker/TrainingJobs' } }));
    expect(groups(first)).toEqual([expect.objectContaining({ Properties: expect.objectContaining({ RetentionInDays: 1096 }) })]);
    expect(groups(second)).toEqual([]);
    expect(groups(elsewhere)).toEqual([expect.objectContaining({ Properties: expect.objectContaining({ RetentionInDays: 365 }) })]);
  });

  test('is left alone where the account has it', () => {
    const { template } = zeroProps({ jobLogs: TrainingLogs.existing() });
    expect(Object.keys(template.findResources('AWS::Logs::LogGroup', { Properties: { LogGroupName: '/aws/sagemaker/TrainingJobs' } }))).toEqual([]);
  });
});

describe('alarms', () => {
  test('are made for the topic of the posture, each with an entry in the runbook', () => {
    const runbook = fs.readFileSync(path.join(__dirname, '../../docs/runbook.md'), 'utf8');
    const alarms = (posture: SecurityPostureProps, stack = new Stack(new App(), 'Stack', { env })) => {
      SecurityPosture.attach(stack, posture);
      new SecureTrainingEnv(stack, 'Training');
      return Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm')) as { Properties: { AlarmDescription: string; MetricName: string } }[];
    };
    expect(alarms({})).toEqual([]);
    const topic = Topic.fromTopicArn(new Stack(new App(), 'Existing'), 'OnCall', 'arn:aws:sns:eu-central-1:111111111111:on-call');
    const made = alarms({ alarmTopic: topic });
    expect(made.map(({ Properties }) => Properties.MetricName).sort()).toEqual(['ApproximateNumberOfMessagesVisible', 'ExecutionsAborted', 'ExecutionsFailed', 'ExecutionsTimedOut']);
    for (const { Properties } of made) {
      const anchor = Properties.AlarmDescription.split('#')[1];
      expect(runbook).toMatch(new RegExp(`^## ${anchor.replaceAll('-', ' ')}$`, 'im'));
    }
  });
});

describe('jobs that cannot be', () => {
  const attempt = (options: Partial<TrainingJobOptions> = {}, name = 'fraud', props: SecureTrainingEnvProps = {}) => () => {
    const stack = new Stack(new App(), 'Stack', { env });
    const environment = new SecureTrainingEnv(stack, 'Training', props);
    const bucket = Bucket.fromBucketName(stack, 'Data', 'data');
    environment.addJob(name, { datasets: { train: { bucket, prefix: 'a/b' } }, repositories: [Repository.fromRepositoryName(stack, 'Images', 'x')], ...options });
    return definitionOf(stack);
  };
  const { stack: elsewhere } = zeroProps();
  const bucket = Bucket.fromBucketName(elsewhere, 'Data', 'data');

  test.each<[string, Partial<TrainingJobOptions>, string]>([
    ['no data', { datasets: {} }, 'datasets is empty'],
    ['a prefix with a wildcard', { datasets: { train: { bucket, prefix: 'a/*' } } }, "got 'a/*'"],
    ['a prefix with a slash at its end', { datasets: { train: { bucket, prefix: 'a/' } } }, "got 'a/'"],
    ['no prefix', { datasets: { train: { bucket, prefix: '' } } }, "got ''"],
    ['a channel with a slash', { datasets: { 'a/b': { bucket, prefix: 'a' } } }, "the dataset 'a/b'"],
    ['no repository', { repositories: [] }, 'repositories is empty'],
    ['no instance type', { instanceTypes: [] }, 'instanceTypes is empty'],
    ['an instance type of EC2', { instanceTypes: ['m5.xlarge'] }, "looks like 'ml.m5.xlarge', got 'm5.xlarge'"],
    ['half an instance', { maxInstances: 0.5 }, 'maxInstances must be a whole number above zero, got 0.5'],
    ['a volume that is too large', { maxVolume: Size.tebibytes(17) }, 'maxVolume must be 1 to 16384 GiB, got 17408'],
    ['a run that is longer than the posture says', { maxRuntime: Duration.hours(25) }, "maxRuntime of 90000 seconds is longer than the posture's 86400"],
  ])('with %s', (_, options, message) => {
    expect(attempt(options)).toThrow(message);
  });

  test.each(['Fraud', 'a', 'a--b', '-a', 'a'.repeat(21), '../x'])("with the name '%s'", (name) => {
    expect(attempt({}, name)).toThrow('its name must be 2 to 20');
  });

  test('twice', () => {
    const { job } = environmentWith();
    expect(() => job('fraud')).toThrow("has a job 'fraud' already");
  });

  test('on instances of a family that nobody knows, until the environment names it', () => {
    expect(attempt({ instanceTypes: ['ml.x9.large'] })).toThrow(/the instance family of 'ml\.x9\.large' has local disks.*not known as of \d{4}-\d\d-\d\d: say it in instanceFamilies of the environment/);
    for (const [storage, expected] of [[InstanceStorage.LOCAL_DISKS, 'NVME'], [InstanceStorage.NETWORK_VOLUMES, 'EBS']] as const) {
      expect(JSON.stringify(attempt({ instanceTypes: ['ml.x9.large'] }, 'fraud', { instanceFamilies: [{ family: 'x9', storage }] })())).toContain(`"ml.x9.large":"${expected}"`);
    }
  });
});

test('fails for the alias of a key, on which permissions have no effect', () => {
  const stack = new Stack(new App(), 'Stack', { env });
  const alias = Key.fromKeyArn(stack, 'Alias', 'arn:aws:kms:eu-central-1:111111111111:alias/volumes');
  expect(() => new SecureTrainingEnv(stack, 'Training', { volumeKey: alias })).toThrow('volumeKey is the alias');
});

test('a brought key is used for volumes, and none is made', () => {
  const stack = new Stack(new App(), 'Stack', { env });
  const arn = 'arn:aws:kms:eu-central-1:111111111111:key/11111111-2222-4333-8444-555555555555';
  new SecureTrainingEnv(stack, 'Training', { volumeKey: Key.fromKeyArn(stack, 'Key', arn) });
  expect(JSON.stringify(definitionOf(stack).States.ReadRequest)).toContain(arn);
  expect(Object.keys(Template.fromStack(stack).findResources('AWS::KMS::Key', { Properties: { Description: 'Volumes of training jobs' } }))).toEqual([]);
});

test('a job may run as long as the posture lets it, for a reason', () => {
  const stack = new Stack(new App(), 'Stack', { env });
  SecurityPosture.attach(stack, { evaluationDate: '2026-11-24', training: { maxRuntime: Duration.days(5), because } });
  const environment = new SecureTrainingEnv(stack, 'Training');
  environment.addJob('fraud', {
    datasets: { train: { bucket: Bucket.fromBucketName(stack, 'Data', 'data'), prefix: 'a' } }, repositories: [Repository.fromRepositoryName(stack, 'Images', 'x')],
  });
  expect(JSON.stringify(definitionOf(stack).States.ReadRequest)).toContain('"maxRuntimeSeconds":432000');
});
