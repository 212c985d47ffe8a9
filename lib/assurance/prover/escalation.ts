import { CREATIONS, OPENINGS, UNLIMITED } from './escalation/takeovers';
import type { Estate, Principal, Target } from './estate/estate';
import { groundRawPolicy } from './estate/ground';
import type { Counterexample } from './proof';
import type { Prover } from './prover';

/** One thing that a caller can do to have more power than before. */
export interface EscalationStep {
  /** Requests that do it. */
  readonly requests: readonly Counterexample[];
  /** What it brings, in words. */
  readonly gain: string;
}

/** All that a caller can come to, step by step. */
export interface Escalation {
  readonly start: string;
  readonly steps: readonly EscalationStep[];
  /** The caller, and all whom it can act as, with what they may do by then. */
  readonly controlled: readonly Principal[];
  /** The policies as they are by then. */
  readonly prover: Prover;
  /** Steps of which it could not be shown whether they are possible. */
  readonly unclear: readonly string[];
}

/** A chain is no longer than this; each round finds everything that one more step opens. */
const MAX_ROUNDS = 12;

/** Requests that make a way to sign in as a user. */
const NEW_CREDENTIALS = ['iam:CreateAccessKey', 'iam:CreateLoginProfile', 'iam:UpdateLoginProfile'];

const TAKING = ['sts:AssumeRole', 'sts:AssumeRoleWithWebIdentity', 'sts:AssumeRoleWithSAML'];
const NEW_TRUST = ['iam:UpdateAssumeRolePolicy'];
const PASSING = ['iam:PassRole'];

/** Follows every way in which a caller can get at more than it was given: other roles, its own policies, keys, buckets, code. */
export function escalation(prover: Prover, start: Principal): Escalation {
  return new Closure(prover, start).run();
}

const takers = new WeakMap<Prover, Map<string, boolean>>();

class Closure {
  private readonly steps = new Map<string, EscalationStep>();
  private readonly unclear = new Set<string>();
  private readonly controlled = new Map<string, Principal>();
  private powerless = new WeakMap<Principal, Map<readonly string[], boolean>>();
  private powerlessIn: Prover | undefined;

  constructor(
    private prover: Prover,
    private readonly start: Principal,
  ) {
    this.controlled.set(start.id, start);
  }

  run(): Escalation {
    let before = -1;
    for (let round = 0; before !== this.steps.size; round++) {
      if (round === MAX_ROUNDS) {
        this.unclear.add(`what ${this.start.id} comes to after more than ${MAX_ROUNDS} steps was not followed`);
        break;
      }
      before = this.steps.size;
      for (const caller of [...this.controlled.values()]) {
        this.takeRoles(caller);
        this.liftLimits(caller);
        this.openResources(caller);
      }
    }
    return {
      start: this.start.id,
      steps: [...this.steps.values()],
      controlled: [...this.controlled.values()],
      prover: this.prover,
      unclear: [...this.unclear],
    };
  }

  private get estate(): Estate {
    return this.prover.estate;
  }

  private takeRoles(caller: Principal): void {
    for (const role of this.estate.principals) {
      if ((role.type !== 'ROLE' && role.type !== 'USER') || role.arn === undefined || this.controlled.has(role.id)) continue;
      const gain = `acts as ${role.id}`;
      const requests = role.type === 'USER' ? this.can(caller, [NEW_CREDENTIALS, role.arn], gain) : this.waysTo(caller, role, gain);
      if (requests !== undefined && this.note(gain, requests)) this.controlled.set(role.id, role);
    }
  }

  private waysTo(caller: Principal, role: Principal, gain: string): Counterexample[] | undefined {
    const arn = role.arn as string;
    const direct = this.can(caller, [TAKING, arn], gain);
    if (direct !== undefined) return direct;
    const trust = this.can(caller, [NEW_TRUST, arn], gain);
    if (trust !== undefined) return trust;
    for (const carrier of this.estate.carriers.filter((c) => c.roleArn === arn)) {
      const code = this.can(caller, [carrier.takenBy, carrier.arn], `${gain} through ${carrier.id}`);
      if (code !== undefined) return code;
    }
    return this.passing(caller, arn, gain);
  }

  /** Passing a role to a service that trusts it, together with making something there that runs. */
  private passing(caller: Principal, arn: string, gain: string): Counterexample[] | undefined {
    if (this.isPowerless(caller, PASSING)) return undefined;
    for (const { service, actions } of CREATIONS) {
      if (!this.mayTake(service, arn)) continue;
      const where = { StringEquals: { 'iam:PassedToService': service } };
      const requests = this.can(caller, [PASSING, arn, where], gain);
      const made = requests && this.can(caller, [actions, undefined], gain);
      if (requests !== undefined && made !== undefined) return [...requests, ...made];
    }
    return undefined;
  }

  /** Whether a service may take a role; every caller comes to that question with every role. */
  private mayTake(service: string, arn: string): boolean {
    const known = takers.get(this.prover) ?? new Map<string, boolean>();
    takers.set(this.prover, known);
    const key = `${service} ${arn}`;
    const deputy = this.estate.principals.find((p) => p.id === service);
    const may = known.get(key) ?? (deputy !== undefined && !this.prover.rulesOut({ action: ['sts:AssumeRole'], resource: [arn] }, deputy));
    known.set(key, may);
    return may;
  }

  private liftLimits(caller: Principal): void {
    if (caller.arn === undefined || caller.account === undefined) return;
    for (const { actions, on, lifts } of UNLIMITED) {
      const resource = on === 'SELF' ? caller.arn : `arn:*:iam::${caller.account}:${on}`;
      const gain = lifts === 'IDENTITY' ? `gives ${caller.id} every permission` : `takes the boundary off ${caller.id}`;
      if ((lifts === 'IDENTITY' ? caller.identity : caller.boundary) === undefined) continue;
      const requests = this.can(caller, [actions, resource], gain);
      if (requests === undefined || !this.note(gain, requests)) continue;
      const stronger: Principal =
        lifts === 'IDENTITY' ? { ...caller, identity: undefined, externalPolicies: [] } : { ...caller, boundary: undefined };
      this.controlled.set(caller.id, stronger);
      this.change({ principals: this.estate.principals.map((p) => (p.id === caller.id ? stronger : p)) });
      return;
    }
  }

  private openResources(caller: Principal): void {
    for (const target of this.estate.targets) {
      for (const { service, actions, allows, where } of OPENINGS) {
        if (service !== target.service) continue;
        const gain = allows === undefined ? `opens ${target.id}` : `may use ${target.id} by a grant`;
        if (this.steps.has(gain)) continue;
        const requests = this.can(caller, [actions, target.arns[0], where], gain);
        if (requests !== undefined && this.note(gain, requests))
          this.replace(target, allows === undefined ? opened(target) : granted(target, allows));
      }
    }
  }

  private replace(before: Target, after: Target): void {
    this.change({ targets: this.estate.targets.map((t) => (t.arns[0] === before.arns[0] ? after : t)) });
  }

  private change(part: Partial<Estate>): void {
    this.prover = this.prover.over({ ...this.estate, ...part });
  }

  private can(
    caller: Principal,
    [action, resource, where]: readonly [readonly string[], string | undefined, Record<string, Record<string, string>>?],
    gain: string,
  ): Counterexample[] | undefined {
    if (this.isPowerless(caller, action)) return undefined;
    const on = resource === undefined ? {} : { resource: [resource] };
    const found = this.prover.ask({ action, ...on, ...(where ? { where } : {}) }, caller);
    if (found.found === 'UNCLEAR') this.unclear.add(`whether ${caller.id} ${gain} is not clear: ${found.reason}`);
    return found.found === 'YES' ? [found.counterexample] : undefined;
  }

  /** Whether nothing grants a caller any of some actions: then it need not be asked of each role and resource. */
  private isPowerless(caller: Principal, action: readonly string[]): boolean {
    if (this.powerlessIn !== this.prover) {
      this.powerless = new WeakMap();
      this.powerlessIn = this.prover;
    }
    const known = this.powerless.get(caller) ?? new Map<readonly string[], boolean>();
    this.powerless.set(caller, known);
    const powerless = known.get(action) ?? this.prover.isUngranted(action, caller);
    known.set(action, powerless);
    return powerless;
  }

  private note(gain: string, requests: readonly Counterexample[]): boolean {
    if (this.steps.has(gain)) return false;
    this.steps.set(gain, { requests, gain });
    return true;
  }
}

/** What is left when somebody writes the policy anew. */
function opened(target: Target): Target {
  return { ...target, needsGrant: false, policies: [], openToOthers: true };
}

/** A grant lets its holder use a key without other permissions; denials still hold. */
function granted(target: Target, actions: readonly string[]): Target {
  const document = { Version: '2012-10-17', Statement: [{ Sid: 'Grant', Effect: 'Allow', Principal: '*', Action: actions, Resource: '*' }] };
  return { ...target, policies: [...target.policies, groundRawPolicy(`${target.id}.grant`, document)] };
}
