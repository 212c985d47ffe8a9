import { Stack } from 'aws-cdk-lib';
import type { CfnManagedPolicy, ManagedPolicy } from 'aws-cdk-lib/aws-iam';
import { acknowledge } from './acknowledge';
import { flattenReference } from './flatten-reference';
import { wildcardPermissionFor } from './wildcard-permissions';

interface Statement {
  readonly Effect: string;
  readonly Action?: string | string[];
  readonly Resource?: unknown;
}

/**
 * Leaves exactly the findings about wildcards that a policy of the closed list causes.
 *
 * The packs name such a finding by its resource, with logical ids and with names of exports, where a resource is another stack's. Both are
 * final when the tree is validated: aspects run before references between stacks are exports.
 *
 * @param service what assumes the policy's role, where it is one service
 */
export function acknowledgeWildcards(policy: ManagedPolicy, service: string | undefined): void {
  policy.node.addValidation({
    validate: () => {
      acknowledgeIn(policy.node.defaultChild as CfnManagedPolicy, service);
      return [];
    },
  });
}

function acknowledgeIn(policy: CfnManagedPolicy, service: string | undefined): void {
  const document = Stack.of(policy).resolve(policy.policyDocument) as { Statement?: Statement[] };
  const findings = new Map<string, Set<string>>();
  for (const statement of document.Statement ?? []) {
    if (statement.Effect !== 'Allow') continue;
    for (const resource of asArray(statement.Resource).map(flattenReference).filter((text) => text.includes('*'))) {
      for (const action of asArray(statement.Action) as string[]) {
        const classId = wildcardPermissionFor(action, resource, service)?.classId;
        if (classId) findings.set(classId, (findings.get(classId) ?? new Set()).add(`AwsSolutions-IAM5[Resource::${resource}]`));
      }
    }
  }
  for (const [classId, ids] of findings) acknowledge(policy, classId, [...ids]);
}

function asArray(value: unknown): unknown[] {
  return Array.isArray(value) ? value : value === undefined ? [] : [value];
}
