import type { PrincipalSelector, RequestPattern } from './attack';
import type { Predicate } from './domain/predicate';
import { textPredicate } from './domain/predicate';
import { ActionSpace, Actions } from './encoder/actions';
import { axioms, callerAxiom } from './encoder/axioms';
import { allowed } from './encoder/decision';
import type { Formula} from './encoder/formula';
import { and, not } from './encoder/formula';
import type { KeyVariable } from './encoder/key-variable';
import { SESSION_NAME } from './encoder/principal-match';
import type { Assignment, ClassCache, QueryLimits, Refutation } from './encoder/query';
import { Query } from './encoder/query';
import { Scope, isReadAsWritten } from './encoder/scope';
import type { Request} from './encoder/statement';
import { holds } from './encoder/statement';
import { ProverError } from './error';
import type { Estate, Principal } from './estate/estate';
import type { GroundStatement, GroundTest } from './estate/ground';
import { groundRawPolicy } from './estate/ground';
import { globPattern, matches } from './glob/pattern';
import { isListKey, underResourceControl } from './iam-table';
import type { Counterexample} from './proof';
import { describeCounterexample } from './proof';
import type { ConcreteRequest} from './replay/evaluate';
import { evaluate } from './replay/evaluate';

/** How many requests are looked at when the first ones do not stand up to the second evaluator. */
const MAX_REPLAYS = 24;

const MAX_HINTS = 24;

/** Whether one principal can make a request of a pattern. */
export type SearchResult =
  /** `refutation`: a proof of all of it, where it was asked for. */
  | { readonly found: 'NO'; readonly refutation?: Refutation }
  | { readonly found: 'YES'; readonly counterexample: Counterexample }
  | { readonly found: 'UNCLEAR'; readonly reason: string };

/** A formula with what it speaks of. */
interface Question {
  readonly request: Request;
  readonly query: Query;
  readonly formula: Formula;
}

/** Looks for requests in one estate; what it took for granted on the way is collected. */
export class RequestSearch {
  readonly assumptions = new Set<string>();
  readonly approximations = new Set<string>();

  constructor(
    private readonly estate: Estate,
    private readonly limits: QueryLimits | undefined,
    private readonly cache: ClassCache,
    /** Leave nothing out of queries, so that the proof of a "no" stands for itself. */
    private readonly isWhole = false,
  ) {}

  /** The principals that a pattern means. */
  select(pattern: RequestPattern): Principal[] {
    const { principals } = this.estate;
    return pattern.principals === undefined ? [...principals] : principals.filter(membershipOf(pattern.principals));
  }

  /**
   * A request of the pattern that the principal can make, a proof that there is none, or why neither was found.
   *
   * @param expected `NO`: what is plainly impossible is looked for first
   */
  search(pattern: RequestPattern, principal: Principal, expected?: 'NO'): SearchResult {
    if (pattern.action.some((a) => !/^[^:\s]+:[^:\s]+$/.test(a) && a !== '*')) {
      throw new ProverError('BAD_ATTACK', `'${pattern.action.join(', ')}' are no actions: expected texts such as s3:GetObject or s3:*`);
    }
    if (this.isWhole) return this.attempt(pattern, principal, false, expected);
    let unclear: SearchResult | undefined;
    for (const part of byService(pattern)) {
      const found = this.searchSliced(part, principal, expected);
      if (found.found === 'YES') return found;
      if (found.found === 'UNCLEAR') unclear ??= found;
    }
    return unclear ?? { found: 'NO' };
  }

  private searchSliced(pattern: RequestPattern, principal: Principal, expected: 'NO' | undefined): SearchResult {
    const sliced = this.attempt(pattern, principal, true, expected);
    // Statements that cannot matter take their keys with them: a request that lacks such a key may depend on it where another does not.
    return sliced.found === 'UNCLEAR' ? this.attempt(pattern, principal, false, expected) : sliced;
  }

  /**
   * Whether no request of the pattern is possible for the principal: asked where no request is to be shown.
   *
   * @param expected `NO`: what is plainly impossible is looked for first
   */
  isImpossible(pattern: RequestPattern, principal: Principal, expected?: 'NO'): boolean {
    return byService(pattern).every((part) => {
      const question = this.question(part, principal, true);
      if (question === undefined) return true;
      const { query, formula } = question;
      if (expected === 'NO' && query.isPlainlyImpossible(formula)) return true;
      const answer = query.decide(formula, [], true);
      return answer.answer === 'NONE' || (answer.answer === 'FOUND' && answer.coarse && query.decide(formula).answer === 'NONE');
    });
  }

  private attempt(pattern: RequestPattern, principal: Principal, isSliced: boolean, expected: 'NO' | undefined): SearchResult {
    const question = this.question(pattern, principal, isSliced);
    if (question === undefined) return { found: 'NO' };
    const { request, query, formula } = question;
    if (isSliced && expected === 'NO' && query.isPlainlyImpossible(formula)) return { found: 'NO' };
    const tried: Assignment[] = [];
    let failure = '';
    // A coarse look settles most questions with a "no"; what it finds is looked at again.
    let coarse = true;
    while (tried.length < MAX_REPLAYS) {
      const answer = query.decide(formula, tried, coarse);
      if (answer.answer === 'LIMIT') return { found: 'UNCLEAR', reason: answer.reason };
      if (answer.answer === 'NONE')
        return tried.length === 0 ? { found: 'NO', refutation: answer.refutation } : { found: 'UNCLEAR', reason: failure };
      coarse = false;
      // The second evaluator reads policies: whether the request is one of the pattern, with a resource that its action takes, only an
      // exact look says.
      if (answer.coarse) continue;
      const replay = this.replay(request, answer.assignment);
      if (typeof replay !== 'string') return { found: 'YES', counterexample: replay };
      failure = replay;
      tried.push(answer.assignment);
    }
    return { found: 'UNCLEAR', reason: failure };
  }

  /** What is to be decided; undefined where nothing grants any such request. */
  private question(pattern: RequestPattern, principal: Principal, isSliced: boolean): Question | undefined {
    const space = actionSpace(pattern);
    const share = space.resources(pattern.resource);
    const scope = isSliced ? Scope.of(space, share) : undefined;
    if (scope !== undefined && wantedOf(pattern).isAsWritten && scope.isUngranted(principal, this.estate)) return undefined;
    const query = new Query(this.limits, this.cache);
    const actions = new Actions(space, query);
    const resource = query.declare('#resource', 'resource', {
      list: false,
      alwaysPresent: true,
      shape: share.shape,
      hints: this.resourceHints(pattern, space),
      ...(isSliced ? { share } : {}),
    });
    const request: Request = { query, principal, actions, resource, approximations: this.approximations, ...(scope ? { scope } : {}) };
    return { request, query, formula: this.formula(pattern, request) };
  }

  /** A request that these policies let through and others do not; undefined when there is none, or none that was found. */
  difference(pattern: RequestPattern, principal: Principal, others: Estate): 'NONE' | 'SOME' {
    const space = ActionSpace.of(pattern.action.map((a) => (a === '*' ? '*:*' : a)));
    const query = new Query(this.limits, this.cache);
    const actions = new Actions(space, query);
    const share = space.resources(undefined);
    const resource = query.declare('#resource', 'resource', { list: false, alwaysPresent: true, shape: share.shape, hints: [], share });
    const request: Request = { query, principal, actions, resource, approximations: new Set() };
    const before: Request = { ...request, principal: others.principals.find((p) => p.id === principal.id) ?? principal };
    const formula = and(
      actions.within(resource),
      allowed(request, this.estate),
      not(allowed(before, others)),
      ...[...axioms(request, this.estate), ...callerAxiom(request, this.estate)].map((a) => a.formula),
    );
    return query.decide(formula).answer === 'NONE' ? 'NONE' : 'SOME';
  }

  private formula(pattern: RequestPattern, request: Request): Formula {
    const within = request.actions.within(request.resource);
    const wanted = and(within, this.wanted(pattern, request));
    if (wanted === false) return false;
    const open = allowed(request, this.estate);
    if (open === false) return false;
    const given = [...axioms(request, this.estate), ...callerAxiom(request, this.estate)];
    for (const axiom of given) this.assumptions.add(axiom.text);
    return and(wanted, open, ...given.map((a) => a.formula));
  }

  private wanted(pattern: RequestPattern, request: Request): Formula {
    const wanted = wantedOf(pattern);
    return and(
      wanted.resource === undefined ? true : request.resource.some(wanted.resource),
      not(request.resource.some(wanted.notResource)),
      ...wanted.conditions.map((test) => holds(test, request, 'OVER')),
    );
  }

  /** Readable resources for counterexamples: few, since each is compared with every pattern of a query. */
  private resourceHints(pattern: RequestPattern, space: ActionSpace): readonly string[] {
    // Estates that differ in their policies only have the same resources.
    const ofPattern = hintsOfPattern.get(pattern) ?? new WeakMap<Estate['arns'], readonly string[]>();
    hintsOfPattern.set(pattern, ofPattern);
    const known = ofPattern.get(this.estate.arns);
    if (known !== undefined) return known;
    const { shape } = space.resources(pattern.resource);
    // Where the values are given, none is to be made up.
    if (shape !== undefined && 'values' in shape) return [];
    const targets = this.estate.targets.filter((t) => space.shareOfService(t.service) !== 'NONE');
    const named = [
      ...(pattern.resource ?? []).map((r) => r.replaceAll('*', 'example')),
      ...targets.flatMap((t) => t.arns.map((arn) => arn.replace(/\*$/, 'example'))),
    ];
    const possible =
      shape !== undefined && 'required' in shape ? named.filter((text) => shape.required.some((p) => matches(p, text))) : named;
    const hints = possible.slice(0, MAX_HINTS);
    ofPattern.set(this.estate.arns, hints);
    return hints;
  }

  /** Puts a request together and asks the second evaluator; the answer is a counterexample or the reason why it is none. */
  private replay(request: Request, assignment: Assignment): Counterexample | string {
    const { principal } = request;
    const context = new Map<string, string | readonly string[]>();
    for (const [key, value] of principal.keys) if (value !== undefined) context.set(key, value);
    const shown: Record<string, string | readonly string[]> = Object.create(null) as Record<string, string | readonly string[]>;
    const absent: string[] = [];
    for (const variable of request.query.all()) {
      if (variable.name.startsWith('#')) continue;
      const value = assignment.get(variable);
      if (value === undefined) absent.push(variable.display);
      else {
        context.set(variable.name, value);
        shown[variable.display] = value;
      }
    }
    const [action, resource, sessionName] = [request.actions.variable, request.resource, request.query.known(SESSION_NAME)].map((v) =>
      textOf(assignment, v),
    );
    const concrete: ConcreteRequest = { principal, action: action ?? '', resource: resource ?? '', context, sessionName };
    const outcome = evaluate(concrete, this.estate, { listKey: isListKey, resourceControlled: underResourceControl });
    const arn = principal.arn ?? context.get('aws:principalarn');
    const found: Counterexample = {
      principal: principal.id,
      ...(typeof arn === 'string' ? { principalArn: arn } : {}),
      action: concrete.action,
      resource: concrete.resource,
      context: shown,
      absent,
      allowedBy: outcome.statements,
    };
    if (outcome.result === 'ALLOWED') return found;
    const why =
      outcome.result === 'UNKNOWN'
        ? 'it depends on something that the templates do not say'
        : 'the exact reading of the policies does not allow it';
    return `${describeCounterexample(found)}: ${why}`;
  }
}

const parts = new WeakMap<RequestPattern, readonly RequestPattern[]>();

/** A request is one of one service: what resources of many services can look like is much to look at all at once. */
function byService(pattern: RequestPattern): readonly RequestPattern[] {
  let split = parts.get(pattern);
  if (split === undefined) {
    const byName = new Map<string, string[]>();
    for (const action of pattern.action) {
      const service = action.split(':')[0].toLowerCase();
      byName.set(service, [...(byName.get(service) ?? []), action]);
    }
    const isOpen = [...byName.keys()].some((service) => /[*?]/.test(service));
    split = isOpen || byName.size < 2 ? [pattern] : [...byName.values()].map((action) => ({ ...pattern, action }));
    parts.set(pattern, split);
  }
  return split;
}

const spaces = new WeakMap<RequestPattern, ActionSpace>();

/** What a pattern asks of the context. */
export function askedOf(pattern: RequestPattern): readonly GroundTest[] {
  return wantedOf(pattern).conditions;
}

/** Statements that may have a say about requests of a pattern, beside those of the caller's own policies. */
export function speakingOf(pattern: RequestPattern, estate: Estate): readonly GroundStatement[] {
  return byService(pattern).flatMap((part) => {
    const space = actionSpace(part);
    return Scope.of(space, space.resources(part.resource)).speaking(estate);
  });
}

/** True if nothing grants any of some actions to a caller, on whatever resource, which is plain without a query. `false` says nothing. */
export function isUngranted(action: readonly string[], principal: Principal, estate: Estate): boolean {
  const space = ActionSpace.of(action);
  return Scope.of(space, space.resources(undefined)).isUngranted(principal, estate);
}

/** The actions that a pattern speaks of. */
export function actionSpace(pattern: RequestPattern): ActionSpace {
  let space = spaces.get(pattern);
  if (space === undefined) {
    space = ActionSpace.of(
      pattern.action.map((a) => (a === '*' ? '*:*' : a)),
      pattern.notAction,
    );
    spaces.set(pattern, space);
  }
  return space;
}

/** What a pattern asks for, read once: it is tried with many callers. */
interface Wanted {
  readonly resource: readonly Predicate[] | undefined;
  readonly notResource: readonly Predicate[];
  readonly conditions: readonly GroundTest[];
  /** Reading its conditions takes nothing for granted. */
  readonly isAsWritten: boolean;
}

const hintsOfPattern = new WeakMap<RequestPattern, WeakMap<Estate['arns'], readonly string[]>>();

const compiled = new WeakMap<RequestPattern, Wanted>();

function wantedOf(pattern: RequestPattern): Wanted {
  let wanted = compiled.get(pattern);
  if (wanted === undefined) compiled.set(pattern, (wanted = compile(pattern)));
  return wanted;
}

function compile(pattern: RequestPattern): Wanted {
  const conditions = conditionsOf(pattern);
  const globs = (texts: readonly string[]): Predicate[] => texts.map((text) => textPredicate(globPattern([{ text, literal: false }])));
  return {
    resource: pattern.resource && globs(pattern.resource),
    notResource: globs(pattern.notResource ?? []),
    conditions,
    isAsWritten: isReadAsWritten(conditions),
  };
}

const memberships = new WeakMap<PrincipalSelector, (principal: Principal) => boolean>();

/** Whether a selector means a principal; it is read once, since every estate with other policies is asked for the same callers. */
function membershipOf(selector: PrincipalSelector): (principal: Principal) => boolean {
  let membership = memberships.get(selector);
  if (membership === undefined) {
    const { types, ids, exceptIds = [] } = selector;
    const [isNamed, isExcepted] = [ids && namedBy(ids), namedBy(exceptIds)];
    membership = ({ type, id }) => (types?.includes(type) ?? true) && (isNamed?.(id) ?? true) && !isExcepted(id);
    memberships.set(selector, membership);
  }
  return membership;
}

function namedBy(ids: readonly string[]): (id: string) => boolean {
  const whole = new Set(ids.filter((text) => !/[*?]/.test(text)));
  const patterns = ids.filter((text) => !whole.has(text)).map((text) => globPattern([{ text, literal: false }]));
  return (id) => whole.has(id) || patterns.some((pattern) => matches(pattern, id));
}

function textOf(assignment: Assignment, variable: KeyVariable | undefined): string | undefined {
  const value = variable && assignment.get(variable);
  return typeof value === 'string' ? value : undefined;
}

function conditionsOf(pattern: RequestPattern): readonly GroundTest[] {
  if (pattern.where === undefined) return [];
  const policy = groundRawPolicy('where', {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: '*', Resource: '*', Condition: pattern.where }],
  });
  const [statement] = policy.statements;
  if (statement.opaque)
    throw new ProverError('BAD_ATTACK', `the condition ${JSON.stringify(pattern.where)} uses an operator that does not exist`);
  return statement.conditions;
}
