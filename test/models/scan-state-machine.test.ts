import { beforeEach, describe, expect, test } from 'vitest';
import { promoteModel } from '../../lib/models/promote/promote-model';
import { toPromotionRequest } from '../../lib/models/promote/promotion-request';
import { malwareStatuses } from '../../lib/models/scan/await-malware';
import type { UploadReference } from '../../lib/models/scan/upload';
import { readUpload, toUploadReference } from '../../lib/models/scan/upload';
import { chainFinding } from '../../lib/models/scan/chain-finding';
import { scanDefinition } from '../../lib/models/scan-state-machine';
import type { ScanFindingEvent } from '../../lib/models/scan-finding.contract';
import { verdictKey, writeVerdict, readVerdict } from '../../lib/models/scan/scan-verdict';
import { signStatement } from '../../lib/models/signing/sign-statement';
import type { Execution } from '../support/state-machine/run-state-machine';
import { answeredBy, runStateMachine, TaskFailure } from '../support/state-machine/run-state-machine';
import type { StateMachine } from '../support/state-machine/state-machine';
import { statesOf, targetsOf } from '../support/state-machine/state-machine';
import { EVIL_PICKLE, FOLDER, MemoryServed, SAFE_PICKLE, ScanWorld } from './scan/scan-world';

const FUNCTIONS = { malwareFunction: 'malware', scanFunction: 'scan', verdictFunction: 'verdict', findingFunction: 'finding' };
const machine = scanDefinition({ partition: 'aws', ...FUNCTIONS, promoterFunction: 'promote' }) as StateMachine;
/** The same, with a signer behind the promoter. */
const signing = scanDefinition({ partition: 'aws', ...FUNCTIONS, promoterFunction: 'promote', signerMachine: 'arn:signer' }) as StateMachine;
const EXECUTION = { Id: 'arn:aws:states:eu-central-1:111111111111:execution:Scan-1a2b:3c4d', StartTime: '2026-06-10T12:00:00.000Z' };

let world: ScanWorld;
let served: MemoryServed;
let findings: (readonly string[])[];
let calls: string[];
/** Errors that a function ends with, each once, by its name. */
let failures: Record<string, string[]>;
/** What happens before a function runs, by its name. */
let before: Record<string, () => void>;
/** What the signer was started with. */
let started: unknown[];
beforeEach(() => {
  world = new ScanWorld();
  served = new MemoryServed();
  [findings, calls, failures, before, started] = [[], [], {}, {}, []];
});

/** The runbook entries of the findings of this file. */
const told: string[] = [];

/** The states that ran in any test of this file. */
const ran = new Set<string>();

/** The functions with their own logic; only AWS is played. */
const FUNCTION: Readonly<Record<string, (payload: never) => Promise<unknown>>> = {
  malware: async (event: UploadReference) => {
    const reference = toUploadReference(event);
    await malwareStatuses([{ name: reference.key, ...reference }], world);
    return { versions: (await malwareStatuses((await readUpload(reference, world)).objects, world)).length };
  },
  scan: (event: UploadReference) => world.scan(toUploadReference(event)),
  verdict: ({ id }: { id: string }) => world.judge(id),
  promote: async ({ model, verdict }: { model: string; verdict: string }) => {
    const files = await world.verdicts.cleanUpload(verdict);
    const objects = files.map(({ name, key, versionId }) => ({ name, key, versionId }));
    return promoteModel(toPromotionRequest({ model, objects }), world, served, world.verdicts);
  },
  finding: (event: ScanFindingEvent) => {
    const { finding_info: { types }, remediation } = chainFinding(event, 1);
    findings.push(types);
    told.push(remediation.desc);
    return Promise.resolve({});
  },
};

async function run(input: unknown, definition = machine): Promise<Execution> {
  const execution = await runStateMachine(definition, input, {
    context: { Execution: EXECUTION },
    task: answeredBy({
      'lambda:invoke': async ({ FunctionName, Payload }) => {
        const name = String(FunctionName);
        calls.push(name);
        before[name]?.();
        const failure = failures[name]?.shift();
        if (failure !== undefined) throw new TaskFailure(failure);
        try {
          return { StatusCode: 200, Payload: JSON.parse(JSON.stringify(await FUNCTION[name](Payload as never))) as unknown };
        } catch (error) {
          throw new TaskFailure((error as Error).name, (error as Error).message);
        }
      },
      'states:startExecution': (parameters) => {
        const failure = failures.signer?.shift();
        if (failure !== undefined) throw new TaskFailure(failure);
        started.push(parameters);
        return { ExecutionArn: 'arn:execution' };
      },
    }),
  });
  execution.path.forEach((state) => ran.add(state));
  return execution;
}

const REFUSED = { status: 'FAILED', error: 'NOT_CLEAN' };

describe('an upload that both scans find clean', () => {
  test('is promoted, and nobody is told', async () => {
    const { status, path } = await run(world.upload({ 'model.pkl': SAFE_PICKLE }));
    expect([status, path]).toEqual([
      'SUCCEEDED', ['Examine', 'AwaitMalwareScan', 'ScanArtifacts', 'MalwareScanned', 'ArtifactsScanned', 'Decide', 'Decided', 'Promote', 'Clean'],
    ]);
    expect(served.keys[0]).toMatch(/^models\/fraud\/sha256-[0-9a-f]{64}\/model\.pkl$/);
    expect(findings).toEqual([]);
  });

  test('ends with its verdict where there is no promoter', async () => {
    const { status, path } = await run(world.upload({ 'model.pkl': SAFE_PICKLE }), scanDefinition({ partition: 'aws', ...FUNCTIONS }) as StateMachine);
    expect([status, path.at(-1), served.keys]).toEqual(['SUCCEEDED', 'Clean', []]);
  });

  test('is scanned, judged and copied once, however often its manifest is told of', async () => {
    const upload = world.upload({ 'model.pkl': SAFE_PICKLE });
    await run(upload);
    const [keys, records] = [[...served.keys], [...world.records.files]];
    expect(await run(upload)).toMatchObject({ status: 'SUCCEEDED' });
    expect([served.keys, [...world.records.files]]).toEqual([keys, records]);
  });

  test('waits for the malware scan: it is asked again and again', async () => {
    const upload = world.upload({ 'model.pkl': SAFE_PICKLE });
    world.tag(`${FOLDER}model.pkl`, undefined);
    before.malware = () => {
      if (calls.length === 60) world.tag(`${FOLDER}model.pkl`, 'NO_THREATS_FOUND');
    };
    expect(await run(upload)).toMatchObject({ status: 'SUCCEEDED' });
    expect(calls.filter((name) => name === 'malware')).toHaveLength(60);
  });
});

describe('what was promoted is signed', () => {
  test('by the signer, which is started with the prefix and nothing of the upload, and is not waited for', async () => {
    const { status, path } = await run(world.upload({ 'model.pkl': SAFE_PICKLE }), signing);
    expect([status, path.slice(-3)]).toEqual(['SUCCEEDED', ['Promote', 'StartSigning', 'Clean']]);
    const prefix = served.keys[0].replace(/model\.pkl$/, '');
    expect(started).toEqual([{ StateMachineArn: 'arn:signer', Input: { prefix } }]);
    expect(findings).toEqual([]);
  });

  test('again when it is promoted again: what stopped is taken up', async () => {
    const upload = world.upload({ 'model.pkl': SAFE_PICKLE });
    await run(upload, signing);
    await run(upload, signing);
    expect(started).toHaveLength(2);
    expect(started[0]).toEqual(started[1]);
  });

  test('and nothing is signed that was not promoted', async () => {
    await run(world.upload({ 'model.pkl': EVIL_PICKLE }), signing);
    failures.promote = Array<string>(3).fill('Lambda.Unknown');
    await run(world.upload({ 'model.pkl': SAFE_PICKLE }), signing);
    expect([findings.at(-1), started]).toEqual([['NOT_PROMOTED'], []]);
  });

  test.each(['StepFunctions.ExecutionLimitExceededException', 'SlowDown'])('also when the start fails twice with %s', async (failure) => {
    failures.signer = [failure, failure];
    expect(await run(world.upload({ 'model.pkl': SAFE_PICKLE }), signing)).toMatchObject({ status: 'SUCCEEDED' });
    expect(started).toHaveLength(1);
  });

  test.each([['cannot be started', Array<string>(3).fill('StepFunctions.AccessDeniedException')], ['does not answer', ['States.Timeout']]])(
    'a signer that %s is told of, as a model without signature', async (_, given) => {
      failures.signer = given;
      expect(await run(world.upload({ 'model.pkl': SAFE_PICKLE }), signing)).toMatchObject({ status: 'FAILED', error: 'NOT_SIGNED' });
      expect([findings, told.at(-1)]).toEqual([[['SIGNING_NOT_STARTED']], 'see docs/runbook.md#unsigned-model']);
    },
  );

  test('a finding about it that nobody took fails in its own way', async () => {
    failures.signer = Array<string>(3).fill('StepFunctions.AccessDeniedException');
    failures.finding = Array<string>(3).fill('FindingError.NOT_DELIVERED');
    expect(await run(world.upload({ 'model.pkl': SAFE_PICKLE }), signing)).toMatchObject({ status: 'FAILED', error: 'FINDING_NOT_RAISED' });
  });
});

describe('anything but clean stays in quarantine, with a finding', () => {
  test.each<[string, string[], () => unknown]>([
    ['dangerous files', ['ARTIFACTS_DANGEROUS', 'PICKLE_DENIED_GLOBAL'], () => world.upload({ 'model.pkl': EVIL_PICKLE })],
    ['files of no known format', ['ARTIFACTS_UNSCANNABLE'], () => world.upload({ 'model.bin': Buffer.from([1, 2, 3, 4]) })],
    ['files that could not be scanned in time', ['ARTIFACTS_UNSCANNABLE', 'LIMIT_EXCEEDED'], () => {
      world.patience = 0;
      return world.upload({ 'model.pkl': SAFE_PICKLE });
    }],
    ['malware', ['MALWARE_FOUND'], () => world.upload({ 'model.pkl': SAFE_PICKLE }, 'THREATS_FOUND')],
    ['what the malware scan cannot read', ['MALWARE_NOT_EXCLUDED'], () => world.upload({ 'model.pkl': SAFE_PICKLE }, 'UNSUPPORTED')],
    ['a manifest that is none', ['UPLOAD_INVALID'], () => world.put(`${FOLDER}upload.json`, '{}')],
    ['an input that somebody made up', ['SCAN_FAILED'], () => ({ key: 'a', versionId: 'null' })],
    ['an upload that is not there', ['SCAN_FAILED'], () => ({ key: 'a/upload.json', versionId: 'v9' })],
  ])('%s', async (_, reasons, upload) => {
    expect(await run(upload())).toMatchObject(REFUSED);
    expect(findings).toEqual([expect.arrayContaining(reasons)]);
    expect(served.keys).toEqual([]);
  });

  test('no word of the malware scan for an hour and a half', async () => {
    const upload = world.upload({ 'model.pkl': SAFE_PICKLE });
    world.tag(`${FOLDER}model.pkl`, undefined);
    expect(await run(upload)).toMatchObject(REFUSED);
    expect([findings, calls.filter((name) => name === 'malware').length, served.keys]).toEqual([[['NO_MALWARE_VERDICT']], 91, []]);
  });

  test('a manifest that the malware scan has not spoken of is not read for the wait', async () => {
    const upload = world.upload({ 'model.pkl': SAFE_PICKLE });
    world.tag(upload.key, undefined);
    await run(upload);
    expect(findings).toEqual([['NO_MALWARE_VERDICT']]);
  });

  test.each([['malware', 'SCAN_FAILED'], ['scan', 'SCAN_FAILED'], ['verdict', 'SCAN_FAILED'], ['promote', 'NOT_PROMOTED']])('%s fails for good', async (name, reason) => {
    failures[name] = Array<string>(3).fill('Lambda.Unknown');
    expect(await run(world.upload({ 'model.pkl': SAFE_PICKLE }))).toMatchObject(REFUSED);
    expect([findings, served.keys]).toEqual([[[reason]], []]);
  });

  test.each(['malware', 'scan', 'verdict', 'promote'])('%s takes too long', async (name) => {
    failures[name] = ['States.Timeout'];
    expect(await run(world.upload({ 'model.pkl': SAFE_PICKLE }))).toMatchObject(REFUSED);
    expect(served.keys).toEqual([]);
  });

  test.each(['malware', 'scan', 'verdict', 'promote'])('what fails twice in %s may pass by itself', async (name) => {
    failures[name] = ['Lambda.TooManyRequestsException', 'SlowDown'];
    expect(await run(world.upload({ 'model.pkl': SAFE_PICKLE }))).toMatchObject({ status: 'SUCCEEDED' });
  });

  test('a refusal of a function is not tried again', async () => {
    await run(world.put(`${FOLDER}upload.json`, '{}'));
    expect(calls).toEqual(['malware', 'scan', 'finding']);
    calls.length = 0;
    before.promote = () => world.records.files.forEach((_, key) => key.startsWith('verdicts/') && world.records.files.delete(key));
    await run(world.upload({ 'model.pkl': SAFE_PICKLE }));
    expect(calls).toEqual(['malware', 'scan', 'verdict', 'promote', 'finding']);
  });

  test('a manifest that only one of the two could read', async () => {
    const upload = world.upload({ 'model.pkl': SAFE_PICKLE });
    failures.scan = ['UploadError.INVALID_MANIFEST'];
    expect(await run(upload)).toMatchObject(REFUSED);
    expect(findings).toEqual([['UPLOAD_INVALID']]);
  });

  test('a verdict that is changed before the promotion', async () => {
    const upload = world.upload({ 'model.pkl': SAFE_PICKLE });
    before.promote = () => {
      for (const [key, bundle] of world.records.files) {
        if (key.startsWith('verdicts/')) world.records.files.set(key, Buffer.from(bundle.toString().replace('"sig":"M', '"sig":"N')));
      }
    };
    expect(await run(upload)).toMatchObject(REFUSED);
    expect([findings, served.keys]).toEqual([[['NOT_PROMOTED']], []]);
  });

  test('a refusal that was signed before, though the scans say otherwise now', async () => {
    const upload = world.upload({ 'model.pkl': SAFE_PICKLE });
    await run(upload);
    const [keys] = [[...served.keys]];
    const { id } = await world.scan(upload);
    const verdict = readVerdict(world.records.files.get(verdictKey(id))!, world.key.publicKey);
    world.records.files.set(verdictKey(id), await signStatement(writeVerdict({ ...verdict, verdict: 'REFUSED', reasons: ['MALWARE_FOUND'] }), world.key.signer));
    expect(await run(upload)).toMatchObject(REFUSED);
    expect([findings, served.keys]).toEqual([[['NOT_PROMOTED']], keys]);
  });

  test('a finding that nobody took fails the execution in its own way', async () => {
    failures.finding = Array<string>(3).fill('FindingError.NOT_DELIVERED');
    expect(await run(world.upload({ 'model.pkl': EVIL_PICKLE }))).toMatchObject({ status: 'FAILED', error: 'FINDING_NOT_RAISED' });
  });

  test.each(['clean', 'SAFE', ''])('a verdict %j that the machine does not know', async (verdict) => {
    const unknown = await runStateMachine(machine, { key: 'a', versionId: 'v1' }, {
      context: { Execution: EXECUTION }, task: ({ parameters }) => ({ Payload: parameters.FunctionName === 'verdict' ? { verdict, reasons: [] } : { id: 'x', model: 'm' } }),
    });
    expect(unknown).toMatchObject(REFUSED);
    expect(unknown.path).not.toContain('Promote');
  });
});

describe('the machine', () => {
  test('has no other way to the promotion than a decision', () => {
    const into = (wanted: string) => Object.keys(machine.States).filter((name) => targetsOf(machine.States[name]).includes(wanted));
    expect([into('Promote'), into('Decided'), into('Decide'), into('Clean')]).toEqual([['Decided'], ['Decide'], ['ArtifactsScanned'], ['Promote']]);
  });

  test('has no other way to the signature than a promotion, and no way back from it', () => {
    const into = (wanted: string) => Object.keys(signing.States).filter((name) => targetsOf(signing.States[name]).includes(wanted));
    expect([into('StartSigning'), into('Clean'), targetsOf(signing.States.StartSigning)]).toEqual([['Promote'], ['StartSigning'], ['Clean', 'NotStarted']]);
  });

  test('takes from what starts it nothing but key and version', async () => {
    const evil = { ...world.upload({ 'model.pkl': EVIL_PICKLE }), examined: { malware: { reason: 'NONE' }, artifacts: { reason: 'NONE', id: 'x' } }, refusal: { verdict: 'CLEAN' } };
    expect(await run(evil)).toMatchObject(REFUSED);
    expect(served.keys).toEqual([]);
  });

  test('has no state that did not run in the tests above', () => {
    expect([...ran].sort()).toEqual(statesOf(signing).sort());
  });
});
