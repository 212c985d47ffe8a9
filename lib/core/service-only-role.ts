import { Annotations, Stack } from 'aws-cdk-lib';
import type { IRole, Role } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';

interface TrustStatement {
  readonly Effect?: string;
  readonly Principal?: unknown;
}

/**
 * Makes sure that only AWS services can assume a role which is spared from the network perimeter: such a role works from AWS's own network,
 * and a person with it would from anywhere. What an imported role trusts is not known here: said in a warning.
 *
 * @throws when the role trusts somebody else
 */
export function requireServiceOnly(scope: IConstruct, prop: string, role: IRole): void {
  const policy = (role as Role).assumeRolePolicy;
  if (!policy) {
    Annotations.of(scope).addWarningV2(
      'cdk-secure-ai:trust-undetermined',
      `whether only an AWS service can assume the role of ${prop} is undetermined, since it is imported: check its trust policy`,
    );
    return;
  }
  const { Statement = [] } = Stack.of(role).resolve(policy.toJSON() ?? {}) as { Statement?: TrustStatement[] };
  const others = Statement.filter(({ Effect, Principal }) => Effect === 'Allow' && !isServices(Principal));
  if (others.length > 0) {
    throw new Error(
      `'${scope.node.path}': ${prop} passes the network perimeter, so only AWS services may assume it, but '${role.node.path}' trusts `
      + `${JSON.stringify(others.map(({ Principal }) => Principal))}`,
    );
  }
}

function isServices(principal: unknown): boolean {
  return typeof principal === 'object' && principal !== null && Object.keys(principal).length > 0 && Object.keys(principal).every((kind) => kind === 'Service');
}
