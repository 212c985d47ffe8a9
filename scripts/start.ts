/** The main job: synthesises the reference platform, runs every check, attacks what came out, and shows the evidence. */
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import type { PackResult } from 'cdk-secure-ai/assurance';
import { CheckResults, CloudFormationValidation } from 'cdk-secure-ai/assurance';
import Table from 'cli-table3';
import pc from 'picocolors';
import type { AttackResult, AttackedStack } from './attacks';
import { attack } from './attacks';
import { proofEvidenceOf } from '../lib/assurance/attacks/proof-evidence';
import type { ProofGroup } from '../lib/assurance/attacks/proof-run';
import { proofsDocument } from '../lib/assurance/attacks/proofs-document';
import type { Evidence } from '../lib/assurance/evidence/evidence';
import { gatherEvidence } from '../lib/assurance/evidence/gather-evidence';
import { readChecks } from '../lib/assurance/evidence/recorded-checks';
import { htmlOf } from '../lib/assurance/formats/html';
import { RULE_PACK } from '../lib/assurance/rules/rule-pack';
import { countsOf, reportSummary } from '../lib/cli/report-text';
import { openPlace } from '../lib/cli/template-place';
import type { ModelLifeRow } from './model-life';
import { modelLife } from './model-life';

const ROOT = path.join(__dirname, '..');
const OUTDIR = path.join(ROOT, 'cdk.out');
const REPORT = path.join(OUTDIR, 'secure-ai-report.html');
const json = process.argv.includes('--json');

interface Manifest {
  readonly artifacts: Record<string, { type: string; environment?: string; properties?: { templateFile?: string }; additionalMetadataFile?: string }>;
}

interface PostureRecord extends Record<string, unknown> {
  readonly profile: string;
}

interface StackSummary extends AttackedStack {
  readonly posture: PostureRecord;
  readonly profile: string;
  readonly resources: number;
}

void main().catch((error: unknown) => {
  process.stderr.write(`${pc.red('failed:')} ${error instanceof Error ? error.message : String(error)}\n`);
  if (process.argv.includes('--debug') && error instanceof Error) process.stderr.write(`${error.stack ?? ''}\n`);
  process.exitCode = 1;
});

async function main(): Promise<void> {
  progress('synthesising the reference platform, with all packs and CloudFormation validation');
  synthesise();
  const results = CheckResults.read(OUTDIR);
  const stacks = stacksOf(OUTDIR);
  const { rows: attacks, groups: proofs } = attack(stacks, progress);
  fs.writeFileSync(path.join(OUTDIR, 'proofs.json'), `${JSON.stringify(proofsDocument(proofs), null, 2)}\n`);
  progress('joining rules, proofs and declarations');
  const evidence = evidenceOf(results.libraryVersion, proofs);
  fs.writeFileSync(REPORT, htmlOf(evidence, { subject: 'the reference platform' }));
  progress('taking a model through its life');
  const life = modelLife(path.join(ROOT, '.cache'));
  progress();
  const failures = failuresOf(results, attacks, life);
  if (json) process.stdout.write(`${JSON.stringify(asJson(results, stacks, attacks, life, failures, evidence), null, 2)}\n`);
  else show(results, stacks, attacks, life, failures, evidence);
  process.exitCode = failures.length > 0 ? 1 : 0;
}

/** The same evidence that the command `report` gathers, from the proofs that were made already. */
function evidenceOf(version: string, proofs: readonly ProofGroup[]): Evidence {
  const { model, metadata } = openPlace([OUTDIR]);
  return gatherEvidence({ model, metadata, rules: RULE_PACK, proofs: proofEvidenceOf(proofs), checks: readChecks(OUTDIR), version });
}

function synthesise(): void {
  const cdk = path.join(ROOT, 'node_modules', 'aws-cdk', 'bin', 'cdk');
  const { status, stdout, stderr } = spawnSync(process.execPath, [cdk, 'synth', '--quiet', '--no-notices', '--output', OUTDIR], {
    cwd: ROOT,
    encoding: 'utf8',
    // Offline and without an account: nothing is looked up.
    env: { ...process.env, CDK_DISABLE_CLI_TELEMETRY: '1', AWS_EC2_METADATA_DISABLED: 'true', CDK_VALIDATION: 'true' },
  });
  if (status !== 0) throw new Error(`cdk synth ended with ${status}:\n${stdout}${stderr}`);
}

function stacksOf(outdir: string): StackSummary[] {
  const read = (file: string): unknown => JSON.parse(fs.readFileSync(path.join(outdir, file), 'utf8'));
  const { artifacts } = read('manifest.json') as Manifest;
  return Object.entries(artifacts)
    .filter(([, { type }]) => type === 'aws:cloudformation:stack')
    .map(([name, { environment, properties, additionalMetadataFile }]) => {
      const [, account = '', region = ''] = /^aws:\/\/(\d+)\/(.+)$/.exec(environment ?? '') ?? [];
      const template = read(properties?.templateFile ?? '') as { Resources?: object };
      const metadata = read(additionalMetadataFile ?? '') as Record<string, { type: string; data: unknown }[]>;
      const posture = metadata[`/${name}`]?.find(({ type }) => type === 'cdk-secure-ai:posture')?.data as PostureRecord;
      const resources = Object.keys(template.Resources ?? {}).length;
      return { name, account, region, template, posture, profile: posture.profile, resources };
    });
}

function failuresOf(results: CheckResults, attacks: AttackResult[], life: ModelLifeRow[]): string[] {
  return [
    ...results.packs.flatMap((pack) => pack.open.map(({ rule, resources }) => `open finding ${rule} on ${resources.join(', ')}`)),
    ...(results.cloudFormationValidation === CloudFormationValidation.OFF ? ['the CDK did not validate the templates'] : []),
    ...(results.cloudFormationFindings ? [`${results.cloudFormationFindings} findings of the CDK's own validation: see ${relative('validation-report.json')}`] : []),
    ...life.filter(({ asExpected }) => !asExpected).map(({ step, result, detail }) => `the model's life: ${step} ended with ${result} (${detail})`),
    ...attacks.filter(({ outcome }) => outcome === 'open').map((result) => `attack '${result.attack}' on account ${result.account} is open:\n${result.detail ?? ''}`),
  ];
}

function show(
  results: CheckResults, stacks: StackSummary[], attacks: AttackResult[], life: ModelLifeRow[], failures: string[], evidence: Evidence,
): void {
  print(`\n${pc.bold('cdk-secure-ai')} ${pc.dim(results.libraryVersion)}  a fraud-scoring platform: training, model stores in three profiles, two models served\n`);
  print(table(['stack', 'profile', 'account', 'region', 'resources'], stacks.map((s) => [s.name, s.profile, s.account, s.region, number(s.resources)])));

  print(`\n${pc.bold('Checks')}  ${results.totals.ruleEvaluations.toLocaleString('en')} evaluations of ${results.totals.rules} rules, cdk-nag ${results.cdkNagVersion}\n`);
  print(table(['pack', 'rules', 'resources', 'open', 'acknowledged'], [
    ...results.packs.map(({ name, rulesInPack, resources, open, acknowledged }) =>
      [name, number(rulesInPack), number(resources), verdict(findings(open)), number(findings(acknowledged))]),
    ['CloudFormation (CDK)', '', number(results.totals.resources), verdict(results.cloudFormationFindings ?? -1), ''],
  ]));
  print(`\n${pc.bold('Acknowledged')}  what stays, and why\n`);
  print(table(['class', 'kind', 'findings', 'reason'], classesOf(results.packs), [22, 16, 10, Math.max(30, columns() - 53)]));

  print(`\n${pc.bold('Attacks')}  proved impossible for every request there can be; layers: what stops each alone, for the caller who meets fewest\n`);
  const titles = [...new Set(attacks.filter(({ outcome }) => outcome !== 'not asked').map((result) => result.attack))].sort();
  const whys = [...new Set(attacks.flatMap(({ why }) => why ?? []))];
  const accounts = [...new Map(stacks.map(({ account, profile }) => [account, `${profile}\n${account}`]))];
  print(table(['attack', ...accounts.map(([, head]) => head), 'layers', 'why one'], titles.map((title) => {
    const rows = attacks.filter((result) => result.attack === title);
    const layers = [...new Set(rows.flatMap((row) => row.layers))].map((layer) => layer.toLowerCase().replaceAll('_', '-'));
    const why = rows.find((row) => row.why !== undefined)?.why;
    return [title, ...rows.map(outcomeOf), layers.join(', '), why === undefined ? '' : `(${whys.indexOf(why) + 1})`];
  }), [Math.max(30, columns() - 35 - 17 * accounts.length), ...accounts.map(() => 17), 24, 9]));
  whys.forEach((why, i) => print(pc.dim(`(${i + 1}) ${why}`)));
  const unasked = new Set(attacks.map((result) => result.attack)).size - titles.length;
  print(pc.dim(`${unasked} further attacks of the catalogue are about things that this platform does not have; 'vacuous': nobody can do the legitimate thing either`));

  print(`\n${pc.bold('A model\'s life')}  by the command secure-ai, on this machine: scanned, signed, verified, tampered with, refused\n`);
  print(table(['step', 'result', 'detail'], life.map(({ step, result, detail, asExpected }) => [step, asExpected ? pc.green(result) : pc.red(result), detail]),
    [34, 26, Math.max(30, columns() - 65)]));

  print(`\n${pc.bold('Evidence')}  what rules and proofs show of each control; open the file in a browser\n`);
  print(reportSummary(evidence, [path.relative(process.cwd(), REPORT)], pc));
  for (const { id, title, status } of evidence.controls.filter((control) => control.status === 'OPEN')) {
    const rules = new Set(evidence.findings.filter(({ controls }) => controls.includes(id)).map(({ ruleId }) => ruleId));
    print(`  ${pc.red(status)} ${id} ${title}: ${[...rules].join(', ')}`);
  }

  print(`\n${pc.bold('Output')}  templates, checks.json and validation-report.json are in ${pc.cyan(path.relative(process.cwd(), OUTDIR) || '.')}`);
  const blocked = attacks.filter(({ outcome }) => outcome === 'blocked').length;
  if (failures.length === 0) print(`${pc.green('✔')} packs and attacks leave nothing open, ${blocked} attacks proved impossible\n`);
  else print(`${pc.red('✘')} ${failures.length} problems:\n${failures.map((line) => `  ${line}`).join('\n')}\n`);
}

function classesOf(packs: readonly PackResult[]): string[][] {
  const classes = new Map<string, { kind: string; count: number; reason: string }>();
  for (const { classId, kind, reason, resources } of packs.flatMap((pack) => pack.acknowledged)) {
    const known = classes.get(classId) ?? { kind, count: 0, reason: reason.replace(/^[\w-]+: /, '').replace(/ \(https?:[^)]*\)$/, '') };
    classes.set(classId, { ...known, count: known.count + resources.length });
  }
  return [...classes].sort(([a], [b]) => a.localeCompare(b)).map(([id, { kind, count, reason }]) => [id, kind, number(count), reason]);
}

function asJson(
  results: CheckResults, stacks: StackSummary[], attacks: AttackResult[], life: ModelLifeRow[], failures: string[], evidence: Evidence,
): object {
  return {
    stacks: stacks.map(({ name, profile, account, region, resources }) => ({ name, profile, account, region, resources })),
    packs: results.packs,
    totals: results.totals,
    cloudFormationValidation: results.cloudFormationValidation,
    cloudFormationFindings: results.cloudFormationFindings,
    attacks,
    modelLife: life,
    failures,
    statuses: countsOf(evidence),
    report: relative(path.basename(REPORT)),
    output: relative(''),
  };
}

function table(head: string[], rows: string[][], widths?: number[]): string {
  const result = new Table({
    head: head.map((title) => pc.dim(title)),
    style: { head: [], border: pc.isColorSupported ? ['gray'] : [], compact: true },
    ...(widths ? { colWidths: widths, wordWrap: true } : {}),
  });
  result.push(...rows);
  return result.toString();
}

/** What the terminal shows in one line; wider than 140 reads badly. */
function columns(): number {
  return Math.min(process.stdout.columns ?? 130, 140);
}

function findings(list: readonly { resources: string[] }[]): number {
  return list.reduce((sum, { resources }) => sum + resources.length, 0);
}

function verdict(count: number): string {
  if (count < 0) return pc.red('did not run');
  return count === 0 ? pc.green('0') : pc.red(String(count));
}

function outcomeOf({ outcome, vacuous }: AttackResult): string {
  if (outcome === 'blocked') return pc.green('PROVED') + (vacuous ? pc.dim(' vacuous') : '');
  return outcome === 'open' ? pc.red('OPEN') : pc.dim('not asked');
}

function number(value: number): string {
  return value.toLocaleString('en');
}

function relative(file: string): string {
  return path.join(path.relative(process.cwd(), OUTDIR), file);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** One line that is replaced by the next: on a terminal only. */
function progress(text = ''): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[2K${pc.dim(text && `${text} …`)}`);
}
