import { GATE_CHECK, GATE_CHECK_ENV, type GateCheckEvent } from '../../../../lib/models/gate-check.contract';
import type { StageOutcome } from '../../../../lib/models/gate/gate-stage';
import { writeRecord } from '../../../../lib/models/gate/gate-records';
import { personOf } from '../../../../lib/models/gate/person';
import { TrustStore } from '../../../../lib/models/signing/trust-store';
import { policyDocument } from '../../../models/gate/evidence';
import type { GateWorld } from '../../../models/gate/gate-world';
import { GROUP, KMS_KEY, PACKAGE, person, PREFIX } from '../../../models/gate/gate-world';
import type { HandlerCase, Stage } from '../handler-case';
import { freshWorld, gateFunction, keysBelow, makeBucket, putObjects } from './gate-stage';

/** A good model waits for a person and passes on their word; another package, a changed file and a missing record do not. */
export const GATE_CHECK_CASE: HandlerCase = {
  contract: GATE_CHECK,
  build: (stack) => gateFunction(stack, 'Check'),
  play: async (stage) => {
    const records = stage.deployed.environment[GATE_CHECK_ENV.RECORDS_BUCKET];
    const served = stage.deployed.environment[GATE_CHECK_ENV.SERVED_BUCKET];
    const world = await freshWorld();
    const { approval } = await world.desk(person('bob', 'Pipelines'), { action: 'request', modelPackageArn: PACKAGE, prefix: PREFIX });
    await makeBucket(stage, records, world.records.files);
    await makeBucket(stage, served, world.files.map(([name, content]) => [`${PREFIX}${name}`, content]));
    const request = `requests/${String(approval)}.json`;
    const package_ = packageIn(world, served);
    const event: NewEvent = (key, more = {}) => eventOf(world, { key, ...more });

    const subject = await stage.invoke(event(request));
    stage.check('a request is read without its package', (subject.result as { id?: string } | undefined)?.id === approval, subject);
    await playRefusals(stage, event, request, package_);

    const waiting = await stage.invoke(event(request, { package: package_ }));
    stage.check('a good model waits for a person', nextOf(waiting.result) === 'AWAIT_PERSON', waiting);
    stage.check('what waits is written down', (await keysBelow(stage, records, 'pending/')).length === 1);
    const again = await stage.invoke(event(request, { package: package_ }));
    stage.check('a second run changes nothing', nextOf(again.result) === 'AWAIT_PERSON' && stage.calls.at(-1)?.status === 412, again);

    const decision = `decisions/${String(approval)}.json`;
    await putObjects(stage, records, [[decision, writeRecord({ id: String(approval), decision: 'approve', approver: personOf(person('carol')), decidedAt: new Date() })]]);
    const approved = await stage.invoke(event(decision, { package: package_ }));
    stage.check('a person takes it through', nextOf(approved.result) === 'APPROVE', approved);
    await putObjects(stage, served, [[`${PREFIX}config.json`, '{"layers": 4}']]);
    const changed = await stage.invoke(event(decision, { package: package_ }));
    stage.check('a file that was changed since is seen', nextOf(changed.result) === 'REJECT', changed);
  },
};

type NewEvent = (key: string, more?: Partial<GateCheckEvent>) => GateCheckEvent;

async function playRefusals(stage: Stage, event: NewEvent, request: string, package_: object): Promise<void> {
  const missing = await stage.invoke(event(`requests/${'0'.repeat(32)}.json`));
  stage.check('a request that is not there is told from a denied one', /there is no record/.test(missing.errorMessage ?? ''), missing);
  const before = stage.calls.length;
  const other = await stage.invoke(event(request, { package: { ...package_, ModelPackageGroupName: 'other' } }));
  stage.check('another package is refused', nextOf(other.result) === 'REFUSE', other);
  stage.check('its model is not read', stage.calls.slice(before).every(({ operation, parameters }) => operation === 'GetObject' && parameters.VersionId === undefined));
  const denied = await stage.invoke(event(request, { package: package_ }), { ListObjectVersions: { status: 403, code: 'AccessDenied' } });
  stage.check('a model that may not be read is no verdict', denied.errorType !== undefined && denied.result === undefined, denied);
}

function eventOf(world: GateWorld, event: Partial<GateCheckEvent> & Pick<GateCheckEvent, 'key'>): GateCheckEvent {
  const trust = TrustStore.EMPTY.add(world.key.publicKey, new Date('2026-01-01T00:00:00Z')).toBytes().toString();
  const policy = policyDocument().toString();
  return { policy, modelTrust: trust, evidenceTrust: trust, group: GROUP, kmsKeyArn: KMS_KEY, approvalHours: 72, ...event };
}

/** The world's package, with the model in the bucket of this deployment. */
function packageIn(world: GateWorld, served: string): object {
  return JSON.parse(JSON.stringify(world.described).replaceAll('s3://served/', `s3://${served}/`)) as object;
}

function nextOf(result: unknown): StageOutcome['next'] | undefined {
  return (result as StageOutcome | undefined)?.next;
}
