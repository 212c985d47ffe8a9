import { realpath } from 'node:fs/promises';
import { Certificate } from '../models/signing/certificate';
import { keyHint, readPublicKey } from '../models/signing/elliptic-key';
import { ignoredBeside, type IgnoreRules } from '../models/signing/ignore-rules';
import { type SignedModel, signModel } from '../models/signing/sign-model';
import type { SigningCertificates } from '../models/signing/sign-statement';
import type { SigningError } from '../models/signing/signing-error';
import { CliError } from './cli-error';
import type { ExitCode, Invocation } from './command';
import type { CommandLine } from './command-line';
import { displayBytes, displayJson, displayText } from './display-text';
import { readTextInput, shown } from './input-file';
import { readingInput, refusalOf } from './model-errors';
import { ignorePathsOf, isRemote, nameInside, openModel, placeBundle } from './model-place';
import { kmsSignerOf, signerOf } from './model-signer';
import { assertAbsent, writeOutput } from './output-file';
import { ProgressLine } from './progress-line';

const SCHEMA = 'cdk-secure-ai/model-sign/v1';

/** Refusals that are about what the user gave, not about the model. */
const INPUT_CODES: readonly SigningError['code'][] = ['KEY_INVALID', 'CERTIFICATE_INVALID', 'SIGNER_FAILED'];

/** Signs a directory, or a prefix in S3, with a local key or one in KMS. */
export async function signCommand({ path, line, terminal }: Invocation): Promise<ExitCode> {
  const [keyFile, keyArn] = [line.text('key'), line.text('kms-key')];
  if ((keyFile === undefined) === (keyArn === undefined)) {
    throw new CliError('USAGE', keyFile === undefined ? '--key is missing; give the private key as PEM, or --kms-key' : '--key and --kms-key are given; give one');
  }
  if (isRemote(path) && !line.has('bundle')) throw new CliError('USAGE', 'nothing is written to S3: name a local file for the signature with --bundle');
  const store = await openModel(path);
  if (store.layout === 'file') throw new CliError('USAGE', `${shown(path)} is a single file; sign the directory that holds it`);
  const { file, signatureName } = await placeBundle(path, line.text('bundle'));
  const ignorePaths = ignorePathsOf(line.texts('ignore-paths'), signatureName);
  if (!line.has('force')) await assertAbsent(file, 'signature');
  const certificates = await certificatesOf(line);
  const signer = keyFile === undefined ? await kmsSignerOf(keyArn ?? '') : await signerOf(keyFile);
  if (keyFile !== undefined && !isRemote(path)) await assertKeyOutside(path, keyFile, ignoredBeside(signatureName, ignorePaths));

  const progress = new ProgressLine(terminal, 'hashing');
  let signed: SignedModel;
  try {
    signed = await signModel(store, signer, { certificates, ignorePaths, signatureName, onProgress: (bytes) => progress.update(bytes) });
  } catch (error) {
    progress.end();
    const { code, message } = refusalOf(error);
    if (INPUT_CODES.includes(code)) throw new CliError('INPUT_INVALID', message, { cause: error });
    if (line.has('json')) terminal.out(displayJson({ schema: SCHEMA, path, signed: false, code, reason: message }));
    else terminal.out(`${terminal.colours.red('✘ not signed')}  ${code}\n  ${displayText(message)}`);
    return 1;
  }
  progress.end();
  await writeOutput(file, signed.bundle, 'signature', line.has('force'));

  const hint = keyHint(readPublicKey(await signer.publicKeyPem()));
  const method = certificates ? 'certificate' : 'key';
  const files = signed.files.map(({ artifact: { name, size }, digest }) => ({ path: name, size, sha256: digest }));
  if (line.has('json')) {
    const { rootDigest } = signed;
    terminal.out(displayJson({ schema: SCHEMA, path, signed: true, bundle: file, method, rootDigest, keyHint: hint, files }));
    return 0;
  }
  const bytes = displayBytes(files.reduce((sum, { size }) => sum + size, 0));
  terminal.out([
    `${terminal.colours.green('✔ signed')}  ${displayText(path)}: ${files.length} ${files.length === 1 ? 'file' : 'files'}, ${bytes}`,
    `  root digest  ${signed.rootDigest}`,
    `  key hint     ${hint}${certificates ? ' (by certificate)' : ''}`,
    `  signature    ${displayText(file)}`,
  ].join('\n'));
  return 0;
}

async function certificatesOf(line: CommandLine): Promise<SigningCertificates | undefined> {
  const leafFile = line.text('cert');
  if (leafFile === undefined) {
    if (line.has('chain')) throw new CliError('USAGE', '--chain needs --cert, the certificate of the key');
    return undefined;
  }
  const certificates = async (file: string) => {
    const pem = await readTextInput(file, 'certificate');
    readingInput('certificate', file, () => Certificate.allFromPem(pem));
    return pem;
  };
  return { leaf: await certificates(leafFile), chain: await Promise.all(line.texts('chain').map(certificates)) };
}

/** A private key beside the files would be signed, and shipped, as one of them. */
async function assertKeyOutside(model: string, keyFile: string, ignore: IgnoreRules): Promise<void> {
  const name = nameInside(await realpath(model), await realpath(keyFile));
  if (name !== undefined && !ignore.matches(name)) {
    throw new CliError('USAGE', `the private key ${shown(keyFile)} lies inside the model and would be part of it; keep it elsewhere`);
  }
}
