import type { Principal, Prover } from '../prover';
import type { Resource, TemplateModel, Value } from '../template';
import { isDict, listOf, textParts } from '../template';
import type { CallerSelector, ResourceSelector, Subject } from './attack-spec';

/** Stands for resources whose ARN format is not known. */
const ANY_ARN = '*';

/** What a subject is in one template. */
export interface FoundSubject {
  /** ARNs of the resources, or of the callers. */
  readonly arns: readonly string[];
  /** Ids of the callers; empty for resources. */
  readonly callers: readonly string[];
}

/** A member of a subject, before it is known whether an attack is asked about it. */
interface Member {
  readonly arns: readonly string[];
  readonly callers: readonly string[];
  /** Undefined where no template holds it. */
  readonly resource: Resource | undefined;
}

/** Finds what attacks are about. */
export class SubjectFinder {
  private readonly members = new Map<Subject, readonly Member[]>();
  private readonly takersOf = new Map<Principal, readonly Principal[]>();

  constructor(
    private readonly model: TemplateModel,
    private readonly prover: Prover,
  ) {}

  /** @param isAsked whether a resource is asked about. @default - all are */
  find(subject: Subject, isAsked: (resource: Resource) => boolean = () => true): FoundSubject {
    const known = this.members.get(subject);
    const members = known ?? ('callers' in subject ? this.callerMembers(subject.callers) : this.resourceMembers(subject));
    if (known === undefined) this.members.set(subject, members);
    const asked = members.filter(({ resource }) => resource === undefined || isAsked(resource));
    return { arns: asked.flatMap((one) => one.arns), callers: asked.flatMap((one) => one.callers) };
  }

  /** Roles that nobody but services of a list can take. */
  rolesOf(services: readonly string[]): readonly string[] {
    return this.prover.estate.principals.filter((p) => p.type === 'ROLE' && this.isTakenByOnly(p, services)).map((p) => p.id);
  }

  private callerMembers(selector: CallerSelector): Member[] {
    const { principals, arns } = this.prover.estate;
    const own = [...this.model.ofType('AWS::IAM::Role'), ...this.model.ofType('AWS::IAM::User')];
    const byArn = new Map<string | undefined, Resource>(own.flatMap((one) => (arns.has(one.id) ? [[arns.get(one.id), one]] : [])));
    return principals
      .filter((p) => this.isCaller(p, selector))
      .map(({ id, arn }) => ({ arns: arn === undefined ? [] : [arn], callers: [id], resource: byArn.get(arn) }));
  }

  private resourceMembers({ resources, except = [] }: Extract<Subject, { resources: unknown }>): Member[] {
    const left = new Set(except.flatMap((one) => this.resources(one)));
    const found = new Set(resources.flatMap((one) => this.resources(one)).filter((one) => !left.has(one)));
    return [...found].map((resource) => ({ arns: [this.prover.estate.arns.get(resource.id) ?? ANY_ARN], callers: [], resource }));
  }

  private isCaller(principal: Principal, { may, trusts, namedBy }: CallerSelector): boolean {
    if (principal.type !== 'ROLE' && principal.type !== 'USER') return false;
    if (namedBy !== undefined && !this.isNamed(principal, namedBy)) return false;
    if (may !== undefined && this.prover.rulesOut({ action: may }, principal)) return false;
    return trusts === undefined || this.takers(principal).some((p) => trusts.includes(p.id));
  }

  private isNamed({ arn }: Principal, namedBy: readonly string[]): boolean {
    const own = this.model.ofType('AWS::IAM::Role').filter(({ id }) => arn !== undefined && this.prover.estate.arns.get(id) === arn);
    return own.some((role) => namedBy.some((one) => isReferenced(role, one)));
  }

  private isTakenByOnly(role: Principal, services: readonly string[]): boolean {
    const takers = this.takers(role);
    return takers.length > 0 && takers.every((p) => services.includes(p.id));
  }

  /** Who can take a role, unknown administrators left out: they can take any role whose trust they can change. */
  private takers(role: Principal): readonly Principal[] {
    const { arn } = role;
    if (arn === undefined) return [];
    const known = this.takersOf.get(role);
    if (known !== undefined) return known;
    const assume = { action: ['sts:AssumeRole', 'sts:AssumeRoleWithWebIdentity', 'sts:AssumeRoleWithSAML'], resource: [arn] };
    const found = this.prover.estate.principals.filter((p) => !this.prover.rulesOut(assume, p));
    this.takersOf.set(role, found);
    return found;
  }

  private resources(selector: ResourceSelector): Resource[] {
    return selector.types.flatMap((type) => this.model.ofType(type)).filter((resource) => isMeant(resource, selector));
  }
}

/** Whether a resource is what a selector says. */
export function isMeant(resource: Resource, { names, tags, referencedBy, properties }: ResourceSelector): boolean {
  // The first part of the path is the stack, which says nothing about one resource.
  const called = [resource.logicalId, resource.constructPath?.split('/').slice(1).join('/') ?? ''];
  if (names !== undefined && !names.some((pattern) => called.some((text) => fits(text, pattern)))) return false;
  if (referencedBy !== undefined && !referencedBy.some((one) => isReferenced(resource, one))) return false;
  const held = tagsOf(resource.at('Tags'));
  if (tags !== undefined && !Object.entries(tags).every(([key, pattern]) => fits(held.get(key) ?? '', pattern))) return false;
  return Object.entries(properties ?? {}).every(([path, pattern]) => fits(textOf(resource.at(path)), pattern));
}

function isReferenced(resource: Resource, by: string): boolean {
  const [type, property] = by.split('@');
  const prefix = `Properties.${property}`;
  return resource.incoming.some(
    (edge) => edge.from.type === type && (property === undefined || edge.path === prefix || edge.path.startsWith(`${prefix}.`)),
  );
}

function tagsOf(value: Value | undefined): Map<string, string> {
  const tags = new Map<string, string>();
  for (const tag of listOf(value)) if (isDict(tag) && typeof tag.Key === 'string') tags.set(tag.Key, textOf(tag.Value));
  return tags;
}

/** A text with its unknown parts left out. */
function textOf(value: Value | undefined): string {
  return (textParts(value) ?? []).map((part) => (typeof part === 'string' ? part : '')).join('');
}

/** Whether a text is of a pattern in which `*` stands for anything, without case. */
export function fits(text: string, pattern: string): boolean {
  const parts = pattern.toLowerCase().split('*');
  const last = parts.length - 1;
  let rest = text.toLowerCase();
  if (last === 0) return rest === parts[0];
  for (const [i, part] of parts.entries()) {
    if (i === last) return rest.endsWith(part);
    const at = i === 0 ? (rest.startsWith(part) ? 0 : -1) : rest.indexOf(part);
    if (at < 0) return false;
    rest = rest.slice(at + part.length);
  }
  return true;
}
