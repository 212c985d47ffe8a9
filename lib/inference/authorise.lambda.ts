import { S3Client } from '@aws-sdk/client-s3';
import { requireEnvironment } from '../core/handler-environment';
import { AUTHORISE_ENV, KEY_SET_OBJECT } from './authorise.contract';
import { AuthoriseError } from './authorise/authorise-error';
import type { AuthoriserAnswer, AuthoriseSettings } from './authorise/authorise-request';
import { authoriseRequest, toAuthoriseSettings } from './authorise/authorise-request';
import { MirroredKeys } from './authorise/mirrored-keys';
import { readKeySet } from './authorise/s3-key-set';

const s3 = new S3Client({});
let ready: { readonly settings: AuthoriseSettings; readonly keys: MirroredKeys } | undefined;

/** Judges one request; see `authoriseRequest`. Any error but the one word keeps the caller out with a 500. */
export async function handler(event: unknown): Promise<AuthoriserAnswer> {
  ready ??= prepare();
  try {
    return await authoriseRequest(event, ready.settings, ready.keys, Date.now() / 1000);
  } catch (error) {
    const code = error instanceof AuthoriseError ? error.code : 'INTERNAL';
    console.log(JSON.stringify({ record: 'authorisation', refused: code, ...(code === 'KEY_SET' ? { cause: causeOf(error as AuthoriseError) } : {}) }));
    // This word, and no other, becomes a 401.
    if (error instanceof AuthoriseError && code !== 'KEY_SET') throw new Error('Unauthorized');
    throw error;
  }
}

function prepare(): { settings: AuthoriseSettings; keys: MirroredKeys } {
  const settings = toAuthoriseSettings(requireEnvironment(AUTHORISE_ENV.SETTINGS));
  const bucket = requireEnvironment(AUTHORISE_ENV.KEY_SET_BUCKET);
  return { settings, keys: new MirroredKeys({ load: () => readKeySet(s3, bucket, KEY_SET_OBJECT), now: () => performance.now() / 1000 }) };
}

/** What kept the key set from being read: our own words, or the name of a foreign error, whose message may hold anything. */
function causeOf({ cause }: AuthoriseError): string {
  if (cause instanceof AuthoriseError) return cause.message;
  return cause instanceof Error ? cause.name.slice(0, 80) : 'unknown';
}
