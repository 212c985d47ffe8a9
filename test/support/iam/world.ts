import { CfnResource, Stack, Stage, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { type Mutation, mutate } from './mutations';
import {
  type AttachedPolicy, type EndpointFacts, type ManagedPolicies, type RoleFacts,
  ALLOW_ALL, collectEndpoints, collectResourcePolicies, collectRoles,
} from './policies';
import type { PolicyDocument } from './policy-document';
import { type Principal, isOutside } from './principals';
import { type Caller, type Organization, type Route, globalContext, overlay, serviceContext, sessionArn } from './request-context';
import { type ResolvedTemplate, type Template, resolveAssembly } from './resolve-template';
import { type ContextValue, type Verdict, knownKeys, simulate } from './simulate';

export interface WorldOptions {
  readonly accountId: string;
  readonly region: string;
  /** @default - the account is in no organisation */
  readonly organizationId?: string;
  readonly organizationPath?: string;
  /** @default 'aws' */
  readonly partition?: string;
  /** Text of managed policies that no template holds. @default - AdministratorAccess only */
  readonly managedPolicies?: ManagedPolicies;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly conditions?: Readonly<Record<string, boolean>>;
  /** Values of attributes that the naming table does not hold, see `TemplateEnv`. */
  readonly values?: Readonly<Record<string, string>>;
}

/** A stack or app, or plain templates by stack name. */
export type WorldSource = Stack | Stage | Readonly<Record<string, Template>>;

/** A resource of the templates, or its ARN, or `*`, or something outside. */
export type Target = IConstruct | string | ForeignResource;

/** A resource of another account, for example an attacker's bucket; its own policy admits everybody unless given. */
export interface ForeignResource {
  readonly foreignArn: string;
  readonly accountId: string;
  readonly policy?: PolicyDocument;
}

export interface Request {
  readonly principal: Principal;
  readonly action: string;
  readonly resource: Target;
  /** Keys to add, replace, or (as undefined) remove. */
  readonly context?: Readonly<Record<string, ContextValue | undefined>>;
  /** Keys that AWS sends though the simulator's data does not list them for the action. */
  readonly extraContext?: Readonly<Record<string, ContextValue>>;
  /** A VPC endpoint of the templates, or another route. @default 'internet' */
  readonly via?: IConstruct | string | Route;
  readonly sessionPolicy?: PolicyDocument;
}

export interface Decision extends Verdict {
  /** The request as the simulator saw it. */
  readonly request: {
    readonly principal: string;
    readonly action: string;
    readonly resource: string;
    readonly context: Readonly<Record<string, ContextValue>>;
  };
}

/** Services whose resources can carry policies: a request on one that is not in the templates cannot be decided. */
const NEEDS_POLICY = new Set(['s3', 'kms', 'sqs', 'sns', 'secretsmanager', 'ecr', 'lambda', 'sts']);

/** IAM prefixes of the endpoints that are not called like their service. */
const ENDPOINT_SERVICE: Readonly<Record<string, string>> = {
  'monitoring': 'cloudwatch', 'bedrock-runtime': 'bedrock', 'bedrock-agent': 'bedrock', 'bedrock-agent-runtime': 'bedrock', 'email': 'ses', 'sync-states': 'states',
};

/** Everything that IAM would know about the given stacks in one account. */
export class IamWorld {
  static of(source: WorldSource, options: WorldOptions): IamWorld {
    const templates = source instanceof Stack || source instanceof Stage ? synthesise(source, options) : Object.entries(source).map(
      ([stackName, template]) => ({ template, env: { ...options, stackName } }));
    const stacks = resolveAssembly(templates);
    const { roles, policies } = collectRoles(stacks, {
      [`arn:${options.partition ?? 'aws'}:iam::aws:policy/AdministratorAccess`]: ALLOW_ALL, ...options.managedPolicies,
    });
    const { endpoints, policies: endpointPolicies } = collectEndpoints(stacks);
    const blocked = stacks.flatMap((stack) => stack.resourceIds('AWS::S3::Bucket')
      .filter((id) => String((stack.property(id, 'PublicAccessBlockConfiguration') as Record<string, unknown> | undefined)?.RestrictPublicBuckets) === 'true')
      .map((id) => stack.arnOf(id)));
    return new IamWorld(options, stacks, roles, endpoints, [...policies, ...endpointPolicies, ...collectResourcePolicies(stacks)], new Set(blocked));
  }

  private constructor(
    readonly options: WorldOptions,
    private readonly stacks: readonly ResolvedTemplate[],
    private readonly roles: readonly RoleFacts[],
    private readonly endpoints: readonly EndpointFacts[],
    readonly policies: readonly AttachedPolicy[],
    private readonly publicAccessBlocked: ReadonlySet<string>,
  ) {}

  /** The ARN of a resource, with `suffix` behind it: `arnOf(bucket, '/models/x')`. */
  arnOf(target: IConstruct | string, suffix = ''): string {
    if (typeof target === 'string' && target.startsWith('arn:')) return target + suffix;
    const { stack, id } = this.find(target);
    return stack.arnOf(id) + suffix;
  }

  /** What `Ref` gives for a resource, for example the id of a VPC endpoint. */
  refOf(target: IConstruct | string): string {
    const { stack, id } = this.find(target);
    return stack.refOf(id);
  }

  /** A new world without the named protection; throws if there is no such thing to remove. */
  without(mutation: Mutation): IamWorld {
    if ('publicAccessBlock' in mutation) {
      const arn = this.arnOf(mutation.publicAccessBlock);
      if (!this.publicAccessBlocked.has(arn)) throw new Error(`${arn} does not restrict public buckets: nothing to remove`);
      return this.with(this.policies, new Set([...this.publicAccessBlocked].filter((one) => one !== arn)));
    }
    return this.with(mutate(this.policies, mutation, (target) => this.arnOf(target)), this.publicAccessBlocked);
  }

  /** A new world in which the statements with this Sid have lost their conditions on one key. */
  withoutCondition(mutation: { sid: string; key: string; on?: IConstruct | string }): IamWorld {
    return this.without(mutation);
  }

  async request(request: Request): Promise<Decision> {
    const resource = this.resourceOf(request);
    const { caller, principal, policies: callerPolicies } = this.callerOf(request.principal);
    const route = this.routeOf(request);
    const region = this.options.region;
    const defaults = {
      ...globalContext(caller, route, region, resource),
      ...await knownKeys(request.action, resource.arn, serviceContext(caller, resource.accountId)),
    };
    const context = overlay(defaults, request.context ?? {});
    const endpointPolicies = route.kind === 'endpoint' ? this.policies.filter((policy) => policy.kind === 'endpoint' && policy.target === route.endpoint.arn) : [];
    const verdict = await simulate({
      principal: principal ?? { type: 'Anonymous' },
      action: request.action,
      resource: resource.arn,
      resourceAccount: resource.accountId,
      context,
      extraContext: request.extraContext ?? {},
      policies: [...callerPolicies, ...resource.policies, ...endpointPolicies],
      sessionPolicy: request.sessionPolicy,
      publicAccessBlocked: [...this.publicAccessBlocked].some((arn) => covers(arn, resource.arn)),
    });
    return {
      ...verdict,
      request: { principal: principal ?? 'anonymous', action: request.action, resource: resource.arn, context: { ...context, ...request.extraContext } },
    };
  }

  private with(policies: readonly AttachedPolicy[], publicAccessBlocked: ReadonlySet<string>): IamWorld {
    return new IamWorld(this.options, this.stacks, this.roles, this.endpoints, policies, publicAccessBlocked);
  }

  private get organization(): Organization | undefined {
    const { organizationId: id, organizationPath: path } = this.options;
    return id === undefined ? undefined : { id, path: path ?? `${id}/r-root/ou-root-workloads/` };
  }

  private callerOf(principal: Principal): { caller: Caller; principal?: string; policies: AttachedPolicy[] } {
    if (!isOutside(principal)) {
      const arn = this.arnOf(principal);
      const role = this.roles.find((one) => one.arn === arn);
      if (role === undefined) throw new Error(`${arn} is no role of these templates`);
      if (role.unknownPolicies.length > 0) throw new Error(`${arn} has policies whose text is not known: ${role.unknownPolicies.join(', ')}`);
      return {
        caller: { kind: 'role', roleArn: arn, accountId: role.accountId, organization: this.organization, tags: role.tags },
        principal: sessionArn(arn),
        policies: this.policies.filter((policy) => policy.target === arn && (policy.kind === 'identity' || policy.kind === 'boundary')),
      };
    }
    switch (principal.kind) {
      case 'anonymous': return { caller: { kind: 'anonymous' }, policies: [] };
      case 'service': {
        const source = overlay({}, {
          'aws:SourceAccount': principal.sourceAccount, 'aws:SourceArn': principal.sourceArn, 'aws:SourceOrgID': principal.sourceOrganizationId,
        });
        return { caller: { kind: 'service', service: principal.service, source }, principal: principal.service, policies: [] };
      }
      case 'account': {
        const accountId = principal.accountId ?? this.options.accountId;
        const arn = `arn:${this.options.partition ?? 'aws'}:iam::${accountId}:role/${principal.name}`;
        const other = principal.organization === 'none' ? undefined : { id: principal.organization, path: `${principal.organization}/r-other/` };
        const organization = principal.organization === 'same' ? this.organization : other;
        return {
          caller: { kind: 'role', roleArn: arn, accountId, organization, tags: principal.tags ?? {} },
          principal: sessionArn(arn),
          policies: principal.policies.map((document) => ({ name: principal.name, kind: 'identity', target: arn, document })),
        };
      }
    }
  }

  private resourceOf(request: Request): { arn: string; accountId: string; organization?: Organization; policies: AttachedPolicy[] } {
    const { resource: target, action } = request;
    if (typeof target === 'object' && 'foreignArn' in target) {
      const open: PolicyDocument = { Version: '2012-10-17', Statement: [{ Sid: 'ForeignOpen', Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }] };
      const document = target.policy ?? open;
      return { arn: target.foreignArn, accountId: target.accountId, policies: [{ name: 'foreign resource', kind: 'resource', target: target.foreignArn, document }] };
    }
    if (target === '*') return { arn: '*', accountId: this.options.accountId, organization: this.organization, policies: [] };
    const arn = this.arnOf(target);
    if (/[*?]/.test(arn)) throw new Error(`'${arn}' holds a wildcard: a request names one resource`);
    const service = action.split(':')[0].toLowerCase();
    const kind = service === 'sts' ? 'trust' : 'resource';
    const owner = this.ownerOf(arn);
    if (owner === undefined && NEEDS_POLICY.has(service)) {
      throw new Error(`'${arn}' is not in these templates, so its policy is not known: use a foreign resource`);
    }
    return {
      arn,
      accountId: owner?.env.accountId ?? (arn.split(':')[4] || this.options.accountId),
      organization: this.organization,
      policies: this.policies.filter((policy) => policy.kind === kind && covers(policy.target, arn)),
    };
  }

  private routeOf({ via = 'internet', action }: Request): Route {
    if (via === 'internet' || via === 'aws-network') return { kind: via };
    if (typeof via === 'object' && 'kind' in via) return via;
    const arn = this.arnOf(via);
    const endpoint = this.endpoints.find((one) => one.arn === arn);
    if (endpoint === undefined) throw new Error(`${arn} is no VPC endpoint of these templates`);
    const [, name] = /^(?:cn\.)?(?:com\.amazonaws|aws)\.(?:api\.)?[a-z0-9-]+\.([a-z0-9-]+)/.exec(endpoint.service) ?? [];
    const service = ENDPOINT_SERVICE[name] ?? name;
    if (service !== action.split(':')[0].toLowerCase()) throw new Error(`${action} does not go through the endpoint of ${endpoint.service}`);
    return { kind: 'endpoint', endpoint };
  }

  /** The stack that declares a resource, given the ARN of it or of something inside it. */
  private ownerOf(arn: string): ResolvedTemplate | undefined {
    return this.stacks.find((stack) => stack.resourceIds().some((id) => stack.hasArn(id) && covers(stack.arnOf(id), arn)));
  }

  private find(target: IConstruct | string): { stack: ResolvedTemplate; id: string } {
    const found = typeof target === 'string' ? this.findByText(target) : this.findByConstruct(target);
    if (found.length === 1) return found[0];
    const name = typeof target === 'string' ? target : target.node.path;
    throw new Error(found.length === 0 ? `'${name}' is no resource of these templates` : `'${name}' is ambiguous: ${found.map((one) => `${one.stack.stackName}/${one.id}`).join(', ')}`);
  }

  private findByText(text: string): { stack: ResolvedTemplate; id: string }[] {
    return this.stacks.flatMap((stack) => stack.resourceIds()
      .filter((id) => id === text || `${stack.stackName}/${id}` === text || [text, `${text}/Resource`].includes(stack.pathOf(id) ?? ''))
      .map((id) => ({ stack, id })));
  }

  private findByConstruct(construct: IConstruct): { stack: ResolvedTemplate; id: string }[] {
    const resource = CfnResource.isCfnResource(construct) ? construct : construct.node.defaultChild;
    if (resource === undefined || !CfnResource.isCfnResource(resource)) throw new Error(`${construct.node.path} has no resource of its own`);
    const owner = Stack.of(resource);
    const id = owner.resolve(resource.logicalId) as string;
    return this.stacks.filter((stack) => stack.stackName === owner.stackName && stack.has(id)).map((stack) => ({ stack, id }));
  }
}

/** The policy of a bucket, key, group … also covers what is inside it. */
function covers(target: string, arn: string): boolean {
  return arn === target || arn.startsWith(`${target}/`) || arn.startsWith(`${target}:`);
}

/** All stacks of the enclosing stage, so that references between stacks can be resolved. */
function synthesise(source: Stack | Stage, options: WorldOptions): { template: Template; env: WorldOptions & { stackName: string } }[] {
  const stage = source instanceof Stage ? source : Stage.of(source);
  if (!stage) throw new Error(`'${source.node.path}' is in no app: put it in one, only an app has templates`);
  const assembly = stage.synth();
  return assembly.stacks.map((artifact) => {
    const { account, region } = artifact.environment;
    const concrete = (value: string, fallback: string): string => value.startsWith('unknown-') || Token.isUnresolved(value) ? fallback : value;
    return {
      template: artifact.template as Template,
      env: { ...options, accountId: concrete(account, options.accountId), region: concrete(region, options.region), stackName: artifact.stackName },
    };
  });
}
