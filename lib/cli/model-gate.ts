import { createHash } from 'node:crypto';
import * as path from 'node:path';
import { checkModel, type GateEvidence, type GateReport } from '../models/gate/check-model';
import { GateError } from '../models/gate/gate-error';
import { type GatePolicy, parseGatePolicy } from '../models/gate/gate-policy';
import type { EvidenceFile } from '../models/gate/signed-result';
import type { Artifact, ArtifactStore } from '../models/ports/artifact-store';
import type { Verdict } from '../models/scanning/verdict';
import { DEFAULT_MAX_BUNDLE_BYTES } from '../models/signing/bundle';
import type { TrustPolicy } from '../models/signing/trust-policy';
import { type VerifiedModel, verifyModel } from '../models/signing/verify-model';
import { CliError } from './cli-error';
import type { ExitCode, Invocation } from './command';
import { displayJson, displayText } from './display-text';
import { readInput, shown } from './input-file';
import { refusalOf } from './model-errors';
import { type BundlePlace, ignorePathsOf, openModel, placeBundle, readBundle } from './model-place';
import { policyOf as scanPolicyOf, reasonsOf, scan } from './model-scan';
import { trustKey, trustOf } from './model-trust';
import { ProgressLine } from './progress-line';
import { plainTable } from './table';
import type { Terminal } from './terminal';

const SCHEMA = 'cdk-secure-ai/model-gate/v1';

/** Judges a directory with its evidence by a policy. */
export async function gateCommand(invocation: Invocation): Promise<ExitCode> {
  const { path: location, line, terminal, now } = invocation;
  const trust = await trustOf(invocation);
  const evidenceKey = line.text('evidence-key');
  const evidenceTrust = evidenceKey === undefined ? trust : await trustKey(evidenceKey);
  const policy = await readPolicy(line.text('policy'));
  const store = await openModel(location);
  if (store.layout === 'file') throw new CliError('USAGE', `${shown(location)} is a single file; the gate judges the directory that holds it`);
  const provenanceFile = line.text('provenance');
  const [provenance, ...results] = await Promise.all([provenanceFile, ...line.texts('result')].map(readEvidence));
  const evidence: GateEvidence = {
    ...await look(invocation, store, trust),
    ...(provenance ? { provenance } : {}),
    results: results.filter((one) => one !== undefined),
  };
  const report = checkModel(policy, evidence, { provenance: evidenceTrust, results: evidenceTrust }, now);
  if (line.has('json')) terminal.out(displayJson({ schema: SCHEMA, path: location, ...report, scan: evidence.scan.verdict }));
  else show(location, report, evidence.scan.verdict, terminal);
  return report.passed ? 0 : 1;
}

async function readPolicy(file: string | undefined): Promise<GatePolicy> {
  if (file === undefined) throw new CliError('USAGE', '--policy is missing; give what the model must satisfy, as JSON');
  const bytes = await readInput(file, 'policy');
  try {
    return parseGatePolicy(bytes);
  } catch (cause) {
    if (!(cause instanceof GateError)) throw cause;
    throw new CliError('INPUT_INVALID', `policy ${shown(file)}: ${cause.message}`, { cause });
  }
}

async function readEvidence(file: string | undefined): Promise<EvidenceFile | undefined> {
  return file === undefined ? undefined : { name: path.basename(file), bytes: await readInput(file, 'evidence', { maxBytes: DEFAULT_MAX_BUNDLE_BYTES }) };
}

/** Verifies and scans, and makes sure that both looked at the same content. */
async function look({ path: location, line, terminal }: Invocation, store: ArtifactStore, trust: TrustPolicy): Promise<Pick<GateEvidence, 'signature' | 'scan'>> {
  const place = await placeBundle(location, line.text('bundle'));
  const { file, signatureName } = place;
  const ignorePaths = ignorePathsOf(line.texts('ignore-paths'), signatureName);
  const scanPolicy = scanPolicyOf(line);
  const bundle = await readSignature(store, place);
  const scanned = await scan(location, store, { policy: scanPolicy }, terminal);
  const worst = scanned.files.find(({ verdict }) => verdict === scanned.verdict);
  const reason = worst ? `${displayText(worst.path)}: ${reasonsOf(worst)}` : 'no file to scan';
  const found = { verdict: scanned.verdict, reason };
  if (bundle === undefined) {
    return { scan: found, signature: { finding: { code: 'SIGNATURE_MISSING', about: 'signature', reason: `there is no ${displayText(file)}` } } };
  }
  const progress = new ProgressLine(terminal, 'hashing');
  try {
    const verified = await verifyModel(store, bundle, { trust, ignorePaths, signatureName, onProgress: (bytes) => progress.update(bytes) });
    assertSameContent(verified, scanned.artifacts);
    return { scan: found, signature: { rootDigest: verified.rootDigest, sha256: createHash('sha256').update(bundle).digest('hex') } };
  } catch (error) {
    const { code, message } = refusalOf(error);
    return { scan: found, signature: { finding: { code: 'SIGNATURE_REFUSED', about: 'signature', reason: `${code}: ${message}` } } };
  } finally {
    progress.end();
  }
}

/** A signature that is not there is a finding; one that cannot be read is an error. */
async function readSignature(store: ArtifactStore, place: BundlePlace): Promise<Buffer | undefined> {
  try {
    return await readBundle(store, place);
  } catch (error) {
    if (error instanceof CliError && (error.cause as NodeJS.ErrnoException | undefined)?.code === 'ENOENT') return undefined;
    throw error;
  }
}

function assertSameContent({ files }: VerifiedModel, scanned: readonly Artifact[]): void {
  const versions = new Map(scanned.map(({ name, version }) => [name, version]));
  const changed = files.find(({ name, version }) => versions.get(name) !== version);
  if (changed) throw new CliError('INPUT_UNREADABLE', `file ${shown(changed.name)} changed between the scan and the verification`);
}

function show(location: string, report: GateReport, scanned: Verdict, terminal: Terminal): void {
  const { colours } = terminal;
  const mark = (passed: boolean) => (passed ? colours.green('pass') : colours.red('fail'));
  const failed = (prefix: string) => report.findings.filter(({ code }) => code.startsWith(prefix));
  const line = (name: string, prefix: string, good: string): readonly [string, string, string] => {
    const findings = failed(prefix);
    return [mark(findings.length === 0), name, findings.length === 0 ? good : findings.map(({ code, reason }) => `${code} ${displayText(reason)}`).join('; ')];
  };
  const isListed = (about: string) => report.metrics.some(({ metric, group }) => about === (group === null ? metric : `${metric} of ${group}`));
  const rows = [
    line('signature', 'SIGNATURE_', `root digest ${report.rootDigest?.slice(0, 16)}…`),
    line('scan', 'SCAN_', scanned),
    // Without a signature the rest was not looked at, which is not the same as good.
    ...(report.rootDigest === null ? [] : [
      line('provenance', 'PROVENANCE_', 'of a trusted builder'),
      ...report.metrics.map(({ metric, group, min, max, value, compared, passed }) => [
        mark(passed),
        displayText(group === null ? metric : `${metric} of ${group}`),
        [`${value ?? 'no number'}`, compared && compared[0] !== compared[1] ? `in ${compared[0]} to ${compared[1]}` : '', min === null ? '' : `at least ${min}`,
          max === null ? '' : `at most ${max}`, passed ? '' : codesAbout(report, metric, group)].filter((part) => part !== '').join(', '),
      ] as const),
      ...report.findings.filter(({ code, about }) => !/^(SIGNATURE|SCAN|PROVENANCE)_/.test(code) && !isListed(about))
        .map(({ code, about, reason }) => [mark(false), displayText(about), `${code} ${displayText(reason)}`] as const),
    ]),
  ];
  terminal.out(plainTable(rows, terminal.columns));
  const { name, sha256 } = report.policy;
  const count = report.findings.length;
  terminal.out(`\n${report.passed ? colours.green('✔') : colours.red('✘')} ${displayText(location)} ${report.passed ? 'passes' : 'fails'} ${displayText(name)}`
    + `${report.passed ? '' : `: ${count} ${count === 1 ? 'finding' : 'findings'}`}`);
  terminal.out(colours.dim(`  policy ${sha256.slice(0, 16)}…; a person has not decided yet`));
}

function codesAbout({ findings }: GateReport, metric: string, group: string | null): string {
  const about = group === null ? metric : `${metric} of ${group}`;
  return [...new Set(findings.filter((finding) => finding.about === about).map(({ code }) => code))].join(', ');
}
