/** A state machine as the synthesised template holds it. */
export interface StateMachine {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}

interface Rule {
  readonly ErrorEquals: readonly string[];
  readonly Next?: string;
  readonly ResultPath?: string;
  readonly MaxAttempts?: number;
}

interface State {
  readonly Type: string;
  readonly Resource?: string;
  readonly Parameters?: unknown;
  readonly ResultSelector?: unknown;
  readonly TimeoutSecondsPath?: string;
  readonly Retry?: readonly Rule[];
  readonly Catch?: readonly Rule[];
  readonly Next?: string;
  readonly Error?: string;
  readonly CausePath?: string;
}

/** What a service answers. */
export type Task = (parameters: Record<string, unknown>, attempt: number) => unknown;

/** A failure as a service reports it to Step Functions. */
export class TaskFailure extends Error {
  constructor(public readonly error: string, public readonly cause: string) {
    super(`${error}: ${cause}`);
  }
}

export interface Execution {
  readonly status: 'SUCCEEDED' | 'FAILED';
  readonly error?: string;
  readonly cause?: string;
  readonly output?: unknown;
  /** The states in the order in which they ran. */
  readonly path: readonly string[];
}

/** Fields of the language that this interpreter knows: another one is an error, so that nothing is skipped unseen. */
const KNOWN = new Set([
  'Type', 'Resource', 'Parameters', 'ResultSelector', 'TimeoutSeconds', 'TimeoutSecondsPath', 'Retry', 'Catch', 'Next', 'Error', 'CausePath',
]);

/**
 * Runs a state machine in the JSONPath form of the Amazon States Language, with tasks, Succeed and Fail states, reference paths, retries and
 * catches. Services are given by the part of their resource behind `states:::`.
 *
 * @throws for what it does not know, for paths that lead nowhere, and for loops
 */
export function runStateMachine(machine: StateMachine, input: unknown, services: Readonly<Record<string, Task>>): Execution {
  const path: string[] = [];
  let data = input;
  for (let name: string | undefined = machine.StartAt; name !== undefined;) {
    if (path.length > 100) throw new Error(`the machine does not end: ${path.slice(-5).join(' -> ')}`);
    const state: State = stateOf(machine, name);
    path.push(name);
    if (state.Type === 'Succeed') return { status: 'SUCCEEDED', output: data, path };
    if (state.Type === 'Fail') {
      return { status: 'FAILED', error: state.Error, ...(state.CausePath ? { cause: String(at(data, state.CausePath)) } : {}), path };
    }
    if (state.Type !== 'Task') throw new Error(`the state '${name}' is of the type ${state.Type}, which is not known`);
    const step = runTask(name, state, data, services);
    if ('failure' in step) return { status: 'FAILED', error: step.failure.error, cause: step.failure.cause, path };
    data = step.data;
    name = step.next;
  }
  throw new Error('a state without Next ended the machine');
}

function stateOf(machine: StateMachine, name: string): State {
  if (!Object.hasOwn(machine.States, name)) throw new Error(`the machine has no state '${name}'`);
  const state = machine.States[name];
  const unknown = Object.keys(state).find((field) => !KNOWN.has(field));
  if (unknown) throw new Error(`the state '${name}' has the field ${unknown}, which is not known`);
  return state;
}

type Step = { readonly data: unknown; readonly next: string | undefined } | { readonly failure: TaskFailure };

function runTask(name: string, state: State, data: unknown, services: Readonly<Record<string, Task>>): Step {
  const service = state.Resource?.split(':states:::')[1] ?? '';
  if (!Object.hasOwn(services, service)) throw new Error(`the state '${name}' calls '${String(state.Resource)}', which the test does not answer`);
  if (state.TimeoutSecondsPath && !Number.isSafeInteger(at(data, state.TimeoutSecondsPath))) throw new Error(`the time limit of '${name}' is no whole number`);
  const parameters = filled(state.Parameters ?? data, data) as Record<string, unknown>;
  for (let attempt = 1; ; attempt += 1) {
    try {
      const result = services[service](parameters, attempt);
      return { data: state.ResultSelector === undefined ? result : filled(state.ResultSelector, result), next: state.Next };
    } catch (failure) {
      if (!(failure instanceof TaskFailure)) throw failure;
      const retry = state.Retry?.find((rule) => matches(rule, failure));
      if (retry && attempt <= (retry.MaxAttempts ?? 3)) continue;
      const handler = state.Catch?.find((rule) => matches(rule, failure));
      if (!handler) return { failure };
      return { data: withResult(data, handler.ResultPath, { Error: failure.error, Cause: failure.cause }), next: handler.Next };
    }
  }
}

/** `States.TaskFailed` stands for every error of a task but a timeout. */
function matches({ ErrorEquals }: Rule, { error }: TaskFailure): boolean {
  return ErrorEquals.some((one) => one === error || one === 'States.ALL' || (one === 'States.TaskFailed' && error !== 'States.Timeout'));
}

/** A template with its references filled in: keys that end in `.$`. */
function filled(template: unknown, data: unknown): unknown {
  if (Array.isArray(template)) return template.map((item) => filled(item, data));
  if (typeof template !== 'object' || template === null) return template;
  return Object.fromEntries(Object.entries(template).map(([key, value]) =>
    key.endsWith('.$') ? [key.slice(0, -2), at(data, String(value))] : [key, filled(value, data)]));
}

/** What a reference path leads to. */
function at(data: unknown, reference: string): unknown {
  if (!/^\$(\.[A-Za-z0-9_]+)*$/.test(reference)) throw new Error(`'${reference}' is no reference path that is known`);
  return reference.split('.').slice(1).reduce<unknown>((value, field) => {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, field)) throw new Error(`the path '${reference}' leads nowhere`);
    return (value as Record<string, unknown>)[field];
  }, data);
}

function withResult(data: unknown, resultPath: string | undefined, result: unknown): unknown {
  if (resultPath === undefined || resultPath === '$') return result;
  const field = /^\$\.(\w+)$/.exec(resultPath)?.[1];
  if (!field) throw new Error(`'${resultPath}' is no result path that is known`);
  return { ...(typeof data === 'object' && data !== null ? data : {}), [field]: result };
}
