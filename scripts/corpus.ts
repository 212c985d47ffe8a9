/**
 * Makes the corpus of `test/corpus`: templates of other people's construct libraries, by which the rules are tried for false findings.
 *
 * The libraries are installed into `.cache/corpus`, with pinned versions and without scripts; they are no dependency of this package.
 * Nothing is bundled. It ends with 1 when a finding on the new templates is not reviewed in `test/corpus/review.json`.
 */
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { CORPUS, corpusFindings, findingName, readReview } from '../test/corpus/judged-corpus';

const ROOT = path.resolve(__dirname, '..');
const CACHE = path.join(ROOT, '.cache', 'corpus');

/** What is installed: libraries under Apache-2.0, and the CDK that they are made for. */
const LIBRARIES: Readonly<Record<string, string>> = {
  '@aws-cdk/aws-bedrock-agentcore-alpha': '2.271.0-alpha.0',
  '@aws-cdk/aws-bedrock-alpha': '2.271.0-alpha.0',
  '@aws-cdk/aws-sagemaker-alpha': '2.159.1-alpha.0',
  '@aws-solutions-constructs/aws-apigateway-lambda': '2.104.0',
  '@aws-solutions-constructs/aws-cognito-apigateway-lambda': '2.93.0',
  '@aws-solutions-constructs/aws-lambda-sqs': '2.86.0',
  '@aws-solutions-constructs/aws-wafwebacl-apigateway': '2.104.0',
  '@cdklabs/generative-ai-cdk-constructs': '0.1.318',
  'aws-cdk-lib': '2.276.0',
  'cdk-serverless-clamscan': '2.13.46',
  constructs: '10.8.1',
};

function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): void {
  const { status, stderr } = spawnSync(command, args, { cwd: CACHE, encoding: 'utf8', env: { ...process.env, ...env }, stdio: ['ignore', 'ignore', 'pipe'] });
  if (status !== 0) throw new Error(`${command} ${args[0]} ended with ${status}:\n${stderr.slice(-4000)}`);
}

function main(): void {
  fs.mkdirSync(CACHE, { recursive: true });
  fs.writeFileSync(path.join(CACHE, 'package.json'), JSON.stringify({ private: true, dependencies: LIBRARIES }));
  run('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts']);
  fs.copyFileSync(path.join(__dirname, 'corpus', 'apps.cjs'), path.join(CACHE, 'apps.cjs'));
  const outdir = path.join(CACHE, 'out');
  fs.rmSync(outdir, { recursive: true, force: true });
  run(process.execPath, ['apps.cjs'], { CDK_OUTDIR: outdir, CDK_VALIDATION: 'false', AWS_EC2_METADATA_DISABLED: 'true' });

  const templates = path.join(CORPUS, 'templates');
  fs.rmSync(templates, { recursive: true, force: true });
  fs.mkdirSync(templates, { recursive: true });
  const files = fs.readdirSync(outdir).filter((file) => file.endsWith('.template.json'));
  for (const file of files) {
    fs.writeFileSync(path.join(templates, file), `${JSON.stringify(JSON.parse(fs.readFileSync(path.join(outdir, file), 'utf8')))}\n`);
  }
  fs.writeFileSync(path.join(CORPUS, 'versions.json'), `${JSON.stringify(LIBRARIES, null, 2)}\n`);
  const reviewed = readReview();
  const open = corpusFindings().map(findingName).filter((name) => !Object.hasOwn(reviewed, name));
  process.stdout.write(`${files.length} templates, ${open.length} findings to review\n${open.map((name) => `${name}\n`).join('')}`);
  if (open.length > 0) process.exitCode = 1;
}

main();
