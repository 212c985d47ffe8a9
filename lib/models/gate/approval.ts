import { createHash, timingSafeEqual } from 'node:crypto';
import { shownTime } from '../signing/signing-error';
import { GateError } from './gate-error';
import type { Person } from './person';
import { maySamePerson } from './person';

/** A model that passed the checks and waits for a person. */
export interface PendingApproval {
  /** Name of the gate's execution that made it. */
  readonly id: string;
  readonly modelPackageArn: string;
  readonly rootDigest: string;
  readonly policySha256: string;
  /** Who made the model package. */
  readonly author: Person;
  /** Who asked for the approval. */
  readonly requester: Person;
  readonly expiresAt: Date;
}

/** What is kept of a token. The token itself is nowhere but with its holder. */
export interface ApprovalToken {
  /** SHA-256 of the token. */
  readonly hash: string;
  readonly approvalId: string;
  readonly rootDigest: string;
  readonly holder: Person;
  readonly expiresAt: Date;
}

/** Bytes of a token: nobody guesses it. */
const TOKEN_BYTES = 32;
const TOKEN = /^[A-Za-z0-9_-]{43}$/;
/** Time to read what is to be approved. Unit: minutes. */
const TOKEN_MINUTES = 15;

/**
 * Makes a token for one person, one approval and one model, once they looked at it.
 *
 * @param random gives cryptographically secure bytes
 * @throws GateError APPROVER_IS_AUTHOR, APPROVER_IS_REQUESTER or APPROVAL_EXPIRED
 */
export function issueToken(
  pending: PendingApproval, holder: Person, now: Date, random: (bytes: number) => Buffer,
): { readonly token: string; readonly record: ApprovalToken } {
  assertMayDecide(pending, holder, now);
  const token = random(TOKEN_BYTES).toString('base64url');
  if (!TOKEN.test(token)) throw new Error(`random gave ${token.length} characters for a token`);
  const expiresAt = new Date(Math.min(now.getTime() + TOKEN_MINUTES * 60_000, pending.expiresAt.getTime()));
  return { token, record: { hash: hashOf(token), approvalId: pending.id, rootDigest: pending.rootDigest, holder, expiresAt } };
}

/** Under what a token is found. @throws GateError TOKEN_UNKNOWN - it cannot be one */
export function tokenHash(token: string): string {
  if (!TOKEN.test(token)) throw new GateError('TOKEN_UNKNOWN', 'that is no token of this gate');
  return hashOf(token);
}

/**
 * Whether this person may decide this approval with this token, now. That nobody used it is for the store, which takes one decision.
 *
 * @throws GateError with the code of the first check that fails
 */
export function assertTokenFits(token: string, record: ApprovalToken, pending: PendingApproval, approver: Person, now: Date): void {
  const [given, kept] = [Buffer.from(tokenHash(token), 'hex'), Buffer.from(record.hash, 'hex')];
  if (given.length !== kept.length || !timingSafeEqual(given, kept)) throw new GateError('TOKEN_UNKNOWN', 'that is no token of this gate');
  // NaN, as of a broken record, is before nothing.
  if (!(now.getTime() < record.expiresAt.getTime())) {
    throw new GateError('TOKEN_EXPIRED', `the token ended ${shownTime(record.expiresAt)}; look at the approval again for a new one`);
  }
  if (record.approvalId !== pending.id || record.rootDigest !== pending.rootDigest) {
    throw new GateError('TOKEN_NOT_FOR_THIS', 'the token was given for another approval');
  }
  // Not by overlap: the very identity that looked, with all that is known of it.
  if (record.holder.arn !== approver.arn) throw new GateError('TOKEN_NOT_FOR_THIS', 'the token was given to somebody else');
  assertMayDecide(pending, approver, now);
}

/** @throws GateError APPROVER_IS_AUTHOR, APPROVER_IS_REQUESTER or APPROVAL_EXPIRED */
export function assertMayDecide(pending: PendingApproval, approver: Person, now: Date): void {
  if (maySamePerson(approver, pending.author)) {
    throw new GateError('APPROVER_IS_AUTHOR', `${approver.arn} made the model (${pending.author.arn}): somebody else decides`);
  }
  if (maySamePerson(approver, pending.requester)) {
    throw new GateError('APPROVER_IS_REQUESTER', `${approver.arn} asked for the approval (${pending.requester.arn}): somebody else decides`);
  }
  if (!(now.getTime() < pending.expiresAt.getTime())) {
    throw new GateError('APPROVAL_EXPIRED', `the approval ended ${shownTime(pending.expiresAt)}: ask for it again`);
  }
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
