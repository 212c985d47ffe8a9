import { writeStatement } from '../models/signing/in-toto-statement';
import { BOM_PREDICATE, toCycloneDx } from '../models/signing/model-bom';
import type { ExitCode, Invocation } from './command';
import { CliError } from './cli-error';
import { displayJson, displayText } from './display-text';
import { shown } from './input-file';
import { digestModel } from './model-digest';
import { ignorePathsOf, openModel, placeBundle } from './model-place';
import { signed, signerOf } from './model-signer';
import { assertAbsent, writeOutput } from './output-file';

const SCHEMA = 'cdk-secure-ai/model-bom/v1';

/** Writes the bill of materials of a directory, plain or signed. */
export async function bomCommand({ path: location, line, terminal, now }: Invocation): Promise<ExitCode> {
  const [output, keyFile, replace] = [line.text('output'), line.text('key'), line.has('force')];
  if (keyFile !== undefined && output === undefined) throw new CliError('USAGE', '--key signs a file: name it with --output');
  const store = await openModel(location);
  if (store.layout === 'file') throw new CliError('USAGE', `${shown(location)} is a single file; give the directory that holds it`);
  if (output !== undefined && !replace) await assertAbsent(output, 'bill of materials');
  const signer = keyFile === undefined ? undefined : await signerOf(keyFile);
  const { signatureName } = await placeBundle(location, undefined);
  const { files, rootDigest } = await digestModel(location, store, ignorePathsOf(line.texts('ignore-paths'), signatureName), signatureName, terminal);
  const [name, license] = [line.text('name') ?? store.name, line.text('license')];
  const bom = toCycloneDx({
    serialNumber: serialOf(rootDigest),
    timestamp: now,
    name,
    version: line.text('model-version') ?? rootDigest.slice(0, 12),
    rootDigest,
    ...(license === undefined ? {} : { license }),
    files: files.map((file) => ({ name: file.name, digest: file.digest })),
  });
  if (output === undefined) {
    terminal.out(displayJson(bom));
    return 0;
  }
  const document = signer === undefined
    ? Buffer.from(`${JSON.stringify(bom, undefined, 2)}\n`)
    : await signed(writeStatement({
      subject: [{ name, digest: { sha256: rootDigest } }], predicateType: BOM_PREDICATE, predicate: bom,
    }), signer);
  await writeOutput(output, document, 'bill of materials', replace);
  if (line.has('json')) {
    terminal.out(displayJson({ schema: SCHEMA, path: location, output, signed: signer !== undefined, rootDigest, files: files.length }));
  } else {
    terminal.out([
      `${terminal.colours.green('✔ written')}  ${displayText(output)}: CycloneDX 1.6${signer === undefined ? '' : ', signed'}`,
      `  model        ${displayText(name)}, ${files.length} ${files.length === 1 ? 'file' : 'files'}`,
      `  root digest  ${rootDigest}`,
    ].join('\n'));
  }
  return 0;
}

/** The same content has the same serial number: a UUID of version 5 in form, made of the root digest. */
function serialOf(rootDigest: string): string {
  const hex = rootDigest.slice(0, 12) + '5' + rootDigest.slice(13, 16) + 'a' + rootDigest.slice(17, 32);
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
