import { Annotations, Stack } from 'aws-cdk-lib';
import type { Grant, IRole } from 'aws-cdk-lib/aws-iam';
import { PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { IModelArtifactBucket } from '../models/api';
import { NetworkPerimeter, SecurityPosture } from '../posture';
import type { ResolvedCapture } from './resolved-capture';
import type { ServingRole } from './serving-role';

/** What a store of this app can do besides its interface. */
interface OwnStore extends IModelArtifactBucket {
  grantReadToServiceRole(role: IRole): Grant;
}

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
  const isHere = Stack.of(store) === Stack.of(scope);
  if (!canAdmit(store)) {
    store.grantRead(role);
    if (SecurityPosture.of(scope).networkPerimeter !== NetworkPerimeter.OFF) {
      Annotations.of(scope).addWarningV2(
        'cdk-secure-ai:store-not-admitting',
        `the store of '${scope.node.path}' is imported: unless its own app lets the role of the endpoint through with grantReadToServiceRole, SageMaker cannot make the model`,
      );
    }
  } else if (isHere) {
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
    conditions: { StringEquals: { 'kms:ViaService': `s3.${Stack.of(scope).region}.${Stack.of(scope).urlSuffix}` } },
  }));
}

function canAdmit(store: IModelArtifactBucket): store is OwnStore {
  return typeof (store as Partial<OwnStore>).grantReadToServiceRole === 'function';
}
