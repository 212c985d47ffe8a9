import type { IConstruct } from 'constructs';
import { Assembly, type AssemblySource, covers } from './assembly';
import { collectEndpoints, type EndpointFacts } from './endpoint-policies';
import { type Mutation, mutate } from './mutations';
import { ALLOW_ALL, type AttachedPolicy, type ManagedPolicies } from './policies';
import type { PolicyDocument } from './policy-document';
import { type Principal, isOutside } from './principals';
import { type Caller, type Organization, type Route, globalContext, overlay, serviceContext, sessionArn } from './request-context';
import { collectResourcePolicies } from './resource-policies';
import { collectRoles, type RoleFacts } from './role-policies';
import { type Context, type ContextValue, type Verdict, knownKeys, simulate } from './simulate';

export interface WorldOptions {
  /** Where stacks without a fixed environment are deployed. */
  readonly accountId: string;
  readonly region: string;
  /** @default - the account is in no organisation */
  readonly organizationId?: string;
  readonly organizationPath?: string;
  /** @default 'aws' */
  readonly partition?: string;
  /** Text of managed policies that no template holds. @default - AdministratorAccess only */
  readonly managedPolicies?: ManagedPolicies;
  /** Guardrails of the organisation over the own account. FullAWSAccess is not implied: a list must hold its Allow. @default - none */
  readonly serviceControlPolicies?: readonly PolicyDocument[];
  /** @default - none */
  readonly resourceControlPolicies?: readonly PolicyDocument[];
  readonly parameters?: Readonly<Record<string, string>>;
  readonly conditions?: Readonly<Record<string, boolean>>;
  /** Values of attributes that the naming table does not hold, see `TemplateEnv`. */
  readonly values?: Readonly<Record<string, string>>;
}

/** A resource of the templates, or its ARN, or `*`, or something outside. */
export type Target = IConstruct | string | ForeignResource;

/** A resource outside the own accounts, for example an attacker's bucket. */
export interface ForeignResource {
  readonly foreignArn: string;
  readonly accountId: string;
  /** `same`: the own organisation. @default - in no organisation */
  readonly organization?: 'same' | (string & {});
  /** @default - everybody may do everything */
  readonly policy?: PolicyDocument;
}

export interface Request {
  readonly principal: Principal;
  readonly action: string;
  readonly resource: Target;
  /** Keys to add, replace, or (as undefined) remove. Tags of resources are not known: give `aws:ResourceTag/…` here. */
  readonly context?: Readonly<Record<string, ContextValue | undefined>>;
  /** Keys that AWS sends though the simulator does not accept them for the action, for example `kms:EncryptionContext:…`. */
  readonly extraContext?: Readonly<Record<string, string>>;
  /** A VPC endpoint of the templates, or another route. @default 'internet' */
  readonly via?: IConstruct | 'internet' | 'aws-network' | (string & {}) | Route;
  readonly sessionPolicy?: PolicyDocument;
}

export interface Decision extends Verdict {
  /** The request as the simulator saw it. */
  readonly request: { readonly principal: string; readonly action: string; readonly resource: string; readonly context: Context };
}

interface CallerFacts {
  readonly caller: Caller;
  /** undefined: anonymous */
  readonly principal?: string;
  readonly policies: readonly AttachedPolicy[];
}

interface ResourceFacts {
  readonly arn: string;
  readonly accountId: string;
  readonly region: string;
  readonly organization?: Organization;
  readonly policies: readonly AttachedPolicy[];
}

/** Services whose resources carry policies of their own: what is not in the templates cannot be decided. */
const NEEDS_POLICY = new Set(['s3', 'kms', 'sqs', 'sns', 'secretsmanager', 'ecr', 'lambda', 'sts', 'dynamodb', 'backup', 'execute-api']);

const ANYBODY: PolicyDocument = {
  Version: '2012-10-17',
  Statement: [{ Sid: 'ForeignResourceAllowsAll', Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }],
};

/** Everything that IAM would know about stacks that are deployed together. */
export class IamWorld {
  static of(source: AssemblySource, options: WorldOptions): IamWorld {
    const assembly = Assembly.of(source, options);
    const { stacks } = assembly;
    const administratorAccess = `arn:${options.partition ?? 'aws'}:iam::aws:policy/AdministratorAccess`;
    const { roles, policies } = collectRoles(stacks, { [administratorAccess]: ALLOW_ALL, ...options.managedPolicies });
    const { endpoints, policies: endpointPolicies } = collectEndpoints(stacks);
    const guardrail = (kind: 'scp' | 'rcp', documents: readonly PolicyDocument[] = []): AttachedPolicy[] =>
      documents.map((document, index) => ({ name: `${kind} ${index}`, kind, target: 'account', document }));
    const all = [
      ...policies,
      ...endpointPolicies,
      ...collectResourcePolicies(stacks),
      ...guardrail('scp', options.serviceControlPolicies),
      ...guardrail('rcp', options.resourceControlPolicies),
    ];
    const restricted = stacks.flatMap((stack) =>
      stack
        .resourceIds('AWS::S3::Bucket')
        .filter((id) => {
          const block = stack.property(id, 'PublicAccessBlockConfiguration') as { RestrictPublicBuckets?: unknown } | undefined;
          return String(block?.RestrictPublicBuckets) === 'true';
        })
        .map((id) => stack.arnOf(id)),
    );
    return new IamWorld(options, assembly, roles, endpoints, all, new Set(restricted));
  }

  private constructor(
    readonly options: WorldOptions,
    private readonly assembly: Assembly,
    private readonly roles: readonly RoleFacts[],
    private readonly endpoints: readonly EndpointFacts[],
    readonly policies: readonly AttachedPolicy[],
    private readonly restrictedBuckets: ReadonlySet<string>,
  ) {}

  /** The ARN of a resource, with `suffix` behind it: `arnOf(bucket, '/models/x')`. */
  arnOf(target: IConstruct | string, suffix = ''): string {
    return this.assembly.arnOf(target) + suffix;
  }

  /** What `Ref` gives for a resource, for example the id of a VPC endpoint. */
  refOf(target: IConstruct | string): string {
    const { stack, id } = this.assembly.find(target);
    return stack.refOf(id);
  }

  /** A new world without one protection; throws if there is no such thing to remove. */
  without(mutation: Mutation): IamWorld {
    const copy = (policies: readonly AttachedPolicy[], restricted: ReadonlySet<string>): IamWorld =>
      new IamWorld(this.options, this.assembly, this.roles, this.endpoints, policies, restricted);
    if (!('publicAccessBlock' in mutation)) {
      return copy(
        mutate(this.policies, mutation, (target) => this.arnOf(target)),
        this.restrictedBuckets,
      );
    }
    const arn = this.arnOf(mutation.publicAccessBlock);
    if (!this.restrictedBuckets.has(arn)) throw new Error(`${arn} does not restrict public access: the test would prove nothing`);
    return copy(this.policies, new Set([...this.restrictedBuckets].filter((one) => one !== arn)));
  }

  /** A new world in which the statements with this Sid have lost their conditions on one key. */
  withoutCondition(mutation: { sid: string; key: string; on?: IConstruct | string }): IamWorld {
    return this.without(mutation);
  }

  /** Decides a request; throws when it cannot be decided. */
  async request(request: Request): Promise<Decision> {
    const { action, extraContext = {}, sessionPolicy } = request;
    const resource = this.resourceOf(request);
    const { caller, principal, policies } = this.callerOf(request.principal);
    const route = this.routeOf(request, caller);
    const context = overlay(
      {
        ...globalContext(caller, route, resource),
        ...(await knownKeys(action, resource.arn, serviceContext(caller, resource.accountId))),
      },
      request.context ?? {},
    );
    const overRoute = route.kind === 'endpoint' ? this.policiesOf(['endpoint'], (target) => target === route.endpoint.arn) : [];
    const verdict = await simulate({
      principal: principal ?? { type: 'Anonymous' },
      action,
      extraContext,
      sessionPolicy,
      context,
      resource: resource.arn,
      resourceAccount: resource.accountId,
      policies: [...policies, ...resource.policies, ...overRoute],
      publicAccessRestricted: [...this.restrictedBuckets].some((arn) => covers(arn, resource.arn)),
    });
    const seen = { principal: principal ?? 'anonymous', action, resource: resource.arn, context: { ...context, ...extraContext } };
    return { ...verdict, request: seen };
  }

  private get organization(): Organization | undefined {
    const { organizationId: id, organizationPath: path } = this.options;
    return id === undefined ? undefined : { id, path: path ?? `${id}/r-root/ou-root-workloads/` };
  }

  private organizationOf(name: string): Organization | undefined {
    if (name === 'same') return this.organization;
    return name === 'none' ? undefined : { id: name, path: `${name}/r-root/ou-root-other/` };
  }

  private policiesOf(kinds: readonly AttachedPolicy['kind'][], applies: (target: string) => boolean): AttachedPolicy[] {
    return this.policies.filter((policy) => kinds.includes(policy.kind) && applies(policy.target));
  }

  private callerOf(principal: Principal): CallerFacts {
    if (!isOutside(principal)) return this.roleOf(this.arnOf(principal));
    switch (principal.kind) {
      case 'anonymous':
        return { caller: { kind: 'anonymous' }, policies: [] };
      case 'service': {
        const { service, sourceAccount, sourceArn, sourceOrganizationId } = principal;
        const source = overlay(
          {},
          {
            'aws:SourceAccount': sourceAccount,
            'aws:SourceArn': sourceArn,
            'aws:SourceOrgID': sourceOrganizationId,
          },
        );
        return { caller: { kind: 'service', service, source }, principal: service, policies: [] };
      }
      case 'account': {
        const { name, accountId = this.options.accountId, tags = {} } = principal;
        const roleArn = `arn:${this.options.partition ?? 'aws'}:iam::${accountId}:role/${name}`;
        const identity = principal.policies.map((document): AttachedPolicy => ({ name, kind: 'identity', target: roleArn, document }));
        return {
          caller: { kind: 'role', roleArn, accountId, organization: this.organizationOf(principal.organization), tags },
          principal: sessionArn(roleArn),
          policies: [...identity, ...(principal.accountId === undefined ? this.policiesOf(['scp'], () => true) : [])],
        };
      }
    }
  }

  private roleOf(roleArn: string): CallerFacts {
    const role = this.roles.find((one) => one.arn === roleArn);
    if (role === undefined) throw new Error(`${roleArn} is no role of these templates`);
    const { accountId, tags, unknownPolicies } = role;
    if (unknownPolicies.length > 0) throw new Error(`${roleArn} has policies whose text is not known: ${unknownPolicies.join(', ')}`);
    return {
      caller: { kind: 'role', roleArn, accountId, organization: this.organization, tags },
      principal: sessionArn(roleArn),
      policies: [...this.policiesOf(['identity', 'boundary'], (target) => target === roleArn), ...this.policiesOf(['scp'], () => true)],
    };
  }

  private resourceOf({ resource: target, action }: Request): ResourceFacts {
    if (typeof target === 'object' && 'foreignArn' in target) {
      const { foreignArn: arn, accountId, organization = 'none', policy: document = ANYBODY } = target;
      return {
        arn,
        accountId,
        region: arn.split(':')[3] || this.options.region,
        organization: this.organizationOf(organization),
        policies: [{ name: 'foreign resource', kind: 'resource', target: arn, document }],
      };
    }
    const { organization } = this;
    const guardrails = this.policiesOf(['rcp'], () => true);
    if (target === '*') {
      return { arn: '*', accountId: this.options.accountId, region: this.options.region, organization, policies: guardrails };
    }
    const arn = this.arnOf(target);
    if (/[*?]/.test(arn)) throw new Error(`'${arn}' holds a wildcard: a request names one resource`);
    const service = action.split(':')[0].toLowerCase();
    const env = this.assembly.ownerOf(arn)?.stack.env;
    if (env === undefined && NEEDS_POLICY.has(service)) {
      throw new Error(`'${arn}' is not in these templates, so its policy is not known: use a foreign resource`);
    }
    const [, , , region, account] = arn.split(':');
    return {
      arn,
      organization,
      accountId: env?.accountId ?? (account || this.options.accountId),
      region: env?.region ?? (region || this.options.region),
      policies: [...this.policiesOf([service === 'sts' ? 'trust' : 'resource'], (one) => covers(one, arn)), ...guardrails],
    };
  }

  private routeOf({ via = 'internet', action }: Request, caller: Caller): Route {
    if (via === 'internet') return { kind: 'internet' };
    if (via === 'aws-network') return { kind: 'aws-network' };
    if (caller.kind === 'service') throw new Error('an AWS service calls from the network of AWS, not through a VPC endpoint');
    if (typeof via === 'object' && 'kind' in via) return via;
    const arn = this.arnOf(via);
    const endpoint = this.endpoints.find((one) => one.arn === arn);
    if (endpoint === undefined) throw new Error(`${arn} is no VPC endpoint of these templates`);
    if (endpoint.actionPrefix !== action.split(':')[0].toLowerCase()) {
      throw new Error(`${action} does not go through the endpoint of ${endpoint.actionPrefix}`);
    }
    return { kind: 'endpoint', endpoint };
  }
}
