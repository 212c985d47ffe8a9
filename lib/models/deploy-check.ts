import { Duration, Stack } from 'aws-cdk-lib';
import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { AnyPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { answerBucket, answerHosts } from '../core/answer-bucket';
import { declareControls } from '../core/control-declarations';
import { EncryptionKey } from '../core/encryption-key';
import { DEFAULT_BUS, FINDING_BUS_SLOT } from '../core/finding-sink';
import { endpointPermitsOf, endpointsOf, type HandlerContract } from '../core/handler-contract';
import { HandlerFunction } from '../core/handler-function';
import { OnCallAlarm } from '../core/on-call-alarm';
import type { INetworkSegment } from '../network/api';
import { SecurityPosture } from '../posture';
import type { IModelArtifactBucket } from './api';
import type { ApprovalGate } from './approval-gate';
import { DeepCheck } from './deep-check';
import { DEEP_CHECK } from './deep-check.contract';
import { ANY_AGE, DEPLOY_CHECK, DEPLOY_CHECK_ENV, DEPLOY_CHECK_JUDGED } from './deploy-check.contract';
import { RECORDS } from './gate/record-store';
import { handlerNetwork } from './handler-network';
import type { ModelArtifactBucket } from './model-artifact-bucket';
import type { ModelScanner } from './model-scanner';
import { NO_SCANNER, SERVED_PREFIX } from './promote.contract';

/** Whose approvals count, for models of which store, and where the check runs. */
export interface DeployCheckProps {
  /** The store whose models are deployed. */
  readonly store: IModelArtifactBucket;
  /** The gate that approves them. */
  readonly gate: ApprovalGate;
  /**
   * The scanner whose signed verdict each model needs.
   *
   * @default - the scanner of the store; without one, as for an imported store, the gate's own scan is all that is asked for
   */
  readonly scanner?: ModelScanner;
  /**
   * How old an approval may be when its model is deployed, in whole days.
   *
   * @default - any age
   */
  readonly maxApprovalAge?: Duration;
  /**
   * The network segment in which it runs: it asks the segment for the endpoints that it needs, and for the way of its answers.
   *
   * @default - `vpc` and `securityGroups`
   */
  readonly segment?: INetworkSegment;
  /**
   * A VPC with endpoints for S3, KMS and EventBridge, in place of a segment. The policy of its S3 endpoint must hold
   * `s3EndpointPolicyStatements`.
   *
   * @default - the segment's
   */
  readonly vpc?: IVpc;
  /**
   * Security groups that let the function reach the endpoints on port 443.
   *
   * @default - the segment's
   */
  readonly securityGroups?: ISecurityGroup[];
  /**
   * The subnets of the function: at least two.
   *
   * @default - the segment's, or the VPC's private or isolated subnets
   */
  readonly subnets?: SubnetSelection;
}

/**
 * The function that looks at a model before it is deployed: at its manifest, at the checksums that S3 keeps of its files, at the scanner's
 * signed verdict where the store has a scanner, and at the gate's latest signed decision. It reads no weights, writes nothing, and answers
 * CloudFormation from a segment without internet.
 *
 * One check serves all models of a store: give it to each `ApprovedModel`. Once a day it reads them again, every byte: see
 * `docs/deployment.md`.
 *
 * @see https://slsa.dev/spec/v1.0/verification_summary
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-custom-resources.html
 */
export class DeployCheck extends Construct {
  /** The function. CloudFormation alone invokes it, with the role of the deployment. */
  public readonly function: IFunction;
  /** The store whose models it checks. */
  public readonly store: IModelArtifactBucket;
  /** The segment in which it runs; undefined: in a VPC that was brought. */
  public readonly segment?: INetworkSegment;
  private readonly deep: DeepCheck;
  private readonly contract: HandlerContract;
  private readonly resources: Record<string, string[]>;
  private readonly roleArn: string;

  constructor(scope: Construct, id: string, props: DeployCheckProps) {
    super(scope, id);
    const { store, gate, maxApprovalAge } = props;
    const days = maxApprovalAge?.toDays({ integral: false });
    if (days !== undefined && (!Number.isInteger(days) || days < 1)) throw new Error(`'${this.node.path}': maxApprovalAge must be whole days from 1, got ${days}`);
    declareControls(this, 'P1', 'ML6', 'ML7', 'ML8');
    this.store = store;
    this.segment = props.segment;
    const key = new EncryptionKey(this, 'Key', { description: 'Environment, log and dead letters of the deployment check' });
    key.allowLogGroups();
    // An imported store knows no scanner.
    const scannerKeyArn = props.scanner?.signingKey.keyArn ?? (store as Partial<ModelArtifactBucket>)._scannerKeyFor?.(this);
    this.contract = scannerKeyArn === undefined ? DEPLOY_CHECK : DEPLOY_CHECK_JUDGED;
    this.resources = {
      servedBucket: [store.servedBucket.bucketArn],
      servedModels: [store.servedBucket.arnForObjects(`${SERVED_PREFIX}*`)],
      servedKey: [store.servedKey.keyArn],
      readRecords: [gate.records.arnForObjects(`${RECORDS.SUMMARIES}*`)],
      recordsBucket: [gate.records.bucketArn],
      recordsKey: [gate.records.encryptionKey!.keyArn],
      gateKey: [gate.signingKey.keyArn],
      ...(scannerKeyArn === undefined ? {} : { scannerKey: [scannerKeyArn] }),
      [FINDING_BUS_SLOT]: [Stack.of(this).formatArn({ service: 'events', resource: 'event-bus', resourceName: DEFAULT_BUS })],
    };
    const handler = new HandlerFunction(this, 'Handler', {
      contract: this.contract,
      description: 'Checks models before they are deployed',
      key,
      network: handlerNetwork(this, this.contract, { ...props, customResources: true }),
      environment: {
        [DEPLOY_CHECK_ENV.SERVED_BUCKET]: store.servedBucket.bucketName,
        [DEPLOY_CHECK_ENV.RECORDS_BUCKET]: gate.records.bucketName,
        [DEPLOY_CHECK_ENV.GATE_ARN]: gate.stateMachineArn,
        [DEPLOY_CHECK_ENV.GATE_KEY_ARN]: gate.signingKey.keyArn,
        [DEPLOY_CHECK_ENV.SCANNER_KEY_ARN]: scannerKeyArn ?? NO_SCANNER,
        [DEPLOY_CHECK_ENV.MAX_AGE_SECONDS]: maxApprovalAge === undefined ? ANY_AGE : String(maxApprovalAge.toSeconds()),
        [DEPLOY_CHECK_ENV.ANSWER_HOSTS]: this.answerHosts.join(','),
        [DEPLOY_CHECK_ENV.FINDING_BUS]: DEFAULT_BUS,
      },
      resources: this.resources,
      timeout: Duration.minutes(5),
    });
    this.function = handler.function;
    this.roleArn = handler.role.roleArn;
    this.deep = new DeepCheck(this, 'Deep', {
      store,
      key,
      ...(props.segment ? { segment: props.segment } : {}),
      ...(props.vpc ? { vpc: props.vpc } : {}),
      ...(props.securityGroups ? { securityGroups: props.securityGroups } : {}),
      ...(props.subnets ? { subnets: props.subnets } : {}),
    });
    const topic = SecurityPosture.of(this).alarmTopic;
    if (topic) {
      new OnCallAlarm(this, 'Unanswered', {
        metric: handler.function.deadLetterQueue!.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum' }),
        means: 'a deployment waits for the check of a model, which gave no answer',
        runbook: 'a-deployment-check-that-does-not-answer',
        topic,
      });
    }
  }

  /**
   * Adds a model to those that are read again once a day.
   *
   * @internal
   */
  public _watch(prefix: string): void {
    this.deep.add(prefix);
  }

  /** The service names of the VPC endpoints that the function needs, from the calls that it declares. */
  public get requiredEndpoints(): string[] {
    return endpointsOf(this.contract).map(({ service }) => `com.amazonaws.${Stack.of(this).region}.${service}`);
  }

  /**
   * The functions' lines in the policy of the VPC's S3 endpoint: their roles, to two buckets, for the calls that they declare; and
   * answers, through URLs that AWS signs, to the one bucket in which CloudFormation waits for them.
   */
  public get s3EndpointPolicyStatements(): PolicyStatement[] {
    const permits = (contract: HandlerContract, roleArn: string) => endpointPermitsOf(contract, 's3').map(({ actions, slot }) => new PolicyStatement({
      principals: [new AnyPrincipal()],
      actions: [...actions],
      resources: this.resources[slot] ?? [],
      // Endpoint policies of gateway endpoints take no principal but *, so the role stands in a condition.
      conditions: { ArnEquals: { 'aws:PrincipalArn': roleArn } },
    }));
    return [...permits(this.contract, this.roleArn), ...permits(DEEP_CHECK, this.deep.roleArn), new PolicyStatement({
      principals: [new AnyPrincipal()], actions: ['s3:PutObject'], resources: [`arn:${Stack.of(this).partition}:s3:::${answerBucket(this)}/*`],
    })];
  }

  /** The host names that the function resolves, for a DNS allow-list. */
  public get requiredHosts(): string[] {
    return [...endpointsOf(this.contract).flatMap(({ hosts }) => this.named(hosts)), ...this.answerHosts];
  }

  private get answerHosts(): string[] {
    return this.named(answerHosts(this));
  }

  private named(hosts: readonly string[]): string[] {
    const { region, urlSuffix } = Stack.of(this);
    return hosts.map((host) => host.replace('<region>', region).replace('<suffix>', urlSuffix));
  }
}
