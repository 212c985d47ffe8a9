import { rangeOf } from '../domain/address';
import { holdsList } from '../domain/key-shapes';
import type { Comparison, Predicate} from '../domain/predicate';
import { dateOf, numberOf, satisfies, textPredicate } from '../domain/predicate';
import type { Principal } from '../estate/estate';
import type { GroundStatement, GroundTest, GroundText, GroundTexts, Piece } from '../estate/ground';
import { isPlain } from '../estate/ground';
import type { PatternPart} from '../glob/pattern';
import { arnPattern, globPattern } from '../glob/pattern';
import type { Formula} from './formula';
import { and, not, or } from './formula';
import { KeyVariable } from './key-variable';
import type { Actions } from './actions';
import type { Query } from './query';
import type { Scope } from './scope';

/** What the parts of a formula are about. */
export interface Request {
  readonly query: Query;
  readonly principal: Principal;
  readonly actions: Actions;
  readonly resource: KeyVariable;
  /** Collects where the formula is wider than the policy. */
  readonly approximations: Set<string>;
  /** What can have a say, where what cannot is left out. */
  readonly scope?: Scope;
  /** What the identity policies grant: the same for every target. */
  identity?: Formula;
}

/**
 * Direction of an approximation: `OVER` holds whenever the policy might apply, `UNDER` only when it certainly does.
 *
 * Grants are encoded `OVER` and denials `UNDER`, so that "no request" is never claimed wrongly; a negation turns the direction.
 */
export type Direction = 'OVER' | 'UNDER';

/** The opposite direction. */
export function turned(direction: Direction): Direction {
  return direction === 'OVER' ? 'UNDER' : 'OVER';
}

/** Action, resource and conditions of a statement; principals are the decision's matter. */
export function applies(s: GroundStatement, request: Request, direction: Direction, ignoreResource: boolean): Formula {
  if (direction === 'UNDER' && (s.maybe || s.opaque)) return false;
  // From the cheapest part on: a statement about other actions must not add keys to the query.
  const parts: (() => Formula)[] = [
    () => among(s.actions, direction, (texts, d) => request.actions.some(actionPredicates(texts, d))),
    ...s.conditions.filter((t) => request.principal.keys.has(t.foldedKey)).map((test) => () => holds(test, request, direction)),
    () => (ignoreResource ? ignoredResource(s, request, direction) : resourceMatches(s, request, direction)),
    ...s.conditions.filter((t) => !request.principal.keys.has(t.foldedKey)).map((test) => () => holds(test, request, direction)),
  ];
  let formula: Formula = true;
  for (const part of parts) {
    formula = and(formula, part());
    if (formula === false) return false;
  }
  return formula;
}

/** A set of texts, or the complement of it: the complement of a wider set is a narrower one. */
export function among(
  texts: GroundTexts,
  direction: Direction,
  matching: (texts: readonly GroundText[], d: Direction, negated: boolean) => Formula,
): Formula {
  return texts.negated ? not(matching(texts.texts, turned(direction), true)) : matching(texts.texts, direction, false);
}

/** What Resource means in a key or trust policy is documented for "*" only: it does not narrow a grant, and it may narrow a denial. */
function ignoredResource(s: GroundStatement, request: Request, direction: Direction): Formula {
  return direction === 'OVER' || s.resources === undefined ? true : resourceMatches(s, request, direction);
}

function resourceMatches(s: GroundStatement, request: Request, direction: Direction): Formula {
  if (s.resources === undefined) return direction === 'OVER';
  return among(s.resources, direction, (texts, d, negated) => request.resource.some(resourcePredicates(texts, request, d, negated)));
}

const resourceCache = {
  OVER: new WeakMap<readonly GroundText[], readonly Predicate[]>(),
  UNDER: new WeakMap<readonly GroundText[], readonly Predicate[]>(),
};

function resourcePredicates(texts: readonly GroundText[], request: Request, direction: Direction, negated: boolean): readonly Predicate[] {
  const known = resourceCache[direction].get(texts);
  if (known !== undefined) return known;
  const list = texts.flatMap((t) => (negated && direction === 'OVER' && mayVanish(t, request) ? [ANYTHING] : arnPredicates(t, request, direction)));
  if (texts.every(isPlain)) resourceCache[direction].set(texts, list);
  return list;
}

/** Actions take no variables, so their predicates are the same for every request. */
const actionCache = {
  OVER: new WeakMap<readonly GroundText[], readonly Predicate[]>(),
  UNDER: new WeakMap<readonly GroundText[], readonly Predicate[]>(),
};

const sameActions = { OVER: new Map<string, readonly Predicate[]>(), UNDER: new Map<string, readonly Predicate[]>() };
const MAX_LISTS = 10_000;

/** What the actions of a statement must match; one list for equal texts. */
export function actionPredicates(texts: readonly GroundText[], direction: Direction): readonly Predicate[] {
  const known = actionCache[direction].get(texts);
  if (known !== undefined) return known;
  // Lists that say the same are one, so that what is known about one is known about all.
  const written = texts.map((text) => JSON.stringify([text.maybe, text.pieces])).join();
  let list = sameActions[direction].get(written);
  if (list === undefined) {
    list = texts.flatMap((text) => resolved(text, undefined, direction).map((parts) => textPredicate(globPattern(parts, true))));
    if (sameActions[direction].size >= MAX_LISTS) sameActions[direction].clear();
    sameActions[direction].set(written, list);
  }
  actionCache[direction].set(texts, list);
  return list;
}

const arnCache = { OVER: new WeakMap<GroundText, readonly Predicate[]>(), UNDER: new WeakMap<GroundText, readonly Predicate[]>() };

/** What an ARN of a statement must match. @param request without one, the text must be plain */
export function arnPredicates(text: GroundText, request: Request | undefined, direction: Direction): readonly Predicate[] {
  const known = arnCache[direction].get(text);
  if (known !== undefined) return known;
  const list = resolved(text, request, direction).flatMap((parts) => {
    // Whether a wildcard crosses a colon is not documented for every case: a grant is taken widely, a denial narrowly.
    const pattern = direction === 'OVER' ? globPattern(parts) : arnPattern(parts);
    return pattern === undefined ? [] : [textPredicate(pattern)];
  });
  // Texts with variables mean something else for each principal.
  if (isPlain(text)) arnCache[direction].set(text, list);
  return list;
}

const ANYTHING = textPredicate(globPattern([{ text: '*', literal: false }]));

/** A text with a variable that may have no value: whether a statement then applies to everything else or to nothing is not documented. */
function mayVanish(text: GroundText, { principal }: Request): boolean {
  return text.pieces.some((p) => p.kind === 'VARIABLE' && p.preset === undefined && typeof principal.keys.get(p.key) !== 'string');
}

/** The pattern parts of a text once its open pieces are settled for a direction; none when it certainly matches nothing. */
function resolved(text: GroundText, request: Request | undefined, direction: Direction): PatternPart[][] {
  if (text.maybe && direction === 'UNDER') return [];
  const parts: PatternPart[] = [];
  for (const piece of text.pieces) {
    const part = resolvedPiece(piece, request, direction);
    if (part === undefined) return [];
    parts.push(part);
  }
  return [parts];
}

function resolvedPiece(piece: Piece, request: Request | undefined, direction: Direction): PatternPart | undefined {
  if (piece.kind === 'TEXT') return { text: piece.text, literal: false };
  if (piece.kind === 'LITERAL') return { text: piece.text, literal: true };
  if (piece.kind === 'VARIABLE' && request !== undefined && request.principal.keys.has(piece.key)) {
    const value = request.principal.keys.get(piece.key);
    if (typeof value === 'string') return { text: value, literal: true };
    return piece.preset === undefined ? undefined : { text: piece.preset, literal: true };
  }
  request?.approximations.add(piece.kind === 'VARIABLE' ? `the policy variable \${${piece.key}} can be anything` : piece.reason);
  return direction === 'OVER' ? { text: '*', literal: false, open: true } : undefined;
}

/** One test of a condition block. */
export function holds(test: GroundTest, request: Request, direction: Direction): Formula {
  const { keys } = request.principal;
  if (!keys.has(test.foldedKey)) return holdsOn(test, request.query.key(test.foldedKey, test.key), request, direction);
  // The value follows from the principal: the test is decided at once.
  const value = keys.get(test.foldedKey);
  const list = typeof value === 'object' || holdsList(test.foldedKey);
  const variable = new KeyVariable(test.foldedKey, test.key, list, false);
  return evaluate(holdsOn(test, variable, request, direction), value === undefined ? [] : typeof value === 'string' ? [value] : value);
}

function holdsOn(test: GroundTest, variable: KeyVariable, request: Request, direction: Direction): Formula {
  if (test.operator === 'Null') return nullTest(test, variable.present(), direction);
  const negated = isNegated(test);
  const matching = (d: Direction): readonly Predicate[] => predicates(test, request, d);
  if (test.quantifier === undefined) {
    if (variable.list) {
      request.approximations.add(`${test.operator} without quantifier on ${test.key}, which holds a list, has no defined meaning`);
      return direction === 'OVER';
    }
    if (negated) return not(variable.some(matching(turned(direction))));
    return test.ifExists ? or(variable.absent(), variable.some(matching(direction))) : variable.some(matching(direction));
  }
  if (test.quantifier === 'ForAllValues') {
    // "No element fails": true of a key that is not there.
    return negated ? not(variable.some(matching(turned(direction)))) : not(failing(variable, matching(direction)));
  }
  const some = negated ? failing(variable, matching(turned(direction))) : variable.some(matching(direction));
  // Whether an absent key satisfies this combination is not documented.
  return test.ifExists && direction === 'OVER' ? or(variable.absent(), some) : some;
}

/** Some value satisfies none of the predicates. */
function failing(variable: KeyVariable, list: readonly Predicate[]): Formula {
  return variable.list ? variable.someOther(list) : and(variable.present(), not(variable.some(list)));
}

/** Decides a formula over one key from its values. */
function evaluate(formula: Formula, values: readonly string[]): boolean {
  if (typeof formula === 'boolean') return formula;
  if (formula.op === 'AND') return formula.items.every((f) => evaluate(f, values));
  if (formula.op === 'OR') return formula.items.some((f) => evaluate(f, values));
  if (formula.op === 'NOT') return !evaluate(formula.item, values);
  const { variable, predicates: indexes, complement } = formula.atom;
  if (indexes === undefined) return values.length > 0;
  return values.some((v) => indexes.some((i) => satisfies(variable.predicates[i], v)) !== complement);
}

function nullTest(test: GroundTest, present: Formula, direction: Direction): Formula {
  return or(
    ...test.values.map((v) => {
      const text = v.pieces.map((p) => (p.kind === 'TEXT' ? p.text.toLowerCase() : '?')).join('');
      if (v.maybe && direction === 'UNDER') return false;
      if (text === 'true') return not(present);
      return text === 'false' ? present : direction === 'OVER';
    }),
  );
}

/** True for operators that hold when the key is not there. */
export function isNegated(test: GroundTest): boolean {
  return test.operator.includes('Not');
}

/** What one value must satisfy to match any of the listed ones. */
function predicates(test: GroundTest, request: Request, direction: Direction): readonly Predicate[] {
  const known = testCache[direction].get(test);
  if (known !== undefined) return known;
  const list = predicatesOf(test, request, direction);
  if (test.values.every(isPlain)) testCache[direction].set(test, list);
  return list;
}

const testCache = { OVER: new WeakMap<GroundTest, readonly Predicate[]>(), UNDER: new WeakMap<GroundTest, readonly Predicate[]>() };

function predicatesOf(test: GroundTest, request: Request, direction: Direction): readonly Predicate[] {
  const { operator } = test;
  const negated = isNegated(test);
  return test.values.flatMap((text) => {
    if (negated && direction === 'OVER' && mayVanish(text, request)) return [ANYTHING];
    if (operator.startsWith('Arn')) return arnPredicates(text, request, direction);
    return resolved(text, request, direction).flatMap((parts) => valuePredicates(operator, parts, direction));
  });
}

function valuePredicates(operator: GroundTest['operator'], parts: readonly PatternPart[], direction: Direction): Predicate[] {
  if (operator === 'StringLike' || operator === 'StringNotLike') return [textPredicate(globPattern(parts))];
  if (operator.startsWith('String') || operator === 'BinaryEquals') {
    // A wildcard as written is a plain character here; one that stands for an unknown text is not.
    return [
      textPredicate(
        globPattern(
          parts.map((p) => (p.open ? p : { ...p, literal: true })),
          operator.includes('IgnoreCase'),
        ),
      ),
    ];
  }
  const predicate = parts.some((p) => p.open) ? undefined : typedPredicate(operator, parts.map((p) => p.text).join(''));
  if (predicate !== undefined) return [predicate];
  return direction === 'OVER' ? [ANYTHING] : [];
}

function typedPredicate(operator: GroundTest['operator'], text: string): Predicate | undefined {
  if (operator === 'Bool') {
    const value = text.toLowerCase();
    return value === 'true' || value === 'false' ? { kind: 'TRUTH', key: `b${value}`, value } : undefined;
  }
  if (operator === 'IpAddress' || operator === 'NotIpAddress') {
    const range = rangeOf(text);
    return range && { kind: 'ADDRESS', key: `a${range.family}/${range.from}/${range.to}`, range };
  }
  const kind = operator.startsWith('Date') ? 'DATE' : 'NUMBER';
  const value = kind === 'DATE' ? dateOf(text) : numberOf(text);
  const comparison = comparisonOf(operator);
  return value === undefined ? undefined : { kind, key: `${kind}${comparison}${value}`, comparison, value };
}

function comparisonOf(operator: string): Comparison {
  if (operator.endsWith('LessThanEquals')) return 'LESS_OR_EQUAL';
  if (operator.endsWith('LessThan')) return 'LESS';
  if (operator.endsWith('GreaterThanEquals')) return 'GREATER_OR_EQUAL';
  return operator.endsWith('GreaterThan') ? 'GREATER' : 'EQUAL';
}
