import { junitOf } from '../assurance/formats/junit';
import { findingsSarif } from '../assurance/formats/sarif';
import { partByAcknowledgement } from '../assurance/rules/acknowledgements';
import { failsOn, type Finding } from '../assurance/rules/finding';
import { judge } from '../assurance/rules/judge';
import { withPlaces } from '../assurance/rules/finding-place';
import { SEVERITIES, type Rule, type Severity } from '../assurance/rules/rule';
import { RULE_PACK } from '../assurance/rules/rule-pack';
import { isAtLeastAsSevere, ruleNamed } from '../assurance/rules/rule-selection';
import { readBaseline, writeBaseline } from './baseline';
import { checkText } from './check-text';
import type { Checked } from './checked';
import { CliError } from './cli-error';
import type { ExitCode, Invocation } from './command';
import type { CommandLine } from './command-line';
import { displayJson, displayText } from './display-text';
import { nearest } from './nearest';
import { writeOutput } from './output-file';
import { openPlace } from './template-place';
import type { Terminal } from './terminal';

const SCHEMA = 'cdk-secure-ai/check/v1';
const FORMATS = ['text', 'json', 'sarif', 'junit'] as const;

/** Judges assemblies and templates by the rules. */
export async function checkCommand({ paths, line, terminal, version }: Invocation): Promise<ExitCode> {
  const format = formatOf(line);
  const threshold = thresholdOf(line);
  const rules = selectedRules(line);
  const [before, now] = line.has('diff') ? bothOf(paths) : [undefined, paths];
  const known = before === undefined ? await baselineOf(line) : fingerprintsOf(checkedAt(before, rules, threshold, new Set()).open);
  const checked = checkedAt(now, rules, threshold, known);
  const target = line.text('write-baseline');
  if (target !== undefined) {
    await writeBaseline(target, checked.open);
    terminal.err(`wrote ${checked.open.length} findings to ${displayText(target)}\n`);
    return 0;
  }
  const output = line.text('output');
  const text = render(format, checked, rules, version, output === undefined ? terminal : undefined);
  if (output === undefined) terminal.out(text);
  else await writeOutput(output, Buffer.from(text.endsWith('\n') ? text : `${text}\n`), 'output', true);
  const options = { allowUndetermined: line.has('allow-undetermined'), requireEvidence: line.has('require-evidence') };
  return checked.open.some((finding) => failsOn(finding, options)) ? 1 : 0;
}

function checkedAt(paths: readonly string[], rules: readonly Rule[], threshold: Severity, known: ReadonlySet<string>): Checked {
  const place = openPlace(paths);
  const judged = judge(place.model, rules);
  const severe = withPlaces(judged.findings, place.metadata).filter((finding) => isAtLeastAsSevere(finding, threshold));
  const { open, acknowledged } = partByAcknowledgement(severe, place.metadata);
  return {
    place,
    judged,
    open: open.filter((finding) => !known.has(finding.fingerprint)),
    known: open.filter((finding) => known.has(finding.fingerprint)),
    acknowledged,
  };
}

function render(
  format: (typeof FORMATS)[number],
  checked: Checked,
  rules: readonly Rule[],
  version: string,
  terminal: Terminal | undefined,
): string {
  const { open, acknowledged, judged } = checked;
  switch (format) {
    case 'sarif':
      return displayJson(findingsSarif({ version, rules, open, acknowledged }));
    case 'junit':
      return junitOf(judged.tallies, open, acknowledged);
    case 'json':
      return displayJson(documentOf(checked, version));
    case 'text':
      return checkText(checked, terminal);
  }
}

function documentOf({ place, judged, open, known, acknowledged }: Checked, version: string): object {
  return {
    schema: SCHEMA,
    version,
    paths: place.paths,
    resources: judged.resources,
    rules: judged.tallies.map(({ rule, ...counts }) => ({ id: rule.id, ...counts })),
    findings: open,
    known,
    acknowledged,
    gaps: judged.gaps,
    assumptions: judged.assumptions,
  };
}

function formatOf(line: CommandLine): (typeof FORMATS)[number] {
  const given = line.text('format') ?? (line.has('json') ? 'json' : 'text');
  const format = FORMATS.find((name) => name === given);
  if (format === undefined) throw new CliError('USAGE', `--format ${displayText(given)} is unknown; there are: ${FORMATS.join(', ')}`);
  return format;
}

function thresholdOf(line: CommandLine): Severity {
  const given = line.text('severity') ?? 'LOW';
  const severity = SEVERITIES.find((name) => name === given.toUpperCase());
  if (severity === undefined) throw new CliError('USAGE', `--severity ${displayText(given)} is unknown; there are: ${SEVERITIES.join(', ')}`);
  return severity;
}

function selectedRules(line: CommandLine): readonly Rule[] {
  const only = line.texts('rule').map(ruleOf);
  const skipped = line.texts('skip').map(ruleOf);
  return (only.length === 0 ? RULE_PACK : RULE_PACK.filter((rule) => only.includes(rule))).filter((rule) => !skipped.includes(rule));
}

function ruleOf(given: string): Rule {
  const rule = ruleNamed(RULE_PACK, given);
  if (rule === undefined) {
    const meant = nearest(given, RULE_PACK.map(({ id }) => id));
    throw new CliError('USAGE', `there is no rule ${displayText(given)}${meant ? `; did you mean ${meant}?` : `; 'secure-ai explain --list' lists them`}`);
  }
  return rule;
}

function bothOf(paths: readonly string[]): [readonly string[], readonly string[]] {
  if (paths.length !== 2) throw new CliError('USAGE', `--diff compares two places, found ${paths.length}; usage: secure-ai check --diff OLD NEW`);
  return [[paths[0]], [paths[1]]];
}

async function baselineOf(line: CommandLine): Promise<ReadonlySet<string>> {
  const file = line.text('baseline');
  return file === undefined ? new Set() : readBaseline(file);
}

function fingerprintsOf(findings: readonly Finding[]): ReadonlySet<string> {
  return new Set(findings.map(({ fingerprint }) => fingerprint));
}
