/** A state machine in the JSONPath form of the Amazon States Language. */
export interface StateMachine {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}

/** A state, with the fields that `requireKnown` lets pass. */
export interface State {
  readonly Type: string;
  readonly Resource?: string;
  readonly Credentials?: { readonly RoleArn: string };
  readonly Parameters?: unknown;
  readonly Result?: unknown;
  readonly ResultSelector?: unknown;
  readonly ResultPath?: string | null;
  readonly TimeoutSecondsPath?: string;
  readonly Retry?: readonly RetryRule[];
  readonly Catch?: readonly CatchRule[];
  readonly Choices?: readonly Choice[];
  readonly Default?: string;
  readonly Next?: string;
  readonly End?: boolean;
  readonly Branches?: readonly StateMachine[];
  readonly ItemReader?: { readonly Resource: string; readonly Parameters: unknown };
  readonly ItemSelector?: unknown;
  readonly ItemProcessor?: StateMachine & { readonly ProcessorConfig: { readonly Mode: string; readonly ExecutionType: string } };
  readonly Error?: string;
  readonly Cause?: string;
  readonly CausePath?: string;
}

export interface RetryRule {
  readonly ErrorEquals: readonly string[];
  readonly MaxAttempts?: number;
}

export interface CatchRule {
  readonly ErrorEquals: readonly string[];
  readonly ResultPath?: string;
  readonly Next: string;
}

export interface Choice {
  readonly Variable: string;
  readonly StringEquals: string;
  readonly Next: string;
}

const MACHINE = ['Comment', 'StartAt', 'States', 'TimeoutSeconds'];
const STATES: ReadonlyMap<string, readonly string[]> = new Map([
  ['Task', [
    'Resource', 'Credentials', 'Parameters', 'ResultSelector', 'ResultPath', 'TimeoutSeconds', 'TimeoutSecondsPath', 'Retry', 'Catch', 'Next', 'End',
  ]],
  ['Map', ['ItemReader', 'ItemSelector', 'ItemProcessor', 'MaxConcurrency', 'ResultSelector', 'ResultPath', 'Catch', 'Next', 'End']],
  ['Parallel', ['Branches', 'ResultSelector', 'ResultPath', 'Catch', 'Next', 'End']],
  ['Choice', ['Choices', 'Default']],
  ['Pass', ['Parameters', 'Result', 'ResultPath', 'Next', 'End']],
  ['Succeed', []],
  ['Fail', ['Error', 'Cause', 'CausePath']],
]);
const PARTS: Readonly<Record<string, readonly string[]>> = {
  Retry: ['ErrorEquals', 'IntervalSeconds', 'MaxAttempts', 'BackoffRate', 'JitterStrategy', 'MaxDelaySeconds'],
  Catch: ['ErrorEquals', 'ResultPath', 'Next'],
  Choices: ['Variable', 'StringEquals', 'Next'],
};

/**
 * Lets a machine pass of which every part is known: nothing is skipped unseen.
 *
 * @throws for any other field or type, and for a target that is no state
 */
export function requireKnown(machine: StateMachine): void {
  requireFields('the machine', machine, MACHINE);
  requireState(machine, machine.StartAt);
  for (const [name, state] of Object.entries(machine.States)) {
    const fields = STATES.get(state.Type);
    if (!fields) throw new Error(`the state '${name}' is of the type ${state.Type}, which is not known`);
    requireFields(`the state '${name}'`, state, ['Type', 'Comment', ...fields]);
    if (state.Credentials) requireFields(`the credentials of '${name}'`, state.Credentials, ['RoleArn']);
    for (const part of ['Retry', 'Catch', 'Choices'] as const) {
      for (const rule of state[part] ?? []) requireFields(`${part} of the state '${name}'`, rule, PARTS[part]);
    }
    if (fields.includes('Next') && state.Next === undefined && state.End !== true) throw new Error(`the state '${name}' has no Next`);
    if (state.Next !== undefined && state.End !== undefined) throw new Error(`the state '${name}' has a Next and an End`);
    state.Branches?.forEach(requireKnown);
    if (state.Type === 'Map') requireMap(name, state);
    for (const next of targetsOf(state)) requireState(machine, next);
  }
}

/** The states that can follow a state. */
export function targetsOf({ Next, Default, Choices = [], Catch = [] }: State): string[] {
  return [Next, Default, ...[...Choices, ...Catch].map((rule) => rule.Next)].filter((name) => name !== undefined);
}

/** A map is distributed, over items that something reads. */
function requireMap(name: string, { ItemReader, ItemProcessor }: State): void {
  if (!ItemReader || !ItemProcessor) throw new Error(`the map '${name}' needs an ItemReader and an ItemProcessor`);
  requireFields(`the reader of '${name}'`, ItemReader, ['Resource', 'Parameters']);
  const { ProcessorConfig, ...processor } = ItemProcessor;
  if (ProcessorConfig.Mode !== 'DISTRIBUTED') throw new Error(`the map '${name}' is not distributed, which is not known`);
  requireKnown(processor);
}

/** Every state of a machine by its name, those of branches too. */
export function statesOf({ States }: StateMachine): string[] {
  return Object.entries(States).flatMap(([name, { Branches = [], ItemProcessor }]) => {
    const inner = ItemProcessor ? [...Branches, ItemProcessor] : Branches;
    return [name, ...inner.flatMap(statesOf)];
  });
}

function requireState({ States }: StateMachine, name: string): void {
  if (!Object.hasOwn(States, name)) throw new Error(`the machine has no state '${name}'`);
}

function requireFields(what: string, value: object, known: readonly string[]): void {
  const unknown = Object.keys(value).find((field) => !known.includes(field));
  if (unknown !== undefined) throw new Error(`${what} has the field ${unknown}, which is not known`);
}
