/** A definition in Amazon States Language, as far as it is run here: Task, Choice by equal texts, Pass, Succeed, Fail. */
export interface Definition {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}

export type State = Readonly<Record<string, unknown>> & { readonly Type: string };

/** A call that a task makes. */
export interface TaskCall {
  readonly state: string;
  readonly resource: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** The role that the task assumes. @default - the machine's own */
  readonly role?: string;
}

/** What ends a task with an error that the definition may retry or catch. */
export class TaskError extends Error {
  public constructor(public readonly error: string, message = error) {
    super(message);
  }
}

export interface RunOptions {
  readonly context?: object;
  /** Answers a task, or throws a `TaskError`. */
  readonly task: (call: TaskCall) => unknown;
}

export interface RunResult {
  readonly status: 'SUCCEEDED' | 'FAILED';
  readonly error?: string;
  /** States in the order in which they were entered; a retried one once more for each attempt. */
  readonly path: readonly string[];
  readonly output: unknown;
}

const MAX_STEPS = 200;

/** Runs a definition on this machine. What it does not know is an error of the test, never passed over. */
export async function runStateMachine(definition: Definition, input: unknown, { context = {}, task }: RunOptions): Promise<RunResult> {
  const path: string[] = [];
  let name = definition.StartAt;
  let data = input;
  while (path.length < MAX_STEPS) {
    if (!Object.hasOwn(definition.States, name)) throw new Error(`there is no state ${name}`);
    const state = definition.States[name];
    path.push(name);
    switch (state.Type) {
      case 'Succeed': return { status: 'SUCCEEDED', path, output: data };
      case 'Fail': return { status: 'FAILED', error: String(state.Error), path, output: data };
      case 'Pass':
        data = put(data, state.ResultPath, state.Parameters === undefined ? state.Result ?? data : fill(state.Parameters, data, context));
        name = String(state.Next);
        break;
      case 'Choice': name = choose(name, state, data, context); break;
      case 'Task': {
        const outcome = await runTask(name, state, data, context, task, path);
        data = outcome.data;
        name = outcome.next;
        break;
      }
      default: throw new Error(`${name} is of the type ${state.Type}, which is not run here`);
    }
  }
  throw new Error(`more than ${MAX_STEPS} steps: ${path.slice(-10).join(', ')}`);
}

async function runTask(
  name: string, state: State, data: unknown, context: object, task: RunOptions['task'], path: string[],
): Promise<{ readonly data: unknown; readonly next: string }> {
  const parameters = fill(state.Parameters ?? {}, data, context) as Record<string, unknown>;
  const role = (state.Credentials as { RoleArn?: string } | undefined)?.RoleArn;
  const call = { state: name, resource: String(state.Resource), parameters, ...(role === undefined ? {} : { role }) };
  for (let attempt = 0; ; attempt++) {
    try {
      const answer = await task(call);
      const result = state.ResultSelector === undefined ? answer : fill(state.ResultSelector, answer, context);
      return { data: put(data, state.ResultPath, result), next: String(state.Next) };
    } catch (error) {
      if (!(error instanceof TaskError)) throw error;
      const matches = ({ ErrorEquals }: { ErrorEquals: string[] }) => ErrorEquals.includes(error.error) || ErrorEquals.includes('States.ALL');
      const retry = ((state.Retry ?? []) as { ErrorEquals: string[]; MaxAttempts?: number }[]).find(matches);
      if (retry && attempt < (retry.MaxAttempts ?? 3)) {
        path.push(name);
        continue;
      }
      const handler = ((state.Catch ?? []) as { ErrorEquals: string[]; ResultPath?: string; Next: string }[]).find(matches);
      if (!handler) throw error;
      return { data: put(data, handler.ResultPath, { Error: error.error, Cause: error.message }), next: handler.Next };
    }
  }
}

function choose(name: string, state: State, data: unknown, context: object): string {
  for (const choice of state.Choices as { Variable: string; StringEquals?: string; Next: string }[]) {
    if (choice.StringEquals === undefined) throw new Error(`${name} compares by something else than StringEquals, which is not run here`);
    if (look(choice.Variable, data, context) === choice.StringEquals) return choice.Next;
  }
  if (state.Default === undefined) throw new TaskError('States.NoChoiceMatched');
  return String(state.Default);
}

/** Fills a template: keys that end in `.$` hold a path or an intrinsic function. */
function fill(template: unknown, data: unknown, context: object): unknown {
  if (Array.isArray(template)) return template.map((one) => fill(one, data, context));
  if (typeof template !== 'object' || template === null) return template;
  return Object.fromEntries(Object.entries(template).map(([key, value]) =>
    key.endsWith('.$') ? [key.slice(0, -2), look(String(value), data, context)] : [key, fill(value, data, context)]));
}

function look(expression: string, data: unknown, context: object): unknown {
  const [, template, list] = /^States\.Format\('([^']*)', (.*)\)$/.exec(expression) ?? [];
  if (template !== undefined) {
    const values = list.split(',').map((one) => String(look(one.trim(), data, context)));
    return template.replaceAll('{}', () => values.shift() ?? '');
  }
  const [, root, rest] = /^(\$\$?)((?:\.[A-Za-z_]\w*)*)$/.exec(expression) ?? [];
  if (root === undefined) throw new Error(`${expression} is not understood here`);
  let value: unknown = root === '$$' ? context : data;
  for (const key of rest.split('.').slice(1)) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) throw new TaskError('States.ParameterPathFailure', `${expression} leads nowhere`);
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}

/** Puts a result into the data: at `$` in its place, at `null` nowhere. */
function put(data: unknown, resultPath: unknown, result: unknown): unknown {
  if (resultPath === null) return data;
  if (resultPath === undefined || resultPath === '$') return result;
  const [, key] = /^\$\.([A-Za-z_]\w*)$/.exec(String(resultPath)) ?? [];
  if (key === undefined) throw new Error(`the result path ${String(resultPath)} is not understood here`);
  return { ...(data as object), [key]: result };
}
