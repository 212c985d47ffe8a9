import { beforeEach, describe, expect, test } from 'vitest';
import type { DetectionFinding } from '../../lib/core/finding';
import { chainFinding } from '../../lib/models/scan/chain-finding';
import type { ScanFindingEvent } from '../../lib/models/scan-finding.contract';
import { signDefinition } from '../../lib/models/sign-state-machine';
import type { Execution } from '../support/state-machine/run-state-machine';
import { answeredBy, runStateMachine, TaskFailure } from '../support/state-machine/run-state-machine';
import type { StateMachine } from '../support/state-machine/state-machine';
import { statesOf } from '../support/state-machine/state-machine';
import { SERVED, ServedWorld } from './served/served-world';

const machine = signDefinition({ partition: 'aws', servedBucket: SERVED, hashFunction: 'hash', signFunction: 'sign', findingFunction: 'finding' }) as StateMachine;
const EXECUTION = { Id: 'arn:aws:states:eu-central-1:111111111111:execution:Sign-1a2b:3c4d', StartTime: '2026-06-10T12:00:00.000Z' };
let world: ServedWorld;
let prefix: string;
let calls: string[];
let findings: DetectionFinding[];
/** Errors that a function ends with, each once, by its name. */
let failures: Record<string, string[]>;
beforeEach(() => {
  world = new ServedWorld();
  prefix = world.promote({ 'model.onnx': 'weights', 'config.json': '{}', 'vocab.txt': 'a b c' });
  [calls, findings, failures] = [[], [], {}];
});

/** The states that ran in any test of this file. */
const ran = new Set<string>();

const FUNCTION: Readonly<Record<string, (payload: never) => Promise<unknown>>> = {
  hash: ({ key }: { key: string }) => world.hash(key),
  sign: ({ prefix: place }: { prefix: string }) => world.sign(place),
  finding: (event: ScanFindingEvent) => {
    findings.push(chainFinding(event, 1));
    return Promise.resolve({});
  },
};

async function run(input: unknown, listing = true): Promise<Execution> {
  const execution = await runStateMachine(machine, input, {
    context: { Execution: EXECUTION },
    items: (service, { Bucket, Prefix }) => {
      expect([service, Bucket]).toEqual(['s3:listObjectsV2', SERVED]);
      if (!listing) throw new TaskFailure('S3.S3Exception', 'Access Denied');
      return world.list(String(Prefix));
    },
    task: answeredBy({
      'lambda:invoke': async ({ FunctionName, Payload }) => {
        const name = String(FunctionName);
        calls.push(name);
        const failure = failures[name]?.shift();
        if (failure !== undefined) throw new TaskFailure(failure);
        try {
          return { StatusCode: 200, Payload: JSON.parse(JSON.stringify(await FUNCTION[name](Payload as never))) as unknown };
        } catch (error) {
          throw new TaskFailure((error as Error).name, (error as Error).message);
        }
      },
    }),
  });
  execution.path.forEach((state) => ran.add(state));
  return execution;
}

describe('the state machine of the signer', () => {
  test('hashes each object of a model by itself, and signs the model', async () => {
    const { status, path, output } = await run({ prefix });
    expect([status, path]).toEqual(['SUCCEEDED', ['HashObjects', 'HashObject', 'Sign', 'Signed']]);
    expect(output).toEqual({ rootDigest: expect.stringMatching(/^[0-9a-f]{64}$/) as string, signature: `${prefix}model.sig` });
    expect(calls).toEqual(['hash', 'hash', 'hash', 'sign']);
    expect(world.objects.has(`${prefix}model.sig`)).toBe(true);
  });

  test('is taken up where it ended: what is hashed is not hashed again', async () => {
    // The time is up in the second object.
    world.patience = 2;
    expect(await run({ prefix })).toMatchObject({ status: 'FAILED' });
    [world.patience, world.hashed.length] = [Infinity, 0];
    expect(await run({ prefix })).toMatchObject({ status: 'SUCCEEDED' });
    expect(world.hashed).toEqual([`${prefix}model.onnx`, `${prefix}vocab.txt`]);
  });

  test('signs a signed model once more without another signature', async () => {
    await run({ prefix });
    const bundle = world.objects.get(`${prefix}model.sig`);
    expect(await run({ prefix })).toMatchObject({ status: 'SUCCEEDED' });
    expect(world.objects.get(`${prefix}model.sig`)).toBe(bundle);
  });

  test('leaves a model with a signature of its own as it is: the gate judges that one', async () => {
    prefix = world.promote({ 'model.onnx': 'weights', 'model.sig': 'of the producer' });
    expect(await run({ prefix })).toMatchObject({ status: 'SUCCEEDED', output: { signature: `${prefix}model.sig` } });
    expect(world.objects.get(`${prefix}model.sig`)?.content.toString()).toBe('of the producer');
  });

  test('tries again what may pass by itself, three times', async () => {
    failures.hash = Array<string>(3).fill('Lambda.TooManyRequestsException');
    failures.sign = Array<string>(3).fill('SlowDown');
    expect(await run({ prefix })).toMatchObject({ status: 'SUCCEEDED' });
  });

  test.each<[string, string, string, () => void]>([
    ['one object cannot be hashed', 'NOT_HASHED', 'Lambda.Unknown', () => { failures.hash = Array<string>(4).fill('Lambda.Unknown'); }],
    ['hashing takes too long', 'NOT_HASHED', 'States.Timeout', () => { failures.hash = ['States.Timeout']; }],
    ['one object is too large', 'NOT_HASHED', 'in the time of one function', () => { world.patience = 3; }],
    ['the key refuses', 'NOT_SIGNED', 'SigningError', () => { failures.sign = Array<string>(4).fill('SigningError'); }],
    ['the manifest names something else', 'NOT_SIGNED', 'were not promoted together', () => { world.objects.delete(`${prefix.slice(0, -1)}.manifest`); }],
  ])('fails and signs nothing when %s', async (_, error, cause, prepare) => {
    prepare();
    expect(await run({ prefix })).toMatchObject({ status: 'FAILED', error, cause: expect.stringContaining(cause) as string });
    expect(world.objects.has(`${prefix}model.sig`)).toBe(false);
    expect(findings).toMatchObject([{
      finding_info: { types: [error], title: 'A promoted model is not signed' }, resources: [{ uid: EXECUTION.Id }], remediation: { desc: 'see docs/runbook.md#unsigned-model' },
    }]);
  });

  test('a finding that nobody took fails in its own way', async () => {
    failures.sign = Array<string>(4).fill('SigningError');
    failures.finding = Array<string>(4).fill('FindingError.NOT_DELIVERED');
    expect(await run({ prefix })).toMatchObject({ status: 'FAILED', error: 'FINDING_NOT_RAISED' });
  });

  test('fails when the objects cannot be listed', async () => {
    expect(await run({ prefix }, false)).toMatchObject({ status: 'FAILED', error: 'NOT_HASHED', cause: 'Access Denied', path: ['HashObjects', 'TellNotHashed', 'NotHashed'] });
  });

  test('a refusal of a function is not tried again', async () => {
    world.patience = 0;
    await run({ prefix });
    expect(calls).toEqual(['hash', 'finding']);
  });

  test.each<[unknown]>([['models/'], [''], ['models/fraud/'], ['uploads/x/'], [`models/fraud/sha256-${'0'.repeat(64)}/`]])('signs nothing for the prefix %j that somebody made up', async (place) => {
    const before = [...world.objects.keys()];
    expect(await run({ prefix: place })).toMatchObject({ status: 'FAILED' });
    expect([...world.objects.keys()]).toEqual(before);
  });

  test('has no state that did not run in the tests above', () => {
    expect([...ran].sort()).toEqual(statesOf(machine).sort());
  });
});
