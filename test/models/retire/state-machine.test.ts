import { beforeEach, describe, expect, test } from 'vitest';
import type { DescribedPackage } from '../../../lib/models/gate/model-package';
import type { ServedTarget } from '../../../lib/models/promote/promote-model';
import type { RetireCertifyEvent } from '../../../lib/models/retire-certify.contract';
import type { RetireEvent } from '../../../lib/models/retire.contract';
import { DESTRUCTION_PREDICATE, destructionStatement } from '../../../lib/models/retire/certificate';
import { BY_TIME, retireDefinition } from '../../../lib/models/retire/definition';
import { archiveModel, revokeAccess } from '../../../lib/models/retire/retire-model';
import { dueVersion, retirementSubject } from '../../../lib/models/retire/retirement-plan';
import { readStatement } from '../../../lib/models/signing/in-toto-statement';
import { DeployWorld, MemoryServed, NOW } from '../deploy-check/deploy-world';
import type { Execution, TaskCall } from '../../support/state-machine/run-state-machine';
import { runStateMachine, TaskFailure } from '../../support/state-machine/run-state-machine';
import type { StateMachine } from '../../support/state-machine/state-machine';

const VERSION = 'arn:aws:sagemaker:eu-central-1:111111111111:model-package/fraud/3';
const DAY = 86_400_000;

let world: DeployWorld;
let machine: StateMachine;
let archive: MemoryServed;
let calls: TaskCall[];
/** Errors to throw, by state: each once. */
let failures: Record<string, string[]>;
/** Approved versions with the time of their registration. */
let versions: Map<string, Date>;
let described: DescribedPackage;
let marked: string[];
let certificates: Buffer[];
/** Files that a run of the archive has time for. */
let time: number;
/** The states that ran in any test of this file. */
const ran = new Set<string>();

beforeEach(async () => {
  world = await DeployWorld.create();
  machine = retireDefinition({ group: 'fraud', timeToLiveDays: 365, endpoints: { [world.prefix]: [{ name: 'fraud', keyArn: 'arn:volume-key' }] } }) as StateMachine;
  archive = new MemoryServed();
  [calls, failures, marked, certificates, time] = [[], {}, [], [], Infinity];
  versions = new Map([[VERSION, new Date(NOW.getTime() - 366 * DAY)]]);
  described = {
    ModelPackageArn: VERSION, ModelPackageGroupName: 'fraud',
    InferenceSpecification: { Containers: [{ ModelDataSource: { S3DataSource: { S3Uri: `s3://served/${world.prefix}`, CompressionType: 'None' } } }] },
  };
});

const target: ServedTarget = {
  copy: ({ key, versionId }) => {
    const { content } = world.served.versions.find((one) => one.key === key && one.versionId === versionId)!;
    time -= 1;
    if (archive.versions.some((one) => one.key === key)) return Promise.resolve('existed');
    archive.put(key, content, { partBytes: 1024 ** 3 });
    return Promise.resolve('copied');
  },
  write: (text, key) => {
    if (archive.versions.some((one) => one.key === key)) return Promise.resolve('existed');
    archive.put(key, text);
    return Promise.resolve('copied');
  },
};

/** The function with its own logic behind it; only AWS is played. */
async function retire(event: RetireEvent): Promise<unknown> {
  switch (event.step) {
    case 'plan': return { due: dueVersion(event.listed as never, event.timeToLiveDays, NOW) };
    case 'read': return retirementSubject(event.package, event.group, 'served');
    case 'remove': return { removed: (event.endpoints[event.subject.prefix] ?? []).map(({ name }) => name) };
    case 'archive': return archiveModel(event.subject.prefix, event.cursor, world.served, target, () => time > 0);
    case 'revoke': return revokeAccess(event.subject.prefix, ['arn:volume-key'], {
      objects: world.served, mark: ({ key }) => Promise.resolve(void marked.push(key)), revokeGrants: () => Promise.resolve(2),
    });
  }
}

async function certify({ subject, reason, removed, revoked, retiredBy }: RetireCertifyEvent): Promise<unknown> {
  certificates.push(await destructionStatement({
    ...subject, ...revoked, reason, endpoints: removed, retiredBy, archiveUri: `s3://archive/${subject.prefix}`, retiredAt: NOW,
  }, archive));
  return { certificate: `certificates/${subject.prefix.slice(0, -1)}.json` };
}

async function run(input: object = BY_TIME): Promise<Execution> {
  const execution = await runStateMachine(machine, input, {
    context: { StateMachine: { Id: 'arn:machine' } },
    task: async (call) => {
      calls.push(call);
      const failure = failures[call.state]?.shift();
      if (failure !== undefined) throw new TaskFailure(failure);
      const payload = JSON.parse(JSON.stringify(call.parameters.Payload ?? {})) as RetireEvent;
      switch (call.state) {
        case 'List': return { ModelPackageSummaryList: [...versions].map(([ModelPackageArn, made]) => ({ ModelPackageArn, CreationTime: made.toISOString() })) };
        case 'Describe': return { ...described, ModelPackageArn: call.parameters.ModelPackageName };
        case 'Withdraw':
          versions.delete(String(call.parameters.ModelPackageArn));
          return {};
        case 'Certify': return { Payload: await failing(() => certify(payload as unknown as RetireCertifyEvent)) };
        default: return { Payload: await failing(() => retire(payload)) };
      }
    },
  });
  for (const state of execution.path) ran.add(state);
  return execution;
}

/** A function that throws ends its task with the name of the error. */
async function failing<T>(action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw new TaskFailure((error as Error).name, (error as Error).message);
  }
}

const FLOW = ['Describe', 'Read', 'Withdraw', 'RemoveEndpoints', 'BeginArchive', 'Archive', 'Archived', 'Revoke', 'Certify', 'Further'];

describe('a version whose time is over', () => {
  test('is withdrawn, its endpoint removed, its files archived, the access to them taken away, and all of that certified, in this order', async () => {
    const { status, path } = await run();
    expect([status, path]).toEqual(['SUCCEEDED', ['Which', 'List', 'Plan', 'Due', 'Expired', ...FLOW, 'List', 'Plan', 'Due', 'NoneLeft']]);
    expect(calls.find(({ state }) => state === 'Withdraw')?.parameters)
      .toEqual({ ModelPackageArn: VERSION, ModelApprovalStatus: 'Rejected', ApprovalDescription: 'retired: time to live' });
    expect(archive.versions.map(({ key }) => key).at(-1)).toBe(world.manifestKey);
    expect(marked.sort()).toEqual(world.served.versions.map(({ key }) => key).sort());
    const { predicate, subjects } = readStatement(certificates[0], DESTRUCTION_PREDICATE);
    expect(subjects[0].object('digest').string('sha256')).toBe(/sha256-(.+)\/$/.exec(world.prefix)?.[1]);
    expect([predicate.string('reason'), predicate.strings('endpointsRemoved'), predicate.string('retiredBy'), predicate.get('objectsWithdrawn'), predicate.get('grantsRevoked')])
      .toEqual(['time to live', ['fraud'], 'arn:machine', 4, 2]);
    expect(predicate.object('archive').get('files')).toBe(3);
  });

  test('that was signed after its promotion, and has a verdict: both are archived, and nobody reads the signature any more', async () => {
    world = await DeployWorld.signedLater();
    await world.judge();
    machine = retireDefinition({ group: 'fraud', timeToLiveDays: 365, endpoints: {} }) as StateMachine;
    described = { ...described, InferenceSpecification: { Containers: [{ ModelDataSource: { S3DataSource: { S3Uri: `s3://served/${world.prefix}`, CompressionType: 'None' } } }] } };
    expect((await run()).status).toBe('SUCCEEDED');
    expect(archive.versions.map(({ key }) => key)).toEqual([`${world.prefix}config.json`, `${world.prefix}weights.onnx`, `${world.prefix}model.sig`, world.verdictKey, world.manifestKey]);
    expect(marked).toEqual([`${world.prefix}config.json`, `${world.prefix}weights.onnx`, `${world.prefix}model.sig`, world.manifestKey]);
    const { predicate } = readStatement(certificates[0], DESTRUCTION_PREDICATE);
    expect([predicate.get('objectsWithdrawn'), predicate.object('archive').get('files')]).toEqual([4, 2]);
  });

  test('is retired with those after it; younger ones stay', async () => {
    versions.set(`${VERSION}1`, new Date(NOW.getTime() - 365 * DAY)).set(`${VERSION}2`, new Date(NOW.getTime() - 400 * DAY));
    expect((await run()).status).toBe('SUCCEEDED');
    expect([...versions.keys()]).toEqual([`${VERSION}1`]);
    expect(calls.filter(({ state }) => state === 'Describe').map(({ parameters }) => parameters.ModelPackageName)).toEqual([`${VERSION}2`, VERSION]);
  });

  test('there may be none', async () => {
    versions = new Map([[VERSION, new Date(NOW.getTime() - 364 * DAY)]]);
    expect(await run()).toMatchObject({ status: 'SUCCEEDED', path: ['Which', 'List', 'Plan', 'Due', 'NoneLeft'] });
    expect(calls.map(({ state }) => state)).toEqual(['List', 'Plan']);
  });

  test('is archived over several runs when it does not fit into one', async () => {
    time = 1;
    const { path } = await run();
    expect(path.filter((state) => state === 'Archive').length).toBe(3);
    expect(certificates).toHaveLength(1);
  });
});

test('a version that somebody names is retired whatever its age, and nothing else', async () => {
  versions.set(`${VERSION}9`, new Date(0));
  const { status, path } = await run({ modelPackageArn: VERSION });
  expect([status, path]).toEqual(['SUCCEEDED', ['Which', 'Asked', ...FLOW, 'Retired']]);
  expect(readStatement(certificates[0], DESTRUCTION_PREDICATE).predicate.string('reason')).toBe('requested');
  expect([...versions.keys()]).toEqual([`${VERSION}9`]);
});

describe('what stops a retirement', () => {
  test.each<[string, () => unknown]>([
    ['a version of another group', () => { described = { ...described, ModelPackageGroupName: 'other' }; }],
    ['a version that loads nothing', () => { described = { ...described, InferenceSpecification: { Containers: [] } }; }],
    ['a version of another bucket', () => { described = { ...described, InferenceSpecification: { Containers: [{ ModelDataSource: { S3DataSource: { S3Uri: `s3://other/${world.prefix}` } } }] } }; }],
    ['a version that loads what was not promoted', () => { described = { ...described, InferenceSpecification: { Containers: [{ ModelDataSource: { S3DataSource: { S3Uri: 's3://served/models/x/' } } }] } }; }],
    ['a version in the list without a time', () => { versions.set(VERSION, { toISOString: () => 'never' } as Date); }],
  ])('%s: nothing is done to anything', async (_, attack) => {
    attack();
    expect(await run()).toMatchObject({ status: 'FAILED', error: 'NotRetired' });
    expect(calls.map(({ state }) => state).filter((state) => ['Withdraw', 'RemoveEndpoints', 'Archive', 'Revoke', 'Certify'].includes(state))).toEqual([]);
  });

  test.each(['List', 'Plan', 'Describe', 'Read', 'Withdraw', 'RemoveEndpoints', 'Archive', 'Revoke', 'Certify'])('%s that fails: no certificate, and nothing after it', async (state) => {
    failures[state] = ['RetireError.NOT_DONE'];
    expect(await run()).toMatchObject({ status: 'FAILED', error: 'NotRetired', path: expect.arrayContaining([state]) });
    expect(calls.at(-1)?.state).toBe(state);
    expect(certificates).toEqual([]);
  });

  test('an archive that lacks a file, or holds another: it is not certified', async () => {
    archive.put(`${world.prefix}config.json`, 'another');
    expect(await run()).toMatchObject({ status: 'FAILED', error: 'NotRetired' });
    expect(certificates).toEqual([]);
  });

  test('an answer of the archive that is not known', async () => {
    const unknown = await runStateMachine(machine, { modelPackageArn: VERSION }, {
      context: { StateMachine: { Id: 'arn:machine' } },
      task: ({ state }) => (state === 'Describe' ? described : { Payload: { next: 'done', modelPackageArn: VERSION, prefix: world.prefix } }),
    });
    expect(unknown).toMatchObject({ status: 'FAILED', error: 'NotRetired' });
  });
});

test('an endpoint is waited for, up to forty times', async () => {
  failures.RemoveEndpoints = Array<string>(40).fill('RetireError.ENDPOINT_STILL_THERE');
  expect((await run()).status).toBe('SUCCEEDED');
  versions.set(VERSION, new Date(0));
  failures.RemoveEndpoints = Array<string>(41).fill('RetireError.ENDPOINT_STILL_THERE');
  expect((await run()).status).toBe('FAILED');
});

test('what may pass by itself is tried again, four times', async () => {
  failures.Withdraw = Array<string>(4).fill('SageMaker.ThrottlingException');
  expect((await run()).status).toBe('SUCCEEDED');
});

test('all states of the machine have run in the tests above', () => expect([...ran].sort()).toEqual(Object.keys(machine.States).sort()));
