import { holdsList } from '../domain/key-shapes';
import type { ShapeShare } from '../domain/shape-share';
import type { Estate, Principal, Target } from '../estate/estate';
import type { GroundPrincipal, GroundStatement, GroundTest } from '../estate/ground';
import { isPlain, plainText } from '../estate/ground';
import type { ActionSpace } from './actions';
import { targetPredicates } from './decision';
import { actionPredicates, arnPredicates, turned } from './statement';

/** How much a statement has to do with the requests of a pattern. */
type Bearing =
  /** It cannot match any of them, and saying so takes nothing for granted. */
  | 'NONE'
  /** It may match; whether it does, its texts alone say. */
  | 'SOME'
  /** It may match, and it is read more widely than it is written. */
  | 'WIDE';

const scopes = new WeakMap<ShapeShare, Scope>();
const bearingsByAction = new WeakMap<ActionSpace, Bearings>();

/**
 * What can have a say about the requests of one pattern, found once for all callers and all layers.
 *
 * Most callers have nothing that speaks of most attacks: that is told here, before a query is made for them.
 */
export class Scope {
  /** The scope of some actions on some resources: those of a space belong to that space alone. */
  static of(space: ActionSpace, share: ShapeShare): Scope {
    let scope = scopes.get(share);
    if (scope === undefined) scopes.set(share, (scope = new Scope(space, share)));
    return scope;
  }

  private readonly whole: Bearings;
  /** For policies in which the Resource element means nothing. */
  private readonly byAction: Bearings;
  private readonly hits = new WeakMap<readonly string[], boolean>();
  private readonly reached = new WeakMap<readonly Target[], readonly Target[]>();

  private constructor(
    private readonly space: ActionSpace,
    private readonly share: ShapeShare,
  ) {
    const byAction = bearingsByAction.get(space) ?? new Bearings(space);
    bearingsByAction.set(space, byAction);
    this.byAction = byAction;
    this.whole = new Bearings(space, { share, byAction });
  }

  /** The targets that the requests can be aimed at. */
  targets(all: readonly Target[]): readonly Target[] {
    let reached = this.reached.get(all);
    if (reached === undefined) this.reached.set(all, (reached = all.filter((target) => this.isHit(target))));
    return reached;
  }

  /** Statements of a policy that may match. */
  bearing(statements: readonly GroundStatement[], ignoreResource: boolean): readonly GroundStatement[] {
    return (ignoreResource ? this.byAction : this.whole).bearing(statements);
  }

  /** Statements of policies that are not the caller's own and that may have a say. */
  speaking(estate: Estate): readonly GroundStatement[] {
    const ofEndpoints = estate.endpoints.flatMap(({ policy }) => policy ?? []);
    const limits = [...ofEndpoints, ...estate.serviceControl.flat(), ...estate.resourceControl.flat()];
    return [
      ...this.targets(estate.targets).flatMap((target) =>
        target.policies.flatMap(({ statements }) => this.bearing(statements, target.ignoresResource)),
      ),
      ...limits.flatMap(({ statements }) => this.whole.bearing(statements)),
    ];
  }

  /** True if nothing grants any of these requests to a caller, which is plain without a query. `false` says nothing. */
  isUngranted(principal: Principal, estate: Estate): boolean {
    if (this.space.candidates?.length === 0) return true;
    const { account } = principal;
    const isOwn = account !== undefined && estate.accounts.includes(account);
    const byIdentity = !this.isUngrantedByIdentity(principal);
    if (isOwn && byIdentity) return false;
    return this.targets(estate.targets).every((target) => !this.mayGrant(target, principal, byIdentity));
  }

  private mayGrant(target: Target, principal: Principal, byIdentity: boolean): boolean {
    const isWithin = principal.account === target.account;
    if (!isWithin && target.openToOthers === true) return true;
    if (isWithin && byIdentity) return true;
    const bearings = target.ignoresResource ? this.byAction : this.whole;
    return target.policies.some(
      ({ opaque, statements }) =>
        opaque.length > 0 ||
        bearings.granting(statements).some((s) => {
          // Within an account, naming the account leaves the say to the caller's own policies.
          const byAccount = !isWithin || byIdentity || bearings.of(s) === 'WIDE';
          const { principals: named } = s;
          return named !== undefined && (named.negated || named.principals.some((p) => names(p, principal, byAccount)));
        }),
    );
  }

  private isUngrantedByIdentity({ identity, externalPolicies, boundary, session }: Principal): boolean {
    if (identity === undefined || externalPolicies.length > 0) return false;
    return (
      identity.every(({ statements }) => this.whole.granting(statements).length === 0) &&
      [boundary, session].every((limit) => limit === undefined || !this.whole.isWide(limit.statements))
    );
  }

  private isHit(target: Target): boolean {
    let hit = this.hits.get(target.arns);
    if (hit === undefined) {
      hit = this.space.shareOfService(target.service) !== 'NONE' && targetPredicates(target).some((p) => this.share.of(p) !== 'NONE');
      this.hits.set(target.arns, hit);
    }
    return hit;
  }
}

/** How much statements have to do with the requests of a pattern, asked once of each. */
class Bearings {
  private readonly known = new WeakMap<GroundStatement, Bearing>();
  private readonly grants = new WeakMap<readonly GroundStatement[], readonly GroundStatement[]>();
  private readonly wide = new WeakMap<readonly GroundStatement[], boolean>();
  private readonly all = new WeakMap<readonly GroundStatement[], readonly GroundStatement[]>();

  /** @param resources without them, actions alone count */
  constructor(
    private readonly space: ActionSpace,
    private readonly resources?: { readonly share: ShapeShare; readonly byAction: Bearings },
  ) {}

  /** Statements that may match. */
  bearing(statements: readonly GroundStatement[]): readonly GroundStatement[] {
    let found = this.all.get(statements);
    if (found === undefined) {
      // What resources have to do with it is asked of those that have something to do with the actions.
      const left = this.resources === undefined ? statements : this.resources.byAction.bearing(statements);
      found = left.filter((s) => this.of(s) !== 'NONE');
      this.all.set(statements, found);
    }
    return found;
  }

  /** Allow statements that may match. */
  granting(statements: readonly GroundStatement[]): readonly GroundStatement[] {
    let found = this.grants.get(statements);
    if (found === undefined) {
      found = this.bearing(statements).filter((s) => s.effect === 'Allow');
      this.grants.set(statements, found);
    }
    return found;
  }

  /** True if one of those that grant is read more widely than it is written. */
  isWide(statements: readonly GroundStatement[]): boolean {
    let wide = this.wide.get(statements);
    if (wide === undefined) this.wide.set(statements, (wide = this.granting(statements).some((s) => this.of(s) === 'WIDE')));
    return wide;
  }

  of(s: GroundStatement): Bearing {
    let bearing = this.known.get(s);
    if (bearing === undefined) this.known.set(s, (bearing = this.bearingOf(s)));
    return bearing;
  }

  private bearingOf(s: GroundStatement): Bearing {
    if (this.resources === undefined) return this.bearingByAction(s);
    const bearing = this.resources.byAction.of(s);
    const { resources } = s;
    if (bearing !== 'SOME' || resources === undefined || resources.negated) return bearing;
    const { share } = this.resources;
    const isElsewhere = resources.texts.every((text) => arnPredicates(text, undefined, 'OVER').every((p) => share.of(p) === 'NONE'));
    return isElsewhere ? 'NONE' : 'SOME';
  }

  private bearingByAction({ actions, resources, conditions, principals }: GroundStatement): Bearing {
    // The name of a session is asked for wherever one is named.
    if (principals?.principals.some((p) => plainText(p)?.includes(':assumed-role/'))) return 'WIDE';
    const none = actions.negated
      ? this.space.share(actionPredicates(actions.texts, turned('OVER'))) === 'ALL'
      : this.space.share(actionPredicates(actions.texts, 'OVER')) === 'NONE';
    if (none) return 'NONE';
    const isWritten = isReadAsWritten(conditions) && (resources === undefined || resources.texts.every(isPlain));
    return isWritten ? 'SOME' : 'WIDE';
  }
}

/** True if conditions are read exactly as they are written, for every caller. */
export function isReadAsWritten(conditions: readonly GroundTest[]): boolean {
  return conditions.every(
    ({ values, operator, quantifier, foldedKey }) =>
      values.every(isPlain) && (operator === 'Null' || quantifier !== undefined || !holdsList(foldedKey)),
  );
}

/** Whether a principal of a statement may be the caller. */
function names(named: GroundPrincipal, { type, id, arn, account }: Principal, byAccount: boolean): boolean {
  const text = plainText(named);
  if (named.kind === 'ANY' || text === undefined) return true;
  if (named.kind === 'Service') return type === 'SERVICE' && text === id;
  if (named.kind === 'Federated') return type === 'FEDERATED' && text === id;
  if (type === 'ANONYMOUS' || type === 'SERVICE' || type === 'FEDERATED') return false;
  if (named.kind === 'CanonicalUser') return true;
  const whole = /^(?:arn:[^:]*:iam::)?(\d{12})(?::root)?$/.exec(text)?.[1];
  if (whole !== undefined) return byAccount && whole === account;
  return arn === undefined || text.includes(':assumed-role/') || text === arn;
}
