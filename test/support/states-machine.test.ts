import { expect, test } from 'vitest';
import { runStateMachine, TaskFailure } from './states-machine';
import type { StateMachine } from './states-machine';

const task = (more: object): StateMachine => ({
  StartAt: 'Call',
  States: {
    Call: { Type: 'Task', Resource: 'arn:aws:states:::x:call', Next: 'Done', ...more },
    Done: { Type: 'Succeed' },
    Wrong: { Type: 'Fail', Error: 'WRONG', CausePath: '$.failure.Cause' },
  },
});
const failing = (error: string, times = Infinity) => (_: unknown, attempt: number) => {
  if (attempt <= times) throw new TaskFailure(error, 'a reason');
  return { tries: attempt };
};

test('parameters and results are filled from paths', () => {
  const machine = task({ Parameters: { fixed: 1, 'given.$': '$.a.b', list: [{ 'inner.$': '$.a' }] }, ResultSelector: { 'x.$': '$.seen.given' } });
  expect(runStateMachine(machine, { a: { b: 2 } }, { 'x:call': (parameters) => ({ seen: parameters }) }))
    .toEqual({ status: 'SUCCEEDED', output: { x: 2 }, path: ['Call', 'Done'] });
});

test('a retry tries as often as it says, and then the catch counts', () => {
  const machine = task({ Retry: [{ ErrorEquals: ['Busy'], MaxAttempts: 2 }], Catch: [{ ErrorEquals: ['Busy'], ResultPath: '$.failure', Next: 'Wrong' }] });
  expect(runStateMachine(machine, {}, { 'x:call': failing('Busy', 2) })).toMatchObject({ status: 'SUCCEEDED', output: { tries: 3 } });
  expect(runStateMachine(machine, {}, { 'x:call': failing('Busy', 3) })).toEqual({ status: 'FAILED', error: 'WRONG', cause: 'a reason', path: ['Call', 'Wrong'] });
});

test('an error that nothing catches fails the execution; TaskFailed is every error but a timeout', () => {
  const machine = task({ Catch: [{ ErrorEquals: ['States.TaskFailed'], ResultPath: '$.failure', Next: 'Wrong' }] });
  expect(runStateMachine(machine, {}, { 'x:call': failing('Anything') })).toMatchObject({ error: 'WRONG' });
  expect(runStateMachine(machine, {}, { 'x:call': failing('States.Timeout') })).toMatchObject({ error: 'States.Timeout', path: ['Call'] });
});

test.each<[string, StateMachine, string]>([
  ['a type', { StartAt: 'A', States: { A: { Type: 'Parallel' } } }, 'type Parallel'],
  ['a field', task({ OutputPath: '$.x' }), 'OutputPath'],
  ['a path that leads nowhere', task({ Parameters: { 'x.$': '$.missing' } }), 'leads nowhere'],
  ['a service', task({ Resource: 'arn:aws:states:::other' }), 'does not answer'],
  ['a state', { StartAt: 'constructor', States: {} }, "no state 'constructor'"],
  ['an end', { StartAt: 'A', States: { A: { Type: 'Task', Resource: 'arn:aws:states:::x:call', Next: 'A' } } }, 'does not end'],
])('it says so when it does not know %s', (_, machine, message) => {
  expect(() => runStateMachine(machine, {}, { 'x:call': () => ({}) })).toThrow(message);
});
