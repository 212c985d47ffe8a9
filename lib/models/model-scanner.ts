import { Duration, Stack } from 'aws-cdk-lib';
import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { declareControls } from '../core/control-declarations';
import { EncryptionKey } from '../core/encryption-key';
import { DEFAULT_BUS, FINDING_BUS_SLOT } from '../core/finding-sink';
import type { HandlerContract } from '../core/handler-contract';
import type { HandlerFunctionProps } from '../core/handler-function';
import { HandlerFunction } from '../core/handler-function';
import { refuseElsewhere } from '../core/same-stack';
import type { INetworkSegment } from '../network/api';
import { handlerNetwork } from './handler-network';
import type { ModelArtifactBucket } from './model-artifact-bucket';
import type { ModelSigner } from './model-signer';
import { ModelStateMachine } from './model-state-machine';
import { WRITE_ONCE_GUARD } from './records-guard';
import { SCAN, SCAN_ENV, UPLOAD_MANIFEST } from './scan.contract';
import { SCAN_FINDING, SCAN_FINDING_ENV } from './scan-finding.contract';
import { SCAN_MALWARE, SCAN_MALWARE_ENV } from './scan-malware.contract';
import { scanDefinition } from './scan-state-machine';
import { SCAN_VERDICT, SCAN_VERDICT_ENV } from './scan-verdict.contract';
import { VERDICTS } from './scan/scan-verdict';
import { REPORTS } from './scan/upload-report';
import { SigningKey } from './signing-key';
import { WriteOnceRecords } from './write-once-records';

/** Which store is scanned, and where the functions run. */
export interface ModelScannerProps {
  /** The store whose uploads it scans, in the same stack. */
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
 * The way out of quarantine: each upload waits for the malware scan while its files are scanned for what loading them would do; what both
 * find clean gets a signed verdict, and is promoted by the promoter that was given this scanner.
 *
 * An upload is a folder of the quarantine zone with a manifest, `upload.json`, which is written last and starts the scan. A verdict names
 * bucket, key, version and SHA-256 of each file, and is written once: the same versions are not judged again. Anything but clean stays in
 * quarantine, with a finding on the account's default bus and an alarm to the posture's alarm topic. A store with a scanner takes no
 * promoter without it.
 *
 * @see https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md
 */
export class ModelScanner extends Construct {
  /** ARN of the state machine. */
  public readonly stateMachineArn: string;
  /** Where reports and signed verdicts lie, under `reports/` and `verdicts/`. */
  public readonly records: IBucket;
  /** The key that signs verdicts. */
  public readonly signingKey: SigningKey;
  private readonly machine: ModelStateMachine;
  private readonly writeOnce: WriteOnceRecords;
  private promoter?: IFunction;
  private signerMachine?: string;

  constructor(scope: Construct, id: string, props: ModelScannerProps) {
    super(scope, id);
    const { store } = props;
    refuseElsewhere(this, store);
    declareControls(this, 'P1', 'ML1', 'ML6', 'SC4');
    this.writeOnce = new WriteOnceRecords(this, 'Store', {
      description: 'Reports and verdicts on uploaded models',
      parts: {
        [REPORTS]: { sid: WRITE_ONCE_GUARD.REPORTS, prefixes: [REPORTS] },
        [VERDICTS]: { sid: WRITE_ONCE_GUARD.VERDICTS, prefixes: [VERDICTS] },
      },
    });
    this.records = this.writeOnce.bucket;
    this.signingKey = new SigningKey(this, 'Signing');

    // Four functions: each can do one thing, and takes from the others what only they can have written.
    const key = new EncryptionKey(this, 'Key', { description: 'Executions, environment, logs and dead letters of the model scanner' });
    key.allowLogGroups();
    const handler = (name: string, contract: HandlerContract, rest: HandlerSettings) =>
      new HandlerFunction(new Construct(this, name), 'Handler', {
        contract, description: `Model scanner: ${contract.name}`, key, network: handlerNetwork(this, contract, props), timeout: Duration.minutes(2), ...rest,
      });
    const quarantineBucket = store.quarantineBucket.bucketName;
    const quarantineObjects = [store.quarantineBucket.arnForObjects('*')];
    const quarantineKey = [store.quarantineKey.keyArn];
    const malware = handler('Malware', SCAN_MALWARE, {
      environment: { [SCAN_MALWARE_ENV.QUARANTINE_BUCKET]: quarantineBucket }, resources: { quarantineObjects, quarantineKey },
    });
    const scan = handler('Artifacts', SCAN, {
      environment: { [SCAN_ENV.QUARANTINE_BUCKET]: quarantineBucket, [SCAN_ENV.RECORDS_BUCKET]: this.records.bucketName },
      resources: { quarantineObjects, quarantineKey, ...this.writeOnce.readBy(REPORTS), ...this.writeOnce.writtenBy(REPORTS) },
      // More memory is more processor: hashing takes a whole one.
      memoryMib: 3008,
      timeout: Duration.minutes(15),
    });
    const verdict = handler('Verdict', SCAN_VERDICT, {
      environment: {
        [SCAN_VERDICT_ENV.QUARANTINE_BUCKET]: quarantineBucket,
        [SCAN_VERDICT_ENV.RECORDS_BUCKET]: this.records.bucketName,
        [SCAN_VERDICT_ENV.KEY_ARN]: this.signingKey.keyArn,
      },
      resources: {
        quarantineObjects,
        signingKey: [this.signingKey.keyArn],
        ...this.writeOnce.readBy(REPORTS, VERDICTS),
        ...this.writeOnce.writtenBy(VERDICTS),
      },
      timeout: Duration.minutes(5),
    });
    const finding = handler('Finding', SCAN_FINDING, {
      environment: { [SCAN_FINDING_ENV.FINDING_BUS]: DEFAULT_BUS },
      resources: { [FINDING_BUS_SLOT]: [Stack.of(this).formatArn({ service: 'events', resource: 'event-bus', resourceName: DEFAULT_BUS })] },
    });
    this.writeOnce.admit(REPORTS, scan.role);
    this.writeOnce.admit(VERDICTS, verdict.role);
    this.signingKey._admitSigner(verdict.role);
    store._admitArtifactScan(this, scan.role);

    this.machine = new ModelStateMachine(this, 'Machine', {
      does: 'scans uploaded models and promotes what is clean',
      key,
      definition: () => scanDefinition({
        partition: Stack.of(this).partition,
        malwareFunction: malware.function.functionArn,
        scanFunction: scan.function.functionArn,
        verdictFunction: verdict.function.functionArn,
        findingFunction: finding.function.functionArn,
        ...(this.promoter ? { promoterFunction: this.promoter.functionArn } : {}),
        ...(this.signerMachine === undefined ? {} : { signerMachine: this.signerMachine }),
      }),
    });
    this.machine.invokes(malware.function, scan.function, verdict.function, finding.function);
    this.machine.startOn('Uploads', {
      bucketName: quarantineBucket, suffix: UPLOAD_MANIFEST, input: { key: '$.detail.object.key', versionId: '$.detail.object.version-id' },
    });
    this.machine.tell('an uploaded model', 'refused-upload');
    this.stateMachineArn = this.machine.resource.attrArn;
  }

  /**
   * Gives clean uploads to a promoter, and what it promoted to a signer.
   *
   * @internal
   */
  public _promoteWith(promoter: IFunction, signer?: ModelSigner): void {
    if (this.promoter) throw new Error(`'${this.node.path}' has a promoter already: one scanner has one`);
    this.promoter = promoter;
    this.machine.invokes(promoter);
    if (!signer) return;
    this.signerMachine = signer.stateMachineArn;
    signer.grantStart(this.machine.role);
  }

  /**
   * What a promoter's slots for verdicts are bound to.
   *
   * @internal
   */
  public _verdictResources(): Record<string, string[]> {
    return { ...this.writeOnce.readBy(VERDICTS), verdictKey: [this.signingKey.keyArn] };
  }
}

type HandlerSettings = Pick<HandlerFunctionProps, 'environment' | 'resources' | 'memoryMib' | 'timeout'>;
