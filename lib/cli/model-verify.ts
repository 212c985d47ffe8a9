import { type VerifiedModel, verifyModel } from '../models/signing/verify-model';
import { CliError } from './cli-error';
import type { ExitCode, Invocation } from './command';
import { displayJson, displayText } from './display-text';
import { shown } from './input-file';
import { refusalOf } from './model-errors';
import { ignorePathsOf, openModel, placeBundle, readBundle } from './model-place';
import { trustOf } from './model-trust';
import { ProgressLine } from './progress-line';

const SCHEMA = 'cdk-secure-ai/model-verify/v1';

/** Verifies a directory, or with `--bundle` a single file, against its signature. */
export async function verifyCommand(invocation: Invocation): Promise<ExitCode> {
  const { path, line, terminal } = invocation;
  const { colours } = terminal;
  const trust = await trustOf(invocation);
  const store = await openModel(path);
  if (store.layout === 'file' && !line.has('bundle')) {
    throw new CliError('USAGE', `${shown(path)} is a single file; name its signature with --bundle`);
  }
  const place = await placeBundle(path, line.text('bundle'));
  const { file, signatureName } = place;
  const ignorePaths = ignorePathsOf(line.texts('ignore-paths'), signatureName);
  const bundle = await readBundle(store, place);

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
