/** Synthesises every example with the CDK's own command, as a user would, and insists on results without an open finding. */
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import Table from 'cli-table3';
import { CheckResults, CloudFormationValidation } from 'cdk-secure-ai/assurance';

const ROOT = path.resolve(__dirname, '..');
const EXAMPLES = path.join(ROOT, 'examples');

interface Verdict {
  readonly topic: string;
  readonly results?: CheckResults;
  readonly problems: string[];
}

function topics(): string[] {
  if (!fs.existsSync(EXAMPLES)) return [];
  return fs.readdirSync(EXAMPLES).filter((topic) => fs.existsSync(path.join(EXAMPLES, topic, 'app.ts'))).sort();
}

/** An environment without credentials, and without switches that would turn the CDK's validation off. */
function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_') && !name.startsWith('CDK_'));
  return { ...Object.fromEntries(kept), AWS_EC2_METADATA_DISABLED: 'true', CDK_DISABLE_CLI_TELEMETRY: '1', NO_COLOR: '1' };
}

function judge(topic: string): Verdict {
  const directory = path.join(EXAMPLES, topic);
  if (!fs.existsSync(path.join(directory, 'cdk.json'))) return { topic, problems: ['it has no cdk.json: `cdk synth` would not find its app'] };
  const outdir = fs.mkdtempSync(path.join(os.tmpdir(), `cdk-secure-ai-${topic}-`));
  try {
    const cli = path.join(ROOT, 'node_modules', 'aws-cdk', 'bin', 'cdk');
    const { status, stdout, stderr, error } = spawnSync(process.execPath, [cli, 'synth', '--quiet', '--no-notices', '--output', outdir], {
      cwd: directory,
      encoding: 'utf8',
      env: environment(),
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 300_000,
    });
    if (status !== 0) return { topic, problems: [`cdk synth ended with ${status ?? error?.message}:\n${`${stdout}${stderr}`.slice(-4000)}`] };
    const results = CheckResults.read(outdir);
    return { topic, results, problems: problemsOf(results) };
  } catch (error) {
    return { topic, problems: [(error as Error).message] };
  } finally {
    fs.rmSync(outdir, { recursive: true, force: true });
  }
}

function problemsOf(results: CheckResults): string[] {
  const problems: string[] = [];
  if (results.stacks.length === 0) problems.push('it has no stack');
  for (const pack of results.packs) {
    for (const finding of pack.open) problems.push(`open finding ${finding.rule} on ${finding.resources.join(', ')}`);
  }
  if (results.cloudFormationValidation !== CloudFormationValidation.BUILT_IN) {
    problems.push(`the CDK's own validation is ${results.cloudFormationValidation}: it must be on`);
  }
  if (results.cloudFormationFindings !== 0) {
    problems.push(`the CDK's own validation has ${results.cloudFormationFindings ?? 'an unknown number of'} findings`);
  }
  return problems;
}

function main(): void {
  const verdicts = topics().map(judge);
  if (verdicts.length === 0) {
    process.stderr.write(`examples: there is no examples/<topic>/app.ts\n`);
    process.exit(1);
  }
  const table = new Table({ head: ['example', 'stacks', 'resources', 'packs', 'open', 'acknowledged'], style: { head: [], border: [] } });
  for (const { topic, results } of verdicts) {
    const totals = results?.totals;
    table.push([topic, ...(totals ? [totals.stacks, totals.resources, totals.packs, totals.open, totals.acknowledged] : ['-', '-', '-', '-', '-'])]);
  }
  process.stdout.write(`${table.toString()}\n`);
  for (const { topic, problems } of verdicts) for (const problem of problems) process.stderr.write(`FAILED ${topic}: ${problem}\n`);
  if (verdicts.some(({ problems }) => problems.length > 0)) process.exit(1);
}

main();
