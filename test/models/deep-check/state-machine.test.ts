import { describe, expect, test } from 'vitest';
import { deepCheckDefinition } from '../../../lib/models/deep-check/definition';
import type { DeepCheckCursor } from '../../../lib/models/deep-check/rehash-models';
import { START } from '../../../lib/models/deep-check/rehash-models';
import { answeredBy, runStateMachine, TaskFailure } from '../../support/state-machine/run-state-machine';
import type { Execution, Service } from '../../support/state-machine/run-state-machine';
import type { StateMachine } from '../../support/state-machine/state-machine';

const machine = deepCheckDefinition() as StateMachine;
const input = { prefixes: ['models/a/', 'models/b/'], cursor: START };
/** The states that ran in any test of this file. */
const ran = new Set<string>();

async function run(service: Service): Promise<Execution> {
  const execution = await runStateMachine(machine, input, { task: answeredBy({ 'lambda:invoke': service }) });
  for (const state of execution.path) ran.add(state);
  return execution;
}

const at = (file: number, next: DeepCheckCursor['next']): DeepCheckCursor => ({ model: 0, file, files: file, state: next === 'CHANGED' ? 'CHANGED' : 'GOOD', next });

describe('the machine of the deep check', () => {
  test('runs the function until all is read, each time from where it was', async () => {
    const seen: unknown[] = [];
    const { status, path } = await run(({ FunctionName, Payload }) => {
      seen.push(Payload);
      expect(FunctionName).toBe('${DeepCheckFunctionArn}');
      return { Payload: at(seen.length, seen.length < 3 ? 'CONTINUE' : 'GOOD') };
    });
    expect([status, path.at(-1)]).toEqual(['SUCCEEDED', 'Unchanged']);
    expect(seen).toEqual([input, { ...input, cursor: at(1, 'CONTINUE') }, { ...input, cursor: at(2, 'CONTINUE') }]);
  });

  test('fails when a model changed, which raises the alarm', async () => {
    expect(await run(() => ({ Payload: at(1, 'CHANGED') }))).toMatchObject({ status: 'FAILED', error: 'ModelChanged' });
  });

  test('tries a run again that failed, three times, and then says that nothing is known', async () => {
    let attempts = 0;
    expect(await run((_, attempt) => {
      attempts = attempt;
      throw new TaskFailure('DeployCheckError.NOT_READABLE');
    })).toMatchObject({ status: 'FAILED', error: 'ModelUnchecked' });
    expect(attempts).toBe(4);
    expect(await run((_, attempt) => {
      if (attempt < 4) throw new TaskFailure('FindingError.NOT_DELIVERED');
      return { Payload: at(1, 'GOOD') };
    })).toMatchObject({ status: 'SUCCEEDED' });
  });

  test('a run that took too long, and an answer that it does not know, are no good end', async () => {
    expect(await run(() => { throw new TaskFailure('States.Timeout'); })).toMatchObject({ error: 'ModelUnchecked' });
    expect(await run(() => ({ Payload: { ...at(1, 'GOOD'), next: 'good' } }))).toMatchObject({ error: 'ModelUnchecked' });
  });

  test('all states of the machine have run in the tests above', () => expect([...ran].sort()).toEqual(Object.keys(machine.States).sort()));
});
