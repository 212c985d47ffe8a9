import { Duration, Stack } from 'aws-cdk-lib';
import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { AnyPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { declareControls } from '../core/control-declarations';
import { EncryptionKey } from '../core/encryption-key';
import { endpointPermitsOf, endpointsOf } from '../core/handler-contract';
import { HandlerFunction } from '../core/handler-function';
import { OnCallAlarm } from '../core/on-call-alarm';
import type { INetworkSegment } from '../network/api';
import { SecurityPosture } from '../posture';
import { handlerNetwork } from './handler-network';
import type { ModelArtifactBucket } from './model-artifact-bucket';
import { PROMOTE, PROMOTE_ENV } from './promote.contract';
import { promotionResources } from './promotion-resources';

/** Where the promoter runs, and for which store. */
export interface ModelPromoterProps {
  /** The store whose models it promotes, in the same stack. */
  readonly store: ModelArtifactBucket;
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
 * It takes the model's name and the exact versions of its files, refuses any version without a clean scan tag, hashes all files, and copies
 * them by version under `models/<name>/sha256-<digest of names and contents>/`, where a key can be written once. The manifest beside the
 * prefix is written last: a prefix without it is not complete. It is the only identity that may write there. All files must be hashed and
 * copied within the 15 minutes of a function. An asynchronous invocation that fails waits in a dead-letter queue, with an alarm to the
 * posture's alarm topic; one that waits for its answer gets the error.
 */
export class ModelPromoter extends Construct {
  /** The function. Invoke it with `{ model, objects: [{ name, key, versionId }], expectedDigest? }`. */
  public readonly function: IFunction;
  private readonly resources: Record<string, string[]>;
  private readonly roleArn: string;

  constructor(scope: Construct, id: string, props: ModelPromoterProps) {
    super(scope, id);
    const { store } = props;
    declareControls(this, 'P1', 'ML1', 'MI3');
    const key = new EncryptionKey(this, 'Key', { description: 'Environment, log and dead letters of the model promoter' });
    key.allowLogGroups();
    this.resources = promotionResources(store);
    const handler = new HandlerFunction(this, 'Handler', {
      contract: PROMOTE,
      description: 'Promotes clean models from quarantine to the served store',
      key,
      network: handlerNetwork(this, PROMOTE, props),
      environment: {
        [PROMOTE_ENV.QUARANTINE_BUCKET]: store.quarantineBucket.bucketName,
        [PROMOTE_ENV.SERVED_BUCKET]: store.servedBucket.bucketName,
      },
      resources: this.resources,
      timeout: Duration.minutes(15),
    });
    store._admitPromoter(handler.role);
    this.function = handler.function;
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
    return endpointsOf(PROMOTE).map(({ service }) => `com.amazonaws.${Stack.of(this).region}.${service}`);
  }

  /**
   * The function's lines in the policy of the VPC's S3 endpoint: its role, to its two buckets, for the calls that it declares. With only
   * such lines an endpoint carries nothing to a bucket of somebody else.
   */
  public get s3EndpointPolicyStatements(): PolicyStatement[] {
    return endpointPermitsOf(PROMOTE, 's3').map(({ actions, slot }) => new PolicyStatement({
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
    return endpointsOf(PROMOTE).flatMap(({ hosts }) => hosts.map((host) => host.replace('<region>', region).replace('<suffix>', urlSuffix)));
  }
}
