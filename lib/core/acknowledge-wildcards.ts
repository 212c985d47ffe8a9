import { Stack, Token } from 'aws-cdk-lib';
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
  // Validated again at each synthesis of the tree: what is left already is not left twice.
  const done = new Set<string>();
  policy.node.addValidation({
    validate: () => {
      for (const [classId, ids] of findingsOf(policy, service)) {
        const fresh = [...ids].filter((id) => !done.has(id));
        fresh.forEach((id) => done.add(id));
        if (fresh.length > 0) acknowledge(policy.node.defaultChild as CfnManagedPolicy, classId, fresh);
      }
      return [];
    },
  });
}

function findingsOf(policy: ManagedPolicy, service: string | undefined): ReadonlyMap<string, ReadonlySet<string>> {
  const findings = new Map<string, Set<string>>();
  // Only resources are looked up: with all conditions it would be most of what the library adds to a synthesis.
  const { Statement = [] } = policy.document.toJSON() as { readonly Statement?: readonly Statement[] };
  for (const { Effect, Action, Resource } of Statement) {
    if (Effect !== 'Allow') continue;
    const final = (resource: unknown): unknown => (Token.isUnresolved(resource) ? Stack.of(policy).resolve(resource) : resource);
    for (const resource of asArray(Resource).map(final).map(flattenReference).filter((text) => text.includes('*'))) {
      for (const action of asArray(Action) as string[]) {
        const classId = wildcardPermissionFor(action, resource, service)?.classId;
        if (classId) findings.set(classId, (findings.get(classId) ?? new Set()).add(`AwsSolutions-IAM5[Resource::${resource}]`));
      }
    }
  }
  return findings;
}

function asArray(value: unknown): unknown[] {
  return Array.isArray(value) ? value : value === undefined ? [] : [value];
}
