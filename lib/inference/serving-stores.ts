import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { viaService } from '../core/via-service';
import type { IModelArtifactBucket } from '../models/api';
import type { ResolvedCapture } from './resolved-capture';
import type { ServingRole } from './serving-role';

/**
 * Lets the serving role read its model and write captures, through the network perimeter too: SageMaker looks at the data of a model from
 * AWS's own network, and uploads captures from there.
 */
export function admitServingRole(
  scope: Construct,
  role: ServingRole,
  store: IModelArtifactBucket,
  capture: (ResolvedCapture & { readonly prefix: string }) | undefined,
): void {
  if (Stack.of(store) === Stack.of(scope)) {
    store.grantReadToServiceRole(role);
  } else {
    // The store's policy names the role by its name: a reference would need each stack before the other.
    store.grantReadToServiceRole(Role.fromRoleArn(store, `ServedBy${role.node.addr}`, role.knownArn, { mutable: false }));
    store.grantRead(role);
  }
  if (!capture) return;
  const { bucket, key } = capture.store;
  capture.store._admit(role.knownArn);
  role.addToPrincipalPolicy(new PolicyStatement({ actions: ['s3:PutObject'], resources: [bucket.arnForObjects(`${capture.prefix}/*`)] }));
  role.addToPrincipalPolicy(new PolicyStatement({
    actions: ['kms:GenerateDataKey'],
    resources: [key.keyArn],
    conditions: viaService(key, 's3'),
  }));
}
