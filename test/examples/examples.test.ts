import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';

const ROOT = path.join(__dirname, '..', '..');
const EXAMPLES = path.join(ROOT, 'examples');
const topics = fs.readdirSync(EXAMPLES).filter((topic) => fs.existsSync(path.join(EXAMPLES, topic, 'app.ts')));
const temp = fs.mkdtempSync(path.join(os.tmpdir(), 'examples-'));
afterAll(() => fs.rmSync(temp, { recursive: true, force: true }));

interface Template {
  readonly Resources: Record<string, { Type: string; Properties?: Record<string, unknown>; DeletionPolicy?: string }>;
}

/** The templates of an example, synthesised from the built package as a user's app is; hashes of bundles are masked. */
function templatesOf(topic: string): Record<string, Template> {
  const outdir = path.join(temp, topic);
  execFileSync(process.execPath, [path.join(ROOT, 'node_modules/tsx/dist/cli.mjs'), 'app.ts'], {
    cwd: path.join(EXAMPLES, topic),
    env: { ...process.env, CDK_OUTDIR: outdir, CDK_VALIDATION: 'false' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const files = fs.readdirSync(outdir).filter((file) => file.endsWith('.template.json'));
  return Object.fromEntries(files.map((file) => [file, JSON.parse(fs.readFileSync(path.join(outdir, file), 'utf8').replace(/[0-9a-f]{64}/g, '<hash>')) as Template]));
}

/** Properties whose change replaces the resource, by the types that hold data or make data readable. */
const REPLACING: Record<string, readonly string[]> = {
  'AWS::S3::Bucket': ['BucketName', 'ObjectLockEnabled'],
  'AWS::KMS::Key': ['KeySpec', 'KeyUsage', 'MultiRegion', 'Origin'],
  'AWS::Logs::LogGroup': ['LogGroupName'],
  'AWS::SQS::Queue': ['QueueName', 'FifoQueue'],
};

/** What an update must leave alone: the stateful resources by logical id, with what would replace them. */
function statefulOf(templates: Record<string, Template>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(templates).flatMap(([file, template]) =>
      Object.entries(template.Resources)
        .filter(([, resource]) => resource.Type in REPLACING)
        .map(([id, { Type, Properties = {} }]) => [
          `${file}/${id}`,
          { Type, ...Object.fromEntries((REPLACING[Type] ?? []).filter((name) => name in Properties).map((name) => [name, Properties[name]])) },
        ])),
  );
}

describe.each(topics)('the example %s', (topic) => {
  const templates = templatesOf(topic);

  test('synthesises what it did before', async () => {
    await expect(`${JSON.stringify(templates, null, 2)}\n`).toMatchFileSnapshot(path.join(__dirname, 'snapshots', `${topic}.json`));
  });

  test('an update replaces or loses nothing that holds data', () => {
    // Never written by a test: a line that goes or changes here is data that a user loses. A release adds lines.
    const baseline = JSON.parse(fs.readFileSync(path.join(__dirname, 'stateful', `${topic}.json`), 'utf8')) as Record<string, unknown>;
    expect(statefulOf(templates)).toEqual(baseline);
  });

  test('everything that holds data outlives its stack', () => {
    const resources = Object.values(templates).flatMap((template) => Object.values(template.Resources));
    const kept = resources.filter(({ Type }) => ['AWS::S3::Bucket', 'AWS::KMS::Key', 'AWS::Logs::LogGroup'].includes(Type));
    for (const resource of kept) expect(resource.DeletionPolicy).toMatch(/^Retain/);
  });
});

test('the guard sees a changed logical id and a changed Object Lock', () => {
  const template: Template = { Resources: { Served: { Type: 'AWS::S3::Bucket', Properties: { ObjectLockEnabled: true } } } };
  const renamed: Template = { Resources: { Served2: { Type: 'AWS::S3::Bucket', Properties: { ObjectLockEnabled: true } } } };
  const unlocked: Template = { Resources: { Served: { Type: 'AWS::S3::Bucket', Properties: {} } } };
  expect(statefulOf({ a: renamed })).not.toEqual(statefulOf({ a: template }));
  expect(statefulOf({ a: unlocked })).not.toEqual(statefulOf({ a: template }));
});
