import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IConstruct } from 'constructs';

/**
 * Refuses an alias where a key is asked for: it passes for one, but IAM and KMS compare the key's own ARN, so that every permission on the
 * alias would be void.
 *
 * @param prop the name of the property that holds the key
 */
export function refuseAlias(scope: IConstruct, prop: string, key: IKey | undefined): void {
  // The ARN of an alias of this app is not known yet, but the alias itself tells that it is one.
  if (key === undefined || !('aliasName' in key || key.keyArn.includes(':alias/'))) return;
  throw new Error(
    `'${scope.node.path}': ${prop} is the alias '${key.keyArn}', on which permissions have no effect: give the key, for example by Key.fromKeyArn`,
  );
}
