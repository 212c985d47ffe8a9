import type { Artifact, ArtifactStore } from '../models/ports/artifact-store';
import { printable, type Reason } from '../models/scanning/reason';
import { type FileReport, scanFile, type ScanOptions } from '../models/scanning/scan-file';
import { DEFAULT_POLICY, type PickleProfile, type ScanPolicy } from '../models/scanning/scan-policy';
import { scanTree } from '../models/scanning/scan-tree';
import { worseOf, type Verdict } from '../models/scanning/verdict';
import { sortedByCodePoint } from '../models/signing/code-point-order';
import { ignoredBeside } from '../models/signing/ignore-rules';
import { SIGNATURE_NAME } from '../models/signing/signature-name';
import { ArtifactSource } from '../models/scanning-sources/artifact-source';
import { signatureReport } from '../models/scanning-sources/signature-report';
import { CliError } from './cli-error';
import type { ExitCode, Invocation } from './command';
import type { CommandLine } from './command-line';
import { displayJson, displayText } from './display-text';
import { shown } from './input-file';
import { openModel } from './model-place';
import { ProgressLine } from './progress-line';
import { plainTable } from './table';
import type { Terminal } from './terminal';

/** What `--json` prints. */
interface ScanDocument {
  readonly schema: 'cdk-secure-ai/model-scan/v1';
  readonly path: string;
  readonly verdict: Verdict;
  readonly counts: Readonly<Record<Verdict, number>>;
  readonly files: readonly FileReport[];
  /** Version control files, which are no part of a model and were not looked at. */
  readonly leftOut: readonly string[];
}

/** Scans a file or a directory. */
export async function scanModel({ path, line, terminal }: Invocation): Promise<ExitCode> {
  const options = { policy: policyOf(line) };
  const store = await openModel(path);
  const { artifacts: _, ...document } = await scan(path, store, options, terminal);
  if (line.has('json')) terminal.out(displayJson(document));
  else show(document, terminal);
  return document.verdict === 'SAFE' ? 0 : 1;
}

/** Scans what a store holds. @throws CliError INPUT_UNREADABLE */
export async function scan(
  path: string, store: ArtifactStore, options: ScanOptions, terminal: Terminal,
): Promise<ScanDocument & { readonly artifacts: readonly Artifact[] }> {
  const { artifacts, leftOut } = await listed(path, store);
  const progress = new ProgressLine(terminal, 'scanning');
  let bytes = 0;
  const sources = artifacts.filter(({ kind }) => kind === 'file').map((artifact) => ({
    path: artifact.name,
    source: new ArtifactSource(store, artifact, (length) => progress.update(bytes += length)),
  }));
  const signatureFile = store.layout === 'tree' ? sources.find((one) => one.path === SIGNATURE_NAME) : undefined;
  const signature = signatureFile && await signatureReport(signatureFile);
  const scanned = store.layout === 'file'
    ? await Promise.all(sources.map(({ path: name, source }) => scanFile(name, source, options)))
    : (await scanTree(sources.filter((one) => one.path !== signature?.path), options)).files;
  progress.end();
  for (const { path: name, source } of sources) {
    if (source.failure instanceof Error) {
      throw new CliError('INPUT_UNREADABLE', `file ${shown(name)} cannot be read: ${source.failure.message}`, { cause: source.failure });
    }
  }
  const others = artifacts.filter(({ kind }) => kind !== 'file').map(notScanned);
  const files = sortedByCodePoint([...scanned, ...(signature ? [signature] : []), ...others], (file) => file.path);
  const counts: Record<Verdict, number> = { SAFE: 0, SUSPICIOUS: 0, UNSCANNABLE: 0, DANGEROUS: 0 };
  for (const { verdict } of files) counts[verdict] += 1;
  // Nothing scanned proves nothing.
  const verdict = files.reduce<Verdict>((worst, file) => worseOf(worst, file.verdict), files.length === 0 ? 'UNSCANNABLE' : 'SAFE');
  return { schema: 'cdk-secure-ai/model-scan/v1', path, verdict, counts, files, leftOut, artifacts };
}

async function listed(path: string, store: ArtifactStore): Promise<{ artifacts: Artifact[]; leftOut: string[] }> {
  // The same files that a signature would leave out.
  const ignore = store.layout === 'tree' ? ignoredBeside(false) : undefined;
  const artifacts: Artifact[] = [];
  const leftOut = new Set<string>();
  try {
    for await (const artifact of store.list()) {
      if (ignore?.matches(artifact.name)) leftOut.add(artifact.name.split('/')[0]);
      else artifacts.push(artifact);
    }
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new CliError('INPUT_UNREADABLE', `model ${shown(path)} cannot be listed: ${why}`, { cause });
  }
  return { artifacts, leftOut: [...leftOut].sort() };
}

/** What is no file is not followed and not judged, so it cannot be safe. */
function notScanned({ name, kind }: Artifact): FileReport {
  const found = kind === 'link' ? 'symbolic link, not followed' : 'no regular file';
  const reason: Reason = { code: 'FORMAT_UNKNOWN', verdict: 'UNSCANNABLE', path: printable(name), offset: 0, found };
  return { path: name, size: 0, formats: [], verdict: 'UNSCANNABLE', reasons: [reason] };
}

const PROFILES: readonly PickleProfile[] = ['DATA', 'NUMPY', 'TORCH', 'SKLEARN'];

/** The default policy with what the user accepts besides. @throws CliError USAGE */
export function policyOf(line: CommandLine): Partial<ScanPolicy> {
  const profiles = line.texts('pickle-profile').map((text) => {
    const profile = PROFILES.find((name) => name === text.toUpperCase());
    if (!profile) throw new CliError('USAGE', `--pickle-profile is ${shown(text)}; give one of ${PROFILES.join(', ')}`);
    return profile;
  });
  for (const text of line.texts('pickle-global')) {
    if (/^\S+ \S+$/.test(text)) continue;
    throw new CliError('USAGE', `--pickle-global is ${shown(text)}; give module and name, as "numpy.random Generator"`);
  }
  const templates = line.texts('chat-template').map((text) => text.toLowerCase());
  for (const text of templates) {
    if (/^[0-9a-f]{64}$/.test(text)) continue;
    throw new CliError('USAGE', `--chat-template is ${shown(text)}; give the SHA-256 of the template, 64 hex digits`);
  }
  return {
    pickleProfiles: [...DEFAULT_POLICY.pickleProfiles, ...profiles],
    pickleGlobals: line.texts('pickle-global'),
    operatorDomains: line.texts('operator-domain'),
    chatTemplates: templates,
  };
}

function show({ path, verdict, counts, files, leftOut }: ScanDocument, terminal: Terminal): void {
  const { colours } = terminal;
  const paint = (text: Verdict) => (text === 'SAFE' ? colours.green(text) : text === 'DANGEROUS' ? colours.red(text) : colours.yellow(text));
  if (files.length > 0) {
    const rows = files.map((file) => [paint(file.verdict), displayText(file.path), reasonsOf(file)] as const);
    terminal.out(plainTable(rows, terminal.columns));
    terminal.out('');
  }
  const parts = (Object.keys(counts) as Verdict[]).filter((one) => counts[one] > 0).map((one) => `${counts[one]} ${one}`);
  terminal.out(`${verdict === 'SAFE' ? colours.green('✔') : colours.red('✘')} ${displayText(path)}: ${parts.join(', ') || 'no file to scan'}`);
  if (leftOut.length > 0) terminal.out(colours.dim(`  not looked at, as no part of a model: ${leftOut.map(displayText).join(', ')}`));
  if (verdict !== 'SAFE' && files.length > 0) terminal.out(colours.dim('  --json shows every reason with its place'));
}

/** The worst reasons first, each code once. */
export function reasonsOf({ verdict, reasons, formats }: FileReport): string {
  if (reasons.length === 0) return formats.join(', ').toLowerCase();
  const first = new Map<string, Reason>();
  for (const reason of [...reasons.filter((one) => one.verdict === verdict), ...reasons]) {
    if (!first.has(reason.code)) first.set(reason.code, reason);
  }
  return [...first.values()].map(({ code, found }) => `${code} ${displayText(found)}`).join('; ');
}
