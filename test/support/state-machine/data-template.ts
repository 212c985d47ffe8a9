/** What paths of a state lead into: its input, and what Step Functions says of the execution under `$$`. */
export interface StateData {
  readonly input: unknown;
  readonly context: unknown;
}

/** A template with its references filled in: keys that end in `.$` hold a reference path or `States.Format`. */
export function filled(template: unknown, data: StateData): unknown {
  if (Array.isArray(template)) return template.map((item) => filled(item, data));
  if (typeof template !== 'object' || template === null) return template;
  return Object.fromEntries(Object.entries(template).map(([key, value]) =>
    key.endsWith('.$') ? [key.slice(0, -2), valueOf(String(value), data)] : [key, filled(value, data)]));
}

/**
 * What an expression stands for.
 *
 * @throws for an expression that is not known, and for a path that leads nowhere, which ends an execution in a way that nothing catches
 */
export function valueOf(expression: string, data: StateData): unknown {
  const [, text, list] = /^States\.Format\('([^'\\]*)', (.*)\)$/.exec(expression) ?? [];
  if (text !== undefined && list !== undefined) {
    const values = list.split(',').map((one) => String(valueOf(one.trim(), data)));
    if (text.split('{}').length !== values.length + 1) throw new Error(`'${expression}' has not as many values as places for them`);
    return text.replaceAll('{}', () => values.shift() ?? '');
  }
  const [, root, path = ''] = /^(\$\$?)((?:\.[A-Za-z0-9_]+|\[[0-9]+\])*)$/.exec(expression) ?? [];
  if (root === undefined) throw new Error(`'${expression}' is no reference path that is known`);
  return (path.match(/[A-Za-z0-9_]+/g) ?? []).reduce<unknown>((value, field) => {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, field)) throw new Error(`the path '${expression}' leads nowhere`);
    return (value as Record<string, unknown>)[field];
  }, root === '$$' ? data.context : data.input);
}

/** The data with a result put into it: at `$` in its place, at `null` nowhere. */
export function withResult(data: unknown, resultPath: unknown, result: unknown): unknown {
  if (resultPath === null) return data;
  if (resultPath === undefined || resultPath === '$') return result;
  const field = /^\$\.(\w+)$/.exec(String(resultPath))?.[1];
  if (field === undefined) throw new Error(`'${String(resultPath)}' is no result path that is known`);
  if (typeof data !== 'object' || data === null || Array.isArray(data)) throw new Error(`there is no object to put a result at '${String(resultPath)}' into`);
  return { ...data, [field]: result };
}
