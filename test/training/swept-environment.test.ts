import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import type { CfnRole } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { ModelArtifactBucket } from 'cdk-secure-ai/models';
import { NetworkSegment } from 'cdk-secure-ai/network';
import { SecureTrainingEnv } from 'cdk-secure-ai/training';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { EncryptionKey } from '../../lib/core/encryption-key';
import type { LaunchEvent } from '../../lib/training/launch.contract';
import { handler as readRequest } from '../../lib/training/launch.lambda';
import { SWEEP_ENV } from '../../lib/training/sweep.contract';
import { handler as sweep } from '../../lib/training/sweep.lambda';
import { IamWorld, resolveTemplate } from '../support/iam';
import { answeredBy, runStateMachine } from '../support/state-machine/run-state-machine';
import type { StateMachine } from '../support/state-machine/state-machine';
import { ACCOUNT, REGION } from './environment';

type Fields = Record<string, unknown>;

/** What somebody asks SageMaker for. */
interface JobInput extends Fields {
  readonly RoleArn: string;
  readonly ResourceConfig: Fields;
  readonly Tags: readonly { readonly Key: string; readonly Value: string }[];
}

/** Two environments and what they share: the second brings the store, the volume key, and the segment that the first made. */
const stack = new Stack(new App(), 'Stack', { env: { account: ACCOUNT, region: REGION } });
const first = new SecureTrainingEnv(stack, 'First');
const second = new SecureTrainingEnv(stack, 'Second', {
  segment: first.segment, artifacts: new ModelArtifactBucket(stack, 'Models'), volumeKey: new EncryptionKey(stack, 'TeamKey', { description: 'of a team' }),
});
const third = new SecureTrainingEnv(stack, 'Third', { segment: new NetworkSegment(stack, 'Network') });
for (const environment of [first, second, third]) {
  environment.addJob('fraud', {
    datasets: { train: { bucket: Bucket.fromBucketName(stack, `Data${environment.node.id}`, 'data'), prefix: 'a' } },
    repositories: [Repository.fromRepositoryName(stack, `Images${environment.node.id}`, 'fraud')],
    instanceTypes: ['ml.m5.xlarge', 'ml.p4d.24xlarge'],
  });
}
const template = Template.fromStack(stack).toJSON() as { Resources: Record<string, { Type: string }> };
const resolved = resolveTemplate(template, { stackName: 'Stack', accountId: ACCOUNT, region: REGION });

/** The resource of a type below an environment. */
function idIn(environment: SecureTrainingEnv, type: string, part: string): string {
  const ids = resolved.resourceIds(type).filter((id) => id.startsWith(`${environment.node.id}${part}`));
  if (ids.length !== 1) throw new Error(`${environment.node.id} has ${ids.length} of ${type} below ${part}`);
  return ids[0];
}

/** The environment variables that the sweeper of an environment has after its deployment. */
const settingsOf = (environment: SecureTrainingEnv): Record<string, string> =>
  (resolved.property(idIn(environment, 'AWS::Lambda::Function', 'SweeperHandler'), 'Environment') as { Variables: Record<string, string> }).Variables;

/** The job that a launch starts: the deployed definition, with the deployed function's own code behind it. */
async function launched(environment: SecureTrainingEnv, request: Fields = {}): Promise<JobInput> {
  const machine = JSON.parse(String(resolved.property(idIn(environment, 'AWS::StepFunctions::StateMachine', 'Launcher'), 'DefinitionString'))) as StateMachine;
  const jobs: JobInput[] = [];
  const { status } = await runStateMachine(machine, {
    job: 'fraud', run: 'r1', image: `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com/fraud@sha256:${'a'.repeat(64)}`, instanceType: 'ml.m5.xlarge', ...request,
  }, {
    task: answeredBy({
      'lambda:invoke': async ({ Payload }) => ({ Payload: await readRequest(Payload as LaunchEvent) }),
      'sagemaker:createTrainingJob.sync': (job) => {
        jobs.push(job as JobInput);
        return { TrainingJobName: job.TrainingJobName, TrainingJobArn: 'arn', ModelArtifacts: { S3ModelArtifacts: 's3://x' } };
      },
    }),
  });
  expect(status).toBe('SUCCEEDED');
  expect(jobs).toHaveLength(1);
  return jobs[0];
}

const stopped: string[] = [];
const raised: unknown[] = [];
let running: JobInput;

beforeEach(() => {
  stopped.length = 0;
  raised.length = 0;
  vi.spyOn(console, 'log').mockImplementation(() => undefined);
  const answers: Record<string, (input: Fields) => unknown> = {
    // SageMaker describes a job as it was asked for, but for its tags.
    DescribeTrainingJob: ({ TrainingJobName: name }) => ({
      ...running, Tags: undefined, TrainingJobName: name, TrainingJobArn: arnOf(String(name)), TrainingJobStatus: 'InProgress', CreationTime: new Date(1_790_000_000_000),
    }),
    ListTags: () => ({ Tags: running.Tags }),
    StopTrainingJob: ({ TrainingJobName: name }) => void stopped.push(String(name)),
    PutEvents: ({ Entries }) => {
      raised.push(Entries);
      return { FailedEntryCount: 0, Entries: [{ EventId: 'e' }] };
    },
  };
  const send = ((command: { input: Fields }) => Promise.resolve(answers[command.constructor.name.replace(/Command$/, '')](command.input) ?? {})) as never;
  vi.spyOn(SageMakerClient.prototype, 'send').mockImplementation(send);
  vi.spyOn(EventBridgeClient.prototype, 'send').mockImplementation(send);
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

const arnOf = (name: string): string => `arn:aws:sagemaker:${REGION}:${ACCOUNT}:training-job/${name}`;

/** What the deployed sweeper of an environment does about a job that runs. */
async function swept(environment: SecureTrainingEnv, job: JobInput): Promise<string> {
  running = job;
  for (const [name, value] of Object.entries(settingsOf(environment))) vi.stubEnv(name, value);
  const detail = { TrainingJobName: 'rogue', TrainingJobArn: arnOf('rogue'), TrainingJobStatus: 'InProgress' };
  const { outcome } = await sweep({ source: 'aws.sagemaker', 'detail-type': 'SageMaker Training Job State Change', detail });
  expect([stopped.length, raised.length]).toEqual(outcome === 'stopped' ? [1, 1] : [0, 0]);
  return outcome;
}

/** A job of somebody with every right, who forgot all about isolation. */
const rogue = (job: Partial<JobInput> = {}): JobInput => ({
  RoleArn: `arn:aws:iam::${ACCOUNT}:role/other-team`,
  AlgorithmSpecification: { TrainingImage: 'public.ecr.aws/x/train:latest' },
  OutputDataConfig: { S3OutputPath: 's3://other' },
  ResourceConfig: { InstanceType: 'ml.m5.xlarge' },
  StoppingCondition: { MaxRuntimeInSeconds: 60 },
  Tags: [],
  ...job,
});
const tagged = (value: string) => [{ Key: 'secure-ai:training-environment', Value: value }];
const inSegmentOf = (environment: SecureTrainingEnv) => ({ VpcConfig: { Subnets: [settingsOf(environment)[SWEEP_ENV.SUBNET_IDS].split(',')[1]], SecurityGroupIds: ['sg-9'] } });
const volumeOf = (environment: SecureTrainingEnv) => ({ ResourceConfig: { InstanceType: 'ml.m5.xlarge', VolumeKmsKeyId: settingsOf(environment)[SWEEP_ENV.VOLUME_KEY_ARN] } });
const outputOf = (environment: SecureTrainingEnv) => ({ OutputDataConfig: { S3OutputPath: 's3://other', KmsKeyId: settingsOf(environment)[SWEEP_ENV.OUTPUT_KEY_ARN] } });

describe('a job that the launcher starts', () => {
  test.each([first, second, third])('is left alone by the sweeper of $node.id, on volumes under its key', async (environment) => {
    const job = await launched(environment);
    expect(job.ResourceConfig).toHaveProperty('VolumeKmsKeyId');
    expect(await swept(environment, job)).toBe('isolated');
  });

  test.each([first, second, third])('is left alone by the sweeper of $node.id, on local disks without a key', async (environment) => {
    const job = await launched(environment, { instanceType: 'ml.p4d.24xlarge' });
    expect(job.ResourceConfig).not.toHaveProperty('VolumeKmsKeyId');
    expect(await swept(environment, job)).toBe('isolated');
  });

  test('is stopped once it leaves anything of its isolation out', async () => {
    const job = await launched(first);
    const losses: Fields[] = [
      { EnableNetworkIsolation: false }, { EnableInterContainerTrafficEncryption: false }, { VpcConfig: undefined }, { OutputDataConfig: { S3OutputPath: 's3://x' } },
      { ResourceConfig: { ...job.ResourceConfig, VolumeKmsKeyId: undefined } }, { RemoteDebugConfig: { EnableRemoteDebug: true } },
      { StoppingCondition: { MaxRuntimeInSeconds: 86_401 } }, { AlgorithmSpecification: { TrainingImage: 'fraud:latest' } },
    ];
    for (const loss of losses) {
      stopped.length = 0;
      raised.length = 0;
      expect([loss, await swept(first, { ...job, ...loss })]).toEqual([loss, 'stopped']);
    }
  });
});

describe('a job of an environment that came about in another way', () => {
  test.each<[string, SecureTrainingEnv, () => Promise<JobInput> | JobInput]>([
    ['its role', first, async () => rogue({ RoleArn: (await launched(first)).RoleArn })],
    ['its role, though segment and keys are brought', second, async () => rogue({ RoleArn: (await launched(second)).RoleArn })],
    ['its tag', first, () => rogue({ Tags: tagged(first.environmentId) })],
    ['its tag, though segment and keys are brought', second, () => rogue({ Tags: tagged(second.environmentId) })],
    ['its own volume key', first, () => rogue(volumeOf(first))],
    ['its own volume key in a brought segment', third, () => rogue(volumeOf(third))],
    ['its own output key', first, () => rogue(outputOf(first))],
    ['its own segment', first, () => rogue(inSegmentOf(first))],
    ['its own segment, under the tag of another environment', first, () => rogue({ ...inSegmentOf(first), Tags: tagged(second.environmentId) })],
    ['its own key, under a tag of no environment', first, () => rogue({ ...volumeOf(first), Tags: tagged('nobody') })],
  ])('is stopped by %s', async (_, environment, job) => {
    expect(await swept(environment, await job())).toBe('stopped');
    expect(stopped).toEqual(['rogue']);
  });
});

describe('a job of others', () => {
  test.each<[string, SecureTrainingEnv, () => Promise<JobInput> | JobInput]>([
    ['another team with nothing of it', first, () => rogue()],
    ['another team in the segment that it brought', third, () => rogue(inSegmentOf(third))],
    ["another team with the store's key", second, () => rogue(outputOf(second))],
    ['another team with the volume key that it brought', second, () => rogue(volumeOf(second))],
    ['another environment in the segment that it made', first, () => launched(second)],
    ['another environment in the segment that it made, not isolated', first, async () => ({ ...(await launched(second)), EnableNetworkIsolation: false })],
    ['another environment in its own place', second, () => launched(third)],
    ['another environment whose segment it brought', second, () => launched(first)],
  ])('is left alone: %s', async (_, environment, job) => {
    expect(await swept(environment, await job())).toBe('foreign');
  });
});

describe('the way of the sweeper', () => {
  const world = IamWorld.of(stack, { accountId: ACCOUNT, region: REGION, values: { 'AWS::StackId': `arn:aws:cloudformation:${REGION}:${ACCOUNT}:stack/Stack/0a1b` } });
  const endpoint = (name: string) => first.segment.node.findChild('Endpoints').node.findChild(name);
  const role = first.node.findChild('Sweeper').node.findChild('Handler').node.findChild('Role');

  test.each([
    ['sagemaker:DescribeTrainingJob', arnOf('rogue'), 'SagemakerApi'],
    ['sagemaker:ListTags', arnOf('rogue'), 'SagemakerApi'],
    ['sagemaker:StopTrainingJob', arnOf('rogue'), 'SagemakerApi'],
    ['sagemaker:StopProcessingJob', arnOf('rogue').replace('training-job', 'processing-job'), 'SagemakerApi'],
    ['sagemaker:DescribeModel', arnOf('rogue').replace('training-job', 'model'), 'SagemakerApi'],
    ['events:PutEvents', `arn:aws:events:${REGION}:${ACCOUNT}:event-bus/default`, 'Events'],
  ])('leads to %s through the endpoint of the segment', async (action, resource, name) => {
    expect((await world.request({ principal: role, action, resource, via: endpoint(name) })).decision).toBe('allowed');
  });

  test('leads to nobody else, and only through the endpoints that launcher, sweeper and jobs need', async () => {
    expect((await world.request({
      principal: role, action: 'events:PutEvents', resource: { foreignArn: `arn:aws:events:${REGION}:999999999999:event-bus/x`, accountId: '999999999999' }, via: endpoint('Events'),
    })).decision).not.toBe('allowed');
    expect(endpoint('S3').node.scope!.node.children.map(({ node }) => node.id).sort()).toEqual(['DynamodbGateway', 'Events', 'S3', 'S3Gateway', 'SagemakerApi']);
  });
});

test('in another partition the sweeper knows the roles and jobs of that partition', () => {
  const region = 'us-gov-west-1';
  const gov = new Stack(new App(), 'Stack', { env: { account: ACCOUNT, region } });
  const environment = new SecureTrainingEnv(gov, 'Training');
  const role = environment.addJob('fraud', {
    datasets: { train: { bucket: Bucket.fromBucketName(gov, 'Data', 'data'), prefix: 'a' } }, repositories: [Repository.fromRepositoryName(gov, 'Images', 'fraud')],
  });
  const there = resolveTemplate(Template.fromStack(gov).toJSON(), { stackName: 'Stack', accountId: ACCOUNT, region, partition: 'aws-us-gov' });
  const sweeper = there.resourceIds('AWS::Lambda::Function').filter((id) => id.startsWith('TrainingSweeper'));
  const { Variables } = there.property(sweeper[0], 'Environment') as { Variables: Record<string, string> };
  expect(there.arnOf(gov.getLogicalId(role.node.defaultChild as CfnRole))).toMatch(new RegExp(`^${Variables[SWEEP_ENV.ROLES_UNDER]}${environment.environmentId}/Stack-`));
  expect(Variables[SWEEP_ENV.ROLES_UNDER]).toBe(`arn:aws-us-gov:iam::${ACCOUNT}:role/secure-ai/training/`);
  expect(Variables[SWEEP_ENV.JOB_ARN_PREFIX]).toBe(`arn:aws-us-gov:sagemaker:${region}:${ACCOUNT}:`);
});
