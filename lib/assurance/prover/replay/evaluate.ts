import type { Estate, Principal, Target } from '../estate/estate';
import type { GroundPolicy, GroundPrincipal, GroundStatement, GroundText, GroundTexts } from '../estate/ground';
import { conditionHolds } from './condition';
import type { Context, Tri} from './match';
import { any, every, fits, fitsArn, opposite, spell } from './match';

/** One request in full. */
export interface ConcreteRequest {
  readonly principal: Principal;
  readonly action: string;
  readonly resource: string;
  /** By key in lower case, with the keys that follow from the principal. */
  readonly context: Context;
  /** Name of the caller's session. */
  readonly sessionName?: string;
}

/** Facts about keys and services that are no policy. */
export interface Facts {
  readonly listKey: (key: string) => boolean;
  readonly resourceControlled: (service: string) => boolean;
}

/** What the policies say to a request, and which statements decided. */
export interface Outcome {
  readonly result: 'ALLOWED' | 'DENIED' | 'UNKNOWN';
  /** Statements that grant, or the ones that deny. */
  readonly statements: readonly string[];
}

/**
 * Decides one request by the rules of policy evaluation, one policy after the other.
 *
 * It is written apart from the prover's encoding on purpose and shares only the policies with it: a counterexample counts when both agree.
 */
export function evaluate(request: ConcreteRequest, estate: Estate, facts: Facts): Outcome {
  return new Evaluation(request, estate, facts).outcome();
}

class Evaluation {
  private readonly granting = new Set<string>();
  private readonly denying = new Set<string>();

  constructor(
    private readonly request: ConcreteRequest,
    private readonly estate: Estate,
    private readonly facts: Facts,
  ) {}

  outcome(): Outcome {
    const decision = every([this.grant(), opposite(this.denial()), this.serviceControl(), this.endpoints()]);
    if (decision === true) return { result: 'ALLOWED', statements: [...this.granting] };
    return { result: decision === false ? 'DENIED' : 'UNKNOWN', statements: [...this.denying] };
  }

  /** A policy speaks of its own service's actions only: iam:PassRole on a role is no matter of the role's trust. */
  private get target(): Target | undefined {
    const { resource, action } = this.request;
    const service = action.split(':')[0].toLowerCase();
    return this.estate.targets.find(
      (t) => t.service === service && t.arns.some((arn) => (arn.endsWith('*') ? resource.startsWith(arn.slice(0, -1)) : resource === arn)),
    );
  }

  private get own(): boolean {
    const { account } = this.request.principal;
    return account !== undefined && this.estate.accounts.includes(account);
  }

  private grant(): Tri {
    const { principal } = this.request;
    const { target } = this;
    if (target === undefined) return this.own ? this.identity() : false;
    const grants = this.grantsOf(target);
    if (principal.account === target.account) {
      const [boundary, session] = [this.limit(principal.boundary), this.limit(principal.session)];
      return any([
        grants.direct,
        every([grants.role, boundary, session]),
        every([grants.user, session]),
        every([target.needsGrant ? grants.account : true, this.identity()]),
      ]);
    }
    if (target.openToOthers) return true;
    const granted = any([grants.direct, grants.role, grants.user, grants.account]);
    return ['ANONYMOUS', 'SERVICE', 'FEDERATED'].includes(principal.type) ? granted : every([granted, this.identity()]);
  }

  private denial(): Tri {
    const { principal } = this.request;
    const { target } = this;
    const service = this.request.action.split(':')[0].toLowerCase();
    const policies = [
      ...(principal.identity ?? []),
      ...(principal.boundary ? [principal.boundary] : []),
      ...(principal.session ? [principal.session] : []),
      ...(this.own ? this.estate.serviceControl.flat() : []),
      ...(target !== undefined && this.facts.resourceControlled(service) ? this.estate.resourceControl.flat() : []),
    ];
    return any([
      ...policies.map((p) => this.policyDenies(p, false)),
      ...(target?.policies ?? []).map((p) => this.policyDenies(p, target?.ignoresResource ?? false)),
    ]);
  }

  private identity(): Tri {
    const { principal } = this.request;
    const granted = principal.identity === undefined ? true : this.policiesAllow(principal.identity);
    // A policy outside the templates may grant more, or deny.
    const open = principal.externalPolicies.length > 0 ? undefined : granted;
    return every([open, this.limit(principal.boundary), this.limit(principal.session)]);
  }

  private limit(policy: GroundPolicy | undefined): Tri {
    return policy === undefined ? true : this.policiesAllow([policy]);
  }

  private serviceControl(): Tri {
    return this.own ? every(this.estate.serviceControl.map((level) => this.policiesAllow(level))) : true;
  }

  private endpoints(): Tri {
    const used = this.request.context.get('aws:sourcevpce');
    return every(
      this.estate.endpoints
        .filter((e) => e.endpointId === used && e.policy !== undefined)
        .map((e) => {
          const policy = e.policy as GroundPolicy;
          return every([this.policiesAllow([policy]), opposite(this.policyDenies(policy, false))]);
        }),
    );
  }

  private policiesAllow(policies: readonly GroundPolicy[]): Tri {
    return any(
      policies.flatMap((p) => [
        ...(p.opaque.length > 0 ? [undefined] : []),
        ...p.statements
          .filter((s) => s.effect === 'Allow')
          .map((s) => this.note(s, this.granting, every([this.named(s), this.matches(s, false)]))),
      ]),
    );
  }

  private policyDenies(policy: GroundPolicy, ignoreResource: boolean): Tri {
    return any([
      ...(policy.opaque.length > 0 ? [undefined] : []),
      ...policy.statements
        .filter((s) => s.effect === 'Deny')
        .map((s) => this.note(s, this.denying, every([this.named(s), this.matches(s, ignoreResource)]))),
    ]);
  }

  private grantsOf(target: Target): { direct: Tri; role: Tri; user: Tri; account: Tri } {
    const found: Record<'direct' | 'role' | 'user' | 'account', Tri[]> = { direct: [], role: [], user: [], account: [] };
    for (const policy of target.policies) {
      if (policy.opaque.length > 0) found.direct.push(undefined);
      for (const s of policy.statements) {
        if (s.effect !== 'Allow' || s.principals === undefined) continue;
        const matched = this.matches(s, target.ignoresResource);
        if (s.principals.negated) found.direct.push(this.note(s, this.granting, every([this.named(s), matched])));
        else
          for (const p of s.principals.principals)
            found[kindOf(p)].push(this.note(s, this.granting, every([this.isNamed(p), matched, this.unlimited(p)])));
      }
    }
    return { direct: any(found.direct), role: any(found.role), user: any(found.user), account: any(found.account) };
  }

  /** Whether a session policy limits what is granted to everybody, or to the session by a key policy, is not documented. */
  private unlimited(p: GroundPrincipal): Tri {
    return kindOf(p) === 'direct' && this.limit(this.request.principal.session) !== true ? undefined : true;
  }

  private note(s: GroundStatement, into: Set<string>, value: Tri): Tri {
    if (value === true) into.add(s.label);
    return value;
  }

  /** Action, resource, conditions. */
  private matches(s: GroundStatement, ignoreResource: boolean): Tri {
    const result = every([
      this.among(s.actions, (text) => this.pattern(text, s.actions.negated, (glyphs) => fits(glyphs, this.request.action, true))),
      this.resource(s, ignoreResource),
      ...s.conditions.map((test) => conditionHolds(test, this.request.context, this.facts.listKey(test.foldedKey))),
    ]);
    return result !== false && (s.maybe || s.opaque) ? undefined : result;
  }

  private resource(s: GroundStatement, ignoreResource: boolean): Tri {
    if (s.resources === undefined) return ignoreResource ? true : undefined;
    const { negated } = s.resources;
    const hit = this.among(s.resources, (text) => this.pattern(text, negated, (glyphs) => fitsArn(glyphs, this.request.resource)));
    // In a key or trust policy only "*" has a documented meaning.
    return ignoreResource && hit === false ? undefined : hit;
  }

  private among(texts: GroundTexts, test: (text: GroundText) => Tri): Tri {
    const hit = any(
      texts.texts.map((t) => {
        const value = test(t);
        return t.maybe && value !== false ? undefined : value;
      }),
    );
    return texts.negated ? opposite(hit) : hit;
  }

  private pattern(text: GroundText, negated: boolean, test: (glyphs: Exclude<ReturnType<typeof spell>, string>) => Tri): Tri {
    const spelled = spell(text, this.request.context, true);
    if (spelled === 'UNKNOWN') return undefined;
    // A variable without value matches nothing; whether everything else is then meant is not documented.
    if (spelled === 'NOTHING') return negated ? undefined : false;
    return test(spelled);
  }

  private named(s: GroundStatement): Tri {
    if (s.principals === undefined) return true;
    const { negated, principals } = s.principals;
    // A caller with a boundary is denied whatever NotPrincipal lists.
    if (negated && s.effect === 'Deny' && this.request.principal.boundary !== undefined) return true;
    const hit = any(
      principals.map((p) => {
        const named = this.isNamed(p);
        // Naming the account alone does not clearly exempt its roles and users.
        return negated && named === true && kindOf(p) === 'account' ? undefined : named;
      }),
    );
    return negated ? opposite(hit) : hit;
  }

  private isNamed(p: GroundPrincipal): Tri {
    if (p.kind === 'ANY') return p.maybe ? undefined : true;
    const spelled = spell(p, new Map(), false);
    const text = typeof spelled === 'string' ? undefined : spelled.map((g) => g.char).join('');
    const hit = text === undefined ? undefined : this.isPrincipal(p.kind, text);
    return p.maybe && hit !== false ? undefined : hit;
  }

  private isPrincipal(kind: string, text: string): Tri {
    const { principal, context, sessionName } = this.request;
    if (kind === 'Service') return principal.type === 'SERVICE' && principal.id === text;
    if (kind === 'Federated') return principal.type === 'FEDERATED' && principal.id === text;
    if (['ANONYMOUS', 'SERVICE', 'FEDERATED'].includes(principal.type)) return false;
    if (kind === 'CanonicalUser') return undefined;
    if (text === principal.account || (text.endsWith(':root') && text.split(':')[4] === principal.account)) return true;
    const arn = principal.arn ?? context.get('aws:principalarn');
    if (text.includes(':assumed-role/')) {
      const role = typeof arn === 'string' && arn.includes(':role/') ? arn.split('/').pop() : undefined;
      return text.split(':')[4] === principal.account && role !== undefined && text.endsWith(`:assumed-role/${role}/${sessionName}`);
    }
    return arn === text;
  }
}

function kindOf(p: GroundPrincipal): 'direct' | 'role' | 'user' | 'account' {
  if (p.kind !== 'AWS') return 'direct';
  const text = p.pieces.map((piece) => ('text' in piece ? piece.text : '')).join('');
  if (/^\d{12}$/.test(text) || text.endsWith(':root')) return 'account';
  if (text.includes(':assumed-role/')) return 'direct';
  return text.includes(':user/') ? 'user' : 'role';
}
