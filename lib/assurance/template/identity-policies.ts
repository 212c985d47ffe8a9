import type { Presence, Resource } from './resource';
import type { TemplateModel } from './template-model';
import type { Text, Value } from './value';
import { Unknown, isDict, isList, listOf, textParts } from './value';

/** A policy document that counts for a role, user or group. */
export interface IdentityDocument {
  /** The resource that the document stands in: the holder itself, its group, or a policy that is attached to one of them. */
  readonly resource: Resource;
  /** Property path of the document, such as `Policies.0.PolicyDocument`. */
  readonly path: string;
  /** `MAYBE` when it is not decided whether the document counts for the holder. */
  readonly presence: Presence;
}

/** What a role, user or group may do by the templates. */
export interface IdentityPolicies {
  readonly documents: readonly IdentityDocument[];
  /** Policies that lie outside the templates or may be attached, in words: what they allow is not known. */
  readonly external: readonly string[];
}

/** The text of an unknown part of a name, or undefined where two such parts cannot be compared. */
export type NamePart = (part: Unknown) => string | undefined;

/** The types that hold identity policies, with the properties by which policies name them: a list, or one name. */
const HOLDERS = {
  'AWS::IAM::Role': { list: 'Roles', one: 'RoleName' },
  'AWS::IAM::User': { list: 'Users', one: 'UserName' },
  'AWS::IAM::Group': { list: 'Groups', one: 'GroupName' },
} as const;

type HolderType = keyof typeof HOLDERS;

const HOLDER_TYPES = Object.keys(HOLDERS) as HolderType[];

/** Types that name their holders in lists, and types that name one. */
const LISTING = ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy'];
const OF_ONE: Readonly<Record<string, HolderType>> = {
  'AWS::IAM::RolePolicy': 'AWS::IAM::Role',
  'AWS::IAM::UserPolicy': 'AWS::IAM::User',
  'AWS::IAM::GroupPolicy': 'AWS::IAM::Group',
};

interface Attached {
  readonly policy: Resource;
  readonly presence: Presence;
}

/** Holders of a type by name, and those whose name the templates leave open. */
interface NamedHolders {
  readonly known: ReadonlyMap<string, readonly Resource[]>;
  readonly open: ReadonlyMap<string | Text | Unknown, Resource>;
}

interface Membership {
  readonly group: Resource;
  readonly presence: Presence;
}

/**
 * Which policies count for which roles, users and groups, in every form that CloudFormation has for it.
 *
 * Inline, as a resource of its own for one holder or for several, as a managed policy, and through a group.
 */
export class PolicyAttachments {
  private readonly attached = new Map<Resource, Attached[]>();
  private readonly holders = new Map<Resource, Set<Resource>>();
  private readonly memberships = new Map<Resource, Membership[]>();
  private readonly open = new Map<Resource, string[]>();
  private readonly byHolder = new Map<Resource, IdentityPolicies>();
  private readonly policies = new Map<string, Resource>();
  private readonly names = new Map<HolderType, NamedHolders>();

  /** @param part tells what the unknown parts of names are. @default - generated names and places of stacks are equal to themselves */
  constructor(
    private readonly model: TemplateModel,
    private readonly part: NamePart = ownPart,
  ) {
    for (const policy of model.ofType('AWS::IAM::ManagedPolicy')) {
      const arn = this.text(model.arnOf(policy));
      if (arn !== undefined) this.policies.set(arn, policy);
    }
    for (const type of HOLDER_TYPES) this.names.set(type, this.namedHolders(type));
    for (const type of LISTING) {
      for (const policy of model.ofType(type)) {
        for (const holder of HOLDER_TYPES) this.attach(policy, holder, policy.at(HOLDERS[holder].list));
      }
    }
    for (const [type, holder] of Object.entries(OF_ONE)) {
      for (const policy of model.ofType(type)) this.attach(policy, holder, policy.at(HOLDERS[holder].one));
    }
    for (const type of HOLDER_TYPES) {
      for (const holder of model.ofType(type)) this.list(holder);
    }
    for (const user of model.ofType('AWS::IAM::User')) this.join(user, user.at('Groups'), 'YES');
    for (const addition of model.ofType('AWS::IAM::UserToGroupAddition')) {
      this.find(addition, 'AWS::IAM::User', addition.at('Users'), 'users of a group', (user, presence) => {
        this.join(user, addition.at('GroupName'), presence === 'YES' ? addition.presence : presence);
      });
    }
  }

  /** Everything that counts for a role, user or group. */
  of(holder: Resource): IdentityPolicies {
    let found = this.byHolder.get(holder);
    if (found === undefined) {
      const members = this.memberships.get(holder) ?? [];
      const parts = [this.direct(holder, 'YES'), ...members.map(({ group, presence }) => this.direct(group, group.presence === 'YES' ? presence : 'MAYBE'))];
      found = { documents: parts.flatMap((one) => one.documents), external: [...new Set(parts.flatMap((one) => one.external))] };
      this.byHolder.set(holder, found);
    }
    return found;
  }

  /** Roles, users and groups that a policy is attached to, or may be. */
  holdersOf(policy: Resource): Resource[] {
    return [...(this.holders.get(policy) ?? [])];
  }

  /** The managed policy of the templates that a value names, without doubt. */
  managedPolicy(value: Value | undefined): Resource | undefined {
    const text = this.text(value);
    return text === undefined ? undefined : this.policies.get(text);
  }

  private direct(holder: Resource, presence: Presence): IdentityPolicies {
    const inline = listOf(holder.at('Policies')).map((_, i) => ({ resource: holder, path: `Policies.${i}.PolicyDocument`, presence }));
    const attached = (this.attached.get(holder) ?? []).map((one) => ({
      resource: one.policy,
      path: 'PolicyDocument',
      presence: presence === 'YES' ? one.presence : presence,
    }));
    const external = [...(this.open.get(holder) ?? []), ...(holder.opaque ? [holder.opaque.reason] : [])];
    return { documents: [...inline, ...attached], external };
  }

  /** Managed policies that a holder lists: those of the templates, and all others. */
  private list(holder: Resource): void {
    branches(holder.at('ManagedPolicyArns'), 'YES', (value, presence) => {
      const policy = this.managedPolicy(value);
      if (policy !== undefined) this.add(holder, policy, presence);
      else this.leave(holder, this.text(value) ?? (value instanceof Unknown ? value.reason : 'a managed policy'));
    });
  }

  private attach(policy: Resource, type: HolderType, names: Value | undefined): void {
    this.find(policy, type, names, `the policy ${policy.id}`, (holder, presence) => this.add(holder, policy, presence));
  }

  private join(user: Resource, groups: Value | undefined, joined: Presence): void {
    branches(groups, joined, (value, presence) => {
      const { sure } = this.named(user, 'AWS::IAM::Group', value);
      const known = this.memberships.get(user) ?? [];
      const added = sure.filter((group) => !known.some((one) => one.group === group && one.presence === presence));
      this.memberships.set(user, [...known, ...added.map((group) => ({ group, presence }))]);
      if (sure.length === 0) this.leave(user, `policies of the group ${this.text(value) ?? 'whose name only the deployment decides'}`);
    });
  }

  /** Tells the holders that a value names; where it may be any of a type, each of them is left with something unknown. */
  private find(
    by: Resource, type: HolderType, names: Value | undefined, what: string, tell: (holder: Resource, presence: Presence) => void,
  ): void {
    branches(names, 'YES', (value, presence) => {
      const { sure, maybe } = this.named(by, type, value);
      for (const holder of sure) tell(holder, presence);
      for (const holder of maybe) this.leave(holder, `${what}: for whom it is only the deployment decides`);
    });
  }

  /** Holders by name: those that a value means, and where it means none of them, those that it may mean. */
  private named(by: Resource, type: HolderType, value: Value): { sure: readonly Resource[]; maybe: readonly Resource[] } {
    const { known, open } = this.names.get(type) as NamedHolders;
    const text = this.text(value);
    const near = (holders: Iterable<Resource>): Resource[] => [...holders].filter(({ stack }) => !differ(by.stack.account, stack.account));
    const same = text === undefined ? open.get(value as Unknown) : undefined;
    const sure = near(same === undefined ? ((text !== undefined && known.get(text)) || []) : [same]);
    if (sure.length > 0) return { sure, maybe: [] };
    return { sure, maybe: near(text === undefined ? this.model.ofType(type) : open.values()) };
  }

  private namedHolders(type: HolderType): NamedHolders {
    const known = new Map<string, Resource[]>();
    const open = new Map<string | Text | Unknown, Resource>();
    for (const holder of this.model.ofType(type)) {
      const name = this.model.nameOf(holder);
      const text = this.text(name);
      if (text === undefined) open.set(name, holder);
      else known.set(text, [...(known.get(text) ?? []), holder]);
    }
    return { known, open };
  }

  private add(holder: Resource, policy: Resource, presence: Presence): void {
    const known = this.attached.get(holder) ?? [];
    const before = known.find((one) => one.policy === policy);
    if (before?.presence === 'YES' || before?.presence === presence) return;
    this.attached.set(holder, [...known.filter((one) => one !== before), { policy, presence }]);
    const holders = this.holders.get(policy);
    if (holders === undefined) this.holders.set(policy, new Set([holder]));
    else holders.add(holder);
  }

  private leave(holder: Resource, reason: string): void {
    const known = this.open.get(holder) ?? [];
    if (!known.includes(reason)) this.open.set(holder, [...known, reason]);
  }

  private text(value: Value | undefined): string | undefined {
    if (isDict(value)) return undefined;
    const parts = textParts(value)?.map((one) => (typeof one === 'string' ? one : this.part(one)));
    return parts === undefined || parts.includes(undefined) ? undefined : parts.join('');
  }
}

/** Every single value of a list or a choice; what stands in a choice may not be there. */
function branches(value: Value | undefined, presence: Presence, tell: (value: Value, presence: Presence) => void): void {
  if (value === undefined) return;
  if (isList(value)) value.forEach((one) => branches(one, presence, tell));
  else if (value instanceof Unknown && value.candidates !== undefined) value.candidates.forEach((one) => branches(one, 'MAYBE', tell));
  else tell(value, presence);
}

function ownPart({ kind, origin, reason }: Unknown): string | undefined {
  if (kind === 'GENERATED_NAME' && origin !== undefined) return `<${origin.resource}>`;
  return kind === 'PSEUDO_PARAMETER' ? `<${reason}>` : undefined;
}

function differ(a: string | Unknown, b: string | Unknown): boolean {
  return typeof a === 'string' && typeof b === 'string' && a !== b;
}
