import type { Estate } from './estate/estate';
import type { GroundPolicy, GroundStatement, GroundText } from './estate/ground';
import { mapPolicies } from './mutation';

/** Policies that are weaker in one place, as a slip would make them. */
export interface Mutant {
  /** The statement, and what is weaker about it. */
  readonly name: string;
  readonly effect: 'Allow' | 'Deny';
  /** Services of the actions that the statement speaks of; `*` for any. */
  readonly services: ReadonlySet<string>;
  readonly estate: Estate;
}

/** Every weakening by one step: a denial that is gone or narrower, a grant that is wider. */
export function mutantsOf(estate: Estate): Mutant[] {
  const mutants: Mutant[] = [];
  const seen = new Set<string>();
  mapPolicies(estate, (policy) => {
    for (const statement of policy.statements) {
      if (seen.has(statement.label)) continue;
      seen.add(statement.label);
      for (const [change, weaker] of weakenings(statement)) {
        mutants.push({
          name: `${statement.label} ${change}`,
          effect: statement.effect,
          services: servicesOf(statement),
          estate: replaced(estate, statement.label, weaker),
        });
      }
    }
    return policy;
  });
  return mutants;
}

function replaced(estate: Estate, label: string, weaker: GroundStatement | undefined): Estate {
  const change = (policy: GroundPolicy): GroundPolicy =>
    policy.statements.some((s) => s.label === label)
      ? { ...policy, statements: policy.statements.flatMap((s) => (s.label !== label ? [s] : weaker === undefined ? [] : [weaker])) }
      : policy;
  return mapPolicies(estate, change);
}

function* weakenings(s: GroundStatement): Generator<[string, GroundStatement | undefined]> {
  if (s.effect === 'Deny') yield* narrowerDenials(s);
  else yield* widerGrants(s);
}

function* narrowerDenials(s: GroundStatement): Generator<[string, GroundStatement | undefined]> {
  yield ['is gone', undefined];
  const { actions, resources, conditions } = s;
  if (!actions.negated && actions.texts.length > 1) {
    for (const left of actions.texts)
      yield [`leaves out ${spelled(left)}`, { ...s, actions: { ...actions, texts: actions.texts.filter((text) => text !== left) } }];
  }
  if (resources !== undefined && !resources.negated && resources.texts.length > 1) {
    for (const left of resources.texts)
      yield [`leaves out ${spelled(left)}`, { ...s, resources: { ...resources, texts: resources.texts.filter((text) => text !== left) } }];
  }
  for (const test of conditions) {
    if (!test.ifExists || test.operator.includes('Not')) continue;
    yield [
      `tests ${test.key} where it is there only`,
      { ...s, conditions: conditions.map((one) => (one === test ? { ...one, ifExists: false } : one)) },
    ];
  }
}

function* widerGrants(s: GroundStatement): Generator<[string, GroundStatement]> {
  const { actions, resources, principals, conditions } = s;
  for (const test of conditions) yield [`does not test ${test.key}`, { ...s, conditions: conditions.filter((one) => one !== test) }];
  if (resources !== undefined && !resources.negated && !resources.texts.some(isAnything))
    yield ['allows it on everything', { ...s, resources: { ...resources, texts: [ANYTHING] } }];
  const wider = [...servicesOf(s)].map((service) => textOf(service === '*' ? '*' : `${service}:*`));
  if (!actions.negated && wider.some((text) => !actions.texts.some((one) => spelled(one) === spelled(text))))
    yield [`allows ${wider.map(spelled).join(' and ')}`, { ...s, actions: { ...actions, texts: wider } }];
  if (principals !== undefined && !principals.negated && !principals.principals.some((p) => p.kind === 'ANY'))
    yield ['allows it to everybody', { ...s, principals: { negated: false, principals: [{ kind: 'ANY', ...ANYTHING }] } }];
}

function textOf(text: string): GroundText {
  return { pieces: [{ kind: 'TEXT', text }], maybe: false };
}

const ANYTHING = textOf('*');

function isAnything(text: GroundText): boolean {
  return spelled(text) === '*';
}

function spelled({ pieces }: GroundText): string {
  return pieces.map((p) => ('text' in p ? p.text : '…')).join('');
}

function servicesOf({ actions }: GroundStatement): Set<string> {
  if (actions.negated) return new Set(['*']);
  return new Set(actions.texts.map((text) => spelled(text).split(':')[0].toLowerCase()));
}
