import { afterAll, describe, expect, test } from 'vitest';
import { CliBench } from './cli-run';

const bench = new CliBench();
afterAll(() => bench.remove());

/** No credentials anywhere: neither in the environment, nor in files, nor from an instance. */
const NOBODY = { HOME: bench.path('home'), AWS_EC2_METADATA_DISABLED: 'true' };
const KEYS = { ...NOBODY, AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE', AWS_SECRET_ACCESS_KEY: 'none', AWS_REGION: 'eu-central-1' };
bench.write('plain.template.json', JSON.stringify({ Resources: { Topic: { Type: 'AWS::SNS::Topic' } } }));

const PROFILE = { profile: 'REGULATED', allowedRegions: ['eu-central-1'], evaluationDate: '2026-11-24' };

/** An assembly with one stack that was held to a posture. */
function assembly(name: string, region: string): string {
  bench.write(`${name}/manifest.json`, JSON.stringify({
    version: '48.0.0',
    artifacts: {
      Stack: {
        type: 'aws:cloudformation:stack', environment: `aws://111111111111/${region}`, displayName: 'Stack', properties: { templateFile: 'Stack.template.json' },
        metadata: { '/Stack': [{ type: 'cdk-secure-ai:posture', data: PROFILE }] },
      },
    },
  }));
  bench.write(`${name}/Stack.template.json`, JSON.stringify({ Resources: { Topic: { Type: 'AWS::SNS::Topic' } } }));
  return name;
}

interface Document {
  readonly verdict: string;
  readonly observations: readonly { readonly check: string; readonly status: string; readonly text: string }[];
}

describe('doctor', () => {
  test('without credentials says what the templates show, that the account was not looked at, and ends with 2', () => {
    const { code, out, err } = bench.runWith({ env: NOBODY }, 'doctor', 'plain.template.json');
    expect({ code, err }).toEqual({ code: 2, err: '' });
    expect(out).toContain('✔ no service that is closed to new customers');
    expect(out).toContain('? the account was not looked at: no AWS credentials were found');
    expect(out).not.toContain('    at ');
  });

  test('offline asks nobody', () => {
    const { code, out } = bench.runWith({ env: NOBODY }, 'doctor', 'plain.template.json', '--offline');
    expect(code).toBe(0);
    expect(out).toContain('✔ nothing stands in the way');
    expect(out).not.toContain('account was not');
  });

  test('says that nobody answered, and does not print the key', () => {
    const { code, out, err } = bench.runWith({ env: { ...KEYS, AWS_ENDPOINT_URL: 'http://127.0.0.1:9' } }, 'doctor', 'plain.template.json');
    expect(code).toBe(2);
    expect(out).toContain('sts:GetCallerIdentity in eu-central-1 was not answered');
    expect(out + err).not.toContain('AKIA');
  });

  test('holds the region of a stack against its posture', () => {
    const allowed = bench.runWith({ env: NOBODY }, 'doctor', assembly('allowed', 'eu-central-1'), '--offline', '--json');
    expect(allowed.code).toBe(0);
    const { code, out } = bench.runWith({ env: NOBODY }, 'doctor', assembly('elsewhere', 'us-east-1'), '--offline', '--json');
    expect(code).toBe(1);
    const { verdict, observations } = JSON.parse(out) as Document;
    expect(verdict).toBe('NOT_READY');
    expect(observations).toContainEqual(expect.objectContaining({ check: 'posture.region', status: 'FAIL', text: 'Stack: REGULATED, us-east-1 is not among eu-central-1' }));
  });

  test('reads a place as the other commands do', () => {
    expect(bench.runWith({ env: NOBODY }, 'doctor', 'nothing-here')).toMatchObject({ code: 2, err: expect.stringContaining('does not exist') as string });
    expect(bench.runWith({ env: NOBODY }, 'doctor')).toMatchObject({ code: 2, err: expect.stringContaining("run 'cdk synth' first") as string });
  });
});
