import type { Unknown } from '../value';

/** A text of a policy, of which parts may be unknown; `maybe` when it stands in one branch of an undecided condition only. */
export interface PolicyText {
  readonly parts: readonly (string | Unknown)[];
  readonly maybe: boolean;
}

/** A list of texts and whether the statement names them (`Action`) or everything else (`NotAction`). */
export interface PolicyTexts {
  readonly negated: boolean;
  readonly texts: readonly PolicyText[];
}

/** What a principal is named by; `ANY` is the bare `*`. */
export type PrincipalKind = 'ANY' | 'AWS' | 'Service' | 'Federated' | 'CanonicalUser';

/** One principal of a statement. */
export interface PolicyPrincipal extends PolicyText {
  readonly kind: PrincipalKind;
}

/** Principals and whether the statement names them or everybody else. */
export interface PolicyPrincipals {
  readonly negated: boolean;
  readonly principals: readonly PolicyPrincipal[];
}

/** How a multi-valued key is tested. */
export type Quantifier = 'ForAnyValue' | 'ForAllValues';

/** The operators of the policy language, without quantifier and `IfExists`. */
export const CONDITION_OPERATORS = [
  'StringEquals',
  'StringNotEquals',
  'StringEqualsIgnoreCase',
  'StringNotEqualsIgnoreCase',
  'StringLike',
  'StringNotLike',
  'NumericEquals',
  'NumericNotEquals',
  'NumericLessThan',
  'NumericLessThanEquals',
  'NumericGreaterThan',
  'NumericGreaterThanEquals',
  'DateEquals',
  'DateNotEquals',
  'DateLessThan',
  'DateLessThanEquals',
  'DateGreaterThan',
  'DateGreaterThanEquals',
  'Bool',
  'BinaryEquals',
  'IpAddress',
  'NotIpAddress',
  'ArnEquals',
  'ArnLike',
  'ArnNotEquals',
  'ArnNotLike',
  'Null',
] as const;

/** One of {@link CONDITION_OPERATORS}. */
export type ConditionOperator = (typeof CONDITION_OPERATORS)[number];

/** One test of a condition block: operator, key, and the values of which one must match. */
export interface ConditionTest {
  readonly operator: ConditionOperator;
  readonly ifExists: boolean;
  readonly quantifier?: Quantifier;
  /** The key as written. */
  readonly key: string;
  /** The key in lower case: keys are compared without case. */
  readonly foldedKey: string;
  readonly values: readonly PolicyText[];
}

/** One statement of a policy in normal form. */
export interface PolicyStatement {
  /** Position in the document, from 0. */
  readonly index: number;
  readonly sid?: string;
  readonly effect: 'Allow' | 'Deny';
  /** `MAYBE` when it stands in one branch of an undecided condition, or when its effect is unknown. */
  readonly presence: 'YES' | 'MAYBE';
  readonly actions: PolicyTexts;
  /** Undefined where the policy kind has none (role trust). */
  readonly resources?: PolicyTexts;
  /** Undefined in identity policies. */
  readonly principals?: PolicyPrincipals;
  readonly conditions: readonly ConditionTest[];
  /** Parts of the statement that cannot be read: conditions behind a macro, an operator that does not exist. */
  readonly opaque: readonly Unknown[];
}

/** A policy document in normal form. */
export interface PolicyDocument {
  readonly version: string | undefined;
  readonly statements: readonly PolicyStatement[];
  /** Statements, or the whole document, that cannot be known. */
  readonly opaque: readonly Unknown[];
}
