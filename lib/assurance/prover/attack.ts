import type { PrincipalType } from './estate/estate';

/** A condition block as the policy language writes it: operator → key → values. */
export type ConditionBlock = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

/** Which principals an attack is tried with: kinds, or ids such as a role's logical id. */
export interface PrincipalSelector {
  /** @default - all kinds */
  readonly types?: readonly PrincipalType[];
  /** Ids, with wildcards. @default - all of these kinds */
  readonly ids?: readonly string[];
  /** Ids, with wildcards. @default - none */
  readonly exceptIds?: readonly string[];
}

/** A set of requests, in the words of the policy language. */
export interface RequestPattern {
  /** Actions, with wildcards. */
  readonly action: readonly string[];
  /** Actions that are not meant. @default - none */
  readonly notAction?: readonly string[];
  /** ARNs, with wildcards. @default - any */
  readonly resource?: readonly string[];
  /** ARNs that are not meant. @default - none */
  readonly notResource?: readonly string[];
  /** What the context must be like. @default - anything */
  readonly where?: ConditionBlock;
  /** @default - all principals */
  readonly principals?: PrincipalSelector;
}

/** Something that no request must be able to do, as data. */
export interface Attack extends RequestPattern {
  readonly id: string;
  readonly title: string;
  /** Ids of threats, for example of MITRE ATLAS. @default - none */
  readonly threats?: readonly string[];
  /** Ids of controls of the catalogue. @default - none */
  readonly controls?: readonly string[];
  /**
   * What legitimate use of the same thing looks like: it must be possible, or the proof is a vacuous one.
   *
   * @default - the attack without its `where`
   */
  readonly legitimate?: RequestPattern;
  /** Requests that the same principal must be able to make as well for the attack to succeed. @default - none */
  readonly and?: readonly Omit<RequestPattern, 'principals'>[];
}

/** Values for names such as `@models@` in an attack. */
export type Bindings = Readonly<Record<string, readonly string[]>>;

/** Puts values in the place of the names of an attack's texts; a name without values is an error of the caller. */
export function bind<T extends RequestPattern>(pattern: T, bindings: Bindings): T {
  const list = (texts: readonly string[] | undefined): string[] | undefined => texts?.flatMap((t) => expand(t, bindings));
  const where =
    pattern.where &&
    Object.fromEntries(
      Object.entries(pattern.where).map(([operator, keys]) => [
        operator,
        Object.fromEntries(Object.entries(keys).map(([key, values]) => [key, list([values].flat())])),
      ]),
    );
  const optional = { resource: list(pattern.resource), notAction: list(pattern.notAction), notResource: list(pattern.notResource), where };
  const given = Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined));
  return { ...pattern, ...given, action: list(pattern.action) ?? [] };
}

function expand(text: string, bindings: Bindings): string[] {
  const name = /@(\w+)@/.exec(text)?.[1];
  if (name === undefined) return [text];
  const values = Object.hasOwn(bindings, name) ? bindings[name] : [];
  return values.flatMap((value) =>
    expand(
      text.replace(`@${name}@`, () => value),
      bindings,
    ),
  );
}
