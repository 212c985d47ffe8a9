import type { ConditionTest, PolicyStatement } from '../../template';
import type { Answer } from '../answer';
import { answer } from '../answer';
import { speaksOfPrincipals, testsOn } from '../statement-match';
import { demandsPresence } from './presence-demand';
import { namesOfKey } from './volume-key-demand';

/** Starts a training job. */
export const CREATE_TRAINING = 'sagemaker:CreateTrainingJob';

/** Whether an Allow holds only for jobs without a shell into their container. A job that says nothing has none. */
export function allowsNoShell(allow: PolicyStatement): boolean {
  return testsOn(allow, 'sagemaker:EnableRemoteDebug').some((test) => test.operator === 'Bool' && hasValue(test, 'false'));
}

/** Whether an Allow holds only for jobs without a warm pool, or with a bound one. */
export function allowsNoWarmPool(allow: PolicyStatement): boolean {
  const tests = testsOn(allow, 'sagemaker:KeepAlivePeriod');
  return tests.some((test) => (test.operator === 'Null' ? hasValue(test, 'true') : /^Numeric(LessThan|Equals)/.test(test.operator)));
}

/** Whether an Allow holds only for jobs that end by themselves. */
export function allowsNoLongJob(allow: PolicyStatement): boolean {
  return testsOn(allow, 'sagemaker:MaxRuntimeInSeconds').some(({ operator }) => /^Numeric(LessThan|Equals)/.test(operator));
}

/** Whether an Allow names the values of a key: by a positive test that not every value passes. */
export function namesValues(allow: PolicyStatement, key: string): boolean {
  return testsOn(allow, key).some(isNaming);
}

/**
 * Whether an Allow holds for named encryption keys only. AWS fills the short name of a condition key or the one that ends in `Arn`:
 * a test that an absent key passes is enough only when there is one on either name.
 */
export function namesKeys(allow: PolicyStatement, key: string): boolean {
  const named = namesOfKey(key).map((name) => testsOn(allow, name).filter(isNaming));
  const strict = namesOfKey(key).some((name, i) => named[i].length > 0 && (named[i].some(({ ifExists }) => !ifExists) || demandsPresence(allow, name) === 'YES'));
  return strict || named.every((tests) => tests.length > 0);
}

/** Whether a Deny meets every job for which one of the tests on a key holds: nothing else narrows it but spared principals. */
export function deniesWhen(deny: PolicyStatement, keys: readonly string[], holds: (test: ConditionTest) => boolean): Answer {
  if (deny.opaque.length > 0) return 'UNKNOWN';
  const tests = testsOn(deny, ...keys);
  const met = tests.length > 0 && tests.every(holds) && deny.conditions.every((test) => tests.includes(test) || speaksOfPrincipals(test));
  return met && deny.presence === 'MAYBE' ? 'UNKNOWN' : answer(met);
}

/** Whether a Deny meets jobs for which a boolean is not true, those that say nothing with them. */
export function deniesUnlessTrue(deny: PolicyStatement, key: string): Answer {
  return deniesWhen(deny, [key], (test) => (test.operator === 'Bool' && test.ifExists && hasValue(test, 'false')) || isAbsent(test));
}

/** Whether a Deny meets jobs with a shell into their container. */
export function deniesShell(deny: PolicyStatement): Answer {
  return deniesWhen(deny, ['sagemaker:EnableRemoteDebug'], (test) => test.operator === 'Bool' && hasValue(test, 'true'));
}

/** Whether a Deny meets jobs with a warm pool. */
export function deniesWarmPool(deny: PolicyStatement): Answer {
  return deniesWhen(deny, ['sagemaker:KeepAlivePeriod'], (test) => isThere(test) || test.operator.startsWith('NumericGreaterThan'));
}

/** Whether a Deny meets jobs that may run long. */
export function deniesLongJob(deny: PolicyStatement): Answer {
  return deniesWhen(deny, ['sagemaker:MaxRuntimeInSeconds'], ({ operator }) => operator.startsWith('NumericGreaterThan'));
}

/** Whether a Deny meets jobs without any of the keys. */
export function deniesAbsent(deny: PolicyStatement, keys: readonly string[]): Answer {
  return deniesWhen(deny, keys, isAbsent);
}

/** Whether a Deny meets jobs with another value of the key than the named ones. */
export function deniesOthers(deny: PolicyStatement, key: string): Answer {
  if (!testsOn(deny, key).some(isExcluding)) return deny.opaque.length > 0 ? 'UNKNOWN' : 'NO';
  return deniesWhen(deny, [key], (test) => isExcluding(test) || isThere(test));
}

/** Whether a test asks that its key is absent. */
export function isAbsent(test: ConditionTest): boolean {
  return test.operator === 'Null' && hasValue(test, 'true');
}

function isThere(test: ConditionTest): boolean {
  return test.operator === 'Null' && hasValue(test, 'false');
}

function isExcluding({ operator, values }: ConditionTest): boolean {
  return /^(String|Arn)Not/.test(operator) && !values.some(({ parts }) => parts.join('') === '*');
}

function isNaming({ operator, values }: ConditionTest): boolean {
  return /^(String|Arn)(Equals|Like)/.test(operator) && !values.some(({ parts }) => /^\*+$/.test(parts.join('')));
}

function hasValue({ values }: ConditionTest, wanted: string): boolean {
  return values.length > 0 && values.every(({ parts }) => parts.join('') === wanted);
}
