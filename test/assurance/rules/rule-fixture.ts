/** A template that a rule must judge in one way. */
export interface Fixture {
  /** What is special about it, for the test's name. */
  readonly name: string;
  readonly resources: Readonly<Record<string, { readonly Type: string; readonly [key: string]: unknown }>>;
  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly conditions?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, { readonly Value: unknown }>>;
  /** Logical ids with a finding of the rule, all of them. @default - any one resource, at least one */
  readonly at?: readonly string[];
}

/** What shows that a rule works: realistic templates on both sides of the line, and one that cannot be decided. */
export interface RuleFixture {
  /** Id of the rule. */
  readonly rule: string;
  /** At least one. */
  readonly compliant: readonly Fixture[];
  /** At least two: for example the property missing, and a wrong value. */
  readonly violating: readonly Fixture[];
  /** At least one: the verdict must not be a pass, and not a violation either. */
  readonly undetermined: readonly Fixture[];
}

/** The template of a fixture. */
export function templateOf({ resources, parameters, conditions, outputs }: Fixture): Record<string, unknown> {
  return {
    ...(parameters && { Parameters: parameters }),
    ...(conditions && { Conditions: conditions }),
    Resources: resources,
    ...(outputs && { Outputs: outputs }),
  };
}

/** Stands for a value that is given at deploy time: a parameter without a default, which {@link cases} declares. */
export const LEFT_OPEN = { Ref: 'LeftOpen' };

/** Fixtures that differ in some properties, by what is special about each; every one holds what `make` makes of them. */
export function cases(
  make: (properties: Record<string, unknown>) => Fixture['resources'],
  variants: Readonly<Record<string, Record<string, unknown>>>,
): Fixture[] {
  return Object.entries(variants).map(([name, properties]) => ({
    name,
    // As in a template: a property that is undefined is not there.
    resources: JSON.parse(JSON.stringify(make(properties))) as Fixture['resources'],
    ...(JSON.stringify(properties).includes('LeftOpen') && { parameters: { LeftOpen: { Type: 'String' } } }),
  }));
}

/** The fixtures of a rule over one kind of resources. */
export function ruleFixture(
  rule: string,
  make: (properties: Record<string, unknown>) => Fixture['resources'],
  groups: { readonly [group in 'compliant' | 'violating' | 'undetermined']: Readonly<Record<string, Record<string, unknown>>> },
): RuleFixture {
  return {
    rule,
    compliant: cases(make, groups.compliant),
    violating: cases(make, groups.violating),
    undetermined: cases(make, groups.undetermined),
  };
}
