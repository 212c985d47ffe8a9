import { Stack, Token } from 'aws-cdk-lib';
import { Grant } from 'aws-cdk-lib/aws-iam';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { IConstruct } from 'constructs';
import { viaService } from '../core/via-service';
import { SERVED_PREFIX } from './promote.contract';

/** Reads of served models: keys below `models/`, decrypted through S3. */
export function grantServedRead(scope: IConstruct, bucket: IBucket, key: IKey, grantee: IGrantable): Grant {
  refuseForeign(scope, grantee, 'use grantReadToAccount or grantReadToOrganizationPath');
  return all([
    Grant.addToPrincipal({ grantee, actions: ['s3:GetObject', 's3:GetObjectVersion'], resourceArns: [bucket.arnForObjects(`${SERVED_PREFIX}*`)] }),
    Grant.addToPrincipal({
      grantee,
      actions: ['s3:ListBucket'],
      resourceArns: [bucket.bucketArn],
      conditions: { StringLike: { 's3:prefix': `${SERVED_PREFIX}*` } },
    }),
    Grant.addToPrincipal({ grantee, actions: ['kms:Decrypt'], resourceArns: [key.keyArn], conditions: viaService(key, 's3') }),
  ], scope, grantee);
}

/** Uploads into quarantine, in one piece or in parts. */
export function grantQuarantineUpload(scope: IConstruct, bucket: IBucket, key: IKey, grantee: IGrantable): Grant {
  refuseForeign(scope, grantee, 'let a role of this account upload');
  return all([
    Grant.addToPrincipal({
      grantee,
      actions: ['s3:PutObject', 's3:AbortMultipartUpload', 's3:ListMultipartUploadParts'],
      resourceArns: [bucket.arnForObjects('*')],
    }),
    // Completing an upload in parts decrypts the parts.
    Grant.addToPrincipal({ grantee, actions: ['kms:GenerateDataKey', 'kms:Decrypt'], resourceArns: [key.keyArn], conditions: viaService(key, 's3') }),
  ], scope, grantee);
}

/** @throws when a permission has no identity to go to, as with a service principal: the grant would do nothing */
function all(grants: Grant[], scope: IConstruct, grantee: IGrantable): Grant {
  const lost = grants.find((grant) => !grant.success);
  if (lost) {
    const kind = grantee.grantPrincipal.constructor.name;
    throw new Error(`'${scope.node.path}' can grant to a role, user or group of this app only, got a ${kind}: its permissions would go nowhere`);
  }
  return grants.reduce((sum, grant) => sum.combine(grant));
}

/** @throws when the grantee is of another account */
export function refuseForeign(scope: IConstruct, grantee: IGrantable, instead: string): void {
  const own = Stack.of(scope).account;
  const account = grantee.grantPrincipal.principalAccount;
  if (account === undefined || Token.isUnresolved(account) || Token.isUnresolved(own) || account === own) return;
  throw new Error(`'${scope.node.path}' is in account ${own}, the grantee in ${account}: a grant to its identity alone does not reach across accounts; ${instead}`);
}
