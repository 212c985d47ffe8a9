import { beforeEach, describe, expect, test } from 'vitest';
import { isSessionOf } from '../../../lib/models/gate/approver-roles';
import { AUTHOR, GateWorld, PACKAGE, person, PREFIX } from './gate-world';

let world: GateWorld;
let approval: string;
beforeEach(async () => {
  world = await GateWorld.create();
  approval = await world.pending();
});

const minutes = (count: number) => { world.now = new Date(world.now.getTime() + count * 60_000); };
const decide = (token: string, who = person('carol'), change: object = {}) => world.desk(who, { action: 'decide', approval, token, decision: 'approve', ...change });

describe('the desk', () => {
  test('shows what waits, to look at and to decide, and keeps the token of nobody', async () => {
    expect(await world.desk(person('dave'), { action: 'list' })).toMatchObject({ approvals: [{ approval, modelPackageArn: PACKAGE, author: AUTHOR }], more: false });
    const token = await world.token(approval);
    expect([...world.records.files].flat().join('\n')).not.toContain(token);
    expect(await decide(token)).toEqual({ approval, decision: 'approve' });
    expect(await world.desk(person('dave'), { action: 'list' })).toMatchObject({ approvals: [] });
  });

  test('takes who calls from the context, never from the body', async () => {
    await expect(world.desk(AUTHOR, { action: 'review', approval, callerArn: person('carol') })).rejects.toMatchObject({ code: 'NOT_AN_APPROVER' });
    await expect(world.desk(person('carol'), { action: 'review', approval, callerArn: person('dave') })).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
    await expect(world.desk('', { action: 'list' })).rejects.toMatchObject({ code: 'IDENTITY_UNKNOWN' });
  });

  test('gives the author and the requester no token, in whatever role they come', async () => {
    await expect(world.token(approval, person('alice'))).rejects.toMatchObject({ code: 'APPROVER_IS_AUTHOR' });
    await expect(world.token(approval, person('Bob'))).rejects.toMatchObject({ code: 'APPROVER_IS_REQUESTER' });
    const anybody = { isApprover: () => true };
    await expect(world.desk(AUTHOR, { action: 'review', approval }, anybody)).rejects.toMatchObject({ code: 'APPROVER_IS_AUTHOR' });
    await expect(world.desk(person('someone', 'Pipelines'), { action: 'review', approval }, anybody)).rejects.toMatchObject({ code: 'APPROVER_IS_REQUESTER' });
  });

  test('takes a token once: a replay, also by a changed mind, is refused', async () => {
    const token = await world.token(approval);
    await decide(token);
    await expect(decide(token)).rejects.toMatchObject({ code: 'TOKEN_USED' });
    await expect(decide(token, person('carol'), { decision: 'reject' })).rejects.toMatchObject({ code: 'TOKEN_USED' });
    expect(world.records.files.get(`decisions/${approval}.json`)?.toString()).toContain('"decision":"approve"');
  });

  test('takes one decision of many at the same time', async () => {
    const tokens = await Promise.all(['carol', 'dave', 'erin'].map(async (name) => [person(name), await world.token(approval, person(name))] as const));
    const results = await Promise.allSettled(tokens.map(([who, token]) => decide(token, who)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(results.filter((one) => one.status === 'rejected').map((one) => (one.reason as { code: string }).code)).toEqual(['APPROVAL_DECIDED', 'APPROVAL_DECIDED']);
  });

  test('refuses an expired token, a stolen one, one for another model, and a guess', async () => {
    const token = await world.token(approval);
    await expect(decide(token, person('dave'))).rejects.toMatchObject({ code: 'TOKEN_NOT_FOR_THIS' });
    const other = await world.pending();
    await expect(decide(token, person('carol'), { approval: other })).rejects.toMatchObject({ code: 'TOKEN_NOT_FOR_THIS' });
    await expect(decide('A'.repeat(43))).rejects.toMatchObject({ code: 'TOKEN_UNKNOWN' });
    await expect(decide('../decisions/x')).rejects.toMatchObject({ code: 'TOKEN_UNKNOWN' });
    minutes(15);
    await expect(decide(token)).rejects.toMatchObject({ code: 'TOKEN_EXPIRED' });
  });

  test('ends an approval that nobody decided', async () => {
    minutes(72 * 60);
    expect(await world.desk(person('dave'), { action: 'list' })).toMatchObject({ approvals: [] });
    await expect(world.token(approval)).rejects.toMatchObject({ code: 'APPROVAL_EXPIRED' });
  });

  test.each([
    ['nothing', undefined], ['text', 'list'], ['a list', []], ['no action', {}], ['an unknown action', { action: 'approve' }],
    ['a prototype-named action', { action: '__proto__' }], ['an unknown field', { action: 'list', all: 'yes' }],
    ['a number for an approval', { action: 'review', approval: 7 }], ['a path for an approval', { action: 'review', approval: '../tokens/x' }],
    ['another decision', { action: 'decide', approval: 'a'.repeat(32), token: 'A'.repeat(43), decision: 'yes' }],
    ['an ARN of another service', { action: 'request', modelPackageArn: 'arn:aws:s3:::x', prefix: PREFIX }],
    ['a prefix that leads out', { action: 'request', modelPackageArn: PACKAGE, prefix: 'models/../other/' }],
    ['a text without end', { action: 'review', approval: 'a'.repeat(5000) }],
  ])('refuses %s', async (_, body) => {
    await expect(world.desk(person('carol'), body)).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
  });

  test('knows no approval that is not there', async () => {
    await expect(world.desk(person('carol'), { action: 'review', approval: '0'.repeat(32) })).rejects.toMatchObject({ code: 'APPROVAL_UNKNOWN' });
  });
});

test.each([
  [person('carol'), 'arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Approver_0123456789abcdef', true],
  [person('carol'), 'arn:aws:iam::444455556666:role/AWSReservedSSO_Approver_0123456789abcdef', false],
  [person('carol'), 'arn:aws:iam::111122223333:role/AWSReservedSSO_Approver', false],
  ['arn:aws:iam::111122223333:user/carol', 'arn:aws:iam::111122223333:role/carol', false],
  ['', '', false],
])('%s acts through %s: %s', (arn, role, expected) => expect(isSessionOf(arn, role)).toBe(expected));
