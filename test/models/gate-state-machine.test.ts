import { beforeEach, describe, expect, test } from 'vitest';
import { gateDefinition } from '../../lib/models/gate-state-machine';
import type { Execution, TaskCall } from '../support/state-machine/run-state-machine';
import { runStateMachine, TaskFailure } from '../support/state-machine/run-state-machine';
import type { StateMachine } from '../support/state-machine/state-machine';
import { targetsOf } from '../support/state-machine/state-machine';
import { GateWorld, PACKAGE, person, PREFIX } from './gate/gate-world';

const definition = gateDefinition({ policy: '{}', modelTrust: '{}', evidenceTrust: '{}', group: 'fraud', approvalHours: 72 }) as StateMachine;
let world: GateWorld;
let calls: TaskCall[];
/** Errors to throw, by state: each once. */
let failures: Record<string, string[]>;
beforeEach(async () => {
  world = await GateWorld.create();
  calls = [];
  failures = {};
});

/** Runs the machine over the real checks; only AWS is played. */
function run(key: string): Promise<Execution> {
  return runStateMachine(definition, { key }, {
    context: { StateMachine: { Id: 'arn:gate' } },
    task: async (call) => {
      calls.push(call);
      const failure = failures[call.state]?.shift();
      if (failure !== undefined) throw new TaskFailure(failure);
      const payload = call.parameters.Payload as { key: string; package?: object; outcome?: object };
      switch (call.state) {
        case 'ReadSubject': return { Payload: await failing(() => world.subject(payload.key)) };
        case 'DescribePackage': return world.described;
        case 'Check': return { Payload: await failing(() => world.stage(payload.key)) };
        case 'Sign': return { Payload: { summary: 'summaries/x.json' } };
        default: return {};
      }
    },
  });
}

/** A function that throws ends its task with the name of the error. */
async function failing<T>(action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw new TaskFailure((error as Error).name, (error as Error).message);
  }
}

const updates = () => calls.filter(({ service }) => service === 'aws-sdk:sagemaker:updateModelPackage').map(({ parameters, role }) => [parameters.ModelApprovalStatus, parameters.ModelPackageArn, role]);
const request = async () => `requests/${String((await world.desk(person('bob', 'Pipelines'), { action: 'request', modelPackageArn: PACKAGE, prefix: PREFIX })).approval)}.json`;
const decision = async (what = 'approve') => {
  const approval = await world.pending();
  await world.desk(person('carol'), { action: 'decide', approval, token: await world.token(approval), decision: what });
  return `decisions/${approval}.json`;
};

describe('the state machine of the gate', () => {
  test('lets a good request wait, and touches nothing', async () => {
    expect(await run(await request())).toMatchObject({ status: 'SUCCEEDED', path: ['ReadSubject', 'DescribePackage', 'Check', 'Judge', 'Waiting'] });
    expect(updates()).toEqual([]);
  });

  test('approves what a person approved, as the approver role, after the summary is signed', async () => {
    const { status, path } = await run(await decision());
    expect([status, path]).toEqual(['SUCCEEDED', ['ReadSubject', 'DescribePackage', 'Check', 'Judge', 'Sign', 'Conclude', 'ApprovePackage', 'Approved']]);
    expect(updates()).toEqual([['Approved', PACKAGE, '${ApproverRoleArn}']]);
    expect(calls.find(({ state }) => state === 'Sign')?.parameters.Payload).toMatchObject({ gate: 'arn:gate', outcome: { next: 'APPROVE' } });
  });

  test('rejects what a person rejected, and what fails the checks', async () => {
    expect((await run(await decision('reject'))).path.slice(-4)).toEqual(['Sign', 'Conclude', 'RejectPackage', 'Rejected']);
    const key = await request();
    world.files = [['config.json', 'changed'], world.files[1]];
    expect((await run(key)).path.slice(-4)).toEqual(['Sign', 'Conclude', 'RejectPackage', 'Rejected']);
    expect(updates().map(([status]) => status)).toEqual(['Rejected', 'Rejected']);
  });

  test('refuses a package that is not what was asked for, and touches nothing', async () => {
    const key = await request();
    world.described = { ...world.described, ModelApprovalStatus: 'Approved' };
    expect(await run(key)).toMatchObject({ status: 'FAILED', error: 'PackageMismatch' });
    expect(updates()).toEqual([]);
  });

  test('approves nothing by a replayed decision: the package is approved already', async () => {
    const key = await decision();
    await run(key);
    world.described = { ...world.described, ModelApprovalStatus: 'Approved' };
    expect(await run(key)).toMatchObject({ status: 'FAILED', error: 'PackageMismatch' });
    expect(updates()).toHaveLength(1);
  });

  test('approves nothing by an input that somebody made up', async () => {
    expect(await run(`decisions/${'0'.repeat(32)}.json`)).toMatchObject({ status: 'FAILED', error: 'GateFailed' });
    expect(await run(`requests/${'0'.repeat(32)}.json`)).toMatchObject({ status: 'FAILED', error: 'GateFailed' });
    expect(updates()).toEqual([]);
  });

  test.each(['ReadSubject', 'DescribePackage', 'Check', 'Sign', 'ApprovePackage'])('ends as failed, with nothing approved, when %s fails', async (state) => {
    failures[state] = ['Lambda.Unknown'];
    const { status, error } = await run(await decision());
    expect([status, error, updates().map(([one]) => one)]).toEqual(['FAILED', 'GateFailed', state === 'ApprovePackage' ? ['Approved'] : []]);
  });

  test('ends as failed when a rejection cannot be written', async () => {
    failures.RejectPackage = ['SageMaker.AccessDeniedException'];
    expect(await run(await decision('reject'))).toMatchObject({ status: 'FAILED', error: 'GateFailed' });
  });

  test('tries again what may pass by itself, four times', async () => {
    failures.Check = Array<string>(4).fill('Lambda.TooManyRequestsException');
    expect(await run(await decision())).toMatchObject({ status: 'SUCCEEDED' });
    failures.Check = Array<string>(5).fill('Lambda.TooManyRequestsException');
    expect(await run(await decision())).toMatchObject({ status: 'FAILED' });
  });

  test('fails for an outcome that it does not know', async () => {
    const unknown = await runStateMachine(definition, { key: 'x' }, {
      context: { StateMachine: { Id: 'arn:gate' } },
      task: ({ state }) => ({ Payload: state === 'Check' ? { next: 'approve' } : { modelPackageArn: PACKAGE, id: 'x' } }),
    });
    expect(unknown).toMatchObject({ status: 'FAILED', error: 'GateFailed' });
  });

  test('has no other way to approval, and no state that is not reached', () => {
    const { States } = definition;
    const into = (wanted: string) => Object.keys(States).filter((name) => targetsOf(States[name]).includes(wanted));
    expect([into('ApprovePackage'), into('Conclude'), into('Sign'), into('Judge')]).toEqual([['Conclude'], ['Sign'], ['Judge'], ['Check']]);
    const reached = new Set([definition.StartAt]);
    for (const name of reached) targetsOf(States[name]).forEach((one) => reached.add(one));
    expect([...reached].sort()).toEqual(Object.keys(States).sort());
  });
});
