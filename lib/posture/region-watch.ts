import { Annotations, Stack, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * Refuses stacks outside the allowed regions when the app is synthesised.
 *
 * A region that is a token is undetermined: said in a warning, neither passed nor refused.
 */
export function watchRegions(scope: IConstruct, allowedRegions: readonly string[]): void {
  scope.node.addValidation({
    validate: () => stacksUnder(scope).flatMap((stack) => judge(stack, allowedRegions)),
  });
}

function judge(stack: Stack, allowedRegions: readonly string[]): string[] {
  if (Token.isUnresolved(stack.region)) {
    Annotations.of(stack).addWarningV2(
      'cdk-secure-ai:region-undetermined',
      `whether this stack is in an allowed region (${allowedRegions.join(', ')}) is undetermined: set env.region of the stack`,
    );
    return [];
  }
  if (allowedRegions.includes(stack.region)) return [];
  return [`stack '${stack.node.path}' is in region '${stack.region}', allowed are ${allowedRegions.join(', ')}: move it, or add the region`];
}

function stacksUnder(scope: IConstruct): Stack[] {
  const here = Stack.isStack(scope) ? [scope] : [];
  return [...here, ...scope.node.children.flatMap(stacksUnder)];
}
