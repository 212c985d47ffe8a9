import { Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * Keeps attributes of a resource exported for the stacks of endpoints and training, also when none of them imports one any more:
 * CloudFormation takes no export away that is in use, and this stack is deployed before the stack that uses it no longer.
 *
 * Only where parts are stacks: inside one stack nothing is exported, and what was brought is no resource of the stack.
 *
 * @see https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib-readme.html#removing-automatic-cross-stack-references
 */
export function keepExported(part: IConstruct, owner: IConstruct, ...attributes: string[]): void {
  if (!Stack.isStack(part) || Stack.of(owner) !== part || owner.node.defaultChild === undefined) return;
  for (const attribute of attributes) part.exportValue(attribute);
}
