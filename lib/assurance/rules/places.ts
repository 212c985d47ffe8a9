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
  const found: Item[] = [];
  collectTexts(value, path, found);
  return found;
}

function collectTexts(value: Value | undefined, path: string, found: Item[]): void {
  if (value === undefined || value === null || typeof value === 'boolean' || typeof value === 'number') return;
  if (isList(value)) value.forEach((item, i) => collectTexts(item, below(path, String(i)), found));
  else if (isDict(value)) for (const key of Object.keys(value)) collectTexts(value[key], below(path, key), found);
  else if (value instanceof Unknown && value.candidates !== undefined) value.candidates.forEach((one) => collectTexts(one, path, found));
  else found.push({ path, value });
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
