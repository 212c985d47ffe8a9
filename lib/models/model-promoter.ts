import { Duration, Stack } from 'aws-cdk-lib';
import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { AnyPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { declareControls } from '../core/control-declarations';
import { EncryptionKey } from '../core/encryption-key';
import type { HandlerContract } from '../core/handler-contract';
import { endpointPermitsOf, endpointsOf } from '../core/handler-contract';
import { HandlerFunction } from '../core/handler-function';
import { OnCallAlarm } from '../core/on-call-alarm';
import type { INetworkSegment } from '../network/api';
import { SecurityPosture } from '../posture';
import { handlerNetwork } from './handler-network';
import type { ModelArtifactBucket } from './model-artifact-bucket';
import type { ModelScanner } from './model-scanner';
import type { ModelSigner } from './model-signer';
import { NO_SCANNER, PROMOTE, PROMOTE_ENV, PROMOTE_JUDGED } from './promote.contract';
import { promotionResources } from './promotion-resources';

/** Where the promoter runs, and for which store. */
export interface ModelPromoterProps {
  /** The store whose models it promotes, in the same stack. */
  readonly store: ModelArtifactBucket;
  /**
   * The scanner of the store: without its signed verdict nothing is promoted, and it gives each clean upload to this promoter. A store
   * that has a scanner takes no promoter without it.
   *
   * @default - the tag of the malware scan alone decides, and whoever may invoke the function starts it
   */
  readonly scanner?: ModelScanner;
  /**
   * The signer of the store, in the same stack: the scanner starts it for each model that is promoted.
   *
   * @default - models are signed when somebody starts the signer
   */
  readonly signer?: ModelSigner;
  /**
   * The network segment in which it runs: it asks the segment for the endpoints that it needs.
   *
   * @default - `vpc` and `securityGroups`
   */
  readonly segment?: INetworkSegment;
  /**
   * A VPC with an endpoint for S3, in place of a segment. It needs no internet.
   *
   * @default - the segment's
   */
  readonly vpc?: IVpc;
  /**
   * Security groups that let the function reach the S3 endpoint on port 443.
   *
   * @default - the segment's
   */
  readonly securityGroups?: ISecurityGroup[];
  /**
   * The subnets of the function: at least two.
   *
   * @default - the segment's, or the VPC's private or isolated subnets, as the CDK chooses them
   */
  readonly subnets?: SubnetSelection;
}

/**
 * A function that moves a clean model from quarantine to the served store.
 *
 * It takes the model's name and the exact versions of its files, or a verdict that names them, refuses any version without
 * a clean scan tag and, with a scanner, without its signed verdict on exactly these contents, hashes all files, and copies
 * them by version under `models/<name>/sha256-<digest of names and contents>/`, where a key can be written once. The manifest beside the
 * prefix is written last: a prefix without it is not complete. It is the only identity that may write there. All files must be hashed and
 * copied within the 15 minutes of a function. An asynchronous invocation that fails waits in a dead-letter queue, with an alarm to the
 * posture's alarm topic; one that waits for its answer gets the error.
 */
export class ModelPromoter extends Construct {
  /**
   * The function. Invoke it with `{ model, objects: [{ name, key, versionId }], expectedDigest? }`, or with a scanner
   * `{ model, verdict }`, where the verdict's id stands for the files that it names.
   */
  public readonly function: IFunction;
  private readonly contract: HandlerContract;
  private readonly resources: Record<string, string[]>;
  private readonly roleArn: string;

  constructor(scope: Construct, id: string, props: ModelPromoterProps) {
    super(scope, id);
    const { store, scanner, signer } = props;
    if (signer && signer.store !== store) throw new Error(`'${this.node.path}': the signer '${signer.node.path}' signs models of another store`);
    if (signer && !scanner) throw new Error(`'${this.node.path}': the scanner starts the signer, and there is none: give both, or none of them`);
    declareControls(this, 'P1', 'ML1', 'MI3');
    const key = new EncryptionKey(this, 'Key', { description: 'Environment, log and dead letters of the model promoter' });
    key.allowLogGroups();
    this.contract = scanner ? PROMOTE_JUDGED : PROMOTE;
    this.resources = { ...promotionResources(store), ...scanner?._verdictResources() };
    const handler = new HandlerFunction(this, 'Handler', {
      contract: this.contract,
      description: 'Promotes clean models from quarantine to the served store',
      key,
      network: handlerNetwork(this, this.contract, props),
      environment: {
        [PROMOTE_ENV.QUARANTINE_BUCKET]: store.quarantineBucket.bucketName,
        [PROMOTE_ENV.SERVED_BUCKET]: store.servedBucket.bucketName,
        [PROMOTE_ENV.VERDICTS_BUCKET]: scanner?.records.bucketName ?? NO_SCANNER,
        [PROMOTE_ENV.VERDICT_KEY_ARN]: scanner?.signingKey.keyArn ?? NO_SCANNER,
      },
      resources: this.resources,
      timeout: Duration.minutes(15),
    });
    store._admitPromoter(handler.role, scanner);
    this.function = handler.function;
    scanner?._promoteWith(this.function, signer);
    this.roleArn = handler.role.roleArn;
    const topic = SecurityPosture.of(this).alarmTopic;
    if (topic) {
      new OnCallAlarm(this, 'Unpromoted', {
        metric: handler.function.deadLetterQueue!.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum' }),
        means: 'a model was refused or could not be promoted',
        runbook: 'unpromoted-model',
        topic,
      });
    }
  }

  /** The service names of the VPC endpoints that the function needs, from the calls that it declares. */
  public get requiredEndpoints(): string[] {
    return endpointsOf(this.contract).map(({ service }) => `com.amazonaws.${Stack.of(this).region}.${service}`);
  }

  /**
   * The function's lines in the policy of the VPC's S3 endpoint: its role, to its two buckets, for the calls that it declares. With only
   * such lines an endpoint carries nothing to a bucket of somebody else.
   */
  public get s3EndpointPolicyStatements(): PolicyStatement[] {
    return endpointPermitsOf(this.contract, 's3').map(({ actions, slot }) => new PolicyStatement({
      principals: [new AnyPrincipal()],
      actions: [...actions],
      resources: this.resources[slot] ?? [],
      // Endpoint policies of gateway endpoints take no principal but *, so the role stands in a condition.
      conditions: { ArnEquals: { 'aws:PrincipalArn': this.roleArn } },
    }));
  }

  /** The host names that the function resolves, for a DNS allow-list. */
  public get requiredHosts(): string[] {
    const { region, urlSuffix } = Stack.of(this);
    return endpointsOf(this.contract).flatMap(({ hosts }) => hosts.map((host) => host.replace('<region>', region).replace('<suffix>', urlSuffix)));
  }
}
