import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { modelLife } from '../../scripts/model-life';

const outdir = fs.mkdtempSync(path.join(os.tmpdir(), 'model-life-'));
afterAll(() => fs.rmSync(outdir, { recursive: true, force: true }));

test('the example model lives as it should, also a second time in the same place', () => {
  for (const rows of [modelLife(outdir), modelLife(outdir)]) {
    expect(rows.map(({ step, result, asExpected }) => [step, result, asExpected])).toEqual([
      ['scan', 'SAFE', true],
      ['sign', 'signed', true],
      ['verify', 'verified', true],
      ['sign its provenance', 'provenance signed', true],
      ['sign an evaluation that is weak for one age group', 'result signed', true],
      ['gate', 'fails THRESHOLD_MISSED', true],
      ['sign an evaluation that is good for both', 'result signed', true],
      ['gate', 'passes', true],
      ['gate with a result that nobody signed', 'fails RESULT_UNSIGNED, RESULT_MISSING', true],
      ['tamper with one bit, verify', 'refused FILE_MISMATCH', true],
      ['gate the tampered model', 'fails SIGNATURE_REFUSED', true],
      ['put it back, add a loader script, verify', 'refused FILE_EXTRA', true],
      ['take it away, change the signature, verify', 'refused SIGNATURE_INVALID', true],
      ['put everything back, verify', 'verified', true],
      ['replace the model by a pickle that runs a command, scan', 'DANGEROUS', true],
    ]);
    expect(rows.every(({ detail }) => detail.length > 0)).toBe(true);
  }
});
