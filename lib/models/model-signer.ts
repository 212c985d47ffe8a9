import { ArnFormat, Duration, Stack } from 'aws-cdk-lib';
import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { Grant, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { declareControls } from '../core/control-declarations';
import { EncryptionKey } from '../core/encryption-key';
import { DEFAULT_BUS, FINDING_BUS_SLOT } from '../core/finding-sink';
import { HandlerFunction } from '../core/handler-function';
import { refuseElsewhere } from '../core/same-stack';
import type { INetworkSegment } from '../network/api';
import { handlerNetwork } from './handler-network';
import type { ModelArtifactBucket } from './model-artifact-bucket';
import { ModelStateMachine } from './model-state-machine';
import { refuseForeign } from './model-store-grants';
import { SERVED_PREFIX } from './promote.contract';
import { WRITE_ONCE_GUARD } from './records-guard';
import { SCAN_FINDING, SCAN_FINDING_ENV } from './scan-finding.contract';
import { DIGESTS } from './served/object-digest';
import { SIGN_HASH, SIGN_HASH_ENV } from './sign-hash.contract';
import { SIGN_MODEL, SIGN_MODEL_ENV } from './sign-model.contract';
import { signDefinition } from './sign-state-machine';
import { SIGNATURE_NAME } from './signing/signature-name';
import { SigningKey } from './signing-key';
import { WriteOnceRecords } from './write-once-records';

/** Which store's models are signed, and where the functions run. */
export interface ModelSignerProps {
  /** The store whose served models it signs, in the same stack. */
  readonly store: ModelArtifactBucket;
  /**
   * The network segment in which its functions run: it asks the segment for the endpoints that they need.
   *
   * @default - `vpc` and `securityGroups`
   */
  readonly segment?: INetworkSegment;
  /**
   * A VPC with endpoints for S3, KMS and EventBridge, in place of a segment. It needs no internet.
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
   * @default - the segment's, or the VPC's private or isolated subnets, as the CDK chooses them
   */
  readonly subnets?: SubnetSelection;
}

/**
 * Signs served models as OpenSSF Model Signing v1.0, with a KMS key that only it may use; the signature lies in the model as `model.sig`.
 *
 * Give it to the `ModelPromoter`, and each promotion starts it; or start the state machine with
 * `{ "prefix": "models/<name>/sha256-<digest>/" }`. A model that was uploaded with its own `model.sig` is left as it is. Each object is
 * hashed by exact version in an execution of its own, and its digest recorded once, so that a model may be larger than what one function
 * can hash, and an interrupted run is taken up where it ended; a single object must be hashed within the 15 minutes of a function. Signed
 * is what the promoter's manifest names, and nothing else. A run that fails leaves the model unsigned, which no gate lets pass, raises a
 * finding, and alarms the posture's alarm topic.
 *
 * @see https://github.com/ossf/model-signing-spec
 */
export class ModelSigner extends Construct {
  /** The store whose models it signs. */
  public readonly store: ModelArtifactBucket;
  /** ARN of the state machine. */
  public readonly stateMachineArn: string;
  /** The key that signs models. */
  public readonly signingKey: SigningKey;
  /** Where digests lie, under `digests/`. */
  public readonly records: IBucket;

  constructor(scope: Construct, id: string, props: ModelSignerProps) {
    super(scope, id);
    const { store } = props;
    refuseElsewhere(this, store);
    this.store = store;
    declareControls(this, 'P1', 'ML6', 'MI3');
    const records = new WriteOnceRecords(this, 'Store', { description: 'Digests of served models', parts: { [DIGESTS]: { sid: WRITE_ONCE_GUARD.DIGESTS, prefixes: [DIGESTS] } } });
    this.records = records.bucket;
    this.signingKey = new SigningKey(this, 'Signing');
    const key = new EncryptionKey(this, 'Key', { description: 'Executions, environment, logs and dead letters of the model signer' });
    key.allowLogGroups();

    // One function hashes and records, another signs what is recorded.
    const servedBucket = store.servedBucket.bucketName;
    const served = { servedModels: [store.servedBucket.arnForObjects(`${SERVED_PREFIX}*`)], servedKey: [store.servedKey.keyArn] };
    const hash = new HandlerFunction(new Construct(this, 'Hash'), 'Handler', {
      contract: SIGN_HASH,
      description: 'Model signer: sign-hash',
      key,
      network: handlerNetwork(this, SIGN_HASH, props),
      environment: { [SIGN_HASH_ENV.SERVED_BUCKET]: servedBucket, [SIGN_HASH_ENV.RECORDS_BUCKET]: this.records.bucketName },
      resources: { ...served, ...records.readBy(DIGESTS), ...records.writtenBy(DIGESTS) },
      // More memory is more processor: hashing takes a whole one.
      memoryMib: 2048,
      timeout: Duration.minutes(15),
    });
    const sign = new HandlerFunction(new Construct(this, 'Sign'), 'Handler', {
      contract: SIGN_MODEL,
      description: 'Model signer: sign-model',
      key,
      network: handlerNetwork(this, SIGN_MODEL, props),
      environment: {
        [SIGN_MODEL_ENV.SERVED_BUCKET]: servedBucket,
        [SIGN_MODEL_ENV.RECORDS_BUCKET]: this.records.bucketName,
        [SIGN_MODEL_ENV.KEY_ARN]: this.signingKey.keyArn,
      },
      resources: {
        ...served,
        ...records.readBy(DIGESTS),
        servedBucket: [store.servedBucket.bucketArn],
        signatures: [store.servedBucket.arnForObjects(`${SERVED_PREFIX}*/${SIGNATURE_NAME}`)],
        signingKey: [this.signingKey.keyArn],
      },
      timeout: Duration.minutes(5),
    });
    const finding = new HandlerFunction(new Construct(this, 'Finding'), 'Handler', {
      contract: SCAN_FINDING,
      description: 'Model signer: scan-finding',
      key,
      network: handlerNetwork(this, SCAN_FINDING, props),
      environment: { [SCAN_FINDING_ENV.FINDING_BUS]: DEFAULT_BUS },
      resources: { [FINDING_BUS_SLOT]: [Stack.of(this).formatArn({ service: 'events', resource: 'event-bus', resourceName: DEFAULT_BUS })] },
      timeout: Duration.minutes(2),
    });
    records.admit(DIGESTS, hash.role);
    this.signingKey._admitSigner(sign.role);
    store._admitSigner(sign.role);

    const machine = new ModelStateMachine(this, 'Machine', {
      does: 'hashes and signs served models',
      key,
      definition: () => signDefinition({
        partition: Stack.of(this).partition,
        servedBucket,
        hashFunction: hash.function.functionArn,
        signFunction: sign.function.functionArn,
        findingFunction: finding.function.functionArn,
      }),
    });
    machine.invokes(hash.function, sign.function, finding.function);
    this.letMap(machine, store);
    machine.tell('the signature of a served model', 'unsigned-model');
    this.stateMachineArn = machine.resource.attrArn;
  }

  /** Lets a principal of this account have served models signed, and see how it goes. What it names is verified, not trusted. */
  public grantStart(grantee: IGrantable): Grant {
    refuseForeign(this, grantee, 'let a role of this account start it');
    return Grant.addToPrincipal({ grantee, actions: ['states:StartExecution'], resourceArns: [this.stateMachineArn] });
  }

  /** A distributed map lists the objects, and runs the machine itself for each. @see https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html */
  private letMap(machine: ModelStateMachine, store: ModelArtifactBucket): void {
    const stack = Stack.of(this);
    // CloudFormation names a machine by its logical id; its ARN itself would wait for the role, and the role for it.
    const named = (resource: string) => stack.formatArn({
      service: 'states', resource, resourceName: `${stack.getLogicalId(machine.resource)}-*`, arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    const statements = [
      new PolicyStatement({
        actions: ['s3:ListBucket'], resources: [store.servedBucket.bucketArn], conditions: { StringLike: { 's3:prefix': `${SERVED_PREFIX}*` } },
      }),
      new PolicyStatement({ actions: ['states:StartExecution'], resources: [named('stateMachine')] }),
      new PolicyStatement({ actions: ['states:DescribeExecution', 'states:StopExecution'], resources: [named('execution')] }),
    ];
    for (const statement of statements) machine.role.addToPrincipalPolicy(statement);
  }
}
