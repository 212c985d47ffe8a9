import { CfnResource, Duration, Lazy, Stack } from 'aws-cdk-lib';
import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { AccessLogBucket } from '../core/access-log-bucket';
import { deny, overwriteGuard, spare } from '../core/bucket-guards';
import { declareControls } from '../core/control-declarations';
import { declareDataEvents } from '../core/data-event-registry';
import { EncryptionKey } from '../core/encryption-key';
import type { HandlerContract } from '../core/handler-contract';
import { HandlerFunction } from '../core/handler-function';
import { refuseAlias } from '../core/refuse-alias';
import { refuseElsewhere } from '../core/same-stack';
import { SecureBucket } from '../core/secure-bucket';
import type { INetworkSegment } from '../network/api';
import { DataClass, ObjectLockMode, SecurityPosture } from '../posture';
import type { IApprovedModel } from './api';
import { handlerNetwork } from './handler-network';
import type { ModelArtifactBucket } from './model-artifact-bucket';
import type { ModelRegistry } from './model-registry';
import { ModelStateMachine } from './model-state-machine';
import { SERVED_PREFIX } from './promote.contract';
import { RETIRE, RETIRE_ENV, type ServingEndpoint } from './retire.contract';
import { CERTIFICATES, RETIRE_CERTIFY, RETIRE_CERTIFY_ENV } from './retire-certify.contract';
import { BY_TIME, RETIRE_SUBSTITUTIONS, retireDefinition } from './retire/definition';
import { SigningKey } from './signing-key';
import { ARCHIVE_GUARD } from './zone-guards';

/** What is retired, when, and where its functions run. */
export interface RetirementProps {
  /** The registry whose versions have a time to live, in the same stack. */
  readonly registry: ModelRegistry;
  /** The store that serves them, in the same stack. */
  readonly store: ModelArtifactBucket;
  /**
   * How long after it was registered an approved version is retired, in whole days.
   *
   * @default Duration.days(365)
   */
  readonly timeToLive?: Duration;
  /**
   * How sensitive the models are: it decides how long the archive keeps them under lock.
   *
   * @default DataClass.CONFIDENTIAL
   */
  readonly dataClass?: DataClass;
  /**
   * The network segment in which its functions run.
   *
   * @default - `vpc` and `securityGroups`
   */
  readonly segment?: INetworkSegment;
  /**
   * A VPC with endpoints for S3, KMS and SageMaker's API, in place of a segment.
   *
   * @default - the segment's
   */
  readonly vpc?: IVpc;
  /**
   * Security groups that let the functions reach the endpoints on port 443.
   *
   * @default - the segment's
   */
  readonly securityGroups?: ISecurityGroup[];
  /**
   * The subnets of the functions: at least two.
   *
   * @default - the segment's, or the VPC's private or isolated subnets
   */
  readonly subnets?: SubnetSelection;
}

/**
 * The end of a model: a state machine that sets its version to Rejected, removes its endpoints, copies it into an archive under lock, takes
 * every role's access to its files and the grants on its volumes away, and signs a certificate of it.
 *
 * It runs once a day for the versions whose time is over, and for one version when it is started with its ARN. Whatever fails leaves no
 * certificate and tells the posture's alarm topic. An endpoint that was removed is still in the template of its stack: take it out there.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/realtime-endpoints-delete-resources.html
 */
export class Retirement extends Construct {
  /** Where retired models lie, under lock, with their certificates. */
  public readonly archive: IBucket;
  /** The key that signs certificates. */
  public readonly signingKey: SigningKey;
  /** ARN of the state machine: start it with `{ "modelPackageArn": "…" }`. */
  public readonly stateMachineArn: string;
  private readonly endpoints: Record<string, ServingEndpoint[]> = {};

  constructor(scope: Construct, id: string, props: RetirementProps) {
    super(scope, id);
    const { registry, store, timeToLive = Duration.days(365), dataClass = DataClass.CONFIDENTIAL } = props;
    const timeToLiveDays = timeToLive.toDays({ integral: false });
    if (!Number.isInteger(timeToLiveDays) || timeToLiveDays < 1) {
      throw new Error(`'${this.node.path}': timeToLive must be whole days from 1, got ${timeToLiveDays}`);
    }
    for (const other of [registry, store]) refuseElsewhere(this, other);
    declareControls(this, 'P1', 'P3', 'DP3', 'DP6', 'ML6', 'ML9');
    const key = new EncryptionKey(this, 'Key', { description: 'Environment, logs and dead letters of the retirement of models' });
    key.allowLogGroups();
    const archiveKey = new EncryptionKey(this, 'ArchiveKey', { description: 'Retired models' });
    const archive = this.newArchive(archiveKey, dataClass);
    this.archive = archive;
    this.signingKey = new SigningKey(this, 'Signing');
    const archived = [archive.arnForObjects(`${SERVED_PREFIX}*`)];
    const certificates = [archive.arnForObjects(`${CERTIFICATES}*`)];
    const handler = (
      name: string,
      contract: HandlerContract,
      description: string,
      environment: Record<string, string>,
      resources: Record<string, string[]>,
    ) =>
      new HandlerFunction(new Construct(this, name), 'Handler', {
        contract, description, key, environment, resources: { ...resources, archivedModels: archived, archiveKey: [archiveKey.keyArn] },
        network: handlerNetwork(this, contract, props), timeout: Duration.minutes(15),
      });
    const retire = handler('Retire', RETIRE, 'Takes models out of use', {
      [RETIRE_ENV.SERVED_BUCKET]: store.servedBucket.bucketName, [RETIRE_ENV.ARCHIVE_BUCKET]: archive.bucketName,
    }, {
      servedBucket: [store.servedBucket.bucketArn],
      servedModels: [store.servedBucket.arnForObjects(`${SERVED_PREFIX}*`)],
      servedKey: [store.servedKey.keyArn],
      endpoints: Lazy.list({ produce: () => this.known(({ name }) => Stack.of(this).formatArn({ service: 'sagemaker', resource: 'endpoint', resourceName: name })) }),
      volumeKeys: Lazy.list({ produce: () => this.known(({ keyArn }) => keyArn) }),
    });
    const certify = handler('Certify', RETIRE_CERTIFY, 'Signs certificates of retired models', {
      [RETIRE_CERTIFY_ENV.ARCHIVE_BUCKET]: archive.bucketName, [RETIRE_CERTIFY_ENV.KEY_ARN]: this.signingKey.keyArn,
    }, { archiveBucket: [archive.bucketArn], certificates, signingKey: [this.signingKey.keyArn] });
    this.signingKey.grantSign(certify.role);
    store._admitRetirement(retire.role);
    guardArchive(archive, archived, ARCHIVE_GUARD.MODELS, retire.role.roleArn);
    guardArchive(archive, certificates, ARCHIVE_GUARD.CERTIFICATES, certify.role.roleArn);

    const machine = new ModelStateMachine(this, 'Machine', {
      does: 'retires models',
      key,
      definition: () => retireDefinition({ group: registry.groupName, timeToLiveDays, endpoints: this.endpoints }),
      substitutions: {
        [RETIRE_SUBSTITUTIONS.RETIRE_FUNCTION]: retire.function.functionArn,
        [RETIRE_SUBSTITUTIONS.CERTIFY_FUNCTION]: certify.function.functionArn,
        [RETIRE_SUBSTITUTIONS.PARTITION]: Stack.of(this).partition,
      },
    });
    machine.invokes(retire.function, certify.function);
    for (const statement of registryStatements(registry)) machine.role.addToPrincipalPolicy(statement);
    machine.startDaily(JSON.stringify(BY_TIME));
    machine.tell('the retirement of a model', 'a-model-that-was-not-retired');
    this.stateMachineArn = machine.resource.attrArn;
  }

  /**
   * Makes a key for the volumes of an endpoint of another stack: give it to the endpoint as `key`, and to `addEndpoint`. A key that is made
   * with the endpoint cannot be named here, since each stack would need the other first.
   */
  public newVolumeKey(id: string): IKey {
    return new EncryptionKey(new Construct(this, `Volumes${id}`), 'Key', { description: 'Volumes and captured data of an inference endpoint' });
  }

  /**
   * Names an endpoint that serves a model: it is removed with it, and the grants on the key of its volumes are revoked. Give its own key,
   * not one that others use as well; of an endpoint in another stack a key of `newVolumeKey`, or one that is imported by its ARN.
   *
   * @throws for a key that the endpoint's stack makes, where that is another one
   */
  public addEndpoint(endpointName: string, model: IApprovedModel, key: IKey): void {
    refuseAlias(this, 'key', key);
    refuseKeyBesideModel(this, key, model);
    this.endpoints[model.prefix] = [...(this.endpoints[model.prefix] ?? []), { name: endpointName, keyArn: key.keyArn }];
  }

  /** @throws when there is no endpoint: IAM takes no statement without a resource */
  private known(arnOf: (endpoint: ServingEndpoint) => string): string[] {
    const arns = [...new Set(Object.values(this.endpoints).flat().map(arnOf))];
    if (arns.length === 0) throw new Error(`'${this.node.path}' knows no endpoint: name each one that serves its models with addEndpoint`);
    return arns;
  }

  private newArchive(key: EncryptionKey, dataClass: DataClass): SecureBucket {
    const posture = SecurityPosture.of(this);
    const days = posture.retentionDays(dataClass);
    const bucket = new SecureBucket(this, 'Archive', {
      key,
      accessLogs: new AccessLogBucket(this, 'AccessLogs', { retentionDays: posture.logRetentionDays }),
      noncurrentDays: days,
      objectLock: { mode: posture.objectLock?.mode ?? ObjectLockMode.GOVERNANCE, duration: Duration.days(days) },
    });
    declareDataEvents(bucket);
    return bucket;
  }
}

/** A key of the stack that serves the model would have this stack wait for that one, which waits for the store here. */
function refuseKeyBesideModel(scope: Construct, key: IKey, model: IApprovedModel): void {
  // An imported key makes no resource.
  const isMade = key.node.defaultChild !== undefined && CfnResource.isCfnResource(key.node.defaultChild);
  if (!isMade || Stack.of(key) === Stack.of(scope) || Stack.of(key) !== Stack.of(model)) return;
  throw new Error(
    `'${scope.node.path}': the key '${key.node.path}' is made in the stack '${Stack.of(key).node.path}', which needs the stack of the store first: `
    + 'give the endpoint a key of newVolumeKey',
  );
}

/** A machine that only ever rejects versions. */
function registryStatements({ versionArns }: ModelRegistry): PolicyStatement[] {
  return [
    new PolicyStatement({ actions: ['sagemaker:DescribeModelPackage', 'sagemaker:ListModelPackages'], resources: [versionArns] }),
    new PolicyStatement({
      actions: ['sagemaker:UpdateModelPackage'], resources: [versionArns], conditions: { StringEquals: { 'sagemaker:ModelApprovalStatus': 'Rejected' } },
    }),
  ];
}

/** Each part of the archive has one writer, and each key is written once. */
function guardArchive(bucket: SecureBucket, resources: string[], sid: string, writerArn: string): void {
  const writes = deny(sid, resources, ['s3:PutObject', 's3:ReplicateObject'], {});
  spare(writes, [writerArn]);
  bucket.addToResourcePolicy(writes);
  bucket.addToResourcePolicy(overwriteGuard(`${sid}Overwrite`, resources));
}
