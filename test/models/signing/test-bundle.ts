import type { KeyObject} from 'node:crypto';
import { createHash, createPublicKey, sign } from 'node:crypto';
import { writeBundle } from '../../../lib/models/signing/bundle';
import { curveOf, keyHint } from '../../../lib/models/signing/elliptic-key';
import { IN_TOTO_PAYLOAD_TYPE, preAuthenticationEncoding } from '../../../lib/models/signing/envelope';
import { ignoredBeside } from '../../../lib/models/signing/ignore-rules';
import { writeModelStatement } from '../../../lib/models/signing/model-statement';

/** A bundle as plain JSON, to be bent by a test. */
export interface PlainBundle {
  mediaType: string;
  verificationMaterial: Record<string, unknown>;
  dsseEnvelope: { payload: string; payloadType: string; signatures: Array<Record<string, unknown>> };
}

export function toPlain(bundle: Buffer): PlainBundle {
  return JSON.parse(bundle.toString()) as PlainBundle;
}

export function toBytes(bundle: unknown): Buffer {
  return Buffer.from(JSON.stringify(bundle));
}

export function payloadOf(bundle: Buffer): Buffer {
  return Buffer.from(toPlain(bundle).dsseEnvelope.payload, 'base64');
}

/** The same bundle over another payload, validly signed: what a hostile signer with the trusted key could make. */
export function resigned(bundle: Buffer, payload: Buffer | string, key: KeyObject): Buffer {
  const plain = toPlain(bundle);
  const bytes = Buffer.from(payload);
  const message = preAuthenticationEncoding(plain.dsseEnvelope.payloadType, bytes);
  plain.dsseEnvelope.payload = bytes.toString('base64');
  plain.dsseEnvelope.signatures[0].sig = sign(curveOf(key).hash, message, key).toString('base64');
  return toBytes(plain);
}

/** What `signModel` gives for these files, without waiting, so that a table of cases can be built from it. */
export function newBundle(contents: ReadonlyArray<readonly [string, string]>, key: KeyObject): Buffer {
  const payload = writeModelStatement({
    modelName: 'model',
    algorithm: 'sha256',
    ignorePaths: ignoredBeside().paths,
    resources: contents.map(([path, content]) => ({ path, digest: createHash('sha256').update(content).digest('hex') })),
  });
  const signature = sign(curveOf(key).hash, preAuthenticationEncoding(IN_TOTO_PAYLOAD_TYPE, payload), key);
  return writeBundle({ payload, signature }, { hint: keyHint(createPublicKey(key)) });
}
