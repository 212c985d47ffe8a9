import { createHash } from 'node:crypto';
import { Stack, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * The id of an environment: the same in each deployment, another one for each construct, stack and stack name. Names of its jobs begin
 * with it, so it is short, in lower case, and ends in eight hexadecimal digits.
 */
export function trainingEnvironmentId(scope: IConstruct): string {
  const { stackName } = Stack.of(scope);
  const place = `${Token.isUnresolved(stackName) ? '' : stackName}/${scope.node.path}`;
  const word = scope.node.id.toLowerCase().replace(/[^a-z0-9]/g, '').slice(0, 12);
  return `${word === '' ? 'training' : word}-${createHash('sha256').update(place).digest('hex').slice(0, 8)}`;
}
