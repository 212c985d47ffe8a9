import type { ControlId } from '../../core/control-declarations';
import type { Attack, PrincipalSelector, RequestPattern } from '../prover';
import type { KeptUse } from './kept-roles';

/** A threat that an attack carries out, by its id in a public catalogue such as MITRE ATLAS. */
export interface Threat {
  readonly id: string;
  /** Whether somebody compared the id with the catalogue. */
  readonly verified: boolean;
}

/** Resources of a template by what they are: the parts that are given must all hold. */
export interface ResourceSelector {
  /** CloudFormation types. */
  readonly types: readonly string[];
  /** Patterns of which one must match the logical id or the construct path, without case. @default - any */
  readonly names?: readonly string[];
  /** Tags with their values, which may hold wildcards. @default - any */
  readonly tags?: Readonly<Record<string, string>>;
  /** Types of which one must refer to the resource, at any property or at `Type@Property`. @default - none */
  readonly referencedBy?: readonly string[];
  /** Properties with their values, which may hold wildcards. @default - any */
  readonly properties?: Readonly<Record<string, string>>;
}

/** Roles and users of a template by what they are for. */
export interface CallerSelector {
  /** Actions of which they may use one. @default - any */
  readonly may?: readonly string[];
  /** Services of which one must be able to take the role. @default - any */
  readonly trusts?: readonly string[];
  /** Properties of which one must name it, as `Type@Property`. @default - any */
  readonly namedBy?: readonly string[];
}

/** What an attack is about: found in the template, or the attack does not apply. */
export type Subject =
  | { readonly resources: readonly ResourceSelector[]; readonly except?: readonly ResourceSelector[] }
  | { readonly callers: CallerSelector };

/** Who carries an attack out. */
export interface AttackerSelector extends PrincipalSelector {
  /** The callers of this subject only. @default - all */
  readonly from?: string;
  /** Roles that only these services can take are no attackers: they run no code of ours. @default - none */
  readonly exceptRolesOf?: readonly string[];
  /** Roles that a service keeps to itself are no attackers, where the templates prove that it does. @default - none */
  readonly exceptKept?: readonly KeptUse[];
}

/** One request of an attack. */
export interface RequestSpec extends Omit<RequestPattern, 'principals'> {
  readonly principals?: AttackerSelector;
}

/**
 * An attack as data, for any template.
 *
 * `@name@` in its texts stands for the ARNs of a subject, or for `@accounts@`, `@ownBuckets@`, `@organization@`, `@operators@` (who may
 * change and delete things), `@regions@`, `@endpoints@` and the other common names.
 */
export interface AttackSpec extends Omit<Attack, 'threats' | 'principals' | 'legitimate' | 'and'>, RequestSpec {
  readonly threats?: readonly Threat[];
  readonly subjects: Readonly<Record<string, Subject>>;
  readonly legitimate?: RequestSpec;
  /** One caller makes all requests of an attack, so these have none of their own. */
  readonly and?: readonly Omit<RequestSpec, 'principals'>[];
  /** Fields of the posture's record with values for which the attack is not asked: the organisation left the protection out. */
  readonly notAskedWhen?: Readonly<Record<string, string>>;
  /** Why one layer is all that there can be. */
  readonly oneLayer?: string;
}

/** An attack of the library: its controls are those of the catalogue. */
export interface CatalogueAttack extends AttackSpec {
  readonly controls: readonly ControlId[];
}

/** Value of `schema` in a file of attacks. */
export const ATTACKS_SCHEMA = 'cdk-secure-ai/attacks/v1';
