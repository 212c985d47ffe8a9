import { describe, expect, test } from 'vitest';
import { fuzz } from './fixtures/fuzz';
import { EVIL_PICKLE, PickleAssembler, PLAIN_PICKLE } from './fixtures/pickle-assembler';
import { importsOf } from './fixtures/reference-unpickler';

describe('mutated files', () => {
  test('the oracle sees what pickles import', () => {
    expect(importsOf(EVIL_PICKLE)).toEqual(['os system']);
    expect(importsOf(Buffer.concat([PLAIN_PICKLE, new PickleAssembler().global('os', 'system').build()]))).toEqual(['os system']);
  });

  test('2000 mutants neither throw, nor read by a length out of the file, nor turn dangerous files into safe ones', async () => {
    const figures = await fuzz(2000, 20261124);
    expect(figures.runs).toBe(2000);
    expect(Object.keys(figures.verdicts).length).toBeGreaterThan(2);
  });
});
