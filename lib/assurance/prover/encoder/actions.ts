import { Predicate, exactly, satisfies, textPredicate } from '../domain/predicate';
import { Shape } from '../domain/key-domain';
import { Pattern, formatPattern, globPattern, matches } from '../glob/pattern';
import { KnownAction, actionsOf, knownServices } from '../iam-table';
import { Formula, and, implies, not } from './formula';
import { KeyVariable } from './key-variable';
import { Query } from './query';

/** The actions that an attack speaks of: real ones by name where the table knows the service, else any text. */
export class ActionSpace {
  /** Undefined: some service is not in the table, any text can be an action. */
  readonly candidates: readonly KnownAction[] | undefined;
  private readonly subsets = new Map<string, 'ALL' | 'NONE' | 'SOME'>();

  constructor(readonly patterns: readonly string[], readonly except: readonly string[] = []) {
    const services = new Set(patterns.map((p) => p.split(':')[0].toLowerCase()));
    const known = [...services].every((s) => knownServices().includes(s));
    const wanted = patterns.map((text) => globPattern([{ text, literal: false }], true));
    const unwanted = except.map((text) => globPattern([{ text, literal: false }], true));
    const list = known ? [...services].flatMap((s) => actionsOf(s) ?? []) : undefined;
    this.candidates = list?.filter((a) => wanted.some((p) => matches(p, a.name)) && !unwanted.some((p) => matches(p, a.name)));
  }

  /** What the resource of these actions can look like. */
  resourceShape(wanted: readonly string[] | undefined): Shape {
    if (wanted?.every((text) => !/[*?]/.test(text))) return { values: wanted };
    if (wanted !== undefined) return { required: wanted.map((text) => globPattern([{ text, literal: false }])) };
    const formats = new Set(this.candidates?.flatMap((a) => a.formats.split(' ')));
    return this.candidates === undefined ? undefined : { required: [...formats].map(patternOf) };
  }

  /** How many of the candidates satisfy one of the predicates. */
  share(predicates: readonly Predicate[]): 'ALL' | 'NONE' | 'SOME' {
    if (this.candidates === undefined) return 'SOME';
    const key = predicates.map((p) => p.key).join('\n');
    const known = this.subsets.get(key);
    if (known !== undefined) return known;
    const count = this.candidates.filter((a) => predicates.some((p) => satisfies(p, a.name))).length;
    const share = count === 0 ? 'NONE' : count === this.candidates.length ? 'ALL' : 'SOME';
    this.subsets.set(key, share);
    return share;
  }
}

/** The action of one query. */
export class Actions {
  readonly variable: KeyVariable;

  constructor(private readonly space: ActionSpace, query: Query) {
    const { candidates } = space;
    this.variable = query.declare('#action', 'action', {
      list: false, alwaysPresent: true, hints: [],
      shape: candidates === undefined ? { required: [formatPattern('{REGION}:{NAME}')] } : { values: candidates.map((a) => a.name) },
    });
  }

  /** The action satisfies one of the predicates. */
  some(predicates: readonly Predicate[]): Formula {
    const share = this.space.share(predicates);
    return share === 'SOME' ? this.variable.some(predicates) : share === 'ALL';
  }

  /** The action is one that the attack speaks of, and the resource one that the action can have. */
  within(resource: KeyVariable): Formula {
    const { candidates, patterns, except } = this.space;
    if (candidates === undefined) {
      const glob = (text: string): Predicate => textPredicate(globPattern([{ text, literal: false }], true));
      return and(this.variable.some(patterns.map(glob)), not(this.variable.some(except.map(glob))));
    }
    if (candidates.length === 0) return false;
    const byFormats = new Map<string, Predicate[]>();
    for (const a of candidates) byFormats.set(a.formats, [...(byFormats.get(a.formats) ?? []), exactly(a.name)]);
    return and(...[...byFormats].map(([formats, names]) => implies(this.some(names), resource.some(formats.split(' ').map(formatPredicate)))));
  }
}

const patterns = new Map<string, Pattern>();

function patternOf(format: string): Pattern {
  let pattern = patterns.get(format);
  if (pattern === undefined) patterns.set(format, pattern = format === '*' ? globPattern([{ text: '*', literal: true }]) : formatPattern(format));
  return pattern;
}

function formatPredicate(format: string): Predicate {
  return textPredicate(patternOf(format));
}
