/** What `check` and `report` write, judged by the published schemas and the clients of others. */
import * as path from 'node:path';
import { App, Stack, Validations } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { CfnModel } from 'aws-cdk-lib/aws-sagemaker';
import type { Evidence } from '../../lib/assurance/evidence/evidence';
import { gatherEvidence } from '../../lib/assurance/evidence/gather-evidence';
import { htmlOf } from '../../lib/assurance/formats/html';
import { junitOf } from '../../lib/assurance/formats/junit';
import { oscalAssessmentResults, oscalComponentDefinition } from '../../lib/assurance/formats/oscal';
import { findingsSarif } from '../../lib/assurance/formats/sarif';
import { judge as judgeRules } from '../../lib/assurance/rules/judge';
import { RULE_PACK } from '../../lib/assurance/rules/rule-pack';
import { TemplateModel, type TemplateInput } from '../../lib/assurance/template';
import { ConstructMetadata, readAssembly } from '../../lib/assurance/template-source';
import { displayJson } from '../../lib/cli/display-text';
import type { InteropContext, InteropResult } from './interop-context';
import { runCommand, synthesise } from './run-command';

export const name = 'report formats';

const HOSTILE = '"><script>alert(1)</script> \u0000\u001b[31m\ud800 & <b> ]]> \u202e';
const KINDS = ['sarif', 'junit', 'evidence', 'oscal-component', 'oscal-results', 'html'] as const;
type Kind = (typeof KINDS)[number];

interface Sample {
  readonly what: string;
  readonly inputs: TemplateInput[];
  readonly metadata: ConstructMetadata;
}

interface Document {
  readonly kind: Kind;
  readonly text: string;
}

/** For each format, documents that are almost right. What judges them must refuse each, or it judges nothing. */
const CANARIES: Readonly<Record<Kind, Readonly<Record<string, (text: string) => string>>>> = {
  sarif: {
    'an unknown level': (text) => text.replace('"level": "error"', '"level": "severe"'),
    'a result without message': (text) => edited(text, (log) => delete at(log, 'runs', 0, 'results', 0).message),
    'a line 0': (text) => text.replace(/"startLine": \d+/, '"startLine": 0'),
  },
  junit: {
    'a wrong count of failures': (text) => text.replaceAll(/failures="\d+"/g, 'failures="99"'),
    'a control character': (text) => text.replace('name="', 'name="\u0001'),
    'no case': (text) => text.replaceAll(/ {4}<testcase[^]*?(?:\/>\n|<\/testcase>\n)/g, ''),
  },
  evidence: {
    'a status that does not exist': (text) => text.replace('"status": "OPEN"', '"status": "FINE"'),
    'a missing inventory': (text) => edited(text, (document) => delete document.inventory),
    'an unknown field': (text) => edited(text, (document) => (document.extra = true)),
  },
  'oscal-component': {
    'an id that is no UUID': (text) => text.replace(/"uuid": "[^"]+"/, '"uuid": "1"'),
    'no metadata': (text) => edited(text, (document) => delete at(document, 'component-definition').metadata),
  },
  'oscal-results': {
    'a state that does not exist': (text) => text.replace(/"state": "(not-)?satisfied"/, '"state": "perhaps"'),
    'no reviewed controls': (text) => edited(text, (document) => delete at(document, 'assessment-results', 'results', 0)['reviewed-controls']),
    'a start that is no time': (text) => edited(text, (document) => (at(document, 'assessment-results', 'results', 0).start = 'yesterday')),
  },
  html: {
    'an element that is not closed': (text) => text.replace('</main>', ''),
    'an attribute that is there twice': (text) => text.replace('<html lang="en"', '<html lang="en" lang="de"'),
    'an id that is there twice': (text) => text.replace('id="picture"', 'id="main"'),
  },
};

export async function run(context: InteropContext): Promise<InteropResult> {
  const samples = [await referencePlatform(context), smallApp(path.join(context.temp, 'small')), emptyTemplate()];
  const documents = samples.flatMap((sample) => documentsOf(sample).map((document) => ({ ...document, what: sample.what })));
  const hostile = documents.filter(({ what }) => what === HOSTILE_APP);
  const canaries = hostile.flatMap(({ kind, text }) => canariesOf(kind, text));
  const answers = await judge(context, [...documents, ...canaries]);
  const failed: string[] = [];
  for (const [index, { kind, what }] of documents.entries()) failed.push(...answers[index].map((problem) => `${kind} of ${what}: ${problem}`));
  for (const [index, { kind, what, before, text }] of canaries.entries()) {
    if (text === before) failed.push(`${kind}: ${what} changes nothing in the document`);
    else if (answers[documents.length + index].length === 0) failed.push(`${kind}: ${what} is fine for the judge, who judges less than he should`);
  }
  return { passed: documents.length + canaries.length - new Set(failed).size, failed };
}

function canariesOf(kind: Kind, before: string): { kind: Kind; what: string; before: string; text: string }[] {
  return Object.entries(CANARIES[kind]).map(([what, breakIt]) => ({ kind, what, before, text: breakIt(before) }));
}

const HOSTILE_APP = 'a small app with hostile names';

async function referencePlatform({ root, temp }: InteropContext): Promise<Sample> {
  const outdir = path.join(temp, 'platform');
  await synthesise(root, 'bin/reference-platform.ts', outdir);
  return { what: 'the reference platform', inputs: readAssembly(outdir), metadata: ConstructMetadata.read(outdir) };
}

/** Something open, something acknowledged, and texts that no format may pass on as they are. */
function smallApp(outdir: string): Sample {
  const app = new App({ outdir });
  const stack = new Stack(app, 'Stack', { env: { account: '111111111111', region: 'eu-central-1' }, description: 'x' });
  const role = 'arn:aws:iam::111111111111:role/inference';
  new CfnModel(stack, 'Open', { executionRoleArn: role });
  Validations.of(new CfnModel(stack, 'Kept', { executionRoleArn: role })).acknowledge({ id: 'SecureAi::AISec-SM01', reason: HOSTILE });
  new Bucket(stack, 'Bucket').node.addMetadata('cdk-secure-ai:weaker-choice', { setting: HOSTILE, reason: HOSTILE, owner: HOSTILE, expires: '2027-01-01' });
  app.synth();
  return { what: HOSTILE_APP, inputs: readAssembly(outdir), metadata: ConstructMetadata.read(outdir) };
}

function emptyTemplate(): Sample {
  return { what: 'an empty template', inputs: [{ stackName: 'empty', template: { Resources: {} } }], metadata: ConstructMetadata.read('') };
}

function documentsOf({ what, inputs, metadata }: Sample): Document[] {
  const model = TemplateModel.of(inputs);
  const evidence: Evidence = gatherEvidence({ model, metadata, rules: RULE_PACK, proofs: [], version: '1.2.3' });
  const { findings: open, acknowledged } = evidence;
  const options = { day: '2026-11-24', subject: what === HOSTILE_APP ? HOSTILE : 'app' };
  const { tallies } = judgeRules(model, RULE_PACK);
  const texts: Readonly<Record<Kind, string>> = {
    sarif: displayJson(findingsSarif({ version: '1.2.3', rules: RULE_PACK, open, acknowledged })),
    junit: junitOf(tallies, open, acknowledged),
    evidence: displayJson(evidence),
    'oscal-component': displayJson(oscalComponentDefinition(evidence, options)),
    'oscal-results': displayJson(oscalAssessmentResults(evidence, options)),
    html: htmlOf(evidence, options),
  };
  return KINDS.map((kind) => ({ kind, text: texts[kind] }));
}

async function judge(context: InteropContext, documents: readonly Document[]): Promise<string[][]> {
  const input = JSON.stringify(documents.map(({ kind, text }) => ({ kind, text })));
  const { stdout } = await runCommand(context.python, ['test/interop/report_oracle.py'], { cwd: context.root, input });
  return JSON.parse(stdout) as string[][];
}

type Json = Record<string, unknown>;

function edited(text: string, edit: (document: Json) => unknown): string {
  const document = JSON.parse(text) as Json;
  edit(document);
  return displayJson(document);
}

function at(document: Json, ...keys: (string | number)[]): Json {
  return keys.reduce<unknown>((value, key) => (value as Record<string | number, unknown>)[key], document) as Json;
}
