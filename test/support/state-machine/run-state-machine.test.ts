import { describe, expect, test } from 'vitest';
import { answeredBy, runStateMachine, TaskFailure } from './run-state-machine';
import type { RunOptions, Service, TaskCall } from './run-state-machine';
import type { State, StateMachine } from './state-machine';

const machineOf = (first: State, more: Record<string, State> = {}): StateMachine => ({
  StartAt: 'First', States: { First: first, Done: { Type: 'Succeed' }, Wrong: { Type: 'Fail', Error: 'WRONG', CausePath: '$.failure.Cause' }, ...more },
});
const task = (more: object): StateMachine => machineOf({ Type: 'Task', Resource: 'arn:aws:states:::x:call', Next: 'Done', ...more });
const failing = (error: string, times = Infinity): Service => (_, attempt) => {
  if (attempt <= times) throw new TaskFailure(error, 'a reason');
  return { tries: attempt };
};
const run = (machine: StateMachine, service: Service = () => ({}), input: unknown = {}, context = {}) =>
  runStateMachine(machine, input, { task: answeredBy({ 'x:call': service }), context });

describe('data', () => {
  test('parameters and results are filled from paths, of the input and of the context', async () => {
    const machine = task({ Parameters: { fixed: 1, 'given.$': '$.a.b', list: [{ 'inner.$': '$.a' }], 'id.$': '$$.Execution.Id' }, ResultSelector: { 'x.$': '$.seen' } });
    const seen = { fixed: 1, given: 2, list: [{ inner: { b: 2 } }], id: 'e-1' };
    expect(await run(machine, (parameters) => ({ seen: parameters }), { a: { b: 2 } }, { Execution: { Id: 'e-1' } }))
      .toEqual({ status: 'SUCCEEDED', output: { x: seen }, path: ['First', 'Done'] });
  });

  test('a task without parameters is given the input', async () => {
    expect(await run(task({}), (parameters) => parameters, { a: 1 })).toMatchObject({ output: { a: 1 } });
  });

  test.each<[unknown, object]>([['$.x', { a: 1, x: { r: 2 } }], ['$', { r: 2 }], [undefined, { r: 2 }], [null, { a: 1 }]])('a result goes to %s', async (ResultPath, output) => {
    expect(await run(task({ ResultPath }), () => ({ r: 2 }), { a: 1 })).toMatchObject({ output });
    expect((await run(machineOf({ Type: 'Pass', Result: { r: 2 }, Next: 'Done', ResultPath: ResultPath as string }), undefined, { a: 1 })).output).toEqual(output);
  });

  test('a text is formatted', async () => {
    const machine = task({ Parameters: { 'text.$': "States.Format('{} of {}', $.a, $$.b)" } });
    expect(await run(machine, (parameters) => parameters, { a: 1 }, { b: 'two' })).toMatchObject({ output: { text: '1 of two' } });
  });
});

describe('a choice', () => {
  const choice = (more: object) => machineOf({ Type: 'Choice', Choices: [{ Variable: '$.a', StringEquals: 'yes', Next: 'Done' }], ...more });

  test('goes where the text is equal, or to its default', async () => {
    expect(await run(choice({ Default: 'Wrong' }), undefined, { a: 'yes' })).toMatchObject({ path: ['First', 'Done'] });
    expect(await run(choice({ Default: 'Wrong' }), undefined, { a: 'YES', failure: { Cause: 'c' } })).toMatchObject({ path: ['First', 'Wrong'], cause: 'c' });
  });

  test('without a default fails the execution when nothing fits', async () => {
    expect(await run(choice({}), undefined, { a: 'no' })).toMatchObject({ status: 'FAILED', error: 'States.NoChoiceMatched', path: ['First'] });
  });
});

describe('a task that fails', () => {
  test('is tried as often as its rule says, and then the catch counts', async () => {
    const machine = task({ Retry: [{ ErrorEquals: ['Busy'], MaxAttempts: 2 }], Catch: [{ ErrorEquals: ['Busy'], ResultPath: '$.failure', Next: 'Wrong' }] });
    expect(await run(machine, failing('Busy', 2))).toMatchObject({ status: 'SUCCEEDED', output: { tries: 3 }, path: ['First', 'Done'] });
    expect(await run(machine, failing('Busy', 3))).toEqual({ status: 'FAILED', error: 'WRONG', cause: 'a reason', path: ['First', 'Wrong'] });
  });

  test('has the attempts of each rule of its own', async () => {
    const machine = task({ Retry: [{ ErrorEquals: ['Busy'], MaxAttempts: 1 }, { ErrorEquals: ['Slow'], MaxAttempts: 1 }] });
    const failWith = (...errors: string[]): Service => (_, attempt) => {
      if (errors[attempt - 1] !== undefined) throw new TaskFailure(errors[attempt - 1]);
      return {};
    };
    expect(await run(machine, failWith('Busy', 'Slow'))).toMatchObject({ status: 'SUCCEEDED' });
    expect(await run(machine, failWith('Busy', 'Slow', 'Busy'))).toMatchObject({ status: 'FAILED', error: 'Busy' });
  });

  test('fails the execution when nothing catches it; TaskFailed is every error but a timeout', async () => {
    const machine = task({ Catch: [{ ErrorEquals: ['States.TaskFailed'], ResultPath: '$.failure', Next: 'Wrong' }] });
    expect(await run(machine, failing('Anything'))).toMatchObject({ error: 'WRONG' });
    expect(await run(machine, failing('States.Timeout'))).toMatchObject({ error: 'States.Timeout', path: ['First'] });
  });

  test('for a reason of the test itself ends the test', async () => {
    const machine = task({ Retry: [{ ErrorEquals: ['States.ALL'] }], Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Done' }] });
    await expect(run(machine, () => { throw new Error('a mistake'); })).rejects.toThrow('a mistake');
  });
});

describe('branches', () => {
  const call = (service: string, more: object = {}): StateMachine => ({
    StartAt: service, States: { [service]: { Type: 'Task', Resource: `arn:aws:states:::x:${service}`, End: true, ...more }, Told: { Type: 'Pass', Result: { told: true }, End: true } },
  });
  const parallel = (branches: StateMachine[], more: object = {}) => machineOf({
    Type: 'Parallel', Branches: branches, ResultSelector: { 'one.$': '$[0].r', 'two.$': '$[1]' }, ResultPath: '$.both', Next: 'Done', ...more,
  });
  const services = (first: Service, second: Service) => ({ task: answeredBy({ 'x:first': first, 'x:second': second }) });

  test('get the same input, and their results become one list', async () => {
    const echo: Service = (parameters) => ({ r: parameters });
    expect(await runStateMachine(parallel([call('first'), call('second')]), { a: 1 }, services(echo, echo)))
      .toEqual({ status: 'SUCCEEDED', output: { a: 1, both: { one: { a: 1 }, two: { r: { a: 1 } } } }, path: ['First', 'first', 'second', 'Done'] });
  });

  test('fail all when one fails, unless it is caught inside', async () => {
    const caughtInside = call('second', { Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Told' }] });
    const answers = services(() => ({ r: 1 }), failing('Anything'));
    expect(await runStateMachine(parallel([call('first'), caughtInside]), {}, answers)).toMatchObject({ status: 'SUCCEEDED', output: { both: { two: { told: true } } } });
    expect(await runStateMachine(parallel([call('first'), call('second')]), {}, answers)).toMatchObject({ status: 'FAILED', error: 'Anything' });
    const caughtOutside = parallel([call('first'), call('second')], { Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.failure', Next: 'Wrong' }] });
    expect(await runStateMachine(caughtOutside, {}, answers)).toMatchObject({ error: 'WRONG', cause: 'a reason' });
  });
});

describe('a distributed map', () => {
  const processor = { ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' }, StartAt: 'Each', States: { Each: { Type: 'Task', Resource: 'arn:aws:states:::x:call', End: true } } };
  const map = (more: object = {}) => machineOf({
    Type: 'Map', ItemReader: { Resource: 'arn:aws:states:::s3:listObjectsV2', Parameters: { 'Prefix.$': '$.p' } }, ItemSelector: { 'key.$': '$$.Map.Item.Value.Key', 'p.$': '$.p' },
    ItemProcessor: processor, Next: 'Done', ...more,
  });
  const items: RunOptions['items'] = (service, parameters) => [{ Key: `${service} ${String(parameters.Prefix)}` }, { Key: 'two' }];

  test('runs its processor for each item that its reader finds, and its results become one list', async () => {
    const execution = await runStateMachine(map(), { p: 'models/' }, { items, task: ({ parameters }) => parameters });
    expect(execution).toEqual({
      status: 'SUCCEEDED', output: [{ key: 's3:listObjectsV2 models/', p: 'models/' }, { key: 'two', p: 'models/' }], path: ['First', 'Each', 'Done'],
    });
  });

  test('fails when one item fails, or when nothing can be read; both can be caught', async () => {
    const failure: Service = ({ key }) => { if (key === 'two') throw new TaskFailure('Anything', 'a reason'); };
    const task = answeredBy({ 'x:call': failure });
    expect(await runStateMachine(map(), { p: '' }, { items, task })).toMatchObject({ status: 'FAILED', error: 'States.ExceedToleratedFailureThreshold', cause: 'a reason' });
    const caught = map({ Catch: [{ ErrorEquals: ['States.ItemReaderFailed'], ResultPath: '$.failure', Next: 'Wrong' }] });
    const unread = () => { throw new TaskFailure('S3.AccessDenied', 'denied'); };
    expect(await runStateMachine(caught, { p: '' }, { items: unread, task })).toMatchObject({ error: 'WRONG', cause: 'denied' });
  });

  test('is not run when it is another kind of map, or when the test gives it no items', async () => {
    const inline = map({ ItemProcessor: { ...processor, ProcessorConfig: { Mode: 'INLINE' } } });
    await expect(runStateMachine(inline, {}, { items, task: () => ({}) })).rejects.toThrow('is not distributed');
    await expect(runStateMachine(map({ ItemReader: undefined }), {}, { items, task: () => ({}) })).rejects.toThrow('needs an ItemReader');
    await expect(runStateMachine(map(), { p: '' }, { task: () => ({}) })).rejects.toThrow('gives no items');
  });
});

test('a call says its state, its service, its attempt and whose role it takes', async () => {
  const calls: TaskCall[] = [];
  const record = { task: (call: TaskCall) => calls.push(call) };
  await runStateMachine(task({ Credentials: { RoleArn: 'r' }, Parameters: { a: 1 } }), {}, record);
  await runStateMachine(task({ Parameters: {} }), {}, record);
  expect(calls).toEqual([
    { state: 'First', service: 'x:call', parameters: { a: 1 }, role: 'r', attempt: 1 }, { state: 'First', service: 'x:call', parameters: {}, attempt: 1 },
  ]);
});

test.each<[string, StateMachine, string]>([
  ['a type', machineOf({ Type: 'Wait' }), 'type Wait'],
  ['a field inside a branch', machineOf({ Type: 'Parallel', Branches: [machineOf({ Type: 'Pass', End: true, OutputPath: '$' } as State)], Next: 'Done' }), 'OutputPath'],
  ['two ends', machineOf({ Type: 'Pass', End: true, Next: 'Done' }), 'a Next and an End'],
  ['a type by a name of every object', machineOf({ Type: 'constructor' }), 'type constructor'],
  ['a field', task({ OutputPath: '$.x' }), 'OutputPath'],
  ['a field of the machine', { ...task({}), QueryLanguage: 'JSONata' } as StateMachine, 'QueryLanguage'],
  ['a field of a state that does not run', machineOf({ Type: 'Succeed' }, { Rest: { Type: 'Succeed', OutputPath: '$' } as State }), 'OutputPath'],
  ['a comparison', machineOf({ Type: 'Choice', Choices: [{ Variable: '$.a', NumericEquals: 1, Next: 'Done' } as never] }), 'NumericEquals'],
  ['credentials', task({ Credentials: { 'RoleArn.$': '$.role' } }), 'RoleArn.$'],
  ['a rule of a retry', task({ Retry: [{ ErrorEquals: ['x'], Wait: 1 }] }), 'Wait'],
  ['a path that leads nowhere', task({ Parameters: { 'x.$': '$.missing' } }), 'leads nowhere'],
  ['a path into what every object has', task({ Parameters: { 'x.$': '$.constructor' } }), 'leads nowhere'],
  ['an expression', task({ Parameters: { 'x.$': 'States.UUID()' } }), 'no reference path'],
  ['a format without its values', task({ Parameters: { 'x.$': "States.Format('{} {}', $$.a)" } }), 'not as many values'],
  ['a time limit', task({ TimeoutSecondsPath: '$' }), 'no whole number'],
  ['a service', task({ Resource: 'arn:aws:states:::other' }), 'does not answer'],
  ['a function in place of a service', task({ Resource: 'arn:aws:lambda:eu-central-1:111111111111:function:f' }), 'no service integration'],
  ['a state', { StartAt: 'constructor', States: {} }, "no state 'constructor'"],
  ['a target', task({ Catch: [{ ErrorEquals: ['x'], Next: 'toString' }] }), "no state 'toString'"],
  ['an end by itself', machineOf({ Type: 'Pass' }), 'has no Next'],
  ['an end', task({ Next: 'First' }), 'does not end'],
])('it says so when it does not know %s', async (_, machine, message) => {
  await expect(run(machine, undefined, {}, { a: 1 })).rejects.toThrow(message);
});
