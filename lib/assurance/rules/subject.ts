import type { Resource, Value } from '../template';
import { Unknown, isList, valueAt } from '../template';
import type { Question } from './answer';
import { hasItems, isAtMost, isOneOf, isPresent, isTrue } from './answer';
import type { JudgedApp } from './judged-app';
import type { Judgement } from './judgement';
import { judged, undetermined } from './judgement';

/** One item of a list property. */
export interface Item {
  /** Path from the properties, such as `ProductionVariants.0`. */
  readonly path: string;
  readonly value: Value;
}

/** The resource that a rule judges, and the app around it. */
export class Subject {
  constructor(
    readonly resource: Resource,
    readonly app: JudgedApp,
  ) {}

  /** The property at a dotted path; undefined when absent, an `Unknown` when it cannot be known. */
  at(path: string): Value | undefined {
    return this.resource.at(path);
  }

  /** Judges a property by a question. */
  require(path: string, question: Question, message: string): Judgement {
    return judged(question(this.at(path)), message, path);
  }

  /** The property must be true. */
  requireTrue(path: string, message: string): Judgement {
    return this.require(path, isTrue, message);
  }

  /** The property must be there and not empty. */
  requirePresent(path: string, message: string): Judgement {
    return this.require(path, isPresent, message);
  }

  /** The property must be one of the given values. */
  requireOneOf(path: string, options: readonly (string | number | boolean)[], message: string): Judgement {
    return this.require(path, isOneOf(...options), message);
  }

  /** The property must be there and at most so high. */
  requireAtMost(path: string, limit: number, message: string): Judgement {
    return this.require(path, isAtMost(limit), message);
  }

  /** The list must have at least so many items. */
  requireItems(path: string, minimum: number, message: string): Judgement {
    return this.require(path, hasItems(minimum), message);
  }

  /**
   * Judges every item of a list property; a list that is not known as a whole is undetermined, an absent one has no items.
   *
   * @param judge judges one item; `at` reads a path below the item
   */
  forEach(
    path: string,
    judge: (item: Item, at: (below: string) => Value | undefined) => Judgement | readonly Judgement[] | undefined,
  ): Judgement[] {
    return itemsOf(this.at(path), path).flatMap((item) => {
      if (item.value instanceof Unknown) return [undetermined(`cannot be decided from the template: ${item.value.reason}`, item.path)];
      return judge(item, (below) => valueAt(item.value, below.split('.'))) ?? [];
    });
  }
}

/** Items of a value: those of a list, of every branch of an undecided one, or the value itself; none when it is absent. */
export function itemsOf(value: Value | undefined, path: string): Item[] {
  if (value === undefined || value === null) return [];
  if (isList(value)) {
    return value.flatMap((item, i) => {
      const place = `${path}.${i}`;
      return item instanceof Unknown && item.candidates ? itemsOf(item, place) : [{ path: place, value: item }];
    });
  }
  if (value instanceof Unknown && value.candidates !== undefined) return value.candidates.flatMap((candidate) => itemsOf(candidate, path));
  return [{ path, value }];
}
