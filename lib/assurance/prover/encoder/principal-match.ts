import { exactly, textPredicate } from '../domain/predicate';
import type { GroundPrincipal, GroundStatement} from '../estate/ground';
import { plainText } from '../estate/ground';
import { globPattern } from '../glob/pattern';
import type { Formula} from './formula';
import { not, or } from './formula';
import type { Direction, Request} from './statement';
import { turned } from './statement';

/** How a resource policy names a principal decides what else limits the grant. */
export type GrantKind =
  /** Everybody, a session, a service: nothing else is asked. */
  | 'DIRECT'
  /** The ARN of a role: its boundary and session policy still limit it. */
  | 'ROLE'
  /** The ARN of a user: a session policy still limits it. */
  | 'USER'
  /** The account: identity policies decide. */
  | 'ACCOUNT';

/** How often a principal is named, by kind of grant. */
export type PrincipalMatch = ReadonlyMap<GrantKind, Formula>;

/** In which ways a statement of a resource policy names the principal of a request. */
export function principalMatch(s: GroundStatement, request: Request, direction: Direction): PrincipalMatch {
  if (s.principals === undefined) return new Map([['DIRECT', direction === 'OVER']]);
  const { negated, principals } = s.principals;
  // AWS denies callers with a boundary whatever NotPrincipal lists.
  if (negated && s.effect === 'Deny' && request.principal.boundary !== undefined) return new Map([['DIRECT', true]]);
  if (negated) return new Map([['DIRECT', not(or(...principals.map((p) => matchOf(p, request, turned(direction))[1])))]]);
  const match = new Map<GrantKind, Formula>();
  for (const p of principals) {
    const [kind, formula] = matchOf(p, request, direction);
    match.set(kind, or(match.get(kind) ?? false, formula));
  }
  return match;
}

/** True if the principal is named in any way. */
export function anyMatch(match: PrincipalMatch): Formula {
  return or(...match.values());
}

function matchOf(p: GroundPrincipal, request: Request, direction: Direction): [GrantKind, Formula] {
  const { principal } = request;
  if (p.maybe && direction === 'UNDER') return ['DIRECT', false];
  if (p.kind === 'ANY') return ['DIRECT', true];
  const text = plainText(p);
  const signed = principal.type !== 'ANONYMOUS' && principal.type !== 'SERVICE' && principal.type !== 'FEDERATED';
  switch (p.kind) {
    case 'Service':
      return ['DIRECT', principal.type === 'SERVICE' && (text === undefined ? direction === 'OVER' : text === principal.id)];
    case 'Federated':
      return ['DIRECT', principal.type === 'FEDERATED' && (text === undefined ? direction === 'OVER' : text === principal.id)];
    case 'CanonicalUser':
      return ['DIRECT', signed && direction === 'OVER'];
    case 'AWS':
      return signed ? awsMatch(text, request, direction) : ['DIRECT', false];
  }
}

function awsMatch(text: string | undefined, request: Request, direction: Direction): [GrantKind, Formula] {
  const { principal, query } = request;
  if (text === undefined) return ['DIRECT', direction === 'OVER'];
  const account = /^(?:arn:[^:]*:iam::)?(\d{12})(?::root)?$/.exec(text)?.[1];
  if (account !== undefined) return ['ACCOUNT', account === principal.account];
  const session = /^arn:[^:]*:sts::(\d{12}):assumed-role\/([^/]+)\/(.+)$/.exec(text);
  if (session !== null) {
    if (session[1] !== principal.account || principal.type === 'USER') return ['DIRECT', false];
    // Who an unknown administrator is, and under which session name, is free.
    const role = principal.arn?.split('/').pop();
    if (role !== undefined && role !== session[2]) return ['DIRECT', false];
    return ['DIRECT', query.key(SESSION_NAME, 'session name').some([exactly(session[3])])];
  }
  const kind: GrantKind = text.includes(':user/') ? 'USER' : 'ROLE';
  if (principal.arn !== undefined) return [kind, principal.arn === text];
  if (/^arn:[^:]*:iam::(\d{12}):/.exec(text)?.[1] !== principal.account) return [kind, false];
  return [kind, query.key('aws:principalarn', 'aws:PrincipalArn').some([textPredicate(globPattern([{ text, literal: true }]))])];
}

/** The name of the caller's session is no condition key, but policies can name it. */
export const SESSION_NAME = '#session';
