import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { Compliance } from 'cdk-secure-ai/testing';
import { afterAll, describe, expect, test } from 'vitest';
import { deploymentOrder, exportCycles, refusedUpdates, resourceCycles, unremovable } from './deployment-order';

const ROOT = path.join(__dirname, '..', '..');
const EXAMPLES = path.join(ROOT, 'examples');
const topics = fs.readdirSync(EXAMPLES).filter((topic) => fs.existsSync(path.join(EXAMPLES, topic, 'app.ts')));
const temp = fs.mkdtempSync(path.join(os.tmpdir(), 'examples-'));
afterAll(() => fs.rmSync(temp, { recursive: true, force: true }));

interface Template {
  readonly Resources: Record<string, { Type: string; Properties?: Record<string, unknown>; DeletionPolicy?: string }>;
}

/** All attacks on all policies of an example are many questions. */
const PROVING = 300_000;
/** Of endpoints that are alike, so many are kept word for word; the others are judged as all are. */
const KEPT_ALIKE = 2;

/** The templates of an example, synthesised from the built package as a user's app is; hashes of bundles are masked. */
function templatesOf(topic: string, outdir: string): Record<string, Template> {
  execFileSync(process.execPath, [path.join(ROOT, 'node_modules/tsx/dist/cli.mjs'), 'app.ts'], {
    cwd: path.join(EXAMPLES, topic),
    env: { ...process.env, CDK_OUTDIR: outdir, CDK_VALIDATION: 'false' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const files = fs.readdirSync(outdir, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.template.json')).sort();
  return Object.fromEntries(files.map((file) => [path.basename(file), JSON.parse(fs.readFileSync(path.join(outdir, file), 'utf8').replace(/[0-9a-f]{64}/g, '<hash>')) as Template]));
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
  const outdir = path.join(temp, topic);
  const templates = templatesOf(topic, outdir);

  test('synthesises what it did before', async () => {
    const alike = Object.keys(templates).filter((file) => file.includes('Endpointshop')).slice(KEPT_ALIKE);
    const kept = Object.fromEntries(Object.entries(templates).filter(([file]) => !alike.includes(file)));
    await expect(`${JSON.stringify(kept, null, 2)}\n`).toMatchFileSnapshot(path.join(__dirname, 'snapshots', `${topic}.json`));
  });

  test('is as compliant as it was, and has no open finding', async () => {
    const compliance = Compliance.ofAssembly(outdir);
    await expect(compliance.snapshot()).toMatchFileSnapshot(path.join(__dirname, 'compliance', `${topic}.md`));
    compliance.expectNoOpenFinding();
  }, PROVING);

  test('can be created, updated and deleted: no resource or stack waits for itself', () => {
    expect(resourceCycles(outdir)).toEqual([]);
    expect(exportCycles(outdir)).toEqual([]);
    expect(unremovable(outdir)).toEqual([]);
    expect(deploymentOrder(outdir)).toHaveLength(Object.keys(templates).length);
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

describe('the order of deployment', () => {
  const assembly = (stacks: Record<string, object>): string => {
    const directory = fs.mkdtempSync(path.join(temp, 'order-'));
    const artifacts = Object.fromEntries(Object.keys(stacks).map((id) => [id, { type: 'aws:cloudformation:stack', properties: { templateFile: `${id}.json` } }]));
    fs.writeFileSync(path.join(directory, 'manifest.json'), JSON.stringify({ artifacts }));
    for (const [id, template] of Object.entries(stacks)) fs.writeFileSync(path.join(directory, `${id}.json`), JSON.stringify(template));
    return directory;
  };
  const exporting = (name: string) => ({ Output: { Value: 'value', Export: { Name: name } } });
  const importing = (name: string) => ({ Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: { 'Fn::ImportValue': name } } } });

  test('has a stack after the stack from which it imports', () => {
    const directory = assembly({ Front: { Resources: importing('a') }, Back: { Outputs: exporting('a') } });
    expect(deploymentOrder(directory)).toEqual(['Back', 'Front']);
    expect(unremovable(directory)).toEqual([]);
  });

  test('shows two stacks that import from each other', () => {
    const directory = assembly({ A: { Resources: importing('b'), Outputs: exporting('a') }, B: { Resources: importing('a'), Outputs: exporting('b') } });
    expect(exportCycles(directory)).toEqual(['A -> B -> A']);
    expect(deploymentOrder(directory)).toEqual([]);
    expect(unremovable(directory)).not.toEqual([]);
  });

  test('shows an update that takes away what a stack still imports, also one that goes itself', () => {
    const before = assembly({ Front: { Resources: importing('a') }, Back: { Outputs: exporting('a') } });
    const changed = assembly({ Back: { Resources: {} }, Front: { Resources: {} } });
    const gone = assembly({ Back: { Resources: {} } });
    for (const after of [changed, gone]) {
      expect(refusedUpdates(before, after)).toEqual(['Back takes a away, which Front imports']);
      expect(refusedUpdates(before, after, ['Front'])).toEqual([]);
    }
    expect(refusedUpdates(before, before)).toEqual([]);
    expect(refusedUpdates(gone, assembly({ Back: { Resources: importing('a') } }))).toEqual(['Back imports a, which is not there']);
  });

  test('shows an import of what nobody exports', () => {
    expect(unremovable(assembly({ A: { Resources: importing('gone') } }))).toEqual(['A imports gone, which nobody exports']);
  });

  test('shows a role that waits for its key, which waits for the role', () => {
    const directory = assembly({
      A: { Resources: { Role: { Properties: { Key: { 'Fn::GetAtt': ['Key', 'Arn'] } } }, Key: { Properties: { Policy: { 'Fn::Sub': '${Role.Arn}' } } } } },
    });
    expect(resourceCycles(directory)).toEqual(['A: Role -> Key -> Role']);
  });
});
