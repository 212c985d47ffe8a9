import type { GroundTest, GroundText } from '../estate/ground';
import { inNetwork } from './network';
import type { Context, Tri} from './match';
import { any, every, fits, fitsArn, opposite, spell } from './match';

/** Whether one test of a condition block holds for a request. `listKey`: the key holds a list by its nature. */
export function conditionHolds(test: GroundTest, context: Context, listKey: boolean): Tri {
  const value = context.get(test.foldedKey);
  if (test.operator === 'Null') return nullHolds(test, value !== undefined);
  const negative = /Not/.test(test.operator);
  const one = (v: string): Tri => {
    const hit = any(test.values.map((candidate) => maybe(candidate, valueHolds(test, candidate, v, context))));
    return negative ? opposite(hit) : hit;
  };
  if (test.quantifier === 'ForAllValues') return value === undefined ? true : every([value].flat().map(one));
  if (test.quantifier === 'ForAnyValue') {
    if (value === undefined) return test.ifExists ? undefined : false;
    return any([value].flat().map(one));
  }
  if (value === undefined) return negative || test.ifExists;
  if (typeof value !== 'string' || listKey) return undefined;
  return one(value);
}

/** A candidate that may not be there counts only against. */
function maybe(candidate: GroundText, hit: Tri): Tri {
  return candidate.maybe && hit !== false ? undefined : hit;
}

function nullHolds(test: GroundTest, present: boolean): Tri {
  return any(
    test.values.map((v) => {
      const spelled = spell(v, new Map(), false);
      const text =
        typeof spelled === 'string'
          ? ''
          : spelled
              .map((g) => g.char)
              .join('')
              .toLowerCase();
      if (v.maybe || (text !== 'true' && text !== 'false')) return undefined;
      return (text === 'true') !== present;
    }),
  );
}

function valueHolds(test: GroundTest, candidate: GroundText, value: string, context: Context): Tri {
  const { operator } = test;
  const wildcards = operator.endsWith('Like') || operator.startsWith('Arn');
  const pattern = spell(candidate, context, wildcards);
  if (pattern === 'UNKNOWN') return undefined;
  // A variable without value matches nothing; whether the negated test then holds is not documented.
  if (pattern === 'NOTHING') return operator.includes('Not') ? undefined : false;
  if (operator.startsWith('Arn')) return fitsArn(pattern, value);
  if (operator.startsWith('String') || operator === 'BinaryEquals') return fits(pattern, value, operator.includes('IgnoreCase'));
  const wanted = pattern.map((g) => g.char).join('');
  if (operator === 'Bool') return /^(true|false)$/i.test(wanted) ? wanted.toLowerCase() === value.toLowerCase() : undefined;
  if (operator === 'IpAddress' || operator === 'NotIpAddress') return inNetwork(value, wanted);
  return ordered(operator, value, wanted);
}

function ordered(operator: string, value: string, wanted: string): Tri {
  const read = operator.startsWith('Date') ? seconds : number;
  const [left, right] = [read(value), read(wanted)];
  if (right === undefined) return undefined;
  if (left === undefined) return false;
  if (/LessThanEquals$/.test(operator)) return left <= right;
  if (/LessThan$/.test(operator)) return left < right;
  if (/GreaterThanEquals$/.test(operator)) return left >= right;
  if (/GreaterThan$/.test(operator)) return left > right;
  return left === right;
}

function number(text: string): number | undefined {
  const value = text.trim() === '' ? NaN : Number(text);
  return Number.isFinite(value) ? value : undefined;
}

function seconds(text: string): number | undefined {
  if (/^\d+$/.test(text)) return Number(text);
  // Without a zone a time is meant in UTC.
  const value = Date.parse(/T.*(Z|[+-]\d\d:?\d\d)$|^\d{4}-\d\d-\d\d$/.test(text) ? text : `${text}Z`);
  return Number.isNaN(value) ? undefined : value / 1000;
}
