import { TemplateModel } from '../template';
import { Attack, Bindings, RequestPattern, bind } from './attack';
import { textPredicate } from './domain/predicate';
import { ActionSpace, Actions } from './encoder/actions';
import { axioms, callerAxiom } from './encoder/axioms';
import { allowed } from './encoder/decision';
import { Formula, and, not } from './encoder/formula';
import { KeyVariable } from './encoder/key-variable';
import { SESSION_NAME } from './encoder/principal-match';
import { Assignment, ClassCache, Query, QueryLimits, Refutation } from './encoder/query';
import { Request, holds } from './encoder/statement';
import { ProverError } from './error';
import { EstateOptions, estateOf } from './estate/build';
import { Estate, Principal } from './estate/estate';
import { GroundTest, groundRawPolicy } from './estate/ground';
import { globPattern, matches } from './glob/pattern';
import { IAM_TABLE_VERSION, isListKey, underResourceControl } from './iam-table';
import { Counterexample, Proof, Verdict, describeCounterexample } from './proof';
import { ConcreteRequest, evaluate } from './replay/evaluate';

/** How a prover works. */
export interface ProverOptions extends EstateOptions {
  /** Values for names such as `@models@` in attacks. @default - none */
  readonly bindings?: Bindings;
  readonly limits?: QueryLimits;
  /** Keep the proofs of "no" answers. @default false */
  readonly keepRefutations?: boolean;
}

/** How many requests are looked at when the first ones do not stand up to the second evaluator. */
const MAX_REPLAYS = 24;

const MAX_HINTS = 24;

type Search =
  | { readonly found: 'NO'; readonly refutation: Refutation }
  | { readonly found: 'YES'; readonly counterexample: Counterexample }
  | { readonly found: 'UNCLEAR'; readonly reason: string };

/** Proves that no request exists that …, or shows one, over all principals, actions, resources and contexts. */
export class Prover {
  /** A prover over the policies of a model. */
  static of(model: TemplateModel, options: ProverOptions = {}): Prover {
    return new Prover(estateOf(model, options), options);
  }

  private readonly cache: ClassCache = new Map();

  constructor(
    /** What the prover decides over. */
    readonly estate: Estate,
    private readonly options: ProverOptions = {},
  ) {}

  /** The same prover over another estate, for example one with a statement less. */
  over(estate: Estate): Prover {
    return new Prover(estate, this.options);
  }

  /** Proves an attack impossible, or shows a request that does it. */
  prove(attack: Attack): Proof {
    const bound = bind(attack, this.options.bindings ?? {});
    const run = new Run(this.estate, this.options, this.cache);
    const steps = [bound, ...(attack.and ?? []).map((p) => bind(p, this.options.bindings ?? {}))];
    const principals = run.select(bound);
    const outcomes = principals.map((p) => ({ principal: p, searches: steps.map((step) => run.search(step, p)) }));
    const counterexamples = outcomes.flatMap((o) => (o.searches.every((s) => s.found === 'YES') ? successes(o.searches).slice(0, 1) : []));
    // A principal for whom one step is impossible cannot do the whole.
    const unclear = outcomes.flatMap((o) => (o.searches.some((s) => s.found === 'NO') ? [] : o.searches.flatMap((s) => (s.found === 'UNCLEAR' ? [s.reason] : []))));
    const legitimate = this.legitimate(attack, run);
    const open = [...unclear, ...this.estate.limits];
    return {
      attack: attack.id,
      verdict: verdictOf(counterexamples.length > 0, open.length > 0, legitimate),
      principals: principals.map((p) => p.id),
      counterexamples,
      reasons: counterexamples.length > 0 ? counterexamples.map(describeCounterexample) : [...new Set(open)],
      legitimate: legitimate ? 'POSSIBLE' : 'NOT_FOUND',
      assumptions: [...this.estate.assumptions, `actions and ARN formats are those of iam-data ${IAM_TABLE_VERSION}`, ...run.assumptions],
      approximations: [...run.approximations],
      refutations: new Map(outcomes.flatMap((o) => o.searches.flatMap((s, i) => (s.found === 'NO' && this.options.keepRefutations
        ? [[i === 0 ? o.principal.id : `${o.principal.id} (step ${i + 1})`, s.refutation] as const] : [])))),
    };
  }

  /** One request of a pattern that the policies allow, or undefined when none was found. */
  find(pattern: RequestPattern): Counterexample | undefined {
    const bound = bind(pattern, this.options.bindings ?? {});
    const run = new Run(this.estate, this.options, this.cache);
    for (const principal of run.select(bound)) {
      const search = run.search(bound, principal);
      if (search.found === 'YES') return search.counterexample;
    }
    return undefined;
  }

  /**
   * Fails unless no request of the pattern is allowed.
   *
   * @throws {@link ProverError} `EXPECTATION_FAILED` with a request, or with the reason why nothing was shown.
   */
  expectNoRequest(pattern: RequestPattern): void {
    const proof = this.prove({ id: 'expectation', title: 'no such request', legitimate: pattern, ...pattern });
    if (proof.verdict === 'REFUTED') throw new ProverError('EXPECTATION_FAILED', `a request is allowed that should not be: ${proof.reasons[0]}`);
    if (proof.verdict === 'UNDETERMINED') throw new ProverError('EXPECTATION_FAILED', `it could not be shown that no such request is allowed: ${proof.reasons[0]}`);
  }

  /**
   * Fails unless some request of the pattern is allowed: the counterpart that keeps `expectNoRequest` from being empty.
   *
   * @throws {@link ProverError} `EXPECTATION_FAILED`
   */
  expectSomeRequest(pattern: RequestPattern): Counterexample {
    const found = this.find(pattern);
    if (found === undefined) throw new ProverError('EXPECTATION_FAILED', `no request is allowed for ${pattern.action.join(', ')} on ${(pattern.resource ?? ['*']).join(', ')}`);
    return found;
  }

  private legitimate(attack: Attack, run: Run): boolean {
    const { where: _where, ...same } = bind(attack, this.options.bindings ?? {});
    const pattern = attack.legitimate === undefined ? same : bind(attack.legitimate, this.options.bindings ?? {});
    return run.select(pattern).some((p) => run.search(pattern, p).found === 'YES');
  }
}

function successes(searches: readonly Search[]): Counterexample[] {
  return searches.flatMap((s) => (s.found === 'YES' ? [s.counterexample] : []));
}

function verdictOf(refuted: boolean, open: boolean, legitimate: boolean): Verdict {
  if (refuted) return 'REFUTED';
  if (open) return 'UNDETERMINED';
  return legitimate ? 'PROVED' : 'PROVED_VACUOUSLY';
}

/** One attack against one estate. */
class Run {
  readonly assumptions = new Set<string>();
  readonly approximations = new Set<string>();
  private readonly spaces = new Map<RequestPattern, ActionSpace>();
  private readonly hints = new Map<RequestPattern, readonly string[]>();

  constructor(private readonly estate: Estate, private readonly options: ProverOptions, private readonly cache: ClassCache) {}

  select(pattern: RequestPattern): Principal[] {
    const { types, ids, exceptIds } = pattern.principals ?? {};
    return this.estate.principals.filter((p) => (types?.includes(p.type) ?? true) && (ids?.includes(p.id) ?? true) && !(exceptIds?.includes(p.id) ?? false));
  }

  search(pattern: RequestPattern, principal: Principal): Search {
    if (pattern.action.some((a) => !/^[^:\s]+:[^:\s]+$/.test(a) && a !== '*')) {
      throw new ProverError('BAD_ATTACK', `'${pattern.action.join(', ')}' are no actions: expected texts such as s3:GetObject or s3:*`);
    }
    let space = this.spaces.get(pattern);
    if (space === undefined) this.spaces.set(pattern, space = new ActionSpace(pattern.action.map((a) => (a === '*' ? '*:*' : a)), pattern.notAction));
    const query = new Query(this.options.limits, this.cache);
    const actions = new Actions(space, query);
    const resource = query.declare('#resource', 'resource', { list: false, alwaysPresent: true, shape: space.resourceShape(pattern.resource), hints: this.resourceHints(pattern, space) });
    const request: Request = { query, principal, actions, resource, approximations: this.approximations };
    const formula = this.formula(pattern, request);
    const tried: Assignment[] = [];
    let failure = '';
    while (tried.length < MAX_REPLAYS) {
      const answer = query.decide(formula, tried);
      if (answer.answer === 'LIMIT') return { found: 'UNCLEAR', reason: answer.reason };
      if (answer.answer === 'NONE') return tried.length === 0 ? { found: 'NO', refutation: answer.refutation } : { found: 'UNCLEAR', reason: failure };
      const replay = this.replay(request, answer.assignment);
      if (typeof replay !== 'string') return { found: 'YES', counterexample: replay };
      failure = replay;
      tried.push(answer.assignment);
    }
    return { found: 'UNCLEAR', reason: failure };
  }

  private formula(pattern: RequestPattern, request: Request): Formula {
    const within = request.actions.within(request.resource);
    const wanted = and(within, this.wanted(pattern, request));
    if (wanted === false) return false;
    const open = allowed(request, this.estate);
    if (open === false) return false;
    const given = [...axioms(request, this.estate), ...callerAxiom(request)];
    for (const axiom of given) this.assumptions.add(axiom.text);
    return and(wanted, open, ...given.map((a) => a.formula));
  }

  private wanted(pattern: RequestPattern, request: Request): Formula {
    const globs = (texts: readonly string[]): Formula => request.resource.some(texts.map((text) => textPredicate(globPattern([{ text, literal: false }]))));
    return and(
      pattern.resource === undefined ? true : globs(pattern.resource),
      not(globs(pattern.notResource ?? [])),
      ...conditionsOf(pattern).map((test) => holds(test, request, 'OVER')),
    );
  }

  /** Readable resources for counterexamples: few, since each is compared with every pattern of a query. */
  private resourceHints(pattern: RequestPattern, space: ActionSpace): readonly string[] {
    const known = this.hints.get(pattern);
    if (known !== undefined) return known;
    const shape = space.resourceShape(pattern.resource);
    const targets = this.estate.targets.filter((t) => space.shareOfService(t.service) !== 'NONE');
    const named = [...(pattern.resource ?? []).map((r) => r.replaceAll('*', 'example')), ...targets.flatMap((t) => t.arns.map((arn) => arn.replace(/\*$/, 'example')))];
    const possible = shape !== undefined && 'required' in shape ? named.filter((text) => shape.required.some((p) => matches(p, text))) : named;
    const hints = possible.slice(0, MAX_HINTS);
    this.hints.set(pattern, hints);
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
    const [action, resource, sessionName] = [request.actions.variable, request.resource, request.query.known(SESSION_NAME)].map((v) => textOf(assignment, v));
    const concrete: ConcreteRequest = { principal, action: action ?? '', resource: resource ?? '', context, sessionName };
    const outcome = evaluate(concrete, this.estate, { listKey: isListKey, resourceControlled: underResourceControl });
    const arn = principal.arn ?? context.get('aws:principalarn');
    const found: Counterexample = {
      principal: principal.id, ...(typeof arn === 'string' ? { principalArn: arn } : {}), action: concrete.action, resource: concrete.resource, context: shown, absent,
      allowedBy: outcome.statements,
    };
    if (outcome.result === 'ALLOWED') return found;
    const why = outcome.result === 'UNKNOWN' ? 'it depends on something that the templates do not say' : 'the exact reading of the policies does not allow it';
    return `${describeCounterexample(found)}: ${why}`;
  }
}

function textOf(assignment: Assignment, variable: KeyVariable | undefined): string | undefined {
  const value = variable && assignment.get(variable);
  return typeof value === 'string' ? value : undefined;
}

function conditionsOf(pattern: RequestPattern): readonly GroundTest[] {
  if (pattern.where === undefined) return [];
  const policy = groundRawPolicy('where', { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*', Condition: pattern.where }] });
  const [statement] = policy.statements;
  if (statement.opaque) throw new ProverError('BAD_ATTACK', `the condition ${JSON.stringify(pattern.where)} uses an operator that does not exist`);
  return statement.conditions;
}
