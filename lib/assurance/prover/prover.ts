import type { TemplateModel } from '../template';
import type { Attack, Bindings, RequestPattern} from './attack';
import { bind } from './attack';
import type { ClassCache, QueryLimits } from './encoder/query';
import { ProverError } from './error';
import type { EstateOptions} from './estate/build';
import { estateOf } from './estate/build';
import type { Estate, Principal, PrincipalType } from './estate/estate';
import { IAM_TABLE_VERSION } from './iam-table';
import { CallerKinds } from './layer/caller-kinds';
import type { Counterexample, Proof, Verdict} from './proof';
import { describeCounterexample } from './proof';
import type { SearchResult } from './search';
import { RequestSearch, actionSpace, askedOf, isUngranted, speakingOf } from './search';

/** How a prover works. */
export interface ProverOptions extends EstateOptions {
  /** Values for names such as `@models@` in attacks. @default - none */
  readonly bindings?: Bindings;
  readonly limits?: QueryLimits;
  /** Keep the proofs of "no" answers. @default false */
  readonly keepRefutations?: boolean;
}

/** Proves that no request exists that …, or shows one, over all principals, actions, resources and contexts. */
export class Prover {
  /** A prover over the policies of a model. */
  static of(model: TemplateModel, options: ProverOptions = {}): Prover {
    return new Prover(estateOf(model, options), options);
  }

  constructor(
    /** What the prover decides over. */
    readonly estate: Estate,
    private readonly options: ProverOptions = {},
    private readonly cache: ClassCache = new Map(),
    private readonly bound = new BoundPatterns(options.bindings ?? {}),
  ) {}

  /** The same prover over another estate, for example one with a statement less. */
  over(estate: Estate): Prover {
    // The classes of a key follow from the patterns alone.
    return new Prover(estate, this.options, this.cache, this.bound);
  }

  /** Proves an attack impossible, or shows a request that does it. */
  prove(attack: Attack): Proof {
    const steps = this.steps(attack);
    const run = new RequestSearch(this.estate, this.options.limits, this.cache, this.options.keepRefutations === true);
    const principals = run.select(steps[0]);
    const outcomes = principals.map((p) => ({ principal: p, searches: steps.map((step) => run.search(step, p, 'NO')) }));
    const counterexamples = outcomes.flatMap((o) => (o.searches.every((s) => s.found === 'YES') ? successes(o.searches).slice(0, 1) : []));
    // A principal for whom one step is impossible cannot do the whole.
    const unclear = outcomes.flatMap((o) =>
      o.searches.some((s) => s.found === 'NO') ? [] : o.searches.flatMap((s) => (s.found === 'UNCLEAR' ? [s.reason] : [])),
    );
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
      refutations: new Map(
        outcomes.flatMap((o) =>
          o.searches.flatMap((s, i) =>
            s.found === 'NO' && s.refutation !== undefined && this.options.keepRefutations
              ? [[i === 0 ? o.principal.id : `${o.principal.id} (step ${i + 1})`, s.refutation] as const]
              : [],
          ),
        ),
      ),
    };
  }

  /** True if it is proved that no caller of a kind can do what the attack says. */
  stops(attack: Attack, type: PrincipalType): boolean {
    return this.select(attack, type).every((caller) => this.stopsCaller(attack, caller));
  }

  /** True if it is proved that one caller cannot do what the attack says. */
  stopsCaller(attack: Attack, caller: Principal): boolean {
    const run = new RequestSearch(this.estate, this.options.limits, this.cache);
    return this.steps(attack).some((step) => run.isImpossible(step, caller, 'NO'));
  }

  /** Tells callers apart that an attack can meet with other answers, their own policies left aside. */
  kinds(attack: Attack): CallerKinds {
    const steps = this.steps(attack);
    return new CallerKinds(
      steps.flatMap((step) => speakingOf(step, this.estate)),
      steps.flatMap((step) => askedOf(step)),
    );
  }

  /** The kinds of callers that an attack is tried with. */
  callers(attack: Attack): PrincipalType[] {
    return [...new Set(this.select(attack).map((p) => p.type))];
  }

  /** The callers that an attack is tried with. @param type of this kind only */
  select(attack: Attack, type?: PrincipalType): Principal[] {
    const selected = new RequestSearch(this.estate, this.options.limits, this.cache).select(this.bound.of(attack));
    return type === undefined ? selected : selected.filter((p) => p.type === type);
  }

  /** Whether a request of an attack can be one of a service. */
  speaksOf(attack: Attack, service: string): boolean {
    return this.steps(attack).some((step) => actionSpace(step).shareOfService(service) !== 'NONE');
  }

  /** Whether one principal of the estate, or one that is given, can make a request of a pattern. */
  ask(pattern: RequestPattern, principal: Principal): SearchResult {
    return new RequestSearch(this.estate, this.options.limits, this.cache).search(this.bound.of(pattern), principal);
  }

  /** Whether one principal can be shown to be able to make no request of a pattern. */
  rulesOut(pattern: RequestPattern, principal: Principal): boolean {
    return new RequestSearch(this.estate, this.options.limits, this.cache).isImpossible(this.bound.of(pattern), principal);
  }

  /** True if nothing grants any of some actions to a principal, which is plain without a query. `false` says nothing. */
  isUngranted(action: readonly string[], principal: Principal): boolean {
    return isUngranted(action, principal, this.estate);
  }

  /** True if these policies let nothing more through than others do, for actions that match. */
  letsNoMoreThrough(others: Prover, action: readonly string[]): boolean {
    const run = new RequestSearch(this.estate, this.options.limits, this.cache);
    return this.estate.principals.every((p) => run.difference({ action }, p, others.estate) === 'NONE');
  }

  /** One request of a pattern that the policies allow, or undefined when none was found. */
  find(pattern: RequestPattern): Counterexample | undefined {
    const bound = this.bound.of(pattern);
    const run = new RequestSearch(this.estate, this.options.limits, this.cache);
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
    if (proof.verdict === 'REFUTED')
      throw new ProverError('EXPECTATION_FAILED', `a request is allowed that should not be: ${proof.reasons[0]}`);
    if (proof.verdict === 'UNDETERMINED')
      throw new ProverError('EXPECTATION_FAILED', `it could not be shown that no such request is allowed: ${proof.reasons[0]}`);
  }

  /**
   * Fails unless some request of the pattern is allowed: the counterpart that keeps `expectNoRequest` from being empty.
   *
   * @throws {@link ProverError} `EXPECTATION_FAILED`
   */
  expectSomeRequest(pattern: RequestPattern): Counterexample {
    const found = this.find(pattern);
    if (found === undefined)
      throw new ProverError(
        'EXPECTATION_FAILED',
        `no request is allowed for ${pattern.action.join(', ')} on ${(pattern.resource ?? ['*']).join(', ')}`,
      );
    return found;
  }

  /** The requests that one principal must be able to make, each. */
  private steps(attack: Attack): RequestPattern[] {
    return [attack, ...(attack.and ?? [])].map((p) => this.bound.of(p));
  }

  private legitimate(attack: Attack, run: RequestSearch): boolean {
    const { where: _where, ...same } = this.bound.of(attack);
    const pattern: RequestPattern = attack.legitimate === undefined ? same : this.bound.of(attack.legitimate);
    return run.select(pattern).some((p) => run.search(pattern, p).found === 'YES');
  }
}

/** One object for one pattern, and for all that say the same, so that what is known about it is known to every search. */
class BoundPatterns {
  private readonly known = new WeakMap<RequestPattern, RequestPattern>();
  private readonly same = new Map<string, RequestPattern>();

  constructor(private readonly bindings: Bindings) {}

  of(pattern: RequestPattern): RequestPattern {
    let bound = this.known.get(pattern);
    if (bound === undefined) {
      const written = JSON.stringify(pattern);
      bound = this.same.get(written) ?? bind(pattern, this.bindings);
      if (this.same.size >= MAX_PATTERNS) this.same.clear();
      this.same.set(written, bound);
      this.known.set(pattern, bound);
    }
    return bound;
  }
}

/** Patterns that are remembered by what they say. */
const MAX_PATTERNS = 5000;

function successes(searches: readonly SearchResult[]): Counterexample[] {
  return searches.flatMap((s) => (s.found === 'YES' ? [s.counterexample] : []));
}

function verdictOf(refuted: boolean, open: boolean, legitimate: boolean): Verdict {
  if (refuted) return 'REFUTED';
  if (open) return 'UNDETERMINED';
  return legitimate ? 'PROVED' : 'PROVED_VACUOUSLY';
}
