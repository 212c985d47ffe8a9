import { Annotations, CfnOutput, Names, RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import { AccountPrincipal, CfnRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { CfnBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { BucketPerimeter } from '../core/bucket-perimeter';
import { SecureBucket } from '../core/secure-bucket';
import { viaService } from '../core/via-service';
import type { SecureInferenceEndpoint } from '../inference';
import type { IModelArtifactBucket } from '../models';
import { ModelArtifactBucket } from '../models';
import { SecurityPosture } from '../posture';
import { EXECUTION_ROLE_PATH } from '../training/guard/role-paths';
import type { SecureAiPlatformProps, StoreKeyArns } from './platform-props';

/**
 * Gives the buckets of a store names that other accounts can write down before the store is there, and tells the ARNs of its keys, which
 * have no names.
 *
 * A first deployment that fails must not leave the buckets behind: the second needs the same names.
 */
export function publishStore(store: ModelArtifactBucket): void {
  for (const [zone, bucket] of [['quarantine', store.quarantineBucket], ['served', store.servedBucket]] as const) {
    const resource = bucket.node.defaultChild;
    if (!CfnBucket.isCfnBucket(resource)) throw new Error(`'${bucket.node.path}' is no bucket of this app: its name cannot be chosen`);
    resource.bucketName = bucketName(store, zone);
    resource.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
  }
  const stack = Stack.of(store);
  new CfnOutput(stack, 'QuarantineKeyArn', { value: store.quarantineKey.keyArn, description: 'storeKeyArns.quarantine of the platform' });
  new CfnOutput(stack, 'ServedKeyArn', { value: store.servedKey.keyArn, description: 'storeKeyArns.served of the platform' });
}

/**
 * A store as another account sees it. As long as its keys are not known, what is made there has an error, which keeps its stacks and no
 * others from being deployed.
 *
 * @throws when the accounts are in no organisation, by which networks and stores know one another
 */
export function storeSeenFrom(scope: Construct, store: ModelArtifactBucket, props: SecureAiPlatformProps): IModelArtifactBucket {
  for (const side of [scope, store]) {
    if (SecurityPosture.of(side).organizationId) continue;
    throw new Error(`'${side.node.path}': accounts that are apart know one another by their organisation: give organizationId in the posture of each`);
  }
  const { partition, region, account } = Stack.of(store);
  const keys = props.storeKeyArns ?? keysOf(props);
  const unknown = (zone: string) => `arn:${Stack.of(scope).partition}:kms:${region}:${account}:key/not-yet-known-${zone}`;
  const seen = ModelArtifactBucket.fromAttributes(scope, 'RegistryStore', {
    quarantineBucketArn: `arn:${partition}:s3:::${bucketName(store, 'quarantine')}`,
    quarantineKeyArn: keys?.quarantine ?? unknown('quarantine'),
    servedBucketArn: `arn:${partition}:s3:::${bucketName(store, 'served')}`,
    servedKeyArn: keys?.served ?? unknown('served'),
  });
  if (!keys) {
    Annotations.of(seen).addError('the keys of the store are not known: deploy the stage Registry, then give its outputs QuarantineKeyArn and ServedKeyArn as storeKeyArns');
  }
  Annotations.of(seen).acknowledgeWarning('cdk-secure-ai:store-not-admitting', 'the platform lets the roles of its endpoints through');
  return seen;
}

/** Lets the jobs of another account's training environments write to quarantine, and nobody else of that account. */
export function admitTraining(store: ModelArtifactBucket, account: string): void {
  const { partition } = Stack.of(store);
  const jobs = { ArnLike: { 'aws:PrincipalArn': `arn:${partition}:iam::${account}:role${EXECUTION_ROLE_PATH}*` } };
  const allow = (actions: string[], resources: string[], conditions: Record<string, Record<string, string>>) =>
    new PolicyStatement({ principals: [new AccountPrincipal(account)], actions, resources, conditions });
  const { quarantineBucket, quarantineKey } = store;
  perimeterOf(quarantineBucket).trustAccount(account);
  quarantineBucket.addToResourcePolicy(
    allow(['s3:PutObject', 's3:AbortMultipartUpload', 's3:ListMultipartUploadParts'], [quarantineBucket.arnForObjects('training/*')], jobs),
  );
  // Completing an upload in parts decrypts the parts; Encrypt SageMaker asks for itself.
  quarantineKey.addToResourcePolicy(allow(['kms:GenerateDataKey', 'kms:Decrypt'], ['*'], { ...jobs, ...viaService(quarantineKey, 's3') }));
  quarantineKey.addToResourcePolicy(allow(['kms:Encrypt'], ['*'], jobs));
}

/** Lets the role of another account's endpoint read served models from AWS's own network too, where SageMaker looks at new models. */
export function admitServing(store: ModelArtifactBucket, { role }: SecureInferenceEndpoint): void {
  const resource = role.node.defaultChild;
  // By its name: a reference would need each stage before the other.
  const name = CfnRole.isCfnRole(resource) ? resource.roleName : undefined;
  if (!name) throw new Error(`'${role.node.path}' has no name that another account could write down`);
  perimeterOf(store.servedBucket).admitServiceRole(`arn:${Stack.of(store).partition}:iam::${Stack.of(role).account}:role/${name}`);
}

/** Who passes the network and the identities of a zone. */
function perimeterOf(zone: IBucket): BucketPerimeter {
  if (zone instanceof SecureBucket) return zone.perimeter;
  throw new Error(`'${zone.node.path}' has no perimeter of this app: nobody can be let through`);
}

function bucketName(store: ModelArtifactBucket, zone: string): string {
  const { account, region } = Stack.of(store);
  if (Token.isUnresolved(account) || Token.isUnresolved(region)) {
    throw new Error(`'${store.node.path}': other accounts refer to the store by names that hold its account and region: give env`);
  }
  const platform = Names.uniqueResourceName(store, { maxLength: 24, separator: '-' }).toLowerCase();
  return `${platform}-${zone}-${account}-${region}`.slice(0, 63);
}

/** The keys that were brought, where they are known now. */
function keysOf({ models = {} }: SecureAiPlatformProps): StoreKeyArns | undefined {
  const [quarantine, served] = [models.quarantineKey, models.servedKey].map((key: IKey | undefined) => key?.keyArn);
  return quarantine && served && ![quarantine, served].some((arn) => Token.isUnresolved(arn)) ? { quarantine, served } : undefined;
}
