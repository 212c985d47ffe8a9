import type { Value } from '../../template';
import { textParts } from '../../template';
import type { Judgement } from '../judgement';
import { COMPLIANT, violated } from '../judgement';
import type { Item } from '../subject';
import { knownKeyIn } from './key-formats';

/** Judges a text by the marks of issuers; where nothing of it is known there is nothing to judge. */
export function judgeKnownKey(value: Value, path: string): Judgement[] {
  const texts = (textParts(value) ?? []).filter((part) => typeof part === 'string');
  const found = texts.map(knownKeyIn).find((kind) => kind !== undefined);
  if (found !== undefined) return [violated(`${found} stands in the template`, path)];
  return texts.length > 0 ? [COMPLIANT] : [];
}

/** Texts of what the model does not evaluate. */
export function plainTexts(raw: unknown, path: string, depth = 0): Item[] {
  if (typeof raw === 'string') return [{ path, value: raw }];
  if (typeof raw !== 'object' || raw === null || depth > 50) return [];
  return Object.entries(raw).flatMap(([key, item]) => plainTexts(item, `${path}.${key}`, depth + 1));
}
