import type { Attack, Bindings, Escalation, EstateOptions, PrincipalSelector, Proof, QueryLimits, RequestPattern } from '../prover';
import { PLACEHOLDER_REGION, Prover, bind, defence, describeCounterexample, escalation } from '../prover';
import type { Resource, TemplateModel } from '../template';
import type { PostureRecords } from '../template-source/posture-records';
import type { AttackResult, AttackVerdict } from './attack-result';
import type { AttackSpec, AttackerSelector, RequestSpec } from './attack-spec';
import { commonBindings } from './bindings';
import { NetworkJudge } from './network-judge';
import type { AnyAttack } from './network-attack';
import { isNetworkAttack } from './network-attack';
import { KeptRoles } from './kept-roles';
import { LOG_BUCKETS } from './catalogue/subjects';
import { organizationOf } from './organization';
import { PostureScope, isJudgedByPosture } from './posture-scope';
import { SubjectFinder } from './subject';

/** What a judge knows beside the templates. */
export interface JudgeOptions extends EstateOptions {
  /** ARN patterns of those who may change and delete things. @default - CloudFormation's role as the CDK names it */
  readonly operators?: readonly string[];
  /** Regions in which data may be. @default - those of the stacks */
  readonly regions?: readonly string[];
  /** What each stack is held to: protections that its posture leaves out are not asked for there. @default - everything is asked */
  readonly postures?: PostureRecords;
  readonly limits?: QueryLimits;
}

/** An attack on the resources of one set of templates. */
export interface MeantAttack {
  readonly attack: Attack;
  /** ARNs of what it is about. */
  readonly subjects: Readonly<Record<string, readonly string[]>>;
  /** Why it is not asked about some resources that are meant as well. */
  readonly leftOut: readonly string[];
}

const CLOUDFORMATION = 'arn:*:iam::*:role/cdk-*-cfn-exec-role-*';

/** Judges attacks on templates: finds what they are about, proves them impossible or shows a request, and counts the layers. */
export class AttackJudge {
  static of(model: TemplateModel, options: JudgeOptions = {}): AttackJudge {
    const organizationId = options.organizationId ?? organizationOf(model);
    return new AttackJudge(model, { ...options, ...(organizationId === undefined ? {} : { organizationId }) });
  }

  readonly prover: Prover;
  private readonly finder: SubjectFinder;
  private readonly bindings: Bindings;
  private readonly network: NetworkJudge;
  private readonly kept: KeptRoles;
  private readonly escalations = new Map<string, Escalation>();
  private readonly postures: PostureScope;
  private readonly spared = new Map<string, readonly string[]>();

  private constructor(
    model: TemplateModel,
    options: JudgeOptions,
  ) {
    this.prover = Prover.of(model, options);
    this.finder = new SubjectFinder(model, this.prover);
    this.kept = new KeptRoles(model, this.prover);
    this.postures = new PostureScope(model, options.postures ?? new Map());
    const known = model.stacks.flatMap(({ region }) => (typeof region === 'string' ? [region] : []));
    const stackRegions = known.length === 0 ? [PLACEHOLDER_REGION] : [...new Set(known)];
    this.bindings = commonBindings(this.prover.estate, this.finder.find(LOG_BUCKETS).arns, {
      operators: options.operators ?? [CLOUDFORMATION],
      regions: options.regions ?? stackRegions,
      stackRegions,
    });
    const { prover, finder, bindings } = this;
    this.network = new NetworkJudge({ model, prover, finder, bindings });
  }

  judge(spec: AnyAttack): AttackResult {
    if (isNetworkAttack(spec)) return this.network.judge(spec);
    const meant = this.meant(spec);
    if (typeof meant === 'string') return notApplicable(spec, meant);
    const { attack, subjects, leftOut } = meant;
    const proof = this.prover.prove(attack);
    const gained = proof.verdict === 'REFUTED' ? { paths: [], unclear: [] } : this.gained(attack, proof);
    const verdict = verdictWith(proof, gained);
    const layers = verdict === 'PROVED' || verdict === 'PROVED_VACUOUSLY' ? defence(this.prover, attack, proof.verdict) : undefined;
    const depth = layers === undefined || layers.by.length === 0 ? 0 : Math.min(...layers.by.map((b) => b.alone.length));
    const impossible = layers?.impossible === true;
    return {
      ...described(spec),
      verdict: impossible ? 'PROVED_VACUOUSLY' : verdict,
      reasons: [
        ...(gained.paths.length > 0 ? gained.paths : proof.reasons),
        ...gained.unclear,
        ...leftOut,
        ...(impossible ? ['no such request exists even without any policy: the attack asks for something that cannot be'] : []),
      ],
      counterexamples: proof.counterexamples,
      layers: layers?.by ?? [],
      depth,
      ...(layers !== undefined && depth < 2 && spec.oneLayer !== undefined ? { oneLayer: spec.oneLayer } : {}),
      subjects,
      callers: proof.principals,
      assumptions: [...proof.assumptions, ...(spec.principals?.exceptKept ?? []).flatMap((use) => [...this.kept.of(use).values()])],
      approximations: proof.approximations,
    };
  }

  /** What an attack means in these templates, or why it means nothing there. */
  meant(spec: AttackSpec): MeantAttack | string {
    const leftOut = new Set<string>();
    const found = Object.entries(spec.subjects).map(([name, subject]) => {
      const isAsked = (resource: Resource): boolean => {
        const reason = isJudgedByPosture(spec, subject) ? this.postures.leavesOut(spec, resource) : undefined;
        if (reason !== undefined) leftOut.add(reason);
        return reason === undefined;
      };
      return [name, this.finder.find(subject, isAsked)] as const;
    });
    const missing = found.filter(([, { arns, callers }]) => arns.length + callers.length === 0).map(([name]) => name);
    if (missing.length > 0) return [...leftOut].join('; ') || `the template has no ${missing.join(' and no ')}`;
    const callers = new Map(found.map(([name, subject]) => [name, subject.callers]));
    const subjects = Object.fromEntries(found.map(([name, { arns }]) => [name, arns]));
    return { attack: this.attackOf(spec, { ...this.bindings, ...subjects }, callers), subjects, leftOut: [...leftOut] };
  }

  /** What callers can do once they have come to all the power that they can come to. */
  private gained(attack: Attack, { principals }: Proof): { paths: string[]; unclear: string[] } {
    const paths: string[] = [];
    const unclear = new Set<string>();
    for (const id of principals) {
      const grown = this.escalation(id);
      if (grown === undefined) continue;
      grown.unclear.forEach((one) => unclear.add(one));
      if (grown.steps.length === 0) continue;
      const steps = [attack, ...(attack.and ?? [])].map((step) => firstYes(grown, step));
      const [last] = steps;
      if (last === undefined || steps.includes(undefined)) continue;
      const way = grown.steps.map(({ requests, gain }) => `${requests.map((r) => describeCounterexample(r)).join(' and ')} (${gain})`);
      paths.push(`${id}, step by step: ${[...way, last].join('; then ')}`);
    }
    return { paths, unclear: [...unclear] };
  }

  /** An administrator is at the end of every such way already. */
  private escalation(id: string): Escalation | undefined {
    const known = this.escalations.get(id);
    if (known !== undefined) return known;
    const start = this.prover.estate.principals.find((p) => p.id === id);
    if (start === undefined || start.type === 'ACCOUNT_ADMIN' || start.type === 'SERVICE') return undefined;
    const grown = escalation(this.prover, start);
    this.escalations.set(id, grown);
    return grown;
  }

  private attackOf(spec: AttackSpec, bindings: Bindings, callers: ReadonlyMap<string, readonly string[]>): Attack {
    const pattern = ({ principals, ...request }: RequestSpec): RequestPattern => ({
      ...bind(request, bindings),
      ...(principals === undefined ? {} : { principals: this.selectorOf(principals, callers) }),
    });
    const { id, title } = spec;
    const { action, notAction, resource, notResource, where, principals } = spec;
    const own: RequestSpec = { action, notAction, resource, notResource, where, principals };
    return {
      ...pattern(own),
      id,
      title,
      ...(spec.and ? { and: spec.and.map(pattern) } : {}),
      ...(spec.legitimate ? { legitimate: pattern(spec.legitimate) } : {}),
    };
  }

  private selectorOf(
    { from, exceptRolesOf, exceptKept = [], ...selector }: AttackerSelector,
    callers: ReadonlyMap<string, readonly string[]>,
  ): PrincipalSelector {
    const spared = exceptRolesOf === undefined ? [] : this.sparedBy(exceptRolesOf);
    return {
      ...selector,
      ...(from === undefined ? {} : { ids: callers.get(from) ?? [] }),
      exceptIds: [...(selector.exceptIds ?? []), ...spared, ...exceptKept.flatMap((use) => [...this.kept.of(use).keys()])],
    };
  }

  private sparedBy(services: readonly string[]): readonly string[] {
    const key = services.join();
    const known = this.spared.get(key) ?? this.finder.rolesOf(services);
    this.spared.set(key, known);
    return known;
  }
}

function firstYes({ controlled, prover }: Escalation, step: RequestPattern): string | undefined {
  for (const caller of controlled) {
    const found = prover.ask(step, caller);
    if (found.found === 'YES') return describeCounterexample(found.counterexample);
  }
  return undefined;
}

function verdictWith({ verdict }: Proof, gained: { paths: readonly string[]; unclear: readonly string[] }): AttackVerdict {
  if (gained.paths.length > 0) return 'REFUTED';
  return gained.unclear.length > 0 && verdict !== 'REFUTED' ? 'UNDETERMINED' : verdict;
}

function described({ id, title, threats = [], controls = [] }: AttackSpec): Pick<AttackResult, 'id' | 'title' | 'threats' | 'controls'> {
  return { id, title, threats, controls };
}

function notApplicable(spec: AttackSpec, reason: string): AttackResult {
  return {
    ...described(spec),
    verdict: 'NOT_APPLICABLE',
    reasons: [reason],
    counterexamples: [],
    layers: [],
    depth: 0,
    subjects: {},
    callers: [],
    assumptions: [],
    approximations: [],
  };
}
