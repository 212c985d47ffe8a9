import { type Json, type JsonObject, type PolicyDocument, type Statement, asList, asPolicyDocument, isObject } from './policy-document';
import type { ResolvedTemplate } from './resolve-template';

export type PolicyKind = 'identity' | 'boundary' | 'trust' | 'resource' | 'endpoint';

/** A policy at one place where IAM evaluates it; a managed policy of two roles appears twice. */
export interface AttachedPolicy {
  /** `stack/logicalId` of what holds the document. */
  readonly name: string;
  readonly kind: PolicyKind;
  /** ARN of the role or resource; for an endpoint its ARN too. */
  readonly target: string;
  readonly document: PolicyDocument;
}

export interface RoleFacts {
  readonly arn: string;
  readonly name: string;
  readonly accountId: string;
  readonly tags: Readonly<Record<string, string>>;
  /** ARNs of attached policies whose text is not known: no request of this role can be decided. */
  readonly unknownPolicies: readonly string[];
}

export interface EndpointFacts {
  readonly arn: string;
  readonly id: string;
  readonly vpcId: string;
  readonly service: string;
  readonly accountId: string;
}

/** Text of managed policies that no template holds. */
export type ManagedPolicies = Readonly<Record<string, PolicyDocument>>;

export const ALLOW_ALL: PolicyDocument = { Version: '2012-10-17', Statement: [{ Sid: 'AllowAll', Effect: 'Allow', Action: '*', Resource: '*' }] };

/** Where a type keeps the policy of its own resource. */
const OWN_POLICY: Readonly<Record<string, string>> = {
  'AWS::Backup::BackupVault': 'AccessPolicy',
  'AWS::DynamoDB::Table': 'ResourcePolicy.PolicyDocument',
  'AWS::ECR::Repository': 'RepositoryPolicyText',
  'AWS::Events::EventBus': 'Policy',
  'AWS::KMS::Key': 'KeyPolicy',
  'AWS::KMS::ReplicaKey': 'KeyPolicy',
  'AWS::SageMaker::ModelPackageGroup': 'ModelPackageGroupPolicy',
};

/** Types whose resource is the policy of others: where the document is, and which property names the others. */
const POLICY_OF_OTHERS: Readonly<Record<string, { document: string; targets: string; type: string }>> = {
  'AWS::S3::BucketPolicy': { document: 'PolicyDocument', targets: 'Bucket', type: 'AWS::S3::Bucket' },
  'AWS::SNS::TopicPolicy': { document: 'PolicyDocument', targets: 'Topics', type: 'AWS::SNS::Topic' },
  'AWS::SNS::TopicInlinePolicy': { document: 'PolicyDocument', targets: 'TopicArn', type: 'AWS::SNS::Topic' },
  'AWS::SQS::QueuePolicy': { document: 'PolicyDocument', targets: 'Queues', type: 'AWS::SQS::Queue' },
  'AWS::SQS::QueueInlinePolicy': { document: 'PolicyDocument', targets: 'Queue', type: 'AWS::SQS::Queue' },
  'AWS::SecretsManager::ResourcePolicy': { document: 'ResourcePolicy', targets: 'SecretId', type: 'AWS::SecretsManager::Secret' },
};

/** Finds a resource by any of the ways in which properties name one: Ref value, ARN or name. */
export function findByValue(stacks: readonly ResolvedTemplate[], type: string, value: Json): { stack: ResolvedTemplate; id: string } | undefined {
  for (const stack of stacks) {
    for (const id of stack.resourceIds(type)) {
      const arn = stack.arnOf(id);
      if (value === arn || value === stack.refOf(id) || value === arn.slice(arn.search(/[^:/]*$/))) return { stack, id };
    }
  }
  return undefined;
}

export function tagsOf(value: Json | undefined): Record<string, string> {
  if (isObject(value)) return value as Record<string, string>;
  return Object.fromEntries((asList(value) as { Key: string; Value: string }[]).map((tag) => [tag.Key, tag.Value]));
}

/** Roles with the policies of both directions: named by the role, and policies that name the role. */
export function collectRoles(stacks: readonly ResolvedTemplate[], known: ManagedPolicies): { roles: RoleFacts[]; policies: AttachedPolicy[] } {
  const managed = new Map<string, { name: string; document: PolicyDocument }>(
    Object.entries(known).map(([arn, document]) => [arn, { name: arn, document }]));
  const namingRole: { name: string; account: string; roles: Json[]; document: PolicyDocument }[] = [];
  for (const stack of stacks) {
    for (const type of ['AWS::IAM::ManagedPolicy', 'AWS::IAM::Policy', 'AWS::IAM::RolePolicy']) {
      for (const id of stack.resourceIds(type)) {
        const name = `${stack.stackName}/${id}`;
        const properties = stack.properties(id);
        const document = asPolicyDocument(properties.PolicyDocument, name);
        if (type === 'AWS::IAM::ManagedPolicy') managed.set(stack.arnOf(id), { name, document });
        namingRole.push({ name, account: stack.env.accountId, roles: [...asList(properties.Roles), ...asList(properties.RoleName)], document });
      }
    }
  }

  const roles: RoleFacts[] = [];
  const policies: AttachedPolicy[] = [];
  for (const stack of stacks) {
    for (const id of stack.resourceIds('AWS::IAM::Role')) {
      const arn = stack.arnOf(id);
      const name = stack.refOf(id);
      const label = `${stack.stackName}/${id}`;
      const properties = stack.properties(id);
      const unknownPolicies: string[] = [];
      const attach = (kind: PolicyKind, policyArn: Json): void => {
        const found = managed.get(policyArn as string);
        if (found) policies.push({ ...found, kind, target: arn });
        else unknownPolicies.push(policyArn as string);
      };
      const identity = asList(properties.ManagedPolicyArns);
      identity.forEach((policyArn) => attach('identity', policyArn));
      asList(properties.PermissionsBoundary).forEach((policyArn) => attach('boundary', policyArn));
      asList(properties.Policies).forEach((inline, index) => policies.push({
        name: `${label}.Policies[${index}]`, kind: 'identity', target: arn, document: asPolicyDocument((inline as JsonObject).PolicyDocument, label),
      }));
      for (const policy of namingRole) {
        if (policy.account !== stack.env.accountId || !policy.roles.includes(name)) continue;
        policies.push({ name: policy.name, kind: 'identity', target: arn, document: policy.document });
      }
      const trust = asPolicyDocument(properties.AssumeRolePolicyDocument, `${label}.AssumeRolePolicyDocument`);
      policies.push({ name: `${label}.AssumeRolePolicyDocument`, kind: 'trust', target: arn, document: trust });
      roles.push({ arn, name, accountId: stack.env.accountId, tags: tagsOf(properties.Tags), unknownPolicies });
    }
  }
  return { roles, policies };
}

/** Policies of buckets, keys, queues, topics, secrets, repositories, functions, APIs. */
export function collectResourcePolicies(stacks: readonly ResolvedTemplate[]): AttachedPolicy[] {
  return stacks.flatMap((stack) => stack.resourceIds().flatMap((id): AttachedPolicy[] => {
    const type = stack.typeOf(id);
    const name = `${stack.stackName}/${id}`;
    const attached = (target: string, document: PolicyDocument): AttachedPolicy => ({ name, kind: 'resource', target, document });

    if (Object.hasOwn(OWN_POLICY, type)) {
      const [property, inner] = OWN_POLICY[type].split('.');
      const outer = stack.property(id, property);
      const value = inner === undefined || outer === undefined ? outer : (outer as JsonObject)[inner];
      return value === undefined ? [] : [attached(stack.arnOf(id), asPolicyDocument(value, name))];
    }
    if (type === 'AWS::ApiGateway::RestApi') {
      const value = stack.property(id, 'Policy');
      return value === undefined ? [] : [attached(stack.arnOf(id), expandApiResources(asPolicyDocument(value, name), stack.arnOf(id)))];
    }
    if (type === 'AWS::Lambda::Permission') {
      const { target, statement } = lambdaPermission(stacks, stack, id);
      return [attached(target, { Version: '2012-10-17', Statement: [statement] })];
    }
    if (Object.hasOwn(POLICY_OF_OTHERS, type)) {
      const { document, targets, type: targetType } = POLICY_OF_OTHERS[type];
      const properties = stack.properties(id);
      return asList(properties[targets]).map((target) => {
        const found = findByValue(stacks, targetType, target);
        if (!found) throw new Error(`${name} is attached to ${JSON.stringify(target)}, which is no ${targetType} of these templates`);
        return attached(found.stack.arnOf(found.id), asPolicyDocument(properties[document], name));
      });
    }
    return [];
  }));
}

/** VPC endpoints, and their policies where they have one. */
export function collectEndpoints(stacks: readonly ResolvedTemplate[]): { endpoints: EndpointFacts[]; policies: AttachedPolicy[] } {
  const endpoints: EndpointFacts[] = [];
  const policies: AttachedPolicy[] = [];
  for (const stack of stacks) {
    for (const id of stack.resourceIds('AWS::EC2::VPCEndpoint')) {
      const properties = stack.properties(id);
      const name = `${stack.stackName}/${id}`;
      const arn = stack.arnOf(id);
      endpoints.push({
        arn, id: stack.refOf(id), vpcId: properties.VpcId as string, service: properties.ServiceName as string, accountId: stack.env.accountId,
      });
      if (properties.PolicyDocument === undefined) continue;
      const document = asPolicyDocument(properties.PolicyDocument, name);
      const gateway = (properties.VpcEndpointType ?? 'Gateway') === 'Gateway';
      policies.push({ name, kind: 'endpoint', target: arn, document: { ...document, Statement: document.Statement.map((one) => principalAsCondition(one, gateway, name)) } });
    }
  }
  return { endpoints, policies };
}

/**
 * The simulator evaluates endpoint policies with Principal "*" only. AWS says the same of gateway endpoints; for interface
 * endpoints a named account or role is the same as a condition on the caller.
 */
function principalAsCondition(statement: Statement, gateway: boolean, name: string): Statement {
  const { Principal: principal, ...rest } = statement;
  const named = isObject(principal) ? asList(principal.AWS) : [principal];
  if (principal === '*' || (named.length === 1 && named[0] === '*')) return { ...rest, Effect: statement.Effect, Principal: '*' };
  if (gateway) throw new Error(`${name}: the policy of a gateway endpoint needs Principal "*", use aws:PrincipalArn instead of ${JSON.stringify(principal)}`);
  const accounts = named.map((one) => /^(?:arn:[^:]*:iam::)?(\d{12})(?::root)?$/.exec(String(one))?.[1]);
  const extra: JsonObject | undefined = accounts.every((account) => account !== undefined)
    ? { StringEquals: { 'aws:PrincipalAccount': accounts } }
    : named.every((one) => /^arn:[^:]*:iam::\d{12}:(role|user)\//.test(String(one))) ? { ArnEquals: { 'aws:PrincipalArn': named } } : undefined;
  const operator = extra === undefined ? '' : Object.keys(extra)[0];
  const condition = (statement.Condition ?? {}) as JsonObject;
  if (extra === undefined || operator in condition) throw new Error(`${name}: cannot express Principal ${JSON.stringify(principal)} of an endpoint policy`);
  return { ...rest, Effect: statement.Effect, Principal: '*', Condition: { ...condition, ...extra } };
}

/** API Gateway completes `execute-api:/…` with the API that the policy belongs to. */
function expandApiResources(document: PolicyDocument, apiArn: string): PolicyDocument {
  const expand = (value: Json): Json => typeof value === 'string' && value.startsWith('execute-api:/') ? `${apiArn}/${value.slice('execute-api:/'.length)}` : value;
  return {
    ...document,
    Statement: document.Statement.map((statement) => ({
      ...statement, ...(statement.Resource === undefined ? {} : { Resource: asList(statement.Resource).map(expand) }),
    })),
  };
}

/** The statement that Lambda makes of a permission. */
function lambdaPermission(stacks: readonly ResolvedTemplate[], stack: ResolvedTemplate, id: string): { target: string; statement: Statement } {
  const { FunctionName, Principal, Action, SourceArn, SourceAccount, PrincipalOrgID } = stack.properties(id);
  const found = findByValue(stacks, 'AWS::Lambda::Function', FunctionName);
  if (!found) throw new Error(`${stack.stackName}/${id} is attached to ${JSON.stringify(FunctionName)}, which is no function of these templates`);
  const target = found.stack.arnOf(found.id);
  const equals = { ...(SourceAccount === undefined ? {} : { 'aws:SourceAccount': SourceAccount }), ...(PrincipalOrgID === undefined ? {} : { 'aws:PrincipalOrgID': PrincipalOrgID }) };
  const statement: Statement = {
    Sid: id, Effect: 'Allow', Action, Resource: target,
    Principal: Principal === '*' ? '*' : String(Principal).includes('.amazonaws.com') ? { Service: Principal } : { AWS: Principal },
    Condition: { ...(Object.keys(equals).length > 0 ? { StringEquals: equals } : {}), ...(SourceArn === undefined ? {} : { ArnLike: { 'aws:SourceArn': SourceArn } }) },
  };
  return { target, statement };
}
