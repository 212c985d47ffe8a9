import { realpath } from 'node:fs/promises';
import * as path from 'node:path';
import { fromClarifyAnalysis, type ResultFrame } from '../models/gate/clarify-analysis';
import { fromConstraintViolations } from '../models/gate/constraint-violations';
import { type EvaluationResult, parseEvaluationResult } from '../models/gate/evaluation-result';
import { GateError } from '../models/gate/gate-error';
import { writeResultStatement } from '../models/gate/signed-result';
import { type Subject, writeStatement } from '../models/signing/in-toto-statement';
import { JsonShape } from '../models/signing/json-shape';
import { PROVENANCE_PREDICATE } from '../models/signing/provenance';
import { assertProvenance } from '../models/signing/provenance-shape';
import { parseStrictJson } from '../models/signing/strict-json';
import type { ExitCode, Invocation } from './command';
import type { CommandLine } from './command-line';
import { CliError } from './cli-error';
import { displayJson, displayText } from './display-text';
import { readInput, shown } from './input-file';
import { digestModel } from './model-digest';
import { readingInput } from './model-errors';
import { ignorePathsOf, isRemote, nameInside, openModel, placeBundle } from './model-place';
import { signed, signerOf } from './model-signer';
import { assertAbsent, writeOutput } from './output-file';

const SCHEMA = 'cdk-secure-ai/model-attest/v1';
const KINDS = ['result', 'clarify', 'violations', 'provenance'] as const;
/** Larger than what tools write. Unit: bytes. */
const MAX_BYTES = 16 * 1024 * 1024;

/** Signs what somebody found out about a directory, as evidence for the gate. */
export async function attestCommand({ path: location, line, terminal, now }: Invocation): Promise<ExitCode> {
  const given = KINDS.filter((kind) => line.has(kind));
  if (given.length !== 1) throw new CliError('USAGE', `say what to sign by one of ${KINDS.map((kind) => `--${kind}`).join(', ')}`);
  const [kind] = given;
  const [source, keyFile, output] = [line.text(kind) ?? '', required(line, 'key'), required(line, 'output')];
  const store = await openModel(location);
  if (store.layout === 'file') throw new CliError('USAGE', `${shown(location)} is a single file; give the directory that holds it`);
  await assertOutside(location, output);
  if (!line.has('force')) await assertAbsent(output, 'evidence');
  const signer = await signerOf(keyFile);
  const document = await readInput(source, kind, { maxBytes: MAX_BYTES });
  if (document.length > MAX_BYTES) throw new CliError('INPUT_INVALID', `${kind} ${shown(source)} is larger than ${MAX_BYTES} bytes`);
  // What is wrong with the document should be known before the model is hashed.
  const statement = statementOf(kind, source, document, line, now);
  const { signatureName } = await placeBundle(location, undefined);
  const { rootDigest } = await digestModel(location, store, ignorePathsOf(line.texts('ignore-paths'), signatureName), signatureName, terminal);
  await writeOutput(output, await signed(statement({ name: store.name, digest: { sha256: rootDigest } }), signer), 'evidence', line.has('force'));
  if (line.has('json')) terminal.out(displayJson({ schema: SCHEMA, path: location, kind, output, rootDigest }));
  else terminal.out(`${terminal.colours.green('✔ signed')}  ${displayText(output)}: ${kind} of ${displayText(location)}\n  root digest  ${rootDigest}`);
  return 0;
}

function statementOf(
  kind: (typeof KINDS)[number], file: string, document: Buffer, line: CommandLine, now: Date,
): (subject: Subject) => Buffer {
  if (kind === 'provenance') {
    readingInput(kind, file, () => assertProvenance(JsonShape.of(parseStrictJson(document), 'provenance')));
    const predicate = JSON.parse(document.toString('utf8')) as object;
    return (subject) => writeStatement({ subject: [subject], predicateType: PROVENANCE_PREDICATE, predicate });
  }
  try {
    const result = resultOf(kind, document, line, now);
    return (subject) => writeResultStatement(subject, result);
  } catch (cause) {
    if (!(cause instanceof GateError)) throw cause;
    throw new CliError('INPUT_INVALID', `${kind} ${shown(file)}: ${cause.message}`, { cause });
  }
}

function resultOf(kind: 'result' | 'clarify' | 'violations', document: Buffer, line: CommandLine, now: Date): EvaluationResult {
  if (kind === 'result') return parseEvaluationResult(document);
  const frame: ResultFrame = { suite: required(line, 'suite'), tool: { name: required(line, 'tool'), version: required(line, 'tool-version') }, measuredAt: now };
  return kind === 'clarify' ? fromClarifyAnalysis(document, frame) : fromConstraintViolations(document, frame);
}

function required(line: CommandLine, name: string): string {
  const value = line.text(name);
  if (value === undefined) throw new CliError('USAGE', `--${name} is missing`);
  return value;
}

/** Evidence inside the model would be one of its files, and its digest another. */
async function assertOutside(model: string, output: string): Promise<void> {
  if (isRemote(model)) return;
  const directory = await realpath(path.dirname(path.resolve(output))).catch(() => undefined);
  if (directory !== undefined && nameInside(await realpath(model), path.join(directory, path.basename(output))) !== undefined) {
    throw new CliError('USAGE', `the evidence ${shown(output)} lies inside the model and would be part of it; keep it elsewhere`);
  }
}
