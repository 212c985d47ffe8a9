import type { UnknownKind, Value } from '../template';
import { Text, Unknown, isDict, isList } from '../template';

/** Answer to a question about a value that may not be known. */
export type Answer = 'YES' | 'NO' | 'UNKNOWN';

/** A question about a value; undefined stands for "not there". */
export type Question = (value: Value | undefined) => Answer;

/** `YES` for true, `NO` for false. */
export function answer(holds: boolean): Answer {
  return holds ? 'YES' : 'NO';
}

/** The opposite; what is unknown stays so. */
export function not(given: Answer): Answer {
  if (given === 'UNKNOWN') return given;
  return answer(given === 'NO');
}

/** `YES` if all are, `NO` if one is not. */
export function all(answers: readonly Answer[]): Answer {
  if (answers.includes('NO')) return 'NO';
  return answers.includes('UNKNOWN') ? 'UNKNOWN' : 'YES';
}

/** `YES` if one is, `NO` if none is. */
export function any(answers: readonly Answer[]): Answer {
  if (answers.includes('YES')) return 'YES';
  return answers.includes('UNKNOWN') ? 'UNKNOWN' : 'NO';
}

/** Puts a question about a known value; an unknown one is asked for each value that it can take. */
export function ask(value: Value | undefined, question: (known: Value | undefined) => Answer): Answer {
  if (!(value instanceof Unknown)) return question(value);
  if (value.candidates === undefined || value.candidates.length === 0) return 'UNKNOWN';
  const answers = value.candidates.map((candidate) => ask(candidate, question));
  return answers.every((a) => a === answers[0]) ? answers[0] : 'UNKNOWN';
}

/** What is not known now but is never empty: the names and attributes of resources, and what is read at deploy time. */
const NEVER_EMPTY: readonly UnknownKind[] = ['GENERATED_NAME', 'ATTRIBUTE', 'IMPORT', 'DYNAMIC_REFERENCE', 'PSEUDO_PARAMETER'];

/** Whether a value is there and not empty. The name or ARN of a resource is, whatever it will be. */
export const isPresent: Question = (value) => {
  if (value instanceof Unknown && value.candidates === undefined && NEVER_EMPTY.includes(value.kind)) return 'YES';
  return ask(value, (known) => {
    if (known === undefined || known === null || known === '') return 'NO';
    if (isList(known)) return answer(known.length > 0);
    return answer(!isDict(known) || Object.keys(known).length > 0);
  });
};

/** Whether a value is true; an absent one is not. CloudFormation takes the text as well. */
export const isTrue: Question = (value) => ask(value, (known) => answer(known === true || known === 'true'));

/** Whether a value is one of the given ones; an absent one is not. */
export function isOneOf(...options: readonly (string | number | boolean)[]): Question {
  const texts = options.map(String);
  return (value) => ask(value, (known) => (known instanceof Text ? 'UNKNOWN' : answer(isScalar(known) && texts.includes(String(known)))));
}

/** Whether a number is at most so high; an absent one is not. */
export function isAtMost(limit: number): Question {
  return (value) => ask(value, (known) => answer(isScalar(known) && known !== '' && Number(known) <= limit));
}

/** Whether a number is at least so high; an absent one is not. */
export function isAtLeast(limit: number): Question {
  return (value) => ask(value, (known) => answer(isScalar(known) && known !== '' && Number(known) >= limit));
}

/** Whether a list has at least so many items. One unknown item may be "not there". */
export function hasItems(minimum: number): Question {
  return (value) =>
    ask(value, (known) => {
      if (!isList(known)) return answer(minimum <= 1 && known !== undefined && known !== null);
      const sure = known.filter((item) => isPresent(item) === 'YES').length;
      if (sure >= minimum) return 'YES';
      return known.length >= minimum || known.some((item) => item instanceof Unknown) ? 'UNKNOWN' : 'NO';
    });
}

/** Whether a text matches; where parts of it are not known, only a match of the known parts in `partial` decides. */
export function matches(pattern: RegExp, partial?: (text: Text) => Answer): Question {
  return (value) =>
    ask(value, (known) => {
      if (known instanceof Text) return partial?.(known) ?? 'UNKNOWN';
      return answer(isScalar(known) && pattern.test(String(known)));
    });
}

function isScalar(value: Value | undefined): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}
