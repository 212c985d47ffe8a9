import { Stack } from 'aws-cdk-lib';
import type { IRole, Role } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';

/**
 * Refuses a role that another stack makes, where a policy of this stack must name it and the role's own policies name what is here: each
 * stack would have to be deployed first.
 *
 * @throws when the role is made in another stack
 */
export function refuseOtherStack(scope: IConstruct, role: IRole): void {
  const isMade = (role as Role).assumeRolePolicy !== undefined;
  if (!isMade || Stack.of(role) === Stack.of(scope)) return;
  throw new Error(
    `'${role.node.path}' is made in the stack '${Stack.of(role).node.path}', and '${scope.node.path}' in '${Stack.of(scope).node.path}': each would need `
    + 'the other first; make the role in the same stack, or import it by its ARN',
  );
}

/**
 * Refuses what another stack makes, where the two name each other's roles.
 *
 * @throws when they are in two stacks
 */
export function refuseElsewhere(scope: IConstruct, other: IConstruct): void {
  if (Stack.of(other) === Stack.of(scope)) return;
  throw new Error(`'${other.node.path}' must be in the stack of '${scope.node.path}': their policies name each other's roles`);
}
