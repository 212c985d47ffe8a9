import { proofEvidenceOf } from '../assurance/attacks/proof-evidence';
import { judgesOf, proofsOf } from '../assurance/attacks/proof-run';
import type { Evidence, ProofEvidence } from '../assurance/evidence/evidence';
import { gatherEvidence } from '../assurance/evidence/gather-evidence';
import { readChecks } from '../assurance/evidence/recorded-checks';
import { htmlOf } from '../assurance/formats/html';
import { markdownOf } from '../assurance/formats/markdown';
import { oscalAssessmentResults, oscalComponentDefinition, type OscalOptions } from '../assurance/formats/oscal';
import { findingsSarif } from '../assurance/formats/sarif';
import { RULE_PACK } from '../assurance/rules/rule-pack';
import { CliError } from './cli-error';
import type { ExitCode, Invocation } from './command';
import type { CommandLine } from './command-line';
import { displayJson, displayText } from './display-text';
import { writeOutput } from './output-file';
import { StepLine } from './progress-line';
import { asCliError, attacksOf, surroundings } from './proof-input';
import { countsOf, reportSummary } from './report-text';
import { type JudgedPlace, openPlace } from './template-place';
import type { Terminal } from './terminal';

type Renderer = (evidence: Evidence, options: OscalOptions) => string;

const RENDERERS: Readonly<Record<string, { readonly file: string; readonly render: Renderer }>> = {
  html: { file: 'secure-ai-report.html', render: htmlOf },
  markdown: { file: 'secure-ai-report.md', render: markdownOf },
  json: { file: 'secure-ai-report.json', render: displayJson },
  sarif: { file: 'secure-ai-report.sarif', render: sarifText },
  'oscal-component': { file: 'secure-ai-component.oscal.json', render: (...given) => displayJson(oscalComponentDefinition(...given)) },
  'oscal-results': { file: 'secure-ai-results.oscal.json', render: (...given) => displayJson(oscalAssessmentResults(...given)) },
};

/** Writes the evidence of an assembly, and says what it shows. */
export async function reportCommand({ paths, line, terminal, version, now }: Invocation): Promise<ExitCode> {
  const formats = formatsOf(line.texts('format'));
  const place = openPlace(paths);
  const { directory } = place;
  const checks = directory === undefined ? undefined : asCliError(() => readChecks(directory));
  const proofs = line.has('no-proofs') ? [] : await proofsAt(place, line, terminal);
  const evidence = gatherEvidence({ ...place, rules: RULE_PACK, proofs, checks, version });
  const day = evidence.evaluationDate ?? now.toISOString().slice(0, 10);
  const subject = line.text('name') ?? evidence.templates.at(0)?.name.split('/')[0] ?? 'app';
  const target = line.text('output');
  if (target !== undefined && formats.length > 1) throw new CliError('USAGE', '--output names one file: give one --format with it');
  const files: string[] = [];
  for (const format of formats) {
    const { file, render } = RENDERERS[format];
    const text = render(evidence, { day, subject });
    await writeOutput(target ?? file, Buffer.from(text.endsWith('\n') ? text : `${text}\n`), 'report', true);
    files.push(target ?? file);
  }
  const open = evidence.controls.filter(({ status }) => status === 'OPEN').length;
  const document = { schema: 'cdk-secure-ai/report/v1', files, statuses: countsOf(evidence) };
  terminal.out(line.has('json') ? displayJson(document) : reportSummary(evidence, files, terminal.colours));
  return open === 0 ? 0 : 1;
}

/** Judges the attacks of the catalogue, and of files, on what lies at a place. */
async function proofsAt({ inputs, postures }: JudgedPlace, line: CommandLine, terminal: Terminal): Promise<ProofEvidence[]> {
  const attacks = await attacksOf(line);
  const options = { ...(await surroundings(line)), postures };
  const progress = new StepLine(terminal);
  try {
    return asCliError(() => proofEvidenceOf(proofsOf(judgesOf(inputs, options), attacks, (step) => progress.step(step))));
  } finally {
    progress.end();
  }
}

function sarifText(evidence: Evidence): string {
  return displayJson(findingsSarif({ ...evidence, rules: RULE_PACK, open: evidence.findings }));
}

function formatsOf(given: readonly string[]): readonly string[] {
  const unknown = given.find((name) => !Object.hasOwn(RENDERERS, name));
  if (unknown !== undefined) {
    throw new CliError('USAGE', `--format ${displayText(unknown)} is unknown; there are: ${Object.keys(RENDERERS).join(', ')}`);
  }
  return given.length === 0 ? ['html'] : [...new Set(given)];
}
