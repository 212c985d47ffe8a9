import * as fs from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { readStatement } from '../../lib/models/signing/in-toto-statement';
import { BOM_PREDICATE } from '../../lib/models/signing/model-bom';
import { verifyStatement } from '../../lib/models/signing/verify-statement';
import { CliBench } from './cli-run';

const bench = new CliBench();
afterAll(() => bench.remove());

interface Bom {
  readonly bomFormat: string;
  readonly specVersion: string;
  readonly serialNumber: string;
  readonly metadata: {
    readonly component: { readonly name: string; readonly version: string; readonly hashes: object[]; readonly components: { readonly name: string }[] };
  };
}

describe('model bom', () => {
  test('prints the files of a model, without its signature, under the root digest that a signature has', () => {
    bench.signed('model');
    const { code, out } = bench.run('model', 'bom', 'model', '--name', 'fraud', '--model-version', '3', '--license', 'Apache-2.0');
    const bom = JSON.parse(out) as Bom;
    expect([code, bom.bomFormat, bom.specVersion]).toEqual([0, 'CycloneDX', '1.6']);
    const { component } = bom.metadata;
    expect([component.name, component.version, component.components.map(({ name }) => name)]).toEqual(['fraud', '3', ['README.md', 'config/labels.json', 'model.onnx']]);
    const { rootDigest } = bench.run('model', 'verify', 'model', '--key', 'key.pub', '--json').json();
    expect(component.hashes).toEqual([{ alg: 'SHA-256', content: rootDigest }]);
  });

  test('has one serial number for one content', () => {
    bench.model('a');
    bench.model('b');
    const serial = (name: string) => (JSON.parse(bench.run('model', 'bom', name).out) as Bom).serialNumber;
    expect(serial('a')).toBe(serial('b'));
    bench.write('b/README.md', 'other');
    expect(serial('a')).not.toBe(serial('b'));
  });

  test('signs it as a statement about the model', () => {
    bench.signed('model');
    const { code, out } = bench.run('model', 'bom', 'model', '--output', 'bom.sig', '--key', 'key.pem');
    expect([code, out]).toEqual([0, expect.stringContaining('CycloneDX 1.6, signed')]);
    const { payload } = verifyStatement(fs.readFileSync(bench.path('bom.sig')), { trust: { publicKey: bench.key.publicKey } });
    expect(readStatement(payload, BOM_PREDICATE).predicate.string('bomFormat')).toBe('CycloneDX');
    expect(bench.run('model', 'bom', 'model', '--output', 'bom.sig', '--key', 'key.pem').err).toContain('exists already');
  });

  test.each([
    [['model', '--key', 'key.pem'], 'name it with --output'],
    [['key.pub'], 'is a single file'],
    [['nowhere'], 'does not exist'],
  ])('says what is wrong with %j', (args, message) => {
    const { code, err } = bench.run('model', 'bom', ...args);
    expect([code, err]).toEqual([2, expect.stringContaining(message)]);
  });
});
