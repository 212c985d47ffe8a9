import { DEFAULT_MAX_BUNDLE_BYTES } from '../models/signing/bundle';
import { Certificate } from '../models/signing/certificate';
import { readPublicKey } from '../models/signing/elliptic-key';
import type { TrustPolicy } from '../models/signing/trust-policy';
import { TrustStore } from '../models/signing/trust-store';
import { type VerifiedModel, verifyModel } from '../models/signing/verify-model';
import { CliError } from './cli-error';
import type { ExitCode, Invocation } from './command';
import { displayJson, displayText } from './display-text';
import { readInput, readTextInput, shown } from './input-file';
import { readingInput, refusalOf } from './model-errors';
import { ignorePathsOf, openModel, placeBundle } from './model-place';
import { ProgressLine } from './progress-line';

const SCHEMA = 'cdk-secure-ai/model-verify/v1';
const TRUST = ['key', 'trust-store', 'cert-chain'] as const;

/** Verifies a directory, or with `--bundle` a single file, against its signature. */
export async function verifyCommand(invocation: Invocation): Promise<ExitCode> {
  const { path, line, terminal } = invocation;
  const { colours } = terminal;
  const trust = await trustOf(invocation);
  const store = await openModel(path);
  if (store.layout === 'file' && !line.has('bundle')) {
    throw new CliError('USAGE', `${shown(path)} is a single file; name its signature with --bundle`);
  }
  const { file, signatureName } = await placeBundle(path, line.text('bundle'));
  const ignorePaths = ignorePathsOf(line.texts('ignore-paths'), signatureName);
  const bundle = await readInput(file, 'signature', { maxBytes: DEFAULT_MAX_BUNDLE_BYTES, followLink: signatureName === false });

  const progress = new ProgressLine(terminal, 'hashing');
  let verified: VerifiedModel;
  try {
    verified = await verifyModel(store, bundle, { trust, ignorePaths, signatureName, onProgress: (bytes) => progress.update(bytes) });
  } catch (error) {
    progress.end();
    const { code, step, message } = refusalOf(error);
    const document = { schema: SCHEMA, path, bundle: file, verified: false, code, step, reason: message };
    if (line.has('json')) terminal.out(displayJson(document));
    else terminal.out(`${colours.red('✘ refused')}  ${code} at the step ${step}\n  ${displayText(message)}`);
    return 1;
  }
  progress.end();
  const { rootDigest, keyHint } = verified;
  const files = verified.files.map(({ name, size }) => ({ path: name, size }));
  if (line.has('json')) {
    // Empty files may be unsigned where an earlier signer worked in shards.
    const { unsigned } = verified;
    terminal.out(displayJson({ schema: SCHEMA, path, bundle: file, verified: true, rootDigest, keyHint, files, unsigned }));
    return 0;
  }
  terminal.out([
    `${colours.green('✔ verified')}  ${displayText(path)}: ${files.length} ${files.length === 1 ? 'file is' : 'files are'} as signed`,
    `  root digest  ${rootDigest}`,
    `  key hint     ${keyHint}`,
    ...(verified.unsigned.length > 0 ? [`  not signed   ${verified.unsigned.map(displayText).join(', ')} (empty)`] : []),
  ].join('\n'));
  return 0;
}

/** Whom the user trusts: one way exactly, so that none is taken for another. */
async function trustOf({ line, now }: Invocation): Promise<TrustPolicy> {
  const given = TRUST.filter((name) => line.has(name));
  if (given.length !== 1) {
    const found = given.length === 0 ? 'none is given' : `${given.map((name) => `--${name}`).join(' and ')} are given`;
    throw new CliError('USAGE', `say whom to trust by one of --key, --trust-store, --cert-chain; ${found}`);
  }
  const [file = ''] = line.texts(given[0]);
  switch (given[0]) {
    case 'key': {
      const publicKey = await readTextInput(file, 'public key');
      readingInput('public key', file, () => readPublicKey(publicKey));
      return { publicKey };
    }
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
