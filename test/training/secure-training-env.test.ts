import * as fs from 'node:fs';
import * as path from 'node:path';
import { App, Duration, Size, Stack, Stage } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { CfnKey } from 'aws-cdk-lib/aws-kms';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { AuditTrail } from 'cdk-secure-ai/audit';
import { NetworkSegment } from 'cdk-secure-ai/network';
import type { SecurityPostureProps } from 'cdk-secure-ai/posture';
import { DataClass, SecurityPosture, SecurityProfile, WeakerChoice } from 'cdk-secure-ai/posture';
import { InstanceStorage, SecureTrainingEnv, TrainingLogs } from 'cdk-secure-ai/training';
import type { SecureTrainingEnvProps, TrainingJobOptions } from 'cdk-secure-ai/training';
import type { IConstruct } from 'constructs';
import { describe, expect, test } from 'vitest';
import { jobName } from '../../lib/training/launch.contract';
import { administrator, awsService, IamWorld } from '../support/iam';
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

  test('has a VPC without a way out, a volume key, a bucket for output that expires, and runs nothing by itself', () => {
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

describe('the logs of an environment', () => {
  test('end by the class of its data, each of them, also where the profile keeps others for a shorter time', () => {
    const stack = new Stack(new App(), 'Stack', { env });
    SecurityPosture.attach(stack, { profile: SecurityProfile.BASELINE });
    new SecureTrainingEnv(stack, 'Training', { segment: new NetworkSegment(stack, 'Network'), dataClass: DataClass.CONFIDENTIAL });
    const template = Template.fromStack(stack);
    const days = Object.entries(template.findResources('AWS::Logs::LogGroup')).filter(([id]) => !id.startsWith('Network'))
      .map(([, { Properties }]) => (Properties as { RetentionInDays: number }).RetentionInDays);
    expect(days).toEqual([1096, 1096, 1096, 1096]);
    const accessLogs = Object.entries(template.findResources('AWS::S3::Bucket')).filter(([id]) => id.startsWith('TrainingOutputsAccessLogs'));
    expect(JSON.stringify(accessLogs)).toContain('"ExpirationInDays":1096');
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

  test('stays what it is when the environment that came first goes, since AWS makes no second one of the name', () => {
    const idsWith = (...names: string[]) => {
      const stack = new Stack(new App(), 'Stack', { env });
      for (const name of names) new SecureTrainingEnv(stack, name);
      return Object.keys(Template.fromStack(stack).findResources('AWS::Logs::LogGroup', { Properties: { LogGroupName: '/aws/sagemaker/TrainingJobs' } }));
    };
    expect(idsWith('First', 'Second')).toEqual(idsWith('Second'));
  });

  test('is made by one stage of an app only, where stages share an account and region', () => {
    const staged = (where: typeof env | undefined, jobLogs?: TrainingLogs) => {
      const app = new App();
      const stacks = ['Dev', 'Prod'].map((name) => new Stack(new Stage(app, name, where ? { env: where } : {}), 'Stack'));
      new SecureTrainingEnv(stacks[0], 'Training');
      new SecureTrainingEnv(stacks[1], 'Training', jobLogs ? { jobLogs } : {});
    };
    expect(() => staged(env)).toThrow("'Prod/Stack/Training': 'Dev/Stack' makes the log group /aws/sagemaker/TrainingJobs");
    expect(() => staged(env, TrainingLogs.existing())).not.toThrow();
    expect(() => staged(undefined)).not.toThrow();
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

test('the role of a job may encrypt under the output key itself, which SageMaker asks for, and decrypt through S3 only', async () => {
  const { stack, fraud, environment } = environmentWith();
  const world = IamWorld.of(stack, { accountId: env.account, region: env.region, values: { 'AWS::StackId': 'arn:aws:cloudformation:eu-central-1:111111111111:stack/Stack/0a1b' } });
  const outputKey = stack.getLogicalId(environment.outputKey.node.defaultChild as CfnKey);
  const may = async (action: string) => (await world.request({ principal: fraud, action, resource: outputKey })).decision;
  expect(await may('kms:Encrypt')).toBe('allowed');
  expect(await may('kms:Decrypt')).not.toBe('allowed');
});

describe('what a job wrote and no scan has found clean', () => {
  const read = async (environment: SecureTrainingEnv): Promise<string> => {
    const stack = Stack.of(environment);
    const world = IamWorld.of(stack, { accountId: env.account, region: env.region, values: { 'AWS::StackId': 'arn:aws:cloudformation:eu-central-1:111111111111:stack/Stack/0a1b' } });
    const idOf = (construct: IConstruct): string => stack.getLogicalId(construct.node.defaultChild as CfnKey);
    return (await world.request({
      principal: administrator(), action: 's3:GetObject', resource: world.arnOf(idOf(environment.outputBucket), '/training/x/fraud/r1/output/model.tar.gz'),
      via: idOf(environment.segment.node.findChild('Endpoints').node.findChild('S3')),
    })).decision;
  };

  test('is read by nobody in the quarantine of a store', async () => {
    expect(await read(environmentWith().environment)).toBe('explicit-deny');
  });

  test('is not held back without a store, and key and documentation do not say that it is', async () => {
    const { environment, template } = zeroProps();
    expect(await read(environment)).toBe('allowed');
    template.resourceCountIs('AWS::GuardDuty::MalwareProtectionPlan', 0);
    template.hasResourceProperties('AWS::KMS::Key', { Description: 'Artifacts of training jobs that nobody scans' });
    expect(fs.readFileSync(path.join(__dirname, '..', '..', 'docs', 'training.md'), 'utf8')).toMatch(/Without a model store\s+An environment without `artifacts`[^#]*It is not a\s+quarantine/);
  });
});

describe('names of jobs', () => {
  test('of one job are none of another, so that no role serves the runs of a job whose name goes on like its own', async () => {
    const { stack, fraud, job, environment } = environmentWith();
    const other = job('fraud-v2');
    const world = IamWorld.of(stack, { accountId: env.account, region: env.region, values: { 'AWS::StackId': 'arn:aws:cloudformation:eu-central-1:111111111111:stack/Stack/0a1b' } });
    const serves = async (role: IRole, name: string) => (await world.request({
      principal: awsService('sagemaker.amazonaws.com', { sourceAccount: env.account, sourceArn: `arn:aws:sagemaker:eu-central-1:111111111111:training-job/${name}` }),
      action: 'sts:AssumeRole',
      resource: role,
    })).decision === 'allowed';
    const [run, runOfOther] = [jobName(environment.environmentId, 'fraud', 'v2-r1'), jobName(environment.environmentId, 'fraud-v2', 'r1')];
    expect([await serves(fraud, run), await serves(other, run)]).toEqual([true, false]);
    expect([await serves(fraud, runOfOther), await serves(other, runOfOther)]).toEqual([false, true]);
  });

  test('fit SageMaker with the longest parts that are taken', () => {
    const environment = new SecureTrainingEnv(new Stack(new App(), 'S'.repeat(100), { env }), 'Environment'.repeat(9));
    const name = jobName(environment.environmentId, 'j'.repeat(20), 'r'.repeat(16));
    expect(name).toMatch(/^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/);
  });
});

test('a segment of so many subnets that the boundary would not fit a policy is refused at synthesis', () => {
  const environmentIn = (count: number) => () => {
    const stack = new Stack(new App(), 'Stack', { env });
    const isolatedSubnetIds = Array.from({ length: count }, (_, index) => `subnet-0a1b2c3d4e5f6${String(index).padStart(4, '0')}`);
    const vpc = Vpc.fromVpcAttributes(stack, 'Vpc', {
      vpcId: 'vpc-1', availabilityZones: ['a'], isolatedSubnetIds, isolatedSubnetRouteTableIds: isolatedSubnetIds.map((_, index) => `rtb-${index}`),
    });
    new SecureTrainingEnv(stack, 'Training', { segment: NetworkSegment.fromExisting(stack, 'Network', { vpc }) });
    return Math.max(...Object.values(Template.fromStack(stack).findResources('AWS::IAM::ManagedPolicy'))
      .map(({ Properties }) => JSON.stringify((Properties as { PolicyDocument: object }).PolicyDocument).length));
  };
  expect(environmentIn(12)()).toBeLessThan(6144);
  expect(environmentIn(40)).toThrow('which 40 subnets make too long');
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

describe('who reads training data is recorded', () => {
  const job = (scope: Stack, prefix: string): TrainingJobOptions => ({
    datasets: { train: { bucket: Bucket.fromBucketName(scope, `Data-${prefix}`, 'transactions'), prefix } },
    repositories: [Repository.fromRepositoryName(scope, `Images-${prefix}`, 'x')],
  });
  const recorded = (stack: Stack): string => {
    const selectors = Object.values(Template.fromStack(stack).findResources('AWS::CloudTrail::Trail'))
      .flatMap(({ Properties }) => (Properties as { AdvancedEventSelectors: { Name: string }[] }).AdvancedEventSelectors);
    return JSON.stringify(selectors.filter(({ Name }) => Name === 'AWS::S3::Object'));
  };

  test.each([['before', true], ['after', false]])('by a trail that was made %s the environment', (_, trailFirst) => {
    const stack = new Stack(new App(), 'Stack', { env });
    if (trailFirst) new AuditTrail(stack, 'Trail');
    new SecureTrainingEnv(stack, 'Training').addJob('fraud', job(stack, 'labelled/2026'));
    if (!trailFirst) new AuditTrail(stack, 'Trail');
    expect(recorded(stack)).toContain(':s3:::transactions/labelled/2026/"');
  });

  test('by a trail in another stack, once for two jobs on one dataset', () => {
    const app = new App();
    const audit = new Stack(app, 'Audit', { env });
    new AuditTrail(audit, 'Trail');
    const stack = new Stack(app, 'Stack', { env });
    const environment = new SecureTrainingEnv(stack, 'Training');
    const options = job(stack, 'labelled');
    environment.addJob('fraud', options);
    environment.addJob('churn', options);
    expect(recorded(audit).match(/:s3:::transactions\/labelled\//g)).toHaveLength(1);
  });
});
