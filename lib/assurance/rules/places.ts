import type { Value } from '../template';
import { Unknown, isDict, isList } from '../template';
import type { Item } from './subject';

/**
 * The values at a path in which `*` stands for every item of a list or every entry of a map, such as `Containers.*.Image`.
 *
 * What is absent gives none; an unknown on the way is an item itself, since it may hold anything.
 */
export function placesAt(value: Value | undefined, pattern: string): Item[] {
  return pattern === '' ? walk(value, [], '') : walk(value, pattern.split('.'), '');
}

/** Every text of a value with its path, those inside lists and maps as well. */
export function textsIn(value: Value | undefined, path = ''): Item[] {
  if (value === undefined || value === null || typeof value === 'boolean' || typeof value === 'number') return [];
  if (isList(value)) return value.flatMap((item, i) => textsIn(item, below(path, String(i))));
  if (isDict(value)) return Object.entries(value).flatMap(([key, item]) => textsIn(item, below(path, key)));
  if (value instanceof Unknown && value.candidates !== undefined) return value.candidates.flatMap((candidate) => textsIn(candidate, path));
  return [{ path, value }];
}

function walk(value: Value | undefined, steps: readonly string[], path: string): Item[] {
  if (value === undefined || value === null) return [];
  if (steps.length === 0) return [{ path, value }];
  if (value instanceof Unknown) {
    return value.candidates === undefined ? [{ path, value }] : value.candidates.flatMap((candidate) => walk(candidate, steps, path));
  }
  const [step, ...rest] = steps;
  if (isList(value)) {
    if (step !== '*') return walk(value[Number(step)], rest, below(path, step));
    return value.flatMap((item, i) => walk(item, rest, below(path, String(i))));
  }
  if (!isDict(value)) return [];
  if (step !== '*') return walk(value[step], rest, below(path, step));
  return Object.entries(value).flatMap(([key, item]) => walk(item, rest, below(path, key)));
}

function below(path: string, step: string): string {
  return path === '' ? step : `${path}.${step}`;
}
