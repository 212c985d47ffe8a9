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
 * The packs name such a finding by its resource as the template has it: with logical ids, or with the export of another stack. Both are
 * final when constructs are validated, and not before: an aspect would still see the other stack's logical id.
 *
 * @param service what assumes the policy's role, where it is one service
 */
export function acknowledgeWildcards(policy: ManagedPolicy, service: string | undefined): void {
  const done = new Set<string>();
  policy.node.addValidation({
    validate: () => {
      const resource = policy.node.defaultChild as CfnManagedPolicy;
      for (const [classId, ids] of wildcardFindings(resource, service)) {
        const unseen = [...ids].filter((id) => !done.has(`${classId} ${id}`));
        unseen.forEach((id) => done.add(`${classId} ${id}`));
        if (unseen.length > 0) acknowledge(resource, classId, unseen);
      }
      return [];
    },
  });
}

function wildcardFindings(resource: CfnManagedPolicy, service: string | undefined): Map<string, Set<string>> {
  const document = Stack.of(resource).resolve(resource.policyDocument) as { Statement?: Statement[] };
  const findings = new Map<string, Set<string>>();
  for (const statement of document.Statement ?? []) {
    if (statement.Effect !== 'Allow') continue;
    for (const text of asArray(statement.Resource).map(flattenReference).filter((one) => one.includes('*'))) {
      for (const action of asArray(statement.Action) as string[]) {
        const classId = wildcardPermissionFor(action, text, service)?.classId;
        if (classId) findings.set(classId, (findings.get(classId) ?? new Set()).add(`AwsSolutions-IAM5[Resource::${text}]`));
      }
    }
  }
  return findings;
}

function asArray(value: unknown): unknown[] {
  return Array.isArray(value) ? value : value === undefined ? [] : [value];
}
