import type { Predicate} from '../domain/predicate';
import { exactly, like, satisfies, textPredicate } from '../domain/predicate';
import type { Shape } from '../domain/key-domain';
import type { Share } from '../domain/shape-share';
import { ShapeShare } from '../domain/shape-share';
import type { Pattern} from '../glob/pattern';
import { overlap } from '../glob/overlap';
import { formatPattern, globPattern, matches } from '../glob/pattern';
import type { KnownAction} from '../iam-table';
import { actionsOf, knownServices } from '../iam-table';
import type { Formula} from './formula';
import { and, implies, not } from './formula';
import type { KeyVariable } from './key-variable';
import type { Query } from './query';

/** Actions that accept the same ARN formats. */
export interface FormatGroup {
  readonly names: readonly Predicate[];
  readonly formats: readonly Predicate[];
}

/** Stands for no list of resources. */
const ANY: readonly string[] = [];

/** Spaces that are remembered. */
const MAX_SPACES = 500;

/** The actions that an attack speaks of: real ones by name where the table knows the service, else any text. */
export class ActionSpace {
  /** Undefined: some service is not in the table, any text can be an action. */
  readonly candidates: readonly KnownAction[] | undefined;
  /** Undefined: actions of any service. */
  private readonly services: ReadonlySet<string> | undefined;
  private readonly wanted: readonly Pattern[];
  private grouped: readonly FormatGroup[] | undefined;
  private readonly subsets = new Map<string, readonly number[]>();
  private readonly shapes = new Map<string, ShapeShare>();
  private readonly byList = new WeakMap<readonly string[], ShapeShare>();
  private readonly shares = new WeakMap<readonly Predicate[], Share>();

  private static readonly known = new Map<string, ActionSpace>();

  /** The same space for the same patterns: what is known about it is known to every search. */
  static of(patterns: readonly string[], except: readonly string[] = []): ActionSpace {
    const key = JSON.stringify([patterns, except]);
    let space = ActionSpace.known.get(key);
    if (space === undefined) {
      space = new ActionSpace(patterns, except);
      if (ActionSpace.known.size >= MAX_SPACES) ActionSpace.known.clear();
      ActionSpace.known.set(key, space);
    }
    return space;
  }

  private constructor(
    readonly patterns: readonly string[],
    readonly except: readonly string[] = [],
  ) {
    const services = new Set(patterns.map((p) => p.split(':')[0].toLowerCase()));
    const known = [...services].every((s) => knownServices().includes(s));
    const wanted = patterns.map((text) => globPattern([{ text, literal: false }], true));
    this.wanted = wanted;
    const unwanted = except.map((text) => globPattern([{ text, literal: false }], true));
    const list = known ? [...services].flatMap((s) => actionsOf(s) ?? []) : undefined;
    this.services = [...services].some((s) => /[*?]/.test(s)) ? undefined : services;
    this.candidates = list?.filter((a) => wanted.some((p) => matches(p, a.name)) && !unwanted.some((p) => matches(p, a.name)));
  }

  /** The candidates by the formats that they accept. */
  get groups(): readonly FormatGroup[] {
    if (this.grouped === undefined) {
      const byFormats = new Map<string, Predicate[]>();
      for (const a of this.candidates ?? []) byFormats.set(a.formats, [...(byFormats.get(a.formats) ?? []), exactly(a.name)]);
      this.grouped = [...byFormats].map(([formats, names]) => ({
        names,
        formats: formats.split(' ').map((f) => textPredicate(patternOf(f))),
      }));
    }
    return this.grouped;
  }

  /** What the resource of these actions can look like, and which predicates that leaves open. */
  resources(wanted: readonly string[] | undefined): ShapeShare {
    const list = wanted ?? ANY;
    let share = this.byList.get(list);
    if (share === undefined) this.byList.set(list, (share = this.resourcesAsWritten(wanted)));
    return share;
  }

  private resourcesAsWritten(wanted: readonly string[] | undefined): ShapeShare {
    const key = JSON.stringify(wanted ?? null);
    let share = this.shapes.get(key);
    if (share === undefined) {
      share = new ShapeShare(this.resourceShape(wanted));
      if (this.shapes.size >= MAX_SPACES) this.shapes.clear();
      this.shapes.set(key, share);
    }
    return share;
  }

  private resourceShape(wanted: readonly string[] | undefined): Shape {
    if (wanted?.every((text) => !/[*?]/.test(text))) return { values: wanted };
    if (wanted !== undefined) return { required: wanted.map((text) => globPattern([{ text, literal: false }])) };
    const formats = new Set(this.candidates?.flatMap((a) => a.formats.split(' ')));
    return this.candidates === undefined ? undefined : { required: [...formats].map(patternOf) };
  }

  /** How many of the candidates satisfy one of the predicates; remembered by the list itself. */
  share(predicates: readonly Predicate[]): Share {
    const known = this.shares.get(predicates);
    if (known !== undefined) return known;
    if (this.candidates === undefined) {
      const share = predicates.some((p) => p.kind !== 'TEXT' || this.wanted.some((w) => overlap(p.pattern, w))) ? 'SOME' : 'NONE';
      this.shares.set(predicates, share);
      return share;
    }
    const count = new Set(predicates.flatMap((p) => this.subset(p, this.candidates ?? []))).size;
    const share = count === 0 ? 'NONE' : count === this.candidates.length ? 'ALL' : 'SOME';
    this.shares.set(predicates, share);
    return share;
  }

  /** Positions of the candidates that satisfy a predicate. */
  private subset(predicate: Predicate, candidates: readonly KnownAction[]): readonly number[] {
    let subset = this.subsets.get(predicate.key);
    if (subset === undefined) {
      subset = candidates.flatMap((a, i) => (satisfies(predicate, a.name) ? [i] : []));
      this.subsets.set(predicate.key, subset);
    }
    return subset;
  }

  /** Whether actions of a service are among them. */
  shareOfService(service: string): Share {
    if (this.services === undefined) return 'SOME';
    if (!this.services.has(service)) return 'NONE';
    return this.services.size === 1 ? 'ALL' : 'SOME';
  }
}

/** The action of one query. */
export class Actions {
  readonly variable: KeyVariable;

  constructor(
    private readonly space: ActionSpace,
    query: Query,
  ) {
    const { candidates } = space;
    this.variable = query.declare('#action', 'action', {
      list: false,
      alwaysPresent: true,
      hints: [],
      shape: candidates === undefined ? { required: [formatPattern('{REGION}:{NAME}')] } : { values: candidates.map((a) => a.name) },
    });
  }

  /** The action satisfies one of the predicates. */
  some(predicates: readonly Predicate[]): Formula {
    const share = this.space.share(predicates);
    return share === 'SOME' ? this.variable.some(predicates) : share === 'ALL';
  }

  /** The action is one of a service. */
  of(service: string): Formula {
    const share = this.space.shareOfService(service);
    return share === 'SOME'
      ? this.variable.some([like(`${service}:*`, true)])
      : share === 'ALL';
  }

  /** The action is one that the attack speaks of, and the resource one that the action can have. */
  within(resource: KeyVariable): Formula {
    const { candidates, patterns, except } = this.space;
    if (candidates === undefined) {
      const glob = (text: string): Predicate => like(text, true);
      return and(this.variable.some(patterns.map(glob)), not(this.variable.some(except.map(glob))));
    }
    if (candidates.length === 0) return false;
    return and(...this.space.groups.map(({ names, formats }) => implies(this.some(names), resource.some(formats))));
  }
}

const patterns = new Map<string, Pattern>();

function patternOf(format: string): Pattern {
  let pattern = patterns.get(format);
  if (pattern === undefined)
    patterns.set(format, (pattern = format === '*' ? globPattern([{ text: '*', literal: true }]) : formatPattern(format)));
  return pattern;
}
