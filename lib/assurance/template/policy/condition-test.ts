import type { Value} from '../value';
import { Unknown, isDict } from '../value';
import { policyTexts } from './policy-text';
import type { ConditionOperator, ConditionTest, Quantifier } from './statement';
import { CONDITION_OPERATORS } from './statement';

const OPERATORS = new Map<string, ConditionOperator>(CONDITION_OPERATORS.map((name) => [name.toLowerCase(), name]));

/** An operator as written, taken apart. */
export interface ParsedOperator {
  readonly operator: ConditionOperator;
  readonly ifExists: boolean;
  readonly quantifier?: Quantifier;
}

/** Takes an operator such as `ForAnyValue:StringLikeIfExists` apart; undefined when there is no such operator. */
export function parseOperator(name: string): ParsedOperator | undefined {
  const match = /^(?:(ForAnyValue|ForAllValues):)?(.+?)(IfExists)?$/is.exec(name);
  const operator = match === null ? undefined : OPERATORS.get(match[2].toLowerCase());
  if (match === null || operator === undefined || (operator === 'Null' && match[3] !== undefined)) return undefined;
  const any = match[1]?.toLowerCase() === 'foranyvalue';
  const quantifier = match[1] === undefined ? {} : { quantifier: any ? ('ForAnyValue' as const) : ('ForAllValues' as const) };
  return { operator, ifExists: match[3] !== undefined, ...quantifier };
}

/** Reads a condition block; what cannot be read is added to `opaque`. */
export function conditionTests(block: Value | undefined, opaque: Unknown[]): ConditionTest[] {
  if (block === undefined) return [];
  if (!isDict(block)) {
    opaque.push(block instanceof Unknown ? block : new Unknown('INVALID', 'a condition block that is no object'));
    return [];
  }
  return Object.entries(block).flatMap(([name, keys]) => {
    const parsed = parseOperator(name);
    if (parsed === undefined || !isDict(keys)) {
      opaque.push(
        keys instanceof Unknown
          ? keys
          : new Unknown('INVALID', `the condition operator '${name.slice(0, 60)}' is not one of the policy language`),
      );
      return [];
    }
    return Object.entries(keys).map(([key, values]) => ({ ...parsed, key, foldedKey: key.toLowerCase(), values: policyTexts(values) }));
  });
}
