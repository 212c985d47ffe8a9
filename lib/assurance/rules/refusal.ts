import type { ConditionTest, PolicyStatement } from '../template';
import type { Answer } from './answer';
import { all, answer } from './answer';
import { coversAction, isForAnybody, isStar, sparesPrincipals } from './statement-match';

/** Whether a test of a Deny is about the requests that are meant, and meets them: the wrong way round it meets all others. */
export type When = (test: ConditionTest) => boolean;

/**
 * Whether a statement refuses an action to everybody: always, or where `when` says. Nothing else may narrow it but principals that it
 * spares.
 *
 * @param when undefined: always
 * @param maySpare whether principals may be spared
 */
export function refusesToAll(statement: PolicyStatement, action: string, when?: When, maySpare = true): Answer {
  if (statement.effect !== 'Deny' || !isForAnybody(statement)) return 'NO';
  const covers = coversAction(statement, action);
  if (covers === 'NO') return 'NO';
  if (statement.opaque.length > 0) return 'UNKNOWN';
  const narrowed = maySpare ? statement.conditions.filter((test) => !sparesPrincipals(test)) : statement.conditions;
  // What is refused without any condition is refused in each case; what spares somebody is so only where nothing is asked for but that.
  const met = narrowed.length > 0 ? when !== undefined && narrowed.every(when) : when === undefined || statement.conditions.length === 0;
  return met && statement.presence === 'MAYBE' ? 'UNKNOWN' : all([covers, answer(met)]);
}

/** The key is compared in this way, with such values alone; without a pattern with any but a lone star, which all or none satisfy. */
export function compares(key: RegExp, operator: RegExp, value?: RegExp): When {
  return (test) =>
    key.test(test.foldedKey) &&
    operator.test(test.operator) &&
    test.values.length > 0 &&
    test.values.every((one) => (value === undefined ? !isStar(one) : value.test(one.parts.join(''))));
}

/** The key has a value. */
export function isThere(key: RegExp): When {
  return compares(key, /^Null$/, /^false$/);
}

/** The key has no value. */
export function isAbsent(key: RegExp): When {
  return compares(key, /^Null$/, /^true$/);
}

/** Any of several ways to say it. */
export function either(...ways: readonly When[]): When {
  return (test) => ways.some((way) => way(test));
}

/** The request comes without TLS. */
export const WITHOUT_TLS: When = compares(/^aws:securetransport$/, /^Bool$/, /^false$/);
