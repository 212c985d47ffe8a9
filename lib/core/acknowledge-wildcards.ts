import type { IAspect } from 'aws-cdk-lib';
import { AspectPriority, Aspects, Stack } from 'aws-cdk-lib';
import type { ManagedPolicy } from 'aws-cdk-lib/aws-iam';
import { CfnManagedPolicy } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
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
 * The packs name such a finding by its resource with logical ids, which are final when aspects run and not before.
 *
 * @param service what assumes the policy's role, where it is one service
 */
export function acknowledgeWildcards(policy: ManagedPolicy, service: string | undefined): void {
  Aspects.of(policy).add(new WildcardFindings(service), { priority: AspectPriority.READONLY });
}

class WildcardFindings implements IAspect {
  constructor(private readonly service: string | undefined) {}

  public visit(node: IConstruct): void {
    if (!CfnManagedPolicy.isCfnManagedPolicy(node)) return;
    const document = Stack.of(node).resolve(node.policyDocument) as { Statement?: Statement[] };
    const findings = new Map<string, Set<string>>();
    for (const statement of document.Statement ?? []) {
      if (statement.Effect !== 'Allow') continue;
      for (const resource of asArray(statement.Resource).map(flattenReference).filter((text) => text.includes('*'))) {
        for (const action of asArray(statement.Action) as string[]) {
          const classId = wildcardPermissionFor(action, resource, this.service)?.classId;
          if (classId) findings.set(classId, (findings.get(classId) ?? new Set()).add(`AwsSolutions-IAM5[Resource::${resource}]`));
        }
      }
    }
    for (const [classId, ids] of findings) acknowledge(node, classId, [...ids]);
  }
}

function asArray(value: unknown): unknown[] {
  return Array.isArray(value) ? value : value === undefined ? [] : [value];
}
