import { stateMachineDefinition } from '../../../../lib/assurance/rules/definitions/state-machine';
import { statesBefore } from '../../../../lib/assurance/rules/definitions/state-order';
import type { Dict } from '../../../../lib/assurance/template';
import { TemplateModel } from '../../../../lib/assurance/template';
import { describe, expect, test } from 'vitest';

function machineOf(definition: object): Dict {
  const model = TemplateModel.of([
    {
      stackName: 'S',
      template: { Resources: { M: { Type: 'AWS::StepFunctions::StateMachine', Properties: { DefinitionString: JSON.stringify(definition) } } } },
    },
  ]);
  const { machine } = stateMachineDefinition(model.resources[0]);
  if (machine === undefined) throw new Error('the definition was not read');
  return machine;
}

describe('the states that may run before a state', () => {
  const choice = machineOf({
    StartAt: 'Ask',
    States: {
      Ask: { Type: 'Choice', Choices: [{ Next: 'Scan' }], Default: 'Import' },
      Scan: { Type: 'Pass', Next: 'Import', Catch: [{ Next: 'Failed' }] },
      Failed: { Type: 'Fail' },
      Import: { Type: 'Pass', Next: 'After' },
      After: { Type: 'Pass', End: true },
    },
  });

  test('are those with a way to it, not those behind it', () => {
    expect(statesBefore(choice, 'Import').sort()).toEqual(['Ask', 'Scan']);
    expect(statesBefore(choice, 'Failed').sort()).toEqual(['Ask', 'Scan']);
    expect(statesBefore(choice, 'Ask')).toEqual([]);
  });

  test('are those inside an earlier state, and those before the state around it', () => {
    const nested = machineOf({
      StartAt: 'First',
      States: {
        First: { Type: 'Pass', Next: 'Each' },
        Each: { Type: 'Map', ItemProcessor: { StartAt: 'Inner', States: { Inner: { Type: 'Pass', End: true } } }, Next: 'Last' },
        Last: { Type: 'Pass', End: true },
      },
    });
    expect(statesBefore(nested, 'Inner').sort()).toEqual(['Each', 'First']);
    expect(statesBefore(nested, 'Last').sort()).toEqual(['Each', 'First', 'Inner']);
  });

  test('end in a loop', () => {
    const loop = machineOf({
      StartAt: 'A',
      States: { A: { Type: 'Pass', Next: 'B' }, B: { Type: 'Choice', Choices: [{ Next: 'A' }], Default: 'C' }, C: { Type: 'Succeed' } },
    });
    expect(statesBefore(loop, 'A')).toEqual(['B']);
    expect(statesBefore(loop, 'C').sort()).toEqual(['A', 'B']);
  });

  test('are none for a state that does not exist', () => {
    expect(statesBefore(choice, '__proto__')).toEqual([]);
  });
});
