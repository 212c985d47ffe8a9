import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { CliBench, ROOT } from './cli-run';

const bench = new CliBench();
afterAll(() => bench.remove());

const ROLE = 'arn:aws:iam::111111111111:role/inference';
const TSX = path.join(ROOT, 'node_modules', 'tsx', 'dist', 'cli.mjs');

interface Kind {
  readonly entry: string;
  readonly command: string;
  readonly stack: string;
  readonly run: readonly string[];
  readonly module: boolean;
  readonly files: Readonly<Record<string, string>>;
}

/** Apps as people write them; each holds one finding from before. */
const KINDS: Readonly<Record<string, Kind>> = {
  TypeScript: {
    entry: 'bin/app.ts', command: 'npx ts-node --prefer-ts-exts bin/app.ts', stack: 'lib/secure-models-stack.ts', run: [TSX, 'bin/app.ts'], module: false,
    files: {
      'bin/app.ts': `#!/usr/bin/env node\nimport * as cdk from 'aws-cdk-lib';\nimport { FraudStack } from '../lib/fraud-stack';\n\nconst app = new cdk.App();\nnew FraudStack(app, 'Fraud', {\n  // env: the account of now\n});\n`,
      'lib/fraud-stack.ts': `import { Stack } from 'aws-cdk-lib';\nimport { CfnModel } from 'aws-cdk-lib/aws-sagemaker';\nimport type { Construct } from 'constructs';\n\nexport class FraudStack extends Stack {\n  constructor(scope: Construct, id: string, props: object) {\n    super(scope, id, props);\n    new CfnModel(this, 'Open', { executionRoleArn: '${ROLE}' });\n  }\n}\n`,
    },
  },
  JavaScript: {
    entry: 'app.js', command: 'node app.js', stack: 'secure-models-stack.js', run: ['app.js'], module: false,
    files: {
      'app.js': `const { App, Stack } = require("aws-cdk-lib");\nconst { CfnModel } = require("aws-cdk-lib/aws-sagemaker");\n\nconst app = new App();\nconst stack = new Stack(app, "Fraud");\nnew CfnModel(stack, "Open", { executionRoleArn: "${ROLE}" });\napp.synth();\n`,
    },
  },
  'an ES module': {
    entry: 'app.mjs', command: 'node app.mjs', stack: 'secure-models-stack.mjs', run: ['app.mjs'], module: true,
    files: {
      'app.mjs': `import { App, Stack } from 'aws-cdk-lib';\nimport { CfnModel } from 'aws-cdk-lib/aws-sagemaker';\n\nexport const app = new App();\nnew CfnModel(new Stack(app, 'Fraud'), 'Open', { executionRoleArn: '${ROLE}' });\n`,
    },
  },
};

function write(name: string, kind: Kind): string {
  for (const [file, text] of Object.entries(kind.files)) bench.write(`${name}/${file}`, text);
  bench.write(`${name}/cdk.json`, JSON.stringify({ app: kind.command }));
  bench.write(`${name}/package.json`, JSON.stringify({ name: 'fraud', ...(kind.module && { type: 'module' }), dependencies: { 'aws-cdk-lib': '2.276.0' } }, undefined, 2));
  fs.mkdirSync(bench.path(`${name}/node_modules`));
  for (const one of ['aws-cdk-lib', 'constructs', 'cdk-nag']) fs.symlinkSync(path.join(ROOT, 'node_modules', one), bench.path(`${name}/node_modules/${one}`));
  fs.symlinkSync(ROOT, bench.path(`${name}/node_modules/cdk-secure-ai`));
  return bench.path(name);
}

function synthesise(directory: string, { run }: Kind): { readonly code: number | null; readonly text: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, run, {
    cwd: directory, encoding: 'utf8', timeout: 90_000, env: { PATH: process.env.PATH, CDK_OUTDIR: path.join(directory, 'cdk.out') },
  });
  return { code: status, text: stdout + stderr };
}

/** Every file of an app with its content, but what is synthesised or installed. */
function filesOf(directory: string): Record<string, string> {
  const names = fs.readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((name) => !/^(node_modules|cdk\.out)/.test(name));
  return Object.fromEntries(names.filter((name) => fs.statSync(path.join(directory, name)).isFile()).map((name) => [name, fs.readFileSync(path.join(directory, name), 'utf8')]));
}

describe.each(Object.entries(KINDS))('init of %s', (title, kind) => {
  const name = title.replaceAll(' ', '-');

  test('leaves an app that synthesises, with what was open known, and fails on what comes new', () => {
    const directory = write(name, kind);
    expect(synthesise(directory, kind)).toMatchObject({ code: 0 });
    const before = filesOf(directory);

    const planned = bench.run('init', name, '--dry-run');
    expect(planned).toMatchObject({ code: 0, err: '' });
    expect(filesOf(directory)).toEqual(before);

    expect(bench.run('init', name)).toMatchObject({ code: 0, out: expect.stringMatching(/[1-9]\d* findings? (is|are) known/) as string });
    const after = filesOf(directory);
    expect(Object.keys(after).sort()).toEqual([...Object.keys(before), 'secure-ai-baseline.json', kind.stack].sort());
    for (const line of before[kind.entry].split('\n')) expect(after[kind.entry].split('\n')).toContain(line);
    expect(JSON.parse(after['package.json'])).toMatchObject({ dependencies: { 'cdk-secure-ai': bench.run('--version').out.trim() } });

    const synthesised = synthesise(directory, kind);
    expect(synthesised).toMatchObject({ code: 0 });
    expect(fs.readFileSync(path.join(directory, 'cdk.out', 'SecureModels.template.json'), 'utf8')).toContain('AWS::S3::Bucket');

    expect(bench.run('init', name)).toMatchObject({ code: 0, out: expect.stringContaining('nothing to do') as string });
    expect(filesOf(directory)).toEqual(after);

    bench.write(`${name}/secure-ai-baseline.json`, '{"schema": "cdk-secure-ai/baseline/v1", "findings": []}');
    const failing = synthesise(directory, kind);
    expect(failing.code).not.toBe(0);
    expect(failing.text).toContain('EnableNetworkIsolation is not true');
  }, 300_000);
});

describe('init changes nothing', () => {
  const javascript = KINDS.JavaScript;

  test('without a cloud assembly, and says what to run first', () => {
    const directory = write('unsynthesised', javascript);
    const before = filesOf(directory);
    expect(bench.run('init', 'unsynthesised')).toMatchObject({ code: 2, err: expect.stringContaining("run 'cdk synth' first") as string });
    expect(filesOf(directory)).toEqual(before);
  });

  test.each([
    ['Python', 'python3 app.py', 'pip install cdk-secure-ai=='],
    ['Java', 'mvn -e -q compile exec:java', 'io.github.cdk-secure-ai:cdk-secure-ai:'],
    ['Go', 'go mod download && go run app.go', 'assurance.SecureAiChecks_AddTo'],
    ['an unknown command', './synth.sh', "import { SecureAiChecks } from 'cdk-secure-ai/assurance'"],
    ['an entry outside of the app', 'node ../app.js', 'npm install --save-exact'],
  ])('in an app of %s, and shows the lines to add', (title, command, line) => {
    const directory = write(`other-${title.replaceAll(' ', '-')}`, javascript);
    fs.writeFileSync(path.join(directory, 'cdk.json'), JSON.stringify({ app: command }));
    const before = filesOf(directory);
    const { code, out } = bench.run('init', path.basename(directory));
    expect(code).toBe(1);
    expect(out).toContain('nothing was changed');
    expect(out).toContain(line);
    expect(filesOf(directory)).toEqual(before);
  });

  test.each<[string, (write: (file: string, text: string) => void) => void, number, string]>([
    ['an entry of another form', (put) => put('app.js', "const cdk = require('aws-cdk-lib');\nmodule.exports = () => new cdk.App();\n"), 1, 'is not recognised: it has 0 statements'],
    ['an old CDK', (put) => put('node_modules/aws-cdk-lib/package.json', '{"version": "2.100.0"}'), 1, 'the app has aws-cdk-lib 2.100.0'],
    ['a stack file of its own', (put) => put('secure-models-stack.js', '// mine\n'), 2, 'exists already and is not replaced'],
    ['a baseline of its own', (put) => put('secure-ai-baseline.json', '{}'), 2, 'exists already and is not replaced'],
    ['a package.json that is no JSON', (put) => put('package.json', '{'), 2, 'cannot be read'],
    ['a cdk.json without command', (put) => put('cdk.json', '{"__proto__": {"app": "node app.js"}}'), 2, 'has no command "app"'],
  ])('where it finds %s', (title, breakIt, code, message) => {
    const name = `refused-${title.replaceAll(' ', '-')}`;
    const directory = write(name, javascript);
    bench.write(`${name}/cdk.out/manifest.json`, '{"version": "48.0.0", "artifacts": {}}');
    fs.rmSync(path.join(directory, 'node_modules', 'aws-cdk-lib'));
    breakIt((file, text) => bench.write(`${name}/${file}`, text));
    const before = filesOf(directory);
    const result = bench.run('init', name);
    expect(result.code).toBe(code);
    expect(result.out + result.err).toContain(message);
    expect(filesOf(directory)).toEqual(before);
  });
});
