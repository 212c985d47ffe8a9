import type { AttachedPolicy, ManagedPolicies, PolicyKind } from './policies';
import { type Json, type JsonObject, type PolicyDocument, asList, asPolicyDocument, isObject } from './policy-document';
import type { ResolvedTemplate } from './resolve-template';

export interface RoleFacts {
  readonly arn: string;
  readonly name: string;
  readonly accountId: string;
  readonly tags: Readonly<Record<string, string>>;
  /** ARNs of attached policies whose text is not known: no request of this role can be decided. */
  readonly unknownPolicies: readonly string[];
}

const POLICY_TYPES = ['AWS::IAM::ManagedPolicy', 'AWS::IAM::Policy', 'AWS::IAM::RolePolicy'];

/** Roles with the policies of both directions: those that the role names, and those that name the role. */
export function collectRoles(
  stacks: readonly ResolvedTemplate[],
  known: ManagedPolicies,
): { roles: RoleFacts[]; policies: AttachedPolicy[] } {
  const managed = new Map(Object.entries(known).map(([arn, document]) => [arn, { name: arn, document }]));
  const namingRole: { name: string; account: string; roles: Json[]; document: PolicyDocument }[] = [];
  for (const stack of stacks) {
    for (const id of POLICY_TYPES.flatMap((type) => stack.resourceIds(type))) {
      const name = `${stack.stackName}/${id}`;
      const properties = stack.properties(id);
      const document = asPolicyDocument(properties.PolicyDocument, name);
      if (stack.typeOf(id) === 'AWS::IAM::ManagedPolicy') managed.set(stack.arnOf(id), { name, document });
      const named = [...asList(properties.Roles), ...asList(properties.RoleName)];
      namingRole.push({ name, account: stack.env.accountId, roles: named, document });
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
      const add = (kind: PolicyKind, part: string, document: Json | undefined): void => {
        policies.push({ name: `${label}.${part}`, kind, target: arn, document: asPolicyDocument(document, `${label}.${part}`) });
      };
      asList(properties.ManagedPolicyArns).forEach((policyArn) => attach('identity', policyArn));
      asList(properties.PermissionsBoundary).forEach((policyArn) => attach('boundary', policyArn));
      asList(properties.Policies).forEach((inline, index) => add('identity', `Policies[${index}]`, (inline as JsonObject).PolicyDocument));
      for (const policy of namingRole) {
        if (policy.account !== stack.env.accountId || !policy.roles.includes(name)) continue;
        policies.push({ name: policy.name, kind: 'identity', target: arn, document: policy.document });
      }
      add('trust', 'AssumeRolePolicyDocument', properties.AssumeRolePolicyDocument);
      roles.push({ arn, name, accountId: stack.env.accountId, tags: tagsOf(properties.Tags), unknownPolicies });
    }
  }
  return { roles, policies };
}

function tagsOf(value: Json | undefined): Record<string, string> {
  if (isObject(value)) return value as Record<string, string>;
  return Object.fromEntries((asList(value) as { Key: string; Value: string }[]).map((tag) => [tag.Key, tag.Value]));
}
