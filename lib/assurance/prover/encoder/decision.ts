import type { Predicate} from '../domain/predicate';
import { exactly, textPredicate } from '../domain/predicate';
import type { Endpoint, Estate, Principal, Target } from '../estate/estate';
import type { GroundPolicy, GroundStatement } from '../estate/ground';
import { globPattern } from '../glob/pattern';
import { underResourceControl } from '../iam-table';
import type { Formula} from './formula';
import { and, implies, not, or } from './formula';
import type { GrantKind} from './principal-match';
import { anyMatch, principalMatch } from './principal-match';
import type { Request} from './statement';
import { applies } from './statement';

/** When the policies of an estate let a request through, as wide as they might be. */
export function allowed(request: Request, estate: Estate): Formula {
  const targets = (request.scope?.targets(estate.targets) ?? estate.targets)
    .map((target) => ({ target, hit: aimedAt(request, target) }))
    .filter(({ hit }) => hit !== false);
  const own = request.principal.account !== undefined && estate.accounts.includes(request.principal.account);
  const elsewhere = own ? and(not(or(...targets.map((t) => t.hit))), identityAllows(request)) : false;
  const granted = or(elsewhere, ...targets.map(({ target, hit }) => and(hit, reaches(request, target, estate))));
  if (granted === false) return false;
  return and(
    granted,
    not(identityDenies(request, estate)),
    serviceControlAllows(request, estate),
    ...estate.endpoints.map((endpoint) => through(request, endpoint)),
  );
}

/** The action is one that the target's policy speaks of, and the resource is the target or lies in it. */
function aimedAt(request: Request, target: Target): Formula {
  const service = request.actions.of(target.service);
  return service === false ? false : and(service, request.resource.some(targetPredicates(target)));
}

/** By the list of ARNs, which a target keeps when its policies are changed. */
const cache = new WeakMap<readonly string[], readonly Predicate[]>();

/** The ARNs of a target. */
export function targetPredicates(target: Target): readonly Predicate[] {
  const known = cache.get(target.arns);
  if (known !== undefined) return known;
  const predicates = target.arns.map((arn) => {
    const open = arn.endsWith('*');
    return textPredicate(
      globPattern([{ text: open ? arn.slice(0, -1) : arn, literal: true }, ...(open ? [{ text: '*', literal: false }] : [])]),
    );
  });
  cache.set(target.arns, predicates);
  return predicates;
}

function reaches(request: Request, target: Target, estate: Estate): Formula {
  const { principal } = request;
  const across = (): Formula => target.openToOthers === true || acrossAccounts(request, target);
  const granted = principal.account === target.account ? withinAccount(request, target) : across();
  // What is not granted needs no denial.
  if (granted === false) return false;
  const denied = or(
    denies(target.policies, request, target.ignoresResource),
    underResourceControl(target.service) ? denies(estate.resourceControl.flat(), request, false) : false,
  );
  return and(granted, not(denied));
}

function withinAccount(request: Request, target: Target): Formula {
  const grants = grantsOf(request, target);
  const boundary = limitAllows(request.principal.boundary, request);
  const session = limitAllows(request.principal.session, request);
  const account = target.needsGrant ? grants('ACCOUNT') : true;
  return or(grants('DIRECT'), and(grants('ROLE'), boundary, session), and(grants('USER'), session), and(account, identityAllows(request)));
}

function acrossAccounts(request: Request, target: Target): Formula {
  const grants = grantsOf(request, target);
  const any = or(grants('DIRECT'), grants('ROLE'), grants('USER'), grants('ACCOUNT'));
  const { principal } = request;
  if (principal.type === 'ANONYMOUS' || principal.type === 'SERVICE' || principal.type === 'FEDERATED') return any;
  return and(any, identityAllows(request));
}

/** What the target's policies grant to the principal, by kind of grant. */
function grantsOf(request: Request, target: Target): (kind: GrantKind) => Formula {
  const byKind = new Map<GrantKind, Formula[]>();
  for (const policy of target.policies) {
    if (policy.opaque.length > 0) byKind.set('DIRECT', [true]);
    for (const s of statementsOf(request, policy, target.ignoresResource)) {
      if (s.effect !== 'Allow') continue;
      for (const [kind, named] of principalMatch(s, request, 'OVER')) {
        if (named === false) continue;
        byKind.set(kind, [...(byKind.get(kind) ?? []), and(named, applies(s, request, 'OVER', target.ignoresResource))]);
      }
    }
  }
  return (kind) => or(...(byKind.get(kind) ?? []));
}

function identityAllows(request: Request): Formula {
  request.identity ??= identityGrant(request);
  return request.identity;
}

function identityGrant(request: Request): Formula {
  const { principal } = request;
  const open = principal.identity === undefined || principal.externalPolicies.length > 0;
  return and(
    open ? true : or(...statements(request, principal.identity ?? [], 'Allow').map((s) => applies(s, request, 'OVER', false))),
    limitAllows(principal.boundary, request),
    limitAllows(principal.session, request),
  );
}

function limitAllows(policy: GroundPolicy | undefined, request: Request): Formula {
  if (policy === undefined || policy.opaque.length > 0) return true;
  return or(...statements(request, [policy], 'Allow').map((s) => applies(s, request, 'OVER', false)));
}

function identityDenies(request: Request, estate: Estate): Formula {
  const { principal } = request;
  const policies = [
    ...(principal.identity ?? []),
    ...(principal.boundary ? [principal.boundary] : []),
    ...(principal.session ? [principal.session] : []),
    ...(underServiceControl(principal, estate) ? estate.serviceControl.flat() : []),
  ];
  return denies(policies, request, false);
}

function serviceControlAllows(request: Request, estate: Estate): Formula {
  if (!underServiceControl(request.principal, estate)) return true;
  return and(
    ...estate.serviceControl.map((level) =>
      or(
        level.some((p) => p.opaque.length > 0),
        ...statements(request, level, 'Allow').map((s) => applies(s, request, 'OVER', false)),
      ),
    ),
  );
}

/** Service control policies bind the organisation's own principals. */
function underServiceControl(principal: Principal, estate: Estate): boolean {
  return principal.account !== undefined && estate.accounts.includes(principal.account);
}

/** A request through an endpoint passes the endpoint's policy. */
function through(request: Request, endpoint: Endpoint): Formula {
  const source = request.query.known('aws:sourcevpce');
  const { policy } = endpoint;
  if (policy === undefined || request.principal.keys.has('aws:sourcevpce')) return true;
  const variable = source ?? request.query.key('aws:sourcevpce', 'aws:SourceVpce');
  const used = variable.some([exactly(endpoint.endpointId)]);
  const grants = statements(request, [policy], 'Allow').map((s) =>
    and(anyMatch(principalMatch(s, request, 'OVER')), applies(s, request, 'OVER', false)),
  );
  return implies(used, and(policy.opaque.length > 0 ? true : or(...grants), not(denies([policy], request, false))));
}

function denies(policies: readonly GroundPolicy[], request: Request, ignoreResource: boolean): Formula {
  return or(
    ...statements(request, policies, 'Deny', ignoreResource).map((s) => {
      const named = s.principals === undefined ? true : anyMatch(principalMatch(s, request, 'UNDER'));
      return named === false ? false : and(named, applies(s, request, 'UNDER', ignoreResource));
    }),
  );
}

function statements(request: Request, policies: readonly GroundPolicy[], effect: 'Allow' | 'Deny', ignoreResource = false): GroundStatement[] {
  return policies.flatMap((p) => statementsOf(request, p, ignoreResource).filter((s) => s.effect === effect));
}

/** The statements that may matter. Which of them name a caller without a known ARN adds to what is asked of that caller. */
function statementsOf(
  { scope, principal }: Request, { statements: all }: GroundPolicy, ignoreResource: boolean,
): readonly GroundStatement[] {
  const isKnown = principal.arn !== undefined || principal.type === 'SERVICE' || principal.type === 'ANONYMOUS' || principal.type === 'FEDERATED';
  return scope === undefined || !isKnown ? all : scope.bearing(all, ignoreResource);
}
