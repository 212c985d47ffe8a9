import type { ConditionTest, PolicyStatement, PolicyText, PolicyTexts } from '../template';
import { Unknown } from '../template';
import type { Answer } from './answer';
import { all, any, answer, not } from './answer';

/** Whether a statement speaks of an action, such as `sagemaker:CreateModel`. */
export function coversAction(statement: PolicyStatement, action: string): Answer {
  return listed(statement.actions, (text) => matchesGlob(text, action.toLowerCase()));
}

/** Whether a statement speaks of any of these actions. */
export function coversAnyAction(statement: PolicyStatement, actions: readonly string[]): Answer {
  let found: Answer = 'NO';
  for (const action of actions) {
    const covers = coversAction(statement, action);
    if (covers === 'YES') return 'YES';
    if (covers === 'UNKNOWN') found = 'UNKNOWN';
  }
  return found;
}

/** Whether a statement names every resource by the bare star. `NotResource` names what it leaves out, so it never does. */
export function coversEverything(statement: PolicyStatement): boolean {
  const { resources } = statement;
  if (resources === undefined || resources.negated) return false;
  return resources.texts.some((text) => /^(arn:[^:]*:)?\*+(:\*+)*$/.test(text.parts.join('')));
}

/** The tests of a condition block on a key, whatever its case. */
export function testsOn(statement: PolicyStatement, ...keys: readonly string[]): ConditionTest[] {
  const folded = keys.map((key) => key.toLowerCase());
  return statement.conditions.filter((test) => folded.includes(test.foldedKey));
}

/**
 * Whether an Allow holds only where the key has one of the listed values: a positive test that an absent key fails.
 *
 * `IfExists` and `ForAllValues` let the absent key pass, and so do negated operators.
 */
export function demands(statement: PolicyStatement, ...keys: readonly string[]): Answer {
  if (statement.opaque.length > 0) return 'UNKNOWN';
  return answer(testsOn(statement, ...keys).some(isDemand));
}

/**
 * Whether an Allow holds only where a key has one of the listed values, for any key whose lower-case name matches.
 *
 * A test that every value passes, such as `StringLike` with a star, demands nothing.
 */
export function demandsLike(statement: PolicyStatement, key: RegExp): Answer {
  if (statement.opaque.length > 0) return 'UNKNOWN';
  return answer(statement.conditions.some((test) => key.test(test.foldedKey) && isDemand(test) && !test.values.some(isStar)));
}

function isDemand(test: ConditionTest): boolean {
  return !test.ifExists && test.quantifier !== 'ForAllValues' && !test.operator.includes('Not') && test.operator !== 'Null';
}

/** A text that every value matches. */
export function isStar({ parts }: PolicyText): boolean {
  return parts.length === 1 && typeof parts[0] === 'string' && /^\*+$/.test(parts[0]);
}

/** Whether a test is about who asks, and not about what is asked for or how. */
export function speaksOfPrincipals({ foldedKey }: ConditionTest): boolean {
  return /^aws:(principal|viaawsservice|calledvia|sourceidentity|userid|username)/.test(foldedKey);
}

/** What a whole organisation or account has in common: a stolen role of it has it as well. */
const SHARED = /^aws:principal(orgid|orgpaths|account)$/;

/** Whether a test of a Deny spares named principals or the services of AWS: one that spares everybody, or names whom it meets, does not. */
export function sparesPrincipals(test: ConditionTest): boolean {
  if (!speaksOfPrincipals(test)) return false;
  if (test.operator.includes('Not')) return !SHARED.test(test.foldedKey) && !test.values.some(isStar);
  return test.operator === 'Bool' && test.values.every(({ parts }) => parts.join('') === 'false');
}

/** Whether a principal list holds everybody. */
export function isForAnybody(statement: PolicyStatement): boolean {
  const { principals } = statement;
  if (principals === undefined) return false;
  return principals.negated || principals.principals.some((p) => p.kind === 'ANY' || (p.kind === 'AWS' && p.parts.join('') === '*'));
}

function listed(texts: PolicyTexts, matches: (text: PolicyText) => Answer): Answer {
  const answers = texts.texts.map((text) => {
    const found = matches(text);
    return text.maybe && found === 'YES' ? 'UNKNOWN' : found;
  });
  return texts.negated ? all(answers.map(not)) : any(answers);
}

/** What a text of a policy can match, read once: many rules ask the same statements for many actions. */
interface Glob {
  readonly pattern: string;
  readonly isOpen: boolean;
  readonly isUnknown: boolean;
}

const globs = new WeakMap<PolicyText, Glob>();

function matchesGlob(text: PolicyText, wanted: string): Answer {
  let glob = globs.get(text);
  if (glob === undefined) globs.set(text, (glob = globOf(text)));
  const { pattern, isOpen, isUnknown } = glob;
  if (isOpen ? !globMatches(pattern, wanted) : pattern !== wanted) return 'NO';
  return isUnknown ? 'UNKNOWN' : 'YES';
}

function globOf({ parts }: PolicyText): Glob {
  // An unknown part may be anything: what even that cannot match is a sure "no".
  const pattern = parts.map((part) => (part instanceof Unknown ? '*' : part.toLowerCase())).join('');
  return { pattern, isOpen: /[*?]/.test(pattern), isUnknown: parts.some((part) => part instanceof Unknown) };
}

/** Matches `*` and `?` in linear time for each star: patterns come from templates of strangers. */
function globMatches(pattern: string, text: string): boolean {
  let p = 0;
  let t = 0;
  let star = -1;
  let mark = 0;
  while (t < text.length) {
    if (p < pattern.length && (pattern[p] === '?' || (pattern[p] !== '*' && pattern[p] === text[t]))) {
      p += 1;
      t += 1;
    } else if (pattern[p] === '*') {
      star = p;
      mark = t;
      p += 1;
    } else if (star >= 0) {
      p = star + 1;
      mark += 1;
      t = mark;
    } else return false;
  }
  while (pattern[p] === '*') p += 1;
  return p === pattern.length;
}
