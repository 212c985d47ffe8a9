import type {
  ConditionTest,
  PolicyDocument,
  PolicyStatement,
  PolicyText,
  PrincipalKind,
  Value} from '../../template';
import {
  Unknown,
  isDict,
  policyDocument,
  textParts,
} from '../../template';

/**
 * A piece of a policy text that both the encoder and the replay read: text in which `*` and `?` are wildcards, text in which they are not,
 * a policy variable, or something unknown.
 */
export type Piece =
  | { readonly kind: 'TEXT'; readonly text: string }
  | { readonly kind: 'LITERAL'; readonly text: string }
  | { readonly kind: 'VARIABLE'; readonly key: string; readonly preset?: string }
  | { readonly kind: 'UNKNOWN'; readonly reason: string };

/** A text whose names are settled. `maybe`: it may not be there. */
export interface GroundText {
  readonly pieces: readonly Piece[];
  readonly maybe: boolean;
}

/** Texts that are named, or everything but them. */
export interface GroundTexts {
  readonly negated: boolean;
  readonly texts: readonly GroundText[];
}

/** One principal of a statement. */
export interface GroundPrincipal extends GroundText {
  readonly kind: PrincipalKind;
}

/** One test of a condition block. */
export interface GroundTest extends Omit<ConditionTest, 'values'> {
  readonly values: readonly GroundText[];
}

/** A statement whose names are settled. */
export interface GroundStatement {
  /** `Policy#Sid` or `Policy#3`: what people read in a report. */
  readonly label: string;
  readonly effect: 'Allow' | 'Deny';
  /** It may not be there, or parts of it could not be read. */
  readonly maybe: boolean;
  readonly opaque: boolean;
  readonly actions: GroundTexts;
  readonly resources?: GroundTexts;
  readonly principals?: { readonly negated: boolean; readonly principals: readonly GroundPrincipal[] };
  readonly conditions: readonly GroundTest[];
}

/** A policy with its statements settled. */
export interface GroundPolicy {
  readonly name: string;
  readonly statements: readonly GroundStatement[];
  /** Reasons why parts of it, or all of it, cannot be known. */
  readonly opaque: readonly string[];
}

/** Gives a text for an unknown part (a generated name), or undefined to leave it unknown. */
export type Settle = (unknown: Unknown) => string | undefined;

/** Settles the names in a policy; `maybe` marks a policy whose attachment is undecided. */
export function groundPolicy(name: string, document: PolicyDocument, settle: Settle, maybe = false): GroundPolicy {
  // Variables came with this version of the language; before, `${` is plain text.
  const variables = document.version === '2012-10-17';
  return {
    name,
    statements: document.statements.map((s) => groundStatement(name, s, settle, variables, maybe)),
    opaque: document.opaque.map((u) => u.reason),
  };
}

/** Settles the names in a policy given as a plain object, for example an organisation's. */
export function groundRawPolicy(name: string, document: unknown, settle: Settle = () => undefined): GroundPolicy {
  return groundPolicy(name, policyDocument(plainValue(document)), settle);
}

/** Reads a text as the policy language does. */
export function groundText(text: PolicyText, settle: Settle, variables: boolean): GroundText {
  const pieces: Piece[] = [];
  for (const part of text.parts) {
    if (typeof part === 'string') pieces.push(...(variables ? splitVariables(part) : [{ kind: 'TEXT' as const, text: part }]));
    else {
      const settled = settle(part);
      pieces.push(settled === undefined ? { kind: 'UNKNOWN', reason: part.reason } : { kind: 'LITERAL', text: settled });
    }
  }
  return { pieces, maybe: text.maybe };
}

/** True if nothing in a text is open. */
export function isPlain({ pieces }: GroundText): boolean {
  return pieces.every(({ kind }) => kind === 'TEXT' || kind === 'LITERAL');
}

/** The whole text when nothing in it is open and wildcards are plain characters. */
export function plainText(text: GroundText): string | undefined {
  let plain = '';
  for (const piece of text.pieces) {
    if (piece.kind !== 'TEXT' && piece.kind !== 'LITERAL') return undefined;
    plain += piece.text;
  }
  return plain;
}

function groundStatement(policy: string, s: PolicyStatement, settle: Settle, variables: boolean, maybe: boolean): GroundStatement {
  const ground = (text: PolicyText): GroundText => groundText(text, settle, variables);
  return {
    label: `${policy}#${s.sid ?? s.index}`,
    effect: s.effect,
    maybe: maybe || s.presence === 'MAYBE',
    opaque: s.opaque.length > 0,
    // Actions and principals take no variables.
    actions: { negated: s.actions.negated, texts: s.actions.texts.map((t) => groundText(t, settle, false)) },
    ...(s.resources ? { resources: { negated: s.resources.negated, texts: s.resources.texts.map(ground) } } : {}),
    ...(s.principals
      ? {
          principals: {
            negated: s.principals.negated,
            principals: s.principals.principals.map((p) => ({ kind: p.kind, ...groundText(p, settle, false) })),
          },
        }
      : {}),
    conditions: s.conditions.map((c) => ({ ...c, values: c.values.map(ground) })),
  };
}

function splitVariables(text: string): Piece[] {
  const pieces: Piece[] = [];
  for (const part of text.split(/(\$\{[^}]*\})/)) {
    if (part === '') continue;
    if (!/^\$\{[^}]*\}$/s.test(part)) pieces.push({ kind: 'TEXT', text: part });
    else if (['${*}', '${?}', '${$}'].includes(part)) pieces.push({ kind: 'LITERAL', text: part[2] });
    else {
      const match = /^\$\{\s*([^,]*?)\s*(?:,\s*'([^']*)'\s*)?\}$/s.exec(part);
      pieces.push(
        match === null
          ? { kind: 'UNKNOWN', reason: `the policy variable ${part} cannot be read` }
          : { kind: 'VARIABLE', key: match[1].toLowerCase(), ...(match[2] === undefined ? {} : { preset: match[2] }) },
      );
    }
  }
  return pieces.length === 0 ? [{ kind: 'TEXT', text: '' }] : pieces;
}

/** A parsed JSON value as a value of the model. */
export function plainValue(raw: unknown, depth = 0): Value {
  if (depth > 60) return new Unknown('INVALID', 'a policy that is nested deeper than 60 levels');
  if (Array.isArray(raw)) return raw.map((item) => plainValue(item, depth + 1));
  if (typeof raw === 'object' && raw !== null) {
    const dict = Object.create(null) as Record<string, Value>;
    for (const [key, item] of Object.entries(raw)) dict[key] = plainValue(item, depth + 1);
    return dict;
  }
  return typeof raw === 'string' || typeof raw === 'number' || typeof raw === 'boolean' ? raw : null;
}

/** The text of a value with its names settled, or undefined when part of it stays open. */
export function settledText(value: Value | undefined, settle: Settle): string | undefined {
  if (isDict(value)) return undefined;
  const parts = textParts(value)?.map((p) => (typeof p === 'string' ? p : settle(p)));
  return parts === undefined || parts.includes(undefined) ? undefined : parts.join('');
}
