import fc from 'fast-check';
import { expect } from 'vitest';
import { SigningError } from '../../../lib/models/signing/signing-error';
import { treeDigest } from '../../../lib/models/signing/tree-digest';
import { verifyModel } from '../../../lib/models/signing/verify-model';
import { MemoryArtifactStore } from './memory-artifact-store';
import { newBundle, payloadOf, resigned, toBytes, toPlain } from './test-bundle';
import { newTestKey } from './test-key';

const key = newTestKey();
const FILES = [
  ['config.json', '{}'],
  ['weights/a.bin', 'a'.repeat(40)],
] as const;
const model = new MemoryArtifactStore(FILES);
const genuine = newBundle(FILES, key.privateKey);

/** A change to a text: characters from a place on are replaced. */
interface Edit {
  readonly at: number;
  readonly length: number;
  readonly text: string;
}

/** A change to the tree of a document: one of its nodes is replaced, taken out or doubled. */
interface Graft {
  readonly node: number;
  readonly action: 'replace' | 'remove' | 'double';
  readonly value: unknown;
}

/** Taken modulo the number of places: generated fractions would lie near zero most of the time. */
const place = fc.nat({ max: 999_983 });

const edit: fc.Arbitrary<Edit> = fc.record({
  at: place,
  length: fc.oneof(fc.nat({ max: 2 }), fc.nat({ max: 40 })),
  text: fc.oneof(
    { weight: 6, arbitrary: fc.string({ maxLength: 8, unit: 'binary' }) },
    {
      weight: 6,
      arbitrary: fc.constantFrom(
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
        ' ',
        '0',
        'f',
        '',
      ),
    },
    { weight: 1, arbitrary: fc.constant('['.repeat(20_000)) },
  ),
});

const graft: fc.Arbitrary<Graft> = fc.record({
  node: place,
  action: fc.constantFrom('replace', 'remove', 'double'),
  value: fc.constantFrom<unknown>(
    null,
    true,
    0,
    -1,
    1.5,
    '',
    '.',
    '..',
    '../config.json',
    'config.json',
    'a\\b',
    'a\0',
    '\ud800',
    'a'.repeat(64),
    [],
    {},
    [[]],
    ['*'],
    ['code.py'],
  ),
});

type Mutation =
  | { readonly kind: 'file' | 'payload' | 'signed payload'; readonly edits: readonly Edit[] }
  | { readonly kind: 'tree' | 'signed tree'; readonly grafts: readonly Graft[]; readonly root: boolean };

const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.record({ kind: fc.constantFrom('file', 'payload', 'signed payload'), edits: fc.array(edit, { minLength: 1, maxLength: 3 }) }),
  fc.record({ kind: fc.constantFrom('tree', 'signed tree'), grafts: fc.array(graft, { minLength: 1, maxLength: 2 }), root: fc.boolean() }),
);

/**
 * Mutates the file of a bundle, or its payload with the old or a fresh valid signature, and verifies it.
 * Nothing but the one error class may be thrown, and what is accepted must say the same about every file.
 */
export const verifyMutatedBundle = {
  arbitrary: mutation,

  async property(mutated: Mutation): Promise<void> {
    const bytes = apply(mutated);
    try {
      await verifyModel(model, bytes, { trust: { publicKey: key.publicKey } });
    } catch (error) {
      if (!(error instanceof SigningError)) throw error;
      expect(error.step).toBeDefined();
      return;
    }
    if (mutated.kind.startsWith('signed')) expect(signedDigests(bytes)).toEqual(signedDigests(genuine));
    else expect(payloadOf(bytes)).toEqual(payloadOf(genuine));
  },
};

function apply(mutated: Mutation): Buffer {
  const payload = payloadOf(genuine).toString();
  switch (mutated.kind) {
    case 'file':
      return Buffer.from(edited(genuine.toString(), mutated.edits));
    case 'payload': {
      const plain = toPlain(genuine);
      plain.dsseEnvelope.payload = Buffer.from(edited(payload, mutated.edits)).toString('base64');
      return toBytes(plain);
    }
    case 'signed payload':
      return resigned(genuine, edited(payload, mutated.edits), key.privateKey);
    case 'tree':
      return toBytes(mutated.grafts.reduce(grafted, toPlain(genuine) as unknown));
    case 'signed tree': {
      const statement = mutated.grafts.reduce(grafted, JSON.parse(payload) as unknown);
      if (mutated.root) correctRoot(statement);
      return resigned(genuine, JSON.stringify(statement) ?? '', key.privateKey);
    }
  }
}

function edited(text: string, edits: readonly Edit[]): string {
  return edits.reduce((current, { at, length, text: put }) => {
    const start = at % (current.length + 1);
    return current.slice(0, start) + put + current.slice(start + length);
  }, text);
}

function grafted(document: unknown, { node, action, value: shared }: Graft): unknown {
  // A later graft may change what an earlier one put in.
  const value = structuredClone(shared);
  const places = placesIn(document);
  if (places.length === 0) return value;
  const { parent, name } = places[node % places.length];
  if (Array.isArray(parent)) {
    const put = { replace: [value], remove: [], double: [parent[Number(name)], parent[Number(name)]] }[action];
    parent.splice(Number(name), 1, ...put);
  } else if (action === 'remove') {
    Reflect.deleteProperty(parent, name);
  } else {
    Object.assign(parent, action === 'replace' ? { [name]: value } : { [`${name}2`]: (parent as Record<string, unknown>)[name] });
  }
  return document;
}

function placesIn(value: unknown): Array<{ parent: object; name: string }> {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, child]) => [{ parent: value, name }, ...placesIn(child)]);
}

/** A hostile signer would give the root digest that fits. */
function correctRoot(statement: unknown): void {
  try {
    const { subject, predicate } = statement as {
      subject: Array<{ digest: { sha256: string } }>;
      predicate: { resources: Array<{ digest: string }> };
    };
    subject[0].digest.sha256 = treeDigest(predicate.resources.map(({ digest }) => String(digest)));
  } catch {
    // The graft took away what the digest is made of.
  }
}

function signedDigests(bundle: Buffer): Map<string, string> {
  const { predicate } = JSON.parse(payloadOf(bundle).toString()) as { predicate: { resources: Array<{ name: string; digest: string }> } };
  return new Map(predicate.resources.map(({ name, digest }) => [name, digest]));
}
