import { randomBytes } from 'node:crypto';
import type { DeskPorts } from '../../../lib/models/gate/gate-desk';
import { serveDesk } from '../../../lib/models/gate/gate-desk';
import type { StageOutcome, StageSettings, Subject } from '../../../lib/models/gate/gate-stage';
import { readSubject, runStage } from '../../../lib/models/gate/gate-stage';
import type { DescribedPackage } from '../../../lib/models/gate/model-package';
import type { RecordStore } from '../../../lib/models/gate/record-store';
import { writeResultStatement } from '../../../lib/models/gate/signed-result';
import { writeProvenance } from '../../../lib/models/signing/provenance';
import { signModel } from '../../../lib/models/signing/sign-model';
import { signStatement } from '../../../lib/models/signing/sign-statement';
import { MemoryArtifactStore } from '../signing/memory-artifact-store';
import { newTestKey } from '../signing/test-key';
import { BUILDER, NOW, policyOf, resultOf } from './evidence';

export const GROUP = 'fraud';
export const PACKAGE = 'arn:aws:sagemaker:eu-central-1:111122223333:model-package/fraud/3';
export const KMS_KEY = 'arn:aws:kms:eu-central-1:111122223333:key/registry';
export const PREFIX = `models/fraud/sha256-${'d'.repeat(64)}/`;
const SSO = 'AWSReservedSSO_Approver_0123456789abcdef';
export const person = (name: string, role = SSO) => `arn:aws:sts::111122223333:assumed-role/${role}/${name}`;
export const AUTHOR = person('run-7', 'TrainingPipeline');

/** Records in memory, each written once. */
export class MemoryRecords implements RecordStore {
  public readonly files = new Map<string, Buffer>();

  public read(key: string): Promise<Buffer | undefined> {
    return Promise.resolve(this.files.get(key));
  }

  public writeOnce(key: string, content: string | Uint8Array): Promise<boolean> {
    if (this.files.has(key)) return Promise.resolve(false);
    this.files.set(key, Buffer.from(content));
    return Promise.resolve(true);
  }

  public keys(prefix: string): Promise<string[]> {
    return Promise.resolve([...this.files.keys()].filter((key) => key.startsWith(prefix)).sort());
  }
}

/** A registry, a served model with its evidence, and a gate over them, all in memory. */
export class GateWorld {
  public readonly records = new MemoryRecords();
  public now = NOW;
  public policy = policyOf();
  public readonly key = newTestKey();
  public files: [string, string][] = [['config.json', '{"layers": 3}']];
  public described: DescribedPackage = {
    ModelPackageArn: PACKAGE,
    ModelPackageGroupName: GROUP,
    ModelPackageStatus: 'Completed',
    ModelApprovalStatus: 'PendingManualApproval',
    SecurityConfig: { KmsKeyId: KMS_KEY },
    InferenceSpecification: {
      Containers: [{
        Image: `111122223333.dkr.ecr.eu-central-1.amazonaws.com/serve@sha256:${'e'.repeat(64)}`,
        ModelDataSource: { S3DataSource: { S3Uri: `s3://served/${PREFIX}`, CompressionType: 'None' } },
      }],
    },
    CreatedBy: { UserProfileName: 'alice', IamIdentity: { Arn: AUTHOR } },
  };

  /** A signed model with signed evidence. */
  public static async create(): Promise<GateWorld> {
    const world = new GateWorld();
    const { bundle, rootDigest } = await signModel(new MemoryArtifactStore(world.files), world.key.signer);
    world.files = [...world.files, ['model.sig', bundle.toString()]];
    const subject = { name: 'fraud', digest: { sha256: rootDigest } };
    const provenance = writeProvenance([subject], { buildType: 'https://example.com/training/v1', externalParameters: {}, builderId: BUILDER });
    await world.records.writeOnce(`evidence/${rootDigest}/provenance.intoto.json`, await signStatement(provenance, world.key.signer));
    await world.records.writeOnce(`evidence/${rootDigest}/holdout.json`, await signStatement(writeResultStatement(subject, resultOf()), world.key.signer));
    return world;
  }

  public get settings(): StageSettings {
    const trust = { publicKey: this.key.publicKey };
    return {
      policy: this.policy, modelTrust: trust, evidenceTrust: { provenance: trust, results: trust },
      group: GROUP, kmsKeyArn: KMS_KEY, servedBucket: 'served', approvalHours: 72,
    };
  }

  public desk(callerArn: string, body: unknown, change: Partial<DeskPorts> = {}): Promise<Record<string, unknown>> {
    const ports = { records: this.records, now: () => this.now, random: randomBytes, isApprover: (arn: string) => arn.includes(`/${SSO}/`), ...change };
    return serveDesk({ callerArn, body }, ports) as Promise<Record<string, unknown>>;
  }

  public subject(key: string): Promise<Subject> {
    return readSubject(key, this.ports);
  }

  public stage(key: string): Promise<StageOutcome> {
    return runStage(key, this.described, this.settings, this.ports);
  }

  /** A request by Bob that passed the checks. */
  public async pending(): Promise<string> {
    const { approval } = await this.desk(person('bob', 'Pipelines'), { action: 'request', modelPackageArn: PACKAGE, prefix: PREFIX });
    const { next, findings } = await this.stage(`requests/${String(approval)}.json`);
    if (next !== 'AWAIT_PERSON') throw new Error(JSON.stringify(findings));
    return String(approval);
  }

  /** A token for Carol. */
  public async token(approval: string, who = person('carol')): Promise<string> {
    return String((await this.desk(who, { action: 'review', approval })).token);
  }

  private get ports() {
    return { records: this.records, now: () => this.now, model: () => new MemoryArtifactStore(this.files) };
  }
}

