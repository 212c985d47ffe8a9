/** A template that a rule must judge in one way. */
export interface Fixture {
  /** What is special about it, for the test's name. */
  readonly name: string;
  readonly resources: Readonly<Record<string, { readonly Type: string; readonly [key: string]: unknown }>>;
  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly conditions?: Readonly<Record<string, unknown>>;
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
export function templateOf({ resources, parameters, conditions }: Fixture): Record<string, unknown> {
  return { ...(parameters && { Parameters: parameters }), ...(conditions && { Conditions: conditions }), Resources: resources };
}
