import type { PolicyStatement, Resource, TemplateModel, Value } from '../template';
import { PolicyAttachments, Text, Unknown, isDict, listOf, policyDocument } from '../template';
import { placesAt, textsIn } from './places';
import type { Item } from './subject';

/** A statement of an identity or resource policy, and where it stands. */
export interface StatementSite {
  readonly resource: Resource;
  /** Property path of the document, such as `Policies.0.PolicyDocument`. */
  readonly path: string;
  readonly statement: PolicyStatement;
}

/** A policy document, read once. */
interface ReadDocument {
  readonly sites: readonly StatementSite[];
  readonly opaque: readonly Unknown[];
}

const HOLDERS = ['AWS::IAM::Role', 'AWS::IAM::User', 'AWS::IAM::Group'];

/** What rules ask of the app as a whole; every answer is found once and kept. */
export class JudgedApp {
  private readonly sites = new Map<Resource, readonly StatementSite[]>();
  private readonly byHolder = new Map<Resource, readonly StatementSite[]>();
  private readonly documents = new Map<Resource, Map<string, ReadDocument>>();
  private readonly texts = new WeakMap<Resource, readonly Item[]>();
  private readonly namers = new Map<string, Map<Resource, Resource[]>>();
  private names: ReadonlyMap<string, Resource> | undefined;
  private readonly attachments: PolicyAttachments;

  constructor(readonly model: TemplateModel) {
    this.attachments = new PolicyAttachments(model);
  }

  /** Resources of any of these types. */
  ofTypes(...types: readonly string[]): readonly Resource[] {
    return types.length === 1 ? this.model.ofType(types[0]) : types.flatMap((type) => this.model.ofType(type));
  }

  /** The resources of a type that name a resource at a place, such as `ProductionVariants.*.ModelName`; looked up, not searched for. */
  naming(resource: Resource, type: string, place: string): readonly Resource[] {
    const key = `${type} ${place}`;
    let index = this.namers.get(key);
    if (index === undefined) {
      index = new Map<Resource, Resource[]>();
      for (const namer of this.ofTypes(type)) {
        const named = new Set(placesAt(namer.properties, place).map(({ value }) => this.named(value)));
        for (const to of named) if (to !== undefined) index.set(to, [...(index.get(to) ?? []), namer]);
      }
      this.namers.set(key, index);
    }
    return index.get(resource) ?? [];
  }

  /** Every text of a resource's properties with its path. */
  textsOf(resource: Resource): readonly Item[] {
    let found = this.texts.get(resource);
    if (found === undefined) {
      found = textsIn(resource.properties);
      this.texts.set(resource, found);
    }
    return found;
  }

  /** The statements of the identity policies that a resource holds itself: inline policies of a role, the document of a managed one. */
  identityStatements(resource: Resource): readonly StatementSite[] {
    let found = this.sites.get(resource);
    if (found === undefined) {
      found = identityDocuments(resource).flatMap((path) => this.statementsAt(resource, path));
      this.sites.set(resource, found);
    }
    return found;
  }

  /** What of the identity policies that a resource holds itself cannot be read. */
  unreadableIdentity(resource: Resource): readonly Unknown[] {
    return identityDocuments(resource).flatMap((path) => this.unreadable(resource, path));
  }

  /** Every statement of a role, user or group: its own and those of the policies of the templates that are attached to it. */
  statementsOfHolder(holder: Resource): readonly StatementSite[] {
    let found = this.byHolder.get(holder);
    if (found === undefined) {
      found = this.attachments.of(holder).documents.flatMap(({ resource, path, presence }) => {
        const sites = this.statementsAt(resource, path);
        // Whether the holder has it at all is open: so is each of its statements.
        return presence === 'YES' ? sites : sites.map((site) => ({ ...site, statement: { ...site.statement, presence } }));
      });
      this.byHolder.set(holder, found);
    }
    return found;
  }

  /** Roles, users and groups that a policy resource is attached to; a role is its own holder. */
  holdersOf(policy: Resource): Resource[] {
    if (HOLDERS.includes(policy.type)) return [policy];
    return this.attachments.holdersOf(policy);
  }

  /** The statements of a policy document at a property path, normalised once. */
  statementsAt(resource: Resource, path: string): readonly StatementSite[] {
    return this.document(resource, path).sites;
  }

  /** What of a policy document cannot be read: reasons for "undetermined". */
  unreadable(resource: Resource, path: string): readonly Unknown[] {
    return this.document(resource, path).opaque;
  }

  private document(resource: Resource, path: string): ReadDocument {
    let ofResource = this.documents.get(resource);
    if (ofResource === undefined) this.documents.set(resource, (ofResource = new Map<string, ReadDocument>()));
    let found = ofResource.get(path);
    if (found === undefined) {
      const value = resource.at(path);
      const { statements, opaque } = value === undefined ? { statements: [], opaque: [] } : policyDocument(value);
      found = { sites: statements.map((statement) => ({ resource, path, statement })), opaque };
      ofResource.set(path, found);
    }
    return found;
  }

  /** The value of a tag, as a list of key and value or as a map; undefined when it is not there. */
  tag(resource: Resource, key: string): Value | undefined {
    const tags = resource.at('Tags');
    if (isDict(tags)) return tags[key];
    if (tags instanceof Unknown) return tags;
    for (const tag of listOf(tags)) {
      if (isDict(tag) && tag.Key === key) return tag.Value;
    }
    // A tag that is there or not, or whose key is not known, may be this one.
    const mayBe = (tag: Unknown) => tag.candidates?.some((candidate) => isDict(candidate) && candidate.Key === key) ?? true;
    return listOf(tags).find((tag) => tag instanceof Unknown && mayBe(tag));
  }

  /**
   * The resource of the templates that a value names: by reference, by name, by ARN or by an S3 address.
   *
   * Undefined when it is none of them: another account's, or made elsewhere.
   */
  named(value: Value | undefined): Resource | undefined {
    if (value instanceof Unknown) return value.origin && this.model.resource(value.origin.resource);
    if (value instanceof Text) {
      const origin = value.parts.find((part): part is Unknown => part instanceof Unknown && part.origin !== undefined)?.origin;
      // A resource with a name of its own leaves no trace in its ARN but that name, beside an account that is not known.
      return origin ? this.model.resource(origin.resource) : this.byName(value.toString());
    }
    return typeof value === 'string' ? this.byName(value) : undefined;
  }

  private byName(text: string): Resource | undefined {
    this.names ??= this.nameTable();
    const bucket = /^(?:s3:\/\/|arn:[^:]*:s3:::|https:\/\/s3[^/]*\/)([^/]+)/.exec(text)?.[1];
    return this.names.get(bucket ?? text);
  }

  private nameTable(): Map<string, Resource> {
    const table = new Map<string, Resource>();
    for (const resource of this.model.resources) {
      const name = this.model.nameOf(resource);
      if (typeof name === 'string') table.set(name, resource);
      const arn = this.model.arnOf(resource);
      if (arn !== undefined && !(arn instanceof Unknown)) table.set(arn.toString(), resource);
    }
    return table;
  }
}

/** Property paths of the identity policies that a resource holds itself. */
function identityDocuments(resource: Resource): readonly string[] {
  if (!HOLDERS.includes(resource.type)) return ['PolicyDocument'];
  return listOf(resource.at('Policies')).map((_, i) => `Policies.${i}.PolicyDocument`);
}
