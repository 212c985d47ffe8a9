import { randomBytes } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PendingApproval } from '../../../lib/models/gate/approval';
import { assertTokenFits, issueToken, tokenHash } from '../../../lib/models/gate/approval';
import type { GateErrorCode } from '../../../lib/models/gate/gate-error';
import { maySamePerson, personOf } from '../../../lib/models/gate/person';
import { NOW, ROOT_DIGEST } from './evidence';

const SSO = 'AWSReservedSSO_ModelApprover_0123456789abcdef';
const session = (role: string, name: string, account = '111122223333') => `arn:aws:sts::${account}:assumed-role/${role}/${name}`;
const author = personOf(session('TrainingPipeline', 'run-7'), ['alice']);
const requester = personOf(session(SSO, 'bob'));
const approver = personOf(session(SSO, 'carol'));
const pending: PendingApproval = {
  id: 'exec-1', modelPackageArn: 'arn:aws:sagemaker:eu-central-1:111122223333:model-package/fraud/3', rootDigest: ROOT_DIGEST, policySha256: 'b'.repeat(64),
  author, requester, expiresAt: new Date(NOW.getTime() + 86_400_000),
};
const later = (minutes: number) => new Date(NOW.getTime() + minutes * 60_000);
const withCode = (code: GateErrorCode): unknown => expect.objectContaining({ code });

describe('who is who', () => {
  test.each([
    ['sessions of one role, whatever name the caller gave them', session('Team', 'a1'), session('Team', 'b2'), true],
    ['a role and its session', 'arn:aws:iam::111122223333:role/path/Team', session('Team', 'b2'), true],
    ['roles of one name in two accounts', session('Team', 'a1'), session('Team', 'b2', '444455556666'), false],
    ['one directory user through two permission sets and accounts', session(SSO, 'Alice'), session('AWSReservedSSO_Reader_fedcba9876543210', 'alice', '444455556666'), true],
    ['two directory users of one permission set', session(SSO, 'alice'), session(SSO, 'bob'), false],
    ['an IAM user and a directory user of the same name', 'arn:aws:iam::111122223333:user/team/alice', session(SSO, 'alice'), true],
    ['a session that bears the name of a directory user', session('Team', 'alice'), session(SSO, 'alice'), true],
    ['two IAM users', 'arn:aws:iam::111122223333:user/alice', 'arn:aws:iam::111122223333:user/bob', false],
  ])('%s', (_, a, b, same) => {
    expect(maySamePerson(personOf(a), personOf(b))).toBe(same);
    expect(maySamePerson(personOf(b), personOf(a))).toBe(same);
  });

  test('a Studio profile tells who stands behind a shared role', () => {
    expect(maySamePerson(personOf(session('StudioExecution', 'SageMaker'), ['alice']), personOf(session(SSO, 'alice')))).toBe(true);
  });

  test.each([
    'arn:aws:iam::111122223333:root', 'arn:aws:sts::111122223333:federated-user/alice', 'lambda.amazonaws.com', '', '*', `arn:aws:iam::111122223333:role/${SSO}`,
    `${session('Team', 'a1')}/more`, `${session('Team', 'a1')}\n`, 'arn:aws:sts::1:assumed-role/Team/a1', 'arn:evil:sts::111122223333:assumed-role/Team/a1',
  ])('%j is nobody that can be told from others', (arn) => {
    expect(() => personOf(arn)).toThrow(withCode('IDENTITY_UNKNOWN'));
  });

  test('any text is a person who is themselves, or nobody', () => {
    fc.assert(fc.property(fc.string(), (text) => {
      try {
        expect(maySamePerson(personOf(text), personOf(text))).toBe(true);
      } catch (error) {
        expect(error).toMatchObject({ code: 'IDENTITY_UNKNOWN' });
      }
    }));
  });
});

describe('a token', () => {
  const { token, record } = issueToken(pending, approver, NOW, randomBytes);

  test('is opaque, and only its hash is kept', () => {
    expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(record).toEqual({ hash: tokenHash(token), approvalId: 'exec-1', rootDigest: ROOT_DIGEST, holder: approver, expiresAt: later(15) });
    expect(JSON.stringify(record)).not.toContain(token);
    expect(issueToken(pending, approver, NOW, randomBytes).token).not.toBe(token);
  });

  test('lets its holder decide', () => {
    expect(() => assertTokenFits(token, record, pending, approver, later(14))).not.toThrow();
  });

  test('is not given to the author, who may have another role, nor to the requester, nor after the approval ended', () => {
    expect(() => issueToken(pending, personOf(session(SSO, 'ALICE')), NOW, randomBytes)).toThrow(withCode('APPROVER_IS_AUTHOR'));
    expect(() => issueToken(pending, personOf(session('TrainingPipeline', 'me')), NOW, randomBytes)).toThrow(withCode('APPROVER_IS_AUTHOR'));
    expect(() => issueToken(pending, personOf(session(SSO, 'bob')), NOW, randomBytes)).toThrow(withCode('APPROVER_IS_REQUESTER'));
    expect(() => issueToken(pending, approver, pending.expiresAt, randomBytes)).toThrow(withCode('APPROVAL_EXPIRED'));
  });

  test('does not outlive its approval', () => {
    const short = { ...pending, expiresAt: later(5) };
    expect(issueToken(short, approver, NOW, randomBytes).record.expiresAt).toEqual(later(5));
  });

  test.each<[string, GateErrorCode, () => void]>([
    ['another token', 'TOKEN_UNKNOWN', () => assertTokenFits(issueToken(pending, approver, NOW, randomBytes).token, record, pending, approver, NOW)],
    ['text that is no token', 'TOKEN_UNKNOWN', () => assertTokenFits('../../secrets', record, pending, approver, NOW)],
    ['a record that was cut', 'TOKEN_UNKNOWN', () => assertTokenFits(token, { ...record, hash: record.hash.slice(2) }, pending, approver, NOW)],
    ['its last minute', 'TOKEN_EXPIRED', () => assertTokenFits(token, record, pending, approver, later(15))],
    ['a record without a time', 'TOKEN_EXPIRED', () => assertTokenFits(token, { ...record, expiresAt: new Date(NaN) }, pending, approver, NOW)],
    ['another approval', 'TOKEN_NOT_FOR_THIS', () => assertTokenFits(token, record, { ...pending, id: 'exec-2' }, approver, NOW)],
    ['another model', 'TOKEN_NOT_FOR_THIS', () => assertTokenFits(token, record, { ...pending, rootDigest: 'c'.repeat(64) }, approver, NOW)],
    ['another holder', 'TOKEN_NOT_FOR_THIS', () => assertTokenFits(token, record, pending, personOf(session(SSO, 'dave')), NOW)],
    ['a holder who turns out to be the author', 'APPROVER_IS_AUTHOR', () => assertTokenFits(token, record, { ...pending, author: approver }, approver, NOW)],
    ['an approval that ended', 'APPROVAL_EXPIRED', () => assertTokenFits(token, record, { ...pending, expiresAt: NOW }, approver, NOW)],
  ])('is refused for %s', (_, code, use) => expect(use).toThrow(withCode(code)));

  test('no other text of the same form fits', () => {
    fc.assert(fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
      expect(() => assertTokenFits(Buffer.from(bytes).toString('base64url'), record, pending, approver, NOW)).toThrow(withCode('TOKEN_UNKNOWN'));
    }));
  });
});
