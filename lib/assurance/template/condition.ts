import type { Evaluator } from './evaluator';
import { isRawObject, ownEntry } from './raw';
import type { Value} from './value';
import { Text, Unknown, textParts } from './value';

/** Decides a condition expression: true, false, or undefined when only the deployment can tell. */
export function conditionValue(e: Evaluator, expression: unknown, depth = 0): boolean | undefined {
  if (depth > 50 || !isRawObject(expression)) return typeof expression === 'boolean' ? expression : undefined;
  const [name, argument] = Object.entries(expression)[0] ?? [];
  const list = Array.isArray(argument) ? (argument as unknown[]) : [];
  switch (name) {
    case 'Condition':
      return named(e, String(argument));
    case 'Fn::Not':
      return negate(conditionValue(e, list[0], depth + 1));
    case 'Fn::And':
      return all(list.map((x) => conditionValue(e, x, depth + 1)));
    case 'Fn::Or':
      return negate(all(list.map((x) => negate(conditionValue(e, x, depth + 1)))));
    case 'Fn::Equals':
      return list.length === 2 ? equal(e.evaluate(list[0]), e.evaluate(list[1])) : undefined;
    default:
      return undefined;
  }
}

function named(e: Evaluator, name: string): boolean | undefined {
  const { stack } = e;
  if (stack.conditions.has(name)) return stack.conditions.get(name);
  // Undecided while it is being decided: a condition that refers to itself stays undecided.
  stack.conditions.set(name, undefined);
  const decided = conditionValue(e, ownEntry(stack.rawConditions, name), 1);
  stack.conditions.set(name, decided);
  return decided;
}

function negate(value: boolean | undefined): boolean | undefined {
  return value === undefined ? undefined : !value;
}

function all(values: readonly (boolean | undefined)[]): boolean | undefined {
  if (values.includes(false)) return false;
  return values.includes(undefined) ? undefined : true;
}

function equal(a: Value | undefined, b: Value | undefined): boolean | undefined {
  const [left, right] = [textParts(a), textParts(b)];
  if (left === undefined || right === undefined) return undefined;
  if (left.length === right.length && left.every((p, i) => p === right[i])) return true;
  if (!isOpen(a) && !isOpen(b)) return false;
  for (const [open, other] of [
    [a, b],
    [b, a],
  ]) {
    if (open instanceof Unknown && open.candidates !== undefined && !isOpen(other)) {
      return open.candidates.every((c) => c !== undefined && !isOpen(c) && String(c) !== String(other)) ? false : undefined;
    }
  }
  return undefined;
}

function isOpen(value: Value | undefined): boolean {
  return value instanceof Unknown || value instanceof Text;
}
