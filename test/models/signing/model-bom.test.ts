import { describe, expect, test } from 'vitest';
import { readStatement, writeStatement } from '../../../lib/models/signing/in-toto-statement';
import type { ModelBom} from '../../../lib/models/signing/model-bom';
import { BOM_PREDICATE, toCycloneDx } from '../../../lib/models/signing/model-bom';
import { signStatement } from '../../../lib/models/signing/sign-statement';
import { verifyStatement } from '../../../lib/models/signing/verify-statement';
import { expectRefusal } from './refusal';
import { newTestKey } from './test-key';

const bom: ModelBom = {
  serialNumber: '3e671687-395b-41f5-a30f-a58921a69b79',
  timestamp: new Date('2026-05-01T12:00:00Z'),
  name: 'fraud-model',
  version: '3',
  rootDigest: 'a'.repeat(64),
  license: 'Apache-2.0',
  files: [{ name: 'weights/a.bin', digest: 'b'.repeat(64) }],
  datasets: [{ name: 'payments', version: '2026-04', digest: 'c'.repeat(64), classification: 'confidential', sensitiveData: ['card numbers'] }],
  card: {
    approach: 'supervised',
    task: 'classification',
    inputs: ['text'],
    metrics: [{ type: 'AUC', value: '0.93', slice: 'all', confidenceInterval: { lowerBound: '0.92', upperBound: '0.94' } }],
    ethicalConsiderations: [{ name: 'bias', mitigationStrategy: 'reweighting' }],
  },
};

interface WrittenBom {
  readonly metadata: { readonly component: { readonly modelCard: { readonly modelParameters: { readonly datasets: unknown } } } };
  readonly components: readonly unknown[];
  readonly dependencies: unknown;
}

describe('bill of materials of a model', () => {
  test('names the model by its root digest, its files, its data sets and its card', () => {
    const written = JSON.parse(JSON.stringify(toCycloneDx(bom))) as WrittenBom;
    expect(written).toMatchObject({ bomFormat: 'CycloneDX', specVersion: '1.6', serialNumber: `urn:uuid:${bom.serialNumber}`, version: 1 });
    expect(written.metadata.component).toMatchObject({
      'type': 'machine-learning-model',
      'bom-ref': 'model',
      'hashes': [{ alg: 'SHA-256', content: bom.rootDigest }],
      'components': [{ type: 'file', name: 'weights/a.bin', hashes: [{ alg: 'SHA-256', content: 'b'.repeat(64) }] }],
    });
    expect(written.metadata.component.modelCard.modelParameters.datasets).toEqual([{ ref: 'dataset-1' }]);
    expect(written.components[0]).toMatchObject({
      'type': 'data', 'bom-ref': 'dataset-1', 'data': [{ type: 'dataset', classification: 'confidential', sensitiveData: ['card numbers'] }],
    });
    expect(written.dependencies).toEqual([{ ref: 'model', dependsOn: ['dataset-1'] }, { ref: 'dataset-1' }]);
  });

  test('is signed like any statement', async () => {
    const key = newTestKey();
    const statement = { subject: [{ name: bom.name, digest: { sha256: bom.rootDigest } }], predicateType: BOM_PREDICATE, predicate: toCycloneDx(bom) };
    const bundle = await signStatement(writeStatement(statement), key.signer);
    const { payload } = verifyStatement(bundle, { trust: { publicKey: key.publicKey } });
    expect(readStatement(payload, BOM_PREDICATE).predicate.string('specVersion')).toBe('1.6');
  });

  test.each<[string, Partial<ModelBom>]>([
    ['a serial number that is no UUID', { serialNumber: '1' }],
    ['a time that is none', { timestamp: new Date(NaN) }],
    ['a root digest that is none', { rootDigest: 'a' }],
    ['a file without digest', { files: [{ name: 'a', digest: '' }] }],
    ['a data set with another digest', { datasets: [{ name: 'd', digest: 'C'.repeat(64) }] }],
  ])('is refused with %s', async (_, change) => {
    await expectRefusal(() => toCycloneDx({ ...bom, ...change }), 'PREDICATE_INVALID');
  });
});
