import { createHash } from 'node:crypto';
import { checkDeployment } from '../../../lib/models/deploy-check/check-deployment';
import type { DeployPorts, DeploySettings } from '../../../lib/models/deploy-check/check-deployment';
import type { ListedVersion, ServedObjects, StoredChecksum } from '../../../lib/models/deploy-check/served-objects';
import { GATE_LEVEL } from '../../../lib/models/gate/gate-summary';
import { type ScanVerdict, writeVerdict } from '../../../lib/models/scan/scan-verdict';
import { signModel } from '../../../lib/models/signing/sign-model';
import { signStatement } from '../../../lib/models/signing/sign-statement';
import { writeVerificationSummary } from '../../../lib/models/signing/verification-summary';
import { MemoryRecords } from '../gate/gate-world';
import { MemoryArtifactStore } from '../signing/memory-artifact-store';
import { newTestKey } from '../signing/test-key';

export const GATE = 'arn:aws:states:eu-central-1:111111111111:stateMachine:gate';
export const NOW = new Date('2026-06-15T00:00:00Z');
export const DECIDED = new Date('2026-06-10T12:00:00Z');
export const PROMOTED = new Date('2026-06-01T00:00:00Z');
export const SETTINGS: DeploySettings = { servedBucket: 'served', gate: GATE };

/** An object as S3 keeps it. Parts: cut after so many bytes. */
export interface HeldObject {
  readonly content: Buffer;
  readonly lastModified: Date;
  readonly partBytes?: number;
  readonly checksum?: Partial<StoredChecksum>;
}

interface HeldVersion extends ListedVersion, HeldObject {}

/** A served store in memory with versions. Reads of what the check must not read are refused. */
export class MemoryServed implements ServedObjects {
  public readonly versions: HeldVersion[] = [];
  public readonly reads: string[] = [];

  public put(key: string, content: string | Buffer, change: Partial<HeldObject & ListedVersion> = {}): void {
    for (const [index, one] of this.versions.entries()) if (one.key === key) this.versions[index] = { ...one, isLatest: false };
    const bytes = Buffer.from(content);
    this.versions.push({
      key, versionId: `v${this.versions.length + 1}`, size: bytes.length, isLatest: true, isDeleteMarker: false, lastModified: PROMOTED, content: bytes, ...change,
    });
  }

  public change(key: string, change: Partial<HeldVersion>): void {
    const index = this.versions.findIndex((one) => one.key === key);
    if (index < 0) throw new Error(`there is no ${key} to change`);
    this.versions[index] = { ...this.versions[index], ...change };
  }

  public remove(key: string): void {
    this.versions.splice(this.versions.findIndex((one) => one.key === key), 1);
  }

  public list(prefix: string): Promise<ListedVersion[]> {
    return Promise.resolve(this.versions.filter(({ key }) => key.startsWith(prefix)));
  }

  public read({ key, versionId }: ListedVersion): Promise<Buffer> {
    this.reads.push(key);
    return Promise.resolve(this.held(key, versionId).content);
  }

  public checksum({ key, versionId }: ListedVersion): Promise<StoredChecksum> {
    const { content, partBytes, checksum } = this.held(key, versionId);
    return Promise.resolve({ ...storedChecksum(content, partBytes), ...checksum });
  }

  private held(key: string, versionId: string): HeldVersion {
    const found = this.versions.find((one) => one.key === key && one.versionId === versionId);
    if (!found) throw new Error(`there is no ${key} ${versionId}`);
    return found;
  }
}

const sum = (content: Uint8Array): Buffer => createHash('sha256').update(content).digest();

/** What S3 stores with an object: in one piece, or in parts. */
export function storedChecksum(content: Buffer, partBytes: number | undefined): StoredChecksum {
  if (partBytes === undefined) return { size: content.length, sha256: sum(content).toString('base64'), parts: undefined };
  const pieces = Array.from({ length: Math.ceil(content.length / partBytes) }, (_, at) => content.subarray(at * partBytes, (at + 1) * partBytes));
  return {
    size: content.length,
    sha256: sum(Buffer.concat(pieces.map(sum))).toString('base64'),
    parts: pieces.map((piece) => ({ size: piece.length, sha256: sum(piece).toString('base64') })),
  };
}

/** A promoted model that the gate approved, in memory. */
export class DeployWorld {
  public readonly served = new MemoryServed();
  public readonly records = new MemoryRecords();
  public readonly key = newTestKey();
  public readonly scanner = newTestKey();
  public prefix = '';
  public rootDigest = '';

  public static async create(files: readonly (readonly [string, string])[] = [['config.json', '{"layers": 3}'], ['weights/model ü.onnx', 'weights']]): Promise<DeployWorld> {
    const world = new DeployWorld();
    const { bundle, rootDigest } = await signModel(new MemoryArtifactStore(files), world.key.signer);
    world.rootDigest = rootDigest;
    world.promote([...files, ['model.sig', bundle.toString()]]);
    await world.decide();
    return world;
  }

  /** A model without a signature of its own, which is signed after its promotion, and then approved. */
  public static async signedLater(files: readonly (readonly [string, string])[] = [['config.json', '{"layers": 3}'], ['weights.onnx', 'weights']]): Promise<DeployWorld> {
    const world = new DeployWorld();
    world.promote(files);
    const { bundle, rootDigest } = await signModel(new MemoryArtifactStore(files), world.key.signer);
    world.rootDigest = rootDigest;
    world.served.put(`${world.prefix}model.sig`, bundle);
    await world.decide();
    return world;
  }

  /** A verdict beside the manifest, as the promoter leaves it. */
  public async judge(change: { files?: readonly (readonly [string, string])[]; verdict?: ScanVerdict['verdict']; key?: DeployWorld['key'] } = {}): Promise<void> {
    const { verdict = 'CLEAN', key = this.scanner } = change;
    const manifest = this.served.versions.find((one) => one.key === this.manifestKey)!.content.toString().trimEnd().split('\n');
    const named = change.files ?? manifest.map((line) => [line.slice(66), line.slice(0, 64)] as const);
    const objects = named.map(([name, sha256]) => ({ name, key: `uploads/${name}`, versionId: 'v1', size: 1, sha256 }));
    const payload = writeVerdict({ id: 'e'.repeat(64), bucket: 'quarantine', verdict, reasons: verdict === 'CLEAN' ? [] : ['MALWARE_FOUND'], judgedAt: PROMOTED, objects });
    this.served.versions.splice(0, Infinity, ...this.served.versions.filter((one) => one.key !== this.verdictKey));
    this.served.put(this.verdictKey, await signStatement(payload, key.signer));
  }

  public get verdictKey(): string {
    return `${this.prefix.slice(0, -1)}.verdict`;
  }

  /** As the promoter does: files in parts under the digest of their manifest, which is written in one piece. */
  public promote(files: readonly (readonly [string, string])[]): void {
    const manifest = files.map(([name, content]) => `${sum(Buffer.from(content)).toString('hex')}  ${name}\n`).join('');
    this.prefix = `models/fraud/sha256-${sum(Buffer.from(manifest)).toString('hex')}/`;
    for (const [name, content] of files) this.served.put(`${this.prefix}${name}`, content, { partBytes: 1024 ** 3 });
    this.served.put(this.manifestKey, manifest);
  }

  public get manifestKey(): string {
    return `${this.prefix.slice(0, -1)}.manifest`;
  }

  /** A decision of the gate, or of somebody else. */
  public async decide(change: { passed?: boolean; at?: Date; gate?: string; resourceUri?: string; rootDigest?: string; key?: DeployWorld['key']; id?: string } = {}): Promise<void> {
    const { passed = true, at = DECIDED, gate = GATE, resourceUri = `s3://served/${this.prefix}`, rootDigest = this.rootDigest, key = this.key } = change;
    const payload = writeVerificationSummary([{ name: this.prefix, digest: { sha256: rootDigest } }], {
      verifierId: gate, timeVerified: at, resourceUri, policy: { uri: gate, digest: { sha256: 'a'.repeat(64) } }, result: passed ? 'PASSED' : 'FAILED',
      verifiedLevels: passed ? [GATE_LEVEL] : [],
    });
    this.records.files.set(`summaries/${this.rootDigest}/${change.id ?? `${this.records.files.size}`}.json`, await signStatement(payload, key.signer));
  }

  public get ports(): DeployPorts {
    return { objects: this.served, records: this.records, trust: () => Promise.resolve({ publicKey: this.key.publicKey }), now: () => NOW };
  }

  /** As of a store with a scanner. */
  public get judgedPorts(): DeployPorts {
    return { ...this.ports, scannerKey: () => Promise.resolve(this.scanner.publicKey) };
  }

  public check(settings: Partial<DeploySettings> = {}): ReturnType<typeof checkDeployment> {
    return checkDeployment(this.prefix, { ...SETTINGS, ...settings }, this.ports);
  }
}
