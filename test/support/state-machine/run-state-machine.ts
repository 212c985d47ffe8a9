import type { StateData } from './data-template';
import { filled, valueOf, withResult } from './data-template';
import type { RetryRule, State, StateMachine } from './state-machine';
import { requireKnown } from './state-machine';

/** A call that a task makes. */
export interface TaskCall {
  readonly state: string;
  /** The service and its action: the part of the resource behind `states:::`. */
  readonly service: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** The role that the task assumes. @default - the machine's own */
  readonly role?: string;
  /** Counts from one. */
  readonly attempt: number;
}

/** A failure as a service reports it to Step Functions. */
export class TaskFailure extends Error {
  constructor(public readonly error: string, public readonly cause: string = error) {
    super(`${error}: ${cause}`);
  }
}

export interface RunOptions {
  /** What Step Functions says of the execution, under `$$`. @default - nothing */
  readonly context?: object;
  /** Answers a task, or throws a `TaskFailure`. */
  readonly task: (call: TaskCall) => unknown;
  /** What the reader of a map finds, or a `TaskFailure`. @default - there is no map */
  readonly items?: (service: string, parameters: Readonly<Record<string, unknown>>) => readonly unknown[];
}

/** What a service answers, or a `TaskFailure`. */
export type Service = (parameters: Readonly<Record<string, unknown>>, attempt: number) => unknown;

/** Services by the part of their resource behind `states:::`; a call of another one is an error of the test. */
export function answeredBy(services: Readonly<Record<string, Service>>): RunOptions['task'] {
  return ({ state, service, parameters, attempt }) => {
    if (!Object.hasOwn(services, service)) throw new Error(`the state '${state}' calls '${service}', which the test does not answer`);
    return services[service](parameters, attempt);
  };
}

/** How an execution ended. */
export interface Execution {
  readonly status: 'SUCCEEDED' | 'FAILED';
  readonly error?: string;
  readonly cause?: string;
  readonly output?: unknown;
  /** The states in the order in which they were entered; what is tried again is entered once. */
  readonly path: readonly string[];
}

const MAX_STEPS = 100;
/** Of Step Functions. */
const DEFAULT_ATTEMPTS = 3;

/**
 * Runs a state machine with everything but its services: tasks, choices by equal texts, Parallel, distributed Map, Pass, Succeed and Fail
 * states, paths, retries without their waiting, and catches. Branches and items run one after the other, up to the first that fails.
 *
 * @throws for what it does not know, for paths that lead nowhere, and for loops
 */
export async function runStateMachine(machine: StateMachine, input: unknown, options: RunOptions): Promise<Execution> {
  const { context = {} } = options;
  requireKnown(machine);
  const path: string[] = [];
  let data = input;
  let name = machine.StartAt;
  while (path.length < MAX_STEPS) {
    const state = machine.States[name];
    path.push(name);
    if (state.Type === 'Succeed') return { status: 'SUCCEEDED', output: data, path };
    if (state.Type === 'Fail') return { status: 'FAILED', error: state.Error, ...causeOf(state, { input: data, context }), path };
    const step = await takeStep(name, state, { input: data, context }, options, path);
    if ('failure' in step) return { status: 'FAILED', error: step.failure.error, cause: step.failure.cause, path };
    data = step.data;
    if (step.next === undefined) return { status: 'SUCCEEDED', output: data, path };
    name = step.next;
  }
  throw new Error(`the machine does not end: ${path.slice(-5).join(' -> ')}`);
}

/** Without a next state the machine, or the branch, ends well. */
type Step = { readonly data: unknown; readonly next: string | undefined } | { readonly failure: TaskFailure };

async function takeStep(name: string, state: State, data: StateData, options: RunOptions, path: string[]): Promise<Step> {
  switch (state.Type) {
    case 'Choice': return choose(name, state, data);
    case 'Pass': {
      const result = state.Parameters === undefined ? state.Result ?? data.input : filled(state.Parameters, data);
      return { data: withResult(data.input, state.ResultPath, result), next: nextOf(name, state) };
    }
    case 'Task': return runTask(name, state, data, options.task);
    case 'Parallel': return runBranches(name, state, data, options, path);
    case 'Map': return runMap(name, state, data, options, path);
    default: throw new Error(`the state '${name}' is of the type ${state.Type}, which is not run`);
  }
}

function choose(name: string, { Choices = [], Default }: State, data: StateData): Step {
  const choice = Choices.find(({ Variable, StringEquals }) => valueOf(Variable, data) === StringEquals);
  const next = choice?.Next ?? Default;
  return next === undefined ? { failure: new TaskFailure('States.NoChoiceMatched', `no choice of '${name}' fits`) } : { data: data.input, next };
}

async function runBranches(name: string, state: State, data: StateData, options: RunOptions, path: string[]): Promise<Step> {
  const results: unknown[] = [];
  for (const branch of state.Branches ?? []) {
    const { status, error, cause, output, path: taken } = await runStateMachine(branch, data.input, options);
    path.push(...taken);
    if (status === 'FAILED') return failed(state, data, new TaskFailure(String(error), cause));
    results.push(output);
  }
  return { data: withResult(data.input, state.ResultPath, selected(state, data, results)), next: nextOf(name, state) };
}

/** Each item in an execution of its own; one that fails fails the map. The states of the first are in the path. */
async function runMap(name: string, state: State, data: StateData, options: RunOptions, path: string[]): Promise<Step> {
  const { ItemReader, ItemProcessor, ItemSelector } = state;
  const service = /^arn:[^:]+:states:::(.+)$/.exec(ItemReader?.Resource ?? '')?.[1];
  if (!ItemProcessor || service === undefined || !options.items) throw new Error(`the test gives no items to the map '${name}'`);
  let items: readonly unknown[];
  try {
    items = options.items(service, filled(ItemReader?.Parameters, data) as Record<string, unknown>);
  } catch (failure) {
    if (!(failure instanceof TaskFailure)) throw failure;
    return failed(state, data, new TaskFailure('States.ItemReaderFailed', failure.cause));
  }
  const { ProcessorConfig: _, ...machine } = ItemProcessor;
  const results: unknown[] = [];
  for (const [index, item] of items.entries()) {
    const context = { ...(data.context as object), Map: { Item: { Value: item, Index: index } } };
    const input = ItemSelector === undefined ? item : filled(ItemSelector, { ...data, context });
    const { status, cause, output, path: taken } = await runStateMachine(machine, input, { ...options, context });
    if (index === 0) path.push(...taken);
    if (status === 'FAILED') return failed(state, data, new TaskFailure('States.ExceedToleratedFailureThreshold', cause));
    results.push(output);
  }
  return { data: withResult(data.input, state.ResultPath, selected(state, data, results)), next: nextOf(name, state) };
}

async function runTask(name: string, state: State, data: StateData, task: RunOptions['task']): Promise<Step> {
  const service = /^arn:[^:]+:states:::(.+)$/.exec(state.Resource ?? '')?.[1];
  if (service === undefined) throw new Error(`the state '${name}' calls '${String(state.Resource)}', which is no service integration`);
  if (state.TimeoutSecondsPath && !Number.isSafeInteger(valueOf(state.TimeoutSecondsPath, data))) throw new Error(`the time limit of '${name}' is no whole number`);
  const parameters = filled(state.Parameters ?? data.input, data) as Record<string, unknown>;
  const role = state.Credentials?.RoleArn;
  const tried = new Map<RetryRule, number>();
  for (let attempt = 1; ; attempt += 1) {
    let answer: unknown;
    try {
      answer = await task({ state: name, service, parameters, ...(role === undefined ? {} : { role }), attempt });
    } catch (failure) {
      if (!(failure instanceof TaskFailure)) throw failure;
      const retry = state.Retry?.find((rule) => matches(rule, failure));
      const tries = retry === undefined ? 0 : tried.get(retry) ?? 0;
      if (retry && tries < (retry.MaxAttempts ?? DEFAULT_ATTEMPTS)) {
        tried.set(retry, tries + 1);
        continue;
      }
      return failed(state, data, failure);
    }
    return { data: withResult(data.input, state.ResultPath, selected(state, data, answer)), next: nextOf(name, state) };
  }
}

function failed(state: State, data: StateData, failure: TaskFailure): Step {
  const handler = state.Catch?.find((rule) => matches(rule, failure));
  if (!handler) return { failure };
  return { data: withResult(data.input, handler.ResultPath, { Error: failure.error, Cause: failure.cause }), next: handler.Next };
}

function selected({ ResultSelector }: State, data: StateData, result: unknown): unknown {
  return ResultSelector === undefined ? result : filled(ResultSelector, { ...data, input: result });
}

/** `States.TaskFailed` stands for every error of a task but a timeout. */
function matches({ ErrorEquals }: { readonly ErrorEquals: readonly string[] }, { error }: TaskFailure): boolean {
  return ErrorEquals.some((one) => one === error || one === 'States.ALL' || (one === 'States.TaskFailed' && error !== 'States.Timeout'));
}

function causeOf({ Cause, CausePath }: State, data: StateData): { cause?: string } {
  const cause = CausePath === undefined ? Cause : String(valueOf(CausePath, data));
  return cause === undefined ? {} : { cause };
}

function nextOf(name: string, { Next, End }: State): string | undefined {
  if (Next === undefined && End !== true) throw new Error(`the state '${name}' has no Next`);
  return Next;
}
