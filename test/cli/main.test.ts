import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { CliBench, COMMAND, ROOT } from './cli-run';

const bench = new CliBench();
afterAll(() => bench.remove());

describe('help', () => {
  test.each([
    ['program', ['--help']],
    ['program', ['-h']],
    ['check', ['check', '--help']],
    ['explain', ['explain', '-h']],
    ['report', ['report', '--help']],
    ['init', ['init', '--help']],
    ['doctor', ['doctor', '--help']],
    ['model', ['model', '--help']],
    ['model-scan', ['model', 'scan', '--help']],
    ['model-sign', ['model', 'sign', '--help']],
    ['model-verify', ['model', 'verify', 'some-path', '--help']],
    ['model-attest', ['model', 'attest', '--help']],
    ['model-gate', ['model', 'gate', '--help']],
    ['model-bom', ['model', 'bom', '--help']],
    ['model-inspect', ['model', 'inspect', '-h']],
    ['prove', ['prove', '--help']],
  ])('of %s, by %j, is as it was read and approved', async (name, args) => {
    const { code, out, err } = bench.run(...args);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(120);
    await expect(out).toMatchFileSnapshot(path.join(__dirname, 'help', `${name}.txt`));
  });

  test('goes to the error stream, with the code 2, where nothing was asked', () => {
    const { code, out, err } = bench.run();
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('model verify');
  });
});

test('the version is that of the package', () => {
  const { version } = JSON.parse(fs.readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as { version: string };
  expect(bench.run('--version')).toMatchObject({ code: 0, out: `${version}\n`, err: '' });
});

describe('wrong usage ends with 2 and says what was meant:', () => {
  test.each([
    [['modle', 'scan', '.'], 'unknown command "modle"; did you mean secure-ai model?'],
    [['model', 'verfy', '.'], 'unknown command "verfy"; did you mean secure-ai model verify?'],
    [['model', 'deploy', '.'], 'unknown command "deploy"; there are: scan, sign, verify, attest, gate, bom, inspect'],
    [['explian', 'x'], 'unknown command "explian"; did you mean secure-ai explain?'],
    [['explain'], 'no rule or control given'],
    [['explain', 'a', 'b'], 'one rule or control expected, found also "b"'],
    [['explain', 'AISec-SM99'], 'there is no rule or control AISec-SM99; did you mean AISec-SM'],
    [['explain', 'ML4'], 'there is no rule or control ML4; did you mean ML'],
    [['check', '.', '--severity', 'bad'], '--severity bad is unknown; there are: CRITICAL'],
    [['check', '.', '--format', 'xml'], '--format xml is unknown; there are: text'],
    [['check', '.', '--rule', 'nope'], 'there is no rule nope'],
    [['check', '--diff', '.'], '--diff compares two places, found 1'],
    [['model'], 'no command given; there are: scan, sign, verify, attest, gate, bom, inspect'],
    [['model', 'constructor', '.'], 'unknown command "constructor"'],
    [['model', 'verify', '.', '--kye', 'key.pub'], 'unknown option --kye; did you mean --key?'],
    [['model', 'verify', '.', '--trust', 'x'], 'unknown option --trust; did you mean --trust-store?'],
    [['model', 'scan', '.', '--jsn'], 'unknown option --jsn; did you mean --json?'],
    [['model', 'scan', '.', '-x'], 'unknown option -x'],
    [['model', 'scan', '.', '--__proto__=1'], 'unknown option --__proto__'],
    [['model', 'scan', '.', '--toString'], 'unknown option --toString'],
    [['model', 'scan', '.', '--json=yes'], '--json takes no value'],
    [['model', 'sign', '.', '--key'], '--key needs a value: --key PEM'],
    [['model', 'sign', '.', '--key', '--force'], '--key needs a value: --key PEM'],
    [['model', 'sign', '.', '--key', 'a', '--key', 'b'], '--key is given twice'],
    [['model', 'scan'], 'no path given; usage: secure-ai model scan PATH [OPTIONS]'],
    [['model', 'scan', 'a', 'b'], 'one path expected, found also "b"'],
  ])('%j', (args, message) => {
    const { code, out, err } = bench.run(...args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(`secure-ai: ${message}`);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
  });
});

describe('an error', () => {
  test('is a JSON document under --json', () => {
    const { code, json, err } = bench.run('model', 'scan', 'nothing-here', '--json');
    expect(code).toBe(2);
    expect(json()).toEqual({ schema: 'cdk-secure-ai/cli-error/v1', code: 'INPUT_UNREADABLE', message: 'model "nothing-here" does not exist' });
    expect(err).toBe('secure-ai: model "nothing-here" does not exist\n');
  });
  test('shows where it came from under --debug only', () => {
    expect(bench.run('model', 'scan', 'nothing-here').err).not.toContain(' at ');
    expect(bench.run('model', 'scan', 'nothing-here', '--debug').err).toMatch(/openModel[\s\S]*ENOENT/);
  });
  test('does not act on the terminal', () => {
    const { err } = bench.run('model', 'scan', 'a\u001b[2Jb\u009b\u202e');
    expect(err).toBe('secure-ai: model "a\\u001b[2Jb\\u009b\\u202e" does not exist\n');
  });
});

describe('an address instead of a path', () => {
  test.each(['scan', 'verify', 'inspect', 'bom'])('in S3, without a region to ask, is an error of %s that says so', (command) => {
    const options = command === 'verify' ? ['--key', 'key.pub'] : [];
    const { code, json } = bench.runWith({ env: { HOME: '/nonexistent' } }, 'model', command, 's3://bucket/model', ...options, '--json');
    expect(code).toBe(2);
    expect(json()).toMatchObject({ code: 'INPUT_UNREADABLE', message: expect.stringContaining('Region is missing') as string });
  });
  test('of another kind is refused', () => {
    expect(bench.run('model', 'scan', 'https://example.org/m').err).toContain('https:// is not supported; give a local path or s3://bucket/prefix');
  });
});

describe('the built command', () => {
  const text = fs.readFileSync(COMMAND, 'utf8');

  test('is executable, and asks for nothing but what Node brings', () => {
    expect(text.startsWith('#!/usr/bin/env node\n')).toBe(true);
    expect(fs.statSync(COMMAND).mode & 0o111).toBe(0o111);
    const required = [...text.matchAll(/\brequire\("([^"]+)"\)/g)].map(([, name]) => name).filter((name) => !/^(node:)?[a-z_]+(\/promises)?$/.test(name));
    // Asked for by a table with coloured borders only, which the command does not make.
    expect([...new Set(required)]).toEqual(['@colors/colors/safe']);
    // The name alone is no harm: a command writes it into the apps of others.
    expect(text).not.toContain('node_modules/aws-cdk-lib');
  });
  test('carries the notices of what it contains', () => {
    for (const name of ['cli-table3', 'picocolors', 'string-width']) expect(text).toMatch(new RegExp(`^${name} [\\d.]+ \\((MIT|ISC)\\)`, 'm'));
  });
  test('runs alone, without a package around it', () => {
    bench.write('alone/secure-ai', text);
    fs.chmodSync(bench.path('alone/secure-ai'), 0o755);
    const model = bench.model('alone-model');
    const { code, out } = bench.runAs(bench.path('alone/secure-ai'), 'model', 'scan', model);
    expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining('3 SAFE') });
  });
});
