import fc from 'fast-check';
import { expect } from 'vitest';
import { SigningError } from '../../../lib/models/signing/signing-error';
import { verifyModel } from '../../../lib/models/signing/verify-model';
import { MemoryArtifactStore } from './memory-artifact-store';
import { newBundle, payloadOf, resigned, toPlain } from './test-bundle';
import { newTestKey } from './test-key';

const key = newTestKey();
const FILES = [
  ['config.json', '{}'],
  ['weights/a.bin', 'a'.repeat(40)],
] as const;
const model = new MemoryArtifactStore(FILES);
const genuine = newBundle(FILES, key.privateKey);

/** One change to a text: overwrite, insert, cut, repeat, or put in what parsers stumble over. */
const edit = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
  length: fc.nat({ max: 40 }),
  text: fc.oneof(
    fc.string({ maxLength: 8, unit: 'binary' }),
    fc.constantFrom(
      '"',
      '\\',
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      'null',
      '1e999',
      '\\u0000',
      '\\ud800',
      '"__proto__":{}',
      '../',
      '\u0000',
      '[['.repeat(60),
      '',
    ),
  ),
});

type Edit = { at: number; length: number; text: string };

function edited(text: string, edits: readonly Edit[]): string {
  return edits.reduce((current, { at, length, text: put }) => {
    const start = Math.floor(at * current.length);
    return current.slice(0, start) + put + current.slice(start + length);
  }, text);
}

/**
 * Mutates the file of a bundle, or its payload with a fresh valid signature, and verifies it.
 * A mutation of the file must be refused unless it changes nothing that is read; a signed mutation may also be a valid statement.
 */
export const verifyMutatedBundle = {
  arbitrary: fc.record({ signed: fc.boolean(), edits: fc.array(edit, { minLength: 1, maxLength: 4 }) }),

  async property({ signed, edits }: { signed: boolean; edits: readonly Edit[] }): Promise<void> {
    const bytes = signed
      ? resigned(genuine, edited(payloadOf(genuine).toString(), edits), key.privateKey)
      : Buffer.from(edited(genuine.toString(), edits));
    let accepted = false;
    try {
      await verifyModel(model, bytes, { trust: { publicKey: key.publicKey } });
      accepted = true;
    } catch (error) {
      if (!(error instanceof SigningError)) throw error;
      expect(error.step).toBeDefined();
    }
    if (accepted) assertHarmless(bytes, signed);
  },
};

/** What was accepted must say the same as the genuine bundle about every file. */
function assertHarmless(bytes: Buffer, signed: boolean): void {
  if (!signed) {
    const { payload, payloadType } = toPlain(bytes).dsseEnvelope;
    expect({ payload, payloadType }).toEqual({
      payload: toPlain(genuine).dsseEnvelope.payload,
      payloadType: toPlain(genuine).dsseEnvelope.payloadType,
    });
    return;
  }
  const digests = (bundle: Buffer): Map<string, string> => {
    const { predicate } = JSON.parse(payloadOf(bundle).toString()) as { predicate: { resources: Array<{ name: string; digest: string }> } };
    return new Map(predicate.resources.map(({ name, digest }) => [name, digest]));
  };
  expect(digests(bytes)).toEqual(digests(genuine));
}
