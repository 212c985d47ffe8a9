import { GATE_DESK, GATE_DESK_ENV } from '../../../../lib/models/gate-desk.contract';
import { PACKAGE, person, PREFIX } from '../../../models/gate/gate-world';
import type { HandlerCase, Stage } from '../handler-case';
import { freshWorld, gateFunction, keysBelow, makeBucket } from './gate-stage';

/** Somebody asks, somebody else decides, once; callers without the role and unknown approvals get nothing. */
export const GATE_DESK_CASE: HandlerCase = {
  contract: GATE_DESK,
  build: (stack) => gateFunction(stack, 'Desk'),
  play: async (stage) => {
    const records = stage.deployed.environment[GATE_DESK_ENV.RECORDS_BUCKET];
    const world = await freshWorld();
    const approval = await world.pending();
    await makeBucket(stage, records, world.records.files);

    const asked = await call(stage, person('bob', 'Pipelines'), { action: 'request', modelPackageArn: PACKAGE, prefix: PREFIX });
    stage.check('a request is taken', asked.statusCode === 200 && (await keysBelow(stage, records, 'requests/')).length === 2, asked);
    const listed = await call(stage, person('bob', 'Pipelines'), { action: 'list' });
    stage.check('what waits is listed', (listed.fields.approvals as { approval: string }[] | undefined)?.[0]?.approval === approval, listed);

    const before = stage.calls.length;
    const mallory = await call(stage, person('mallory', 'Pipelines'), { action: 'review', approval });
    stage.check('a caller without the role is refused', mallory.statusCode === 403 && mallory.fields.code === 'NOT_AN_APPROVER', mallory);
    stage.check('and nothing is read for them', stage.calls.length === before);
    const unknown = await call(stage, person('carol'), { action: 'review', approval: '0'.repeat(32) });
    stage.check('an approval that is not there is told from a denied one', unknown.fields.code === 'APPROVAL_UNKNOWN', unknown);

    const reviewed = await call(stage, person('carol'), { action: 'review', approval });
    const decide = { action: 'decide', approval, token: reviewed.fields.token, decision: 'approve' };
    const decided = await call(stage, person('carol'), decide);
    stage.check('a person decides', decided.statusCode === 200 && (await keysBelow(stage, records, 'decisions/')).length === 1, [reviewed, decided]);
    const again = await call(stage, person('carol'), decide);
    stage.check('and decides once', again.fields.code === 'TOKEN_USED', again);

    const denied = await stage.invoke(eventOf(person('carol'), { action: 'list' }), { ListObjectsV2: { status: 403, code: 'AccessDenied' } });
    stage.check('what AWS refuses fails the function', denied.errorType === 'AccessDenied', denied);
  },
};

interface Answer {
  readonly statusCode?: number;
  readonly fields: Readonly<Record<string, unknown>>;
}

async function call(stage: Stage, userArn: string, body: object): Promise<Answer> {
  const invocation = await stage.invoke(eventOf(userArn, body));
  const { statusCode, body: text } = (invocation.result ?? {}) as { statusCode?: number; body?: string };
  return { statusCode, fields: text === undefined ? { ...invocation } : JSON.parse(text) as Record<string, unknown> };
}

/** As Lambda hands over a signed request to a function URL. @see https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html */
function eventOf(userArn: string, body: object): object {
  return {
    version: '2.0', rawPath: '/', requestContext: { authorizer: { iam: { userArn } }, http: { method: 'POST' } },
    body: Buffer.from(JSON.stringify(body)).toString('base64'), isBase64Encoded: true,
  };
}
