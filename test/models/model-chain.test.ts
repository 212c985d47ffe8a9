import { beforeEach, describe, expect, test } from 'vitest';
import { START, rehashModels } from '../../lib/models/deep-check/rehash-models';
import { checkDeployment } from '../../lib/models/deploy-check/check-deployment';
import { inspectModel } from '../../lib/models/gate/inspect-model';
import type { ServedTarget } from '../../lib/models/promote/promote-model';
import { promoteModel } from '../../lib/models/promote/promote-model';
import { destructionStatement } from '../../lib/models/retire/certificate';
import { archiveModel, revokeAccess } from '../../lib/models/retire/retire-model';
import { readUpload } from '../../lib/models/scan/upload';
import { signModel } from '../../lib/models/signing/sign-model';
import { createHash } from 'node:crypto';
import { DECIDED, DeployWorld, MemoryServed, NOW, PROMOTED, SETTINGS } from './deploy-check/deploy-world';
import { SAFE_PICKLE, ScanWorld } from './scan/scan-world';
import { ServedWorld } from './served/served-world';
import { MemoryArtifactStore } from './signing/memory-artifact-store';
import { newTestKey } from './signing/test-key';

/** What each step of the chain leaves behind, as the next one finds it: the parts were built apart, and must fit. */
class Chain {
  public readonly quarantine = new ScanWorld();
  public readonly served = new ServedWorld();
  /** The gate's decisions. */
  public readonly gate = new DeployWorld();
  public readonly deployed = new MemoryServed();

  public async promote(files: Readonly<Record<string, string | Buffer>>): Promise<void> {
    const upload = this.quarantine.upload(files);
    const { id } = await this.quarantine.scan(upload);
    expect((await this.quarantine.judge(id)).verdict).toBe('CLEAN');
    const request = await readUpload(upload, this.quarantine);
    this.gate.prefix = (await promoteModel(request, this.quarantine, this.target, this.quarantine.verdicts)).prefix;
  }

  public async sign(): Promise<void> {
    for (const { Key } of this.served.list(this.gate.prefix)) await this.served.hash(Key);
    this.gate.rootDigest = (await this.served.sign(this.gate.prefix)).rootDigest;
  }

  /** The gate's own look at the model, and its decision. */
  public async approve(signer = this.served.key): Promise<void> {
    const { signature, scan } = await inspectModel(this.served.storeOf(this.gate.prefix, () => true), { publicKey: signer.publicKey });
    expect([signature, scan.verdict]).toEqual([{ rootDigest: this.gate.rootDigest, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string }, 'SAFE']);
    await this.gate.decide();
  }

  public async deploy(): ReturnType<typeof checkDeployment> {
    for (const [key, { content }] of this.served.objects) this.deployed.put(key, content, { lastModified: PROMOTED });
    return checkDeployment(this.gate.prefix, SETTINGS, {
      ...this.gate.ports, objects: this.deployed, scannerKey: () => Promise.resolve(this.quarantine.key.publicKey),
    });
  }

  private get target(): ServedTarget {
    const once = (key: string, content: string | Buffer) => {
      if (this.served.objects.has(key)) return 'existed' as const;
      this.served.put(key, content);
      return 'copied' as const;
    };
    return {
      copy: async (object, _, key) => {
        const chunks: Uint8Array[] = [];
        for await (const chunk of (await this.quarantine.read(object)).body) chunks.push(chunk);
        return once(key, Buffer.concat(chunks));
      },
      write: (text, key) => Promise.resolve(once(key, text)),
    };
  }
}

let chain: Chain;
beforeEach(() => {
  chain = new Chain();
});

describe('from the upload to the end', () => {
  test('a model that the signer signed goes through every step', async () => {
    await chain.promote({ 'model.pkl': SAFE_PICKLE, 'config.json': '{}' });
    await chain.sign();
    await chain.approve();
    expect(await chain.deploy()).toEqual({ files: 2, decidedAt: DECIDED });

    const hash = async (version: Parameters<MemoryServed['read']>[0]) => {
      const content = await chain.deployed.read(version);
      return { sha256: createHash('sha256').update(content).digest('hex'), size: content.length };
    };
    const raised: unknown[] = [];
    const deep = await rehashModels([chain.gate.prefix], START, {
      objects: chain.deployed, hash, hasTime: () => true, findings: { raise: (finding) => Promise.resolve(void raised.push(finding)) }, now: () => 1,
      modelArnPrefix: 'arn:aws:s3:eu-central-1:111111111111:served/',
    });
    expect([deep.next, raised]).toEqual(['GOOD', []]);

    const archive = new MemoryServed();
    const into: ServedTarget = {
      copy: async (_, __, key) => {
        archive.put(key, await chain.deployed.read(chain.deployed.versions.find((one) => one.key === key)!));
        return 'copied';
      },
      write: (text, key) => Promise.resolve(archive.put(key, text)).then(() => 'copied'),
    };
    expect(await archiveModel(chain.gate.prefix, { file: 0, next: 'CONTINUE' }, chain.deployed, into, () => true)).toEqual({ file: 3, next: 'DONE' });
    expect(archive.versions.map(({ key }) => key).sort()).toEqual(chain.deployed.versions.map(({ key }) => key).sort());
    const revoked = await revokeAccess(chain.gate.prefix, [], {
      objects: chain.deployed, mark: () => Promise.resolve(), revokeGrants: () => Promise.resolve(0),
    });
    expect(revoked).toEqual({ objects: 4, grants: 0 });
    const destruction = {
      ...revoked, modelPackageArn: 'arn', prefix: chain.gate.prefix, reason: 'requested' as const, endpoints: [], retiredBy: 'arn', archiveUri: 's3://archive/',
      retiredAt: NOW,
    };
    await expect(destructionStatement(destruction, archive)).resolves.toBeInstanceOf(Buffer);
  });

  test('so does one that its producer signed before the upload', async () => {
    const producer = newTestKey();
    const files: [string, string | Buffer][] = [['config.json', '{}'], ['model.pkl', SAFE_PICKLE]];
    const { bundle } = await signModel(new MemoryArtifactStore(files.map(([name, content]) => [name, content])), producer.signer);
    await chain.promote(Object.fromEntries([...files, ['model.sig', bundle]]));
    await chain.sign();
    await chain.approve(producer);
    expect(await chain.deploy()).toEqual({ files: 3, decidedAt: DECIDED });
  });

  test.each<[string, string, () => unknown]>([
    ['its files were exchanged under the same keys', 'CHECKSUM_MISMATCH', () => chain.deployed.change(`${chain.gate.prefix}model.pkl`, { content: Buffer.from('evil!') })],
    ['its verdict was taken away', 'VERDICT_MISSING', () => chain.deployed.remove(`${chain.gate.prefix.slice(0, -1)}.verdict`)],
    ['its signature was taken away', 'SIGNATURE_MISSING', () => chain.deployed.remove(`${chain.gate.prefix}model.sig`)],
    ['it was promoted and never approved', 'SUMMARY_MISSING', () => chain.gate.records.files.clear()],
  ])('a model is not deployed when %s: %s', async (_, code, attack) => {
    await chain.promote({ 'model.pkl': SAFE_PICKLE, 'config.json': '{}' });
    await chain.sign();
    await chain.approve();
    await chain.deploy();
    await attack();
    const ports = { ...chain.gate.ports, objects: chain.deployed, scannerKey: () => Promise.resolve(chain.quarantine.key.publicKey) };
    await expect(checkDeployment(chain.gate.prefix, SETTINGS, ports)).rejects.toMatchObject({ code });
  });
});
