/** Every template of the reference platform, the examples and the approval gate, judged by cfn-lint for the regions that they are made for. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import type { InteropContext, InteropResult } from './interop-context';
import { runCommand, synthesise } from './run-command';

export const name = 'cfn-lint';

interface Accepted {
  readonly rule: string;
  readonly path: RegExp;
  /** Default: any. */
  readonly message?: RegExp;
  readonly reason: string;
}

/** The findings that stay, each with its reason; one that is not found any more fails the suite. */
const ACCEPTED: readonly Accepted[] = [
  {
    rule: 'I1022',
    path: /\/Fn::Join\/0$/,
    reason: 'a matter of taste in templates that people write: the CDK joins its tokens with Fn::Join',
  },
  {
    rule: 'W3005',
    path: /^Resources\/\w+\/DependsOn\/\d+$/,
    reason: 'waiting for a role and its policies names the role as well, which a reference to it implies already',
  },
  {
    rule: 'E3601',
    path: /^Resources\/\w+\/Properties\/DefinitionString\/States\/\w+\/Resource$/,
    message: /^'arn:\$\{Partition\}:states:::(?:lambda:invoke|aws-sdk:sagemaker:\w+)' does not match /,
    reason: 'an ARN with a definition substitution in it is read as it stands; CloudFormation fills it in before Step Functions sees it',
  },
];

/** Two faults that cfn-lint must see, or it judges nothing: an unknown property and an unknown type. */
const CANARY = {
  Resources: {
    Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketEncrypted: true } },
    Unknown: { Type: 'AWS::S3::Pail' },
  },
};
const CANARY_RULES = ['E3002', 'E3006'];

interface Finding {
  readonly Filename: string;
  readonly Level: string;
  readonly Message: string;
  readonly Location: { readonly Path: (string | number)[] | null };
  readonly Rule: { readonly Id: string };
}

interface Template {
  readonly file: string;
  readonly region: string;
}

export async function run(context: InteropContext): Promise<InteropResult> {
  const failed: string[] = [];
  const templates: Template[] = [];
  for (const app of appsOf(context.root)) {
    const outdir = path.join(context.temp, app.replaceAll('/', '-'));
    await synthesise(context.root, app, outdir);
    const found = templatesOf(outdir);
    if (found.length === 0) failed.push(`${app} has no template`);
    templates.push(...found);
  }

  const findings: Finding[] = [];
  for (const region of new Set(templates.map((template) => template.region))) {
    findings.push(...(await lint(context, region, templates.filter((template) => template.region === region).map(({ file }) => file))));
  }
  const open = findings.filter((finding) => !ACCEPTED.some((accepted) => covers(accepted, finding)));
  failed.push(...open.map((finding) => describe(finding, context.temp)));
  const unneeded = ACCEPTED.filter((accepted) => !findings.some((finding) => covers(accepted, finding)));
  failed.push(...unneeded.map(({ rule }) => `${rule} is accepted and not found any more: take it off the list`));

  const missed = await missedByCanary(context);
  failed.push(...missed.map((rule) => `the canary's ${rule} was not reported: cfn-lint judges less than it should`));
  const dirty = new Set(open.map((finding) => path.resolve(finding.Filename)));
  return { passed: templates.filter(({ file }) => !dirty.has(file)).length + CANARY_RULES.length - missed.length, failed };
}

/** The reference platform, every example, and what neither holds. */
function appsOf(root: string): string[] {
  const examples = path.join(root, 'examples');
  const topics = fs.existsSync(examples) ? fs.readdirSync(examples).sort() : [];
  const apps = topics.map((topic) => `examples/${topic}/app.ts`).filter((app) => fs.existsSync(path.join(root, app)));
  return ['bin/reference-platform.ts', ...apps, 'test/interop/approval-gate-app.ts'];
}

/** The templates of an assembly, of its stages and of nested stacks, with the region of their stack. */
function templatesOf(outdir: string): Template[] {
  const manifest = JSON.parse(fs.readFileSync(path.join(outdir, 'manifest.json'), 'utf8')) as {
    readonly artifacts: Readonly<Record<string, { readonly type: string; readonly environment?: string }>>;
  };
  const regions = new Set(
    Object.values(manifest.artifacts)
      .filter((artifact) => artifact.type === 'aws:cloudformation:stack')
      .map((artifact) => artifact.environment?.split('/').at(-1) ?? 'unknown-region'),
  );
  return fs.readdirSync(outdir, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(outdir, entry.name);
    if (entry.isDirectory()) return entry.name.startsWith('assembly-') ? templatesOf(file) : [];
    // A template goes to every region of its assembly: nested ones do not name theirs.
    return entry.name.endsWith('.template.json') ? [...regions].map((region) => ({ file, region: region === 'unknown-region' ? 'us-east-1' : region })) : [];
  });
}

async function lint(context: InteropContext, region: string, files: readonly string[]): Promise<Finding[]> {
  // Exit codes 2 to 14 are sums of 2 (errors), 4 (warnings) and 8 (informational): answers, not failures.
  const { stdout } = await runCommand(
    context.bin('cfn-lint'),
    ['--format', 'json', '--include-checks', 'I', '--regions', region, '--template', ...files],
    { answers: [0, 2, 4, 6, 8, 10, 12, 14] },
  );
  return JSON.parse(stdout) as Finding[];
}

async function missedByCanary(context: InteropContext): Promise<string[]> {
  const file = path.join(context.temp, 'canary.template.json');
  fs.writeFileSync(file, JSON.stringify(CANARY));
  const found = new Set((await lint(context, 'eu-central-1', [file])).map((finding) => finding.Rule.Id));
  return CANARY_RULES.filter((rule) => !found.has(rule));
}

function covers({ rule, path: place, message }: Accepted, finding: Finding): boolean {
  return finding.Rule.Id === rule && place.test(pathOf(finding)) && (message?.test(finding.Message) ?? true);
}

function pathOf(finding: Finding): string {
  return (finding.Location.Path ?? []).join('/');
}

function describe(finding: Finding, temp: string): string {
  return `${path.relative(temp, finding.Filename)} ${pathOf(finding)}: ${finding.Rule.Id} ${finding.Message}`;
}
