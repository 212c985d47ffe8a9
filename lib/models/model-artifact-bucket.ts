import { Duration, Tags, Token } from 'aws-cdk-lib';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { AccountPrincipal, AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Grant, IGrantable, IPrincipal, IRole } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { IConstruct } from 'constructs';
import { Construct } from 'constructs';
import { AccessLogBucket } from '../core/access-log-bucket';
import { spare } from '../core/bucket-guards';
import { contractStatements } from '../core/contract-statements';
import { declareControls } from '../core/control-declarations';
import { declareDataEvents } from '../core/data-event-registry';
import { EncryptionKey } from '../core/encryption-key';
import { refuseAlias } from '../core/refuse-alias';
import { refuseOtherStack } from '../core/same-stack';
import { SecureBucket } from '../core/secure-bucket';
import { requireServiceOnly } from '../core/service-only-role';
import { viaService } from '../core/via-service';
import { DataClass, SecurityPosture } from '../posture';
import type { IModelArtifactBucket } from './api';
import { ImportedModelArtifactBucket } from './imported-model-artifact-bucket';
import { MalwareProtection } from './malware-protection';
import { grantQuarantineUpload, grantServedRead, refuseForeign } from './model-store-grants';
import { servedObjectsMetric } from './model-store-metrics';
import { PROMOTE, SERVED_PREFIX } from './promote.contract';
import { promotionResources } from './promotion-resources';
import { quarantineLock } from './quarantine-lock';
import { ScanAlarms } from './scan-alarms';
import type { SigningKey } from './signing-key';
import { quarantineGuards, retiredGuards, servedGuards } from './zone-guards';

/** How a store of model artifacts differs from the default. */
export interface ModelArtifactBucketProps {
  /**
   * How sensitive the models are; it decides how long superseded versions are kept.
   *
   * @default DataClass.CONFIDENTIAL
   */
  readonly dataClass?: DataClass;
  /**
   * An existing key for the quarantine zone. Its policy must delegate to the account, as the default policy of a key does.
   *
   * @default - a new key with rotation
   */
  readonly quarantineKey?: IKey;
  /**
   * An existing key for the served store. Its policy must delegate to the account, and let foreign readers in where there are any.
   *
   * @default - a new key with rotation
   */
  readonly servedKey?: IKey;
  /**
   * An existing bucket for the server access logs: in the same account and region, with SSE-S3 and no default lock. An imported one
   * must let `logging.s3.amazonaws.com` put objects.
   *
   * @default - a new bucket
   */
  readonly accessLogs?: IBucket;
  /**
   * The role of an existing malware scan of the quarantine bucket, which tags versions as GuardDuty does. Only an AWS service may be
   * able to assume it: it passes the network perimeter.
   *
   * @default - a GuardDuty malware protection plan with a role of its own
   */
  readonly scannerRole?: IRole;
  /**
   * How long uploads stay in quarantine before they expire, in whole days.
   *
   * @default Duration.days(30)
   */
  readonly quarantineExpiry?: Duration;
}

/** What signs verdicts on uploads: the scanner. */
interface VerdictSigner extends IConstruct {
  readonly signingKey: SigningKey;
}

/** What identifies an existing store. */
export interface ModelArtifactBucketAttributes {
  /** ARN of the quarantine bucket. */
  readonly quarantineBucketArn: string;
  /** ARN of the key of the quarantine zone. */
  readonly quarantineKeyArn: string;
  /** ARN of the served bucket. */
  readonly servedBucketArn: string;
  /** ARN of the key of the served store. */
  readonly servedKeyArn: string;
}

/**
 * A store for model artifacts with two zones: uploads wait in quarantine until a malware scan has found them clean, then a promoter moves
 * them under a digest-named prefix of the served store, where each key is written once.
 *
 * Both zones have a key of their own, versions, locks by profile, access logs, and the posture's data perimeter.
 *
 * @see https://docs.aws.amazon.com/guardduty/latest/ug/gdu-malware-protection-s3.html
 */
export class ModelArtifactBucket extends Construct implements IModelArtifactBucket {
  /**
   * Refers to a store of another stack or account. Its grants reach identities only: the store's own app opens it to other accounts.
   */
  public static fromAttributes(scope: Construct, id: string, attributes: ModelArtifactBucketAttributes): IModelArtifactBucket {
    return new ImportedModelArtifactBucket(scope, id, attributes);
  }

  public readonly quarantineBucket: IBucket;
  public readonly quarantineKey: IKey;
  public readonly servedBucket: IBucket;
  public readonly servedKey: IKey;

  private readonly served: SecureBucket;
  private readonly writes: PolicyStatement;
  private readonly unscannedReads: PolicyStatement;
  private readonly malwareScanArn: string;
  private readonly retired: readonly PolicyStatement[];
  private readonly promoterArns: string[] = [];
  private readonly signerArns: string[] = [];
  private scanner?: VerdictSigner;
  private uncheckedBy?: IConstruct;
  private readonly scan?: MalwareProtection;

  constructor(scope: Construct, id: string, props: ModelArtifactBucketProps = {}) {
    super(scope, id);
    refuseAlias(this, 'quarantineKey', props.quarantineKey);
    refuseAlias(this, 'servedKey', props.servedKey);
    const dataClass = props.dataClass ?? DataClass.CONFIDENTIAL;
    const posture = SecurityPosture.of(this);
    const noncurrentDays = posture.retentionDays(dataClass);
    declareControls(this, 'P3', 'P4', 'DP2a', 'DP2b', 'DP3', 'DP6', 'ML1', 'MI3', 'OB1');
    Tags.of(this).add('DataClassification', dataClass);

    this.quarantineKey = props.quarantineKey ?? new EncryptionKey(this, 'QuarantineKey', { description: 'Uploaded model artifacts before their scan' });
    this.servedKey = props.servedKey ?? new EncryptionKey(this, 'ServedKey', { description: 'Served model artifacts' });
    const accessLogs = props.accessLogs ?? new AccessLogBucket(this, 'AccessLogs', { retentionDays: posture.logRetentionDays });

    const quarantine = new SecureBucket(this, 'Quarantine', {
      key: this.quarantineKey,
      accessLogs,
      ...quarantineLock(posture.objectLock),
      noncurrentDays: 30,
      lifecycleRules: [{ id: 'Quarantine', expiration: props.quarantineExpiry ?? Duration.days(30) }],
    });
    this.served = new SecureBucket(this, 'Served', {
      key: this.servedKey,
      accessLogs,
      ...(posture.objectLock ? { objectLock: posture.objectLock } : {}),
      noncurrentDays,
    });
    this.quarantineBucket = quarantine;
    this.servedBucket = this.served;
    for (const zone of [quarantine, this.served]) {
      declareDataEvents(zone);
      // Whoever judges the template alone sees by it that models lie here, even where no AI resource of the stack names the bucket.
      Tags.of(zone).add('AiDataSet', 'models');
    }

    if (!props.scannerRole) {
      this.scan = new MalwareProtection(this, 'Scan', { bucket: quarantine, key: this.quarantineKey });
      if (posture.alarmTopic) new ScanAlarms(this, 'Alarms', { scan: this.scan, topic: posture.alarmTopic });
    }
    if (props.scannerRole) requireServiceOnly(this, 'scannerRole', props.scannerRole);
    const { roleArn } = props.scannerRole ?? this.scan!.role;
    quarantine.perimeter.admitServiceRole(roleArn);
    const { reads, tags } = quarantineGuards(quarantine, roleArn);
    for (const guard of [reads, ...tags]) quarantine.addToResourcePolicy(guard);
    this.unscannedReads = reads;
    this.malwareScanArn = roleArn;
    const { writes, overwrites } = servedGuards(this.served);
    this.served.addToResourcePolicy(writes);
    this.served.addToResourcePolicy(overwrites);
    this.retired = retiredGuards(this.served);
    for (const guard of this.retired) this.served.addToResourcePolicy(guard);
    this.writes = writes;
  }

  public grantRead(grantee: IGrantable): Grant {
    return grantServedRead(this, this.servedBucket, this.servedKey, grantee);
  }

  public grantUpload(grantee: IGrantable): Grant {
    return grantQuarantineUpload(this, this.quarantineBucket, this.quarantineKey, grantee);
  }

  /**
   * Makes a role the promoter: it alone may write served models, and reads clean versions in quarantine. The role belongs in the
   * store's stack, since the served bucket's policy names it.
   */
  public grantPromote(role: IRole): void {
    this._admitPromoter(role);
    for (const statement of contractStatements(this, PROMOTE, promotionResources(this))) role.addToPrincipalPolicy(statement);
  }

  /**
   * Opens the served bucket's policy to a promoter that brings its permissions itself.
   *
   * @param scanner the scanner whose verdict it needs
   * @internal
   */
  public _admitPromoter(role: IRole, scanner?: IConstruct): void {
    if (scanner !== this.scanner) {
      const [given, known] = [scanner, this.scanner].map((one) => (one ? `the scanner '${one.node.path}'` : 'no scanner'));
      throw new Error(`'${this.node.path}' has ${known}, and its promoter was given ${given}: give it the scanner of its store, so that it needs a signed verdict`);
    }
    refuseForeign(this, role, 'let a role of this account promote');
    refuseOtherStack(this, role);
    this.promoterArns.push(role.roleArn);
    this.spareWriters();
  }

  /**
   * Opens the served bucket's policy to a signer that brings its permission itself: to write signatures into models, and no model.
   *
   * @internal
   */
  public _admitSigner(role: IRole): void {
    refuseOtherStack(this, role);
    this.signerArns.push(role.roleArn);
    this.spareWriters();
  }

  /**
   * Lets the artifact scan read what the malware scan has not spoken of yet: the two run at the same time. From now on every promoter needs
   * its verdict.
   *
   * @internal
   */
  public _admitArtifactScan(scanner: VerdictSigner, role: IRole): void {
    if (this.scanner) throw new Error(`'${this.node.path}' has the scanner '${this.scanner.node.path}' already: one store has one`);
    if (this.promoterArns.length > 0) throw new Error(`'${this.node.path}' has a promoter that needs no verdict: make the scanner first, and give it to the promoter`);
    if (this.uncheckedBy) throw new Error(`'${this.uncheckedBy.node.path}' checks models of '${this.node.path}' without a verdict: make the scanner before it`);
    refuseOtherStack(this, role);
    this.scanner = scanner;
    spare(this.unscannedReads, [this.malwareScanArn, role.roleArn]);
  }

  /**
   * The key of the verdict that each model needs which a check lets through; undefined without a scanner, which there cannot be later then.
   *
   * @internal
   */
  public _scannerKeyFor(check: IConstruct): string | undefined {
    if (!this.scanner) this.uncheckedBy ??= check;
    return this.scanner?.signingKey.keyArn;
  }

  /**
   * Makes a role the one that retires models: it marks them, and reads them all the same, for the archive.
   *
   * @internal
   */
  public _admitRetirement(role: IRole): void {
    refuseOtherStack(this, role);
    for (const guard of this.retired) spare(guard, [role.roleArn]);
  }

  /**
   * Lets identities of another account read served models, as far as that account's own policies let them.
   *
   * @throws when the account id is not twelve digits
   */
  public grantReadToAccount(accountId: string): void {
    if (!Token.isUnresolved(accountId) && !/^\d{12}$/.test(accountId)) {
      throw new Error(`'${this.node.path}': an account id has twelve digits, got '${accountId}'`);
    }
    this.served.perimeter.trustAccount(accountId);
    this.allowForeignRead(new AccountPrincipal(accountId), {});
  }

  /**
   * Lets identities below a path of an organisation read served models, as far as their accounts' own policies let them.
   *
   * @throws when the path does not have the form `o-…/r-…/ou-…/*`
   */
  public grantReadToOrganizationPath(path: string): void {
    const organization = /^(o-[a-z0-9]{10,32})\/r-[a-z0-9]{4,32}\/(?:ou-[a-z0-9-]+\/)*\*?$/.exec(path)?.[1];
    if (!organization) {
      throw new Error(`'${this.node.path}': an organisation path looks like 'o-abcdefghij/r-abcd/ou-abcd-12345678/*', got '${path}'`);
    }
    this.served.perimeter.trustOrganizationPath(path);
    this.allowForeignRead(new AnyPrincipal(), {
      StringEquals: { 'aws:PrincipalOrgID': organization },
      'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': [path] },
    });
  }

  /** @throws when somebody else than AWS services can assume the role */
  public grantReadToServiceRole(role: IRole): Grant {
    requireServiceOnly(this, 'the role of grantReadToServiceRole', role);
    this.served.perimeter.admitServiceRole(role.roleArn);
    return this.grantRead(role);
  }

  public metricServedObjects(): IMetric {
    return servedObjectsMetric(this.servedBucket);
  }

  /**
   * Versions in which the scan found malware, as a sum over five minutes.
   *
   * @throws when the scan was brought: its metrics belong to its own plan
   */
  public metricInfectedScans(): IMetric {
    return this.ownScan().metric('InfectedScanCount');
  }

  /**
   * Versions whose scan failed, as a sum over five minutes: they stay in quarantine. Versions that were skipped are counted apart.
   *
   * @throws when the scan was brought: its metrics belong to its own plan
   */
  public metricFailedScans(): IMetric {
    return this.ownScan().metric('FailedScanCount');
  }

  private spareWriters(): void {
    spare(this.writes, [...this.promoterArns, ...this.signerArns]);
  }

  private ownScan(): MalwareProtection {
    if (!this.scan) throw new Error(`'${this.node.path}' uses the scan of scannerRole: read the metrics of that malware protection plan`);
    return this.scan;
  }

  private allowForeignRead(principal: IPrincipal, conditions: Record<string, Record<string, unknown>>): void {
    const statement = (actions: string[], resources: string[], more: Record<string, Record<string, unknown>>) =>
      new PolicyStatement({ effect: Effect.ALLOW, principals: [principal], actions, resources, conditions: merged(conditions, more) });
    this.served.addToResourcePolicy(statement(['s3:GetObject', 's3:GetObjectVersion'], [this.served.arnForObjects(`${SERVED_PREFIX}*`)], {}));
    this.served.addToResourcePolicy(statement(['s3:ListBucket'], [this.served.bucketArn], { StringLike: { 's3:prefix': `${SERVED_PREFIX}*` } }));
    this.servedKey.addToResourcePolicy(statement(['kms:Decrypt'], ['*'], viaService(this.servedKey, 's3')));
  }
}

function merged(
  a: Record<string, Record<string, unknown>>,
  b: Record<string, Record<string, unknown>>,
): Record<string, Record<string, unknown>> {
  const result = { ...a };
  for (const [operator, keys] of Object.entries(b)) result[operator] = { ...result[operator], ...keys };
  return result;
}
