import { Certificate } from '../models/signing/certificate';
import { readPublicKey } from '../models/signing/elliptic-key';
import type { TrustPolicy } from '../models/signing/trust-policy';
import { TrustStore } from '../models/signing/trust-store';
import { CliError } from './cli-error';
import type { Invocation } from './command';
import { readTextInput } from './input-file';
import { readingInput } from './model-errors';

const TRUST = ['key', 'trust-store', 'cert-chain'] as const;

/**
 * Whom the user trusts: one way exactly, so that none is taken for another.
 *
 * @throws CliError USAGE, INPUT_UNREADABLE or INPUT_INVALID
 */
export async function trustOf({ line, now }: Pick<Invocation, 'line' | 'now'>): Promise<TrustPolicy> {
  const given = TRUST.filter((name) => line.has(name));
  if (given.length !== 1) {
    const found = given.length === 0 ? 'none is given' : `${given.map((name) => `--${name}`).join(' and ')} are given`;
    throw new CliError('USAGE', `say whom to trust by one of --key, --trust-store, --cert-chain; ${found}`);
  }
  const [file = ''] = line.texts(given[0]);
  switch (given[0]) {
    case 'key': return trustKey(file);
    case 'trust-store': {
      const text = await readTextInput(file, 'trust store');
      return { trustStore: readingInput('trust store', file, () => TrustStore.parse(Buffer.from(text))), at: now };
    }
    case 'cert-chain': {
      const anchors = await Promise.all(line.texts('cert-chain').map(async (one) => {
        const pem = await readTextInput(one, 'certificate');
        return readingInput('certificate', one, () => Certificate.allFromPem(pem));
      }));
      return { certificates: { anchors: anchors.flat(), at: now } };
    }
  }
}

/** Trusts one public key. @throws CliError INPUT_UNREADABLE or INPUT_INVALID */
export async function trustKey(file: string): Promise<TrustPolicy> {
  const publicKey = await readTextInput(file, 'public key');
  readingInput('public key', file, () => readPublicKey(publicKey));
  return { publicKey };
}
