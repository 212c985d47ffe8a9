import type { ApprovalToken } from './approval';
import { assertTokenFits, issueToken, tokenHash } from './approval';
import { GateError } from './gate-error';
import type { DecisionRecord, PendingRecord } from './gate-records';
import { approvalId, modelPackageArn, modelPrefix, readPending, readToken, writeRecord } from './gate-records';
import { personOf, type Person } from './person';
import type { RecordStore } from './record-store';
import { RECORDS } from './record-store';

/** Pending approvals that one listing reads. */
const MAX_LISTED = 50;

/** What the desk takes from outside. */
export interface DeskPorts {
  readonly records: RecordStore;
  readonly now: () => Date;
  readonly random: (bytes: number) => Buffer;
  /** Identities that may decide, by their role: see `personOf`. */
  readonly isApprover: (arn: string) => boolean;
}

/** What a caller wants, beside who they are. */
export interface DeskCall {
  /** From the signed request context. */
  readonly callerArn: string;
  /** The body, which is hostile. */
  readonly body: unknown;
}

/**
 * The desk of the gate: where somebody asks for an approval, and others list, look and decide.
 *
 * Who calls is taken from what AWS authenticated, never from the body. A decision is written once; what it leads to is for the gate, which
 * checks everything again.
 *
 * @throws GateError
 */
export async function serveDesk({ callerArn, body }: DeskCall, ports: DeskPorts): Promise<object> {
  const caller = personOf(callerArn);
  const fields = fieldsOf(body);
  switch (fields.get('action')) {
    case 'request': return request(caller, only(fields, 'modelPackageArn', 'prefix'), ports);
    case 'list': return list(only(fields), ports);
    case 'review': return review(approver(caller, ports), only(fields, 'approval'), ports);
    case 'decide': return decide(approver(caller, ports), only(fields, 'approval', 'token', 'decision'), ports);
    default: throw new GateError('REQUEST_INVALID', 'action must be request, list, review or decide');
  }
}

async function request(requester: Person, fields: Fields, { records, now, random }: DeskPorts): Promise<object> {
  const record = {
    id: random(16).toString('hex'),
    modelPackageArn: modelPackageArn(fields.modelPackageArn),
    prefix: modelPrefix(fields.prefix),
    requester,
    requestedAt: now(),
  };
  const written = await records.writeOnce(`${RECORDS.REQUESTS}${record.id}.json`, writeRecord(record));
  if (!written) throw new Error('the id of the request is taken');
  return { approval: record.id };
}

async function list(_fields: Fields, { records, now }: DeskPorts): Promise<object> {
  const ids = async (prefix: string) => (await records.keys(prefix)).map((key) => key.slice(prefix.length).replace(/\.json$/, ''));
  const decided = new Set(await ids(RECORDS.DECISIONS));
  const open = (await ids(RECORDS.PENDING)).filter((id) => !decided.has(id));
  const pending = await Promise.all(open.slice(0, MAX_LISTED).map((id) => pendingOf(id, records)));
  const valid = pending.filter(({ expiresAt }) => now().getTime() < expiresAt.getTime());
  return { approvals: valid.map(shownApproval), more: open.length > MAX_LISTED };
}

async function review(caller: Person, fields: Fields, { records, now, random }: DeskPorts): Promise<object> {
  const pending = await pendingOf(approvalId(fields.approval), records);
  const { token, record } = issueToken(pending, caller, now(), random);
  if (!await records.writeOnce(tokenKey(record.hash), writeRecord(record))) throw new Error('the token is taken');
  return { ...shownApproval(pending), token, tokenExpiresAt: record.expiresAt };
}

async function decide(caller: Person, fields: Fields, { records, now }: DeskPorts): Promise<object> {
  const { decision } = fields;
  if (decision !== 'approve' && decision !== 'reject') throw new GateError('REQUEST_INVALID', 'decision must be approve or reject');
  const pending = await pendingOf(approvalId(fields.approval), records);
  const token = await tokenOf(fields.token, records);
  assertTokenFits(fields.token, token, pending, caller, now());
  // The token first: of two decisions at the same time by one token, the second finds it used.
  if (!await records.writeOnce(`${tokenKey(token.hash)}.used`, decision)) throw new GateError('TOKEN_USED', 'the token was used already');
  const record: DecisionRecord = { id: pending.id, decision, approver: caller, decidedAt: now() };
  if (!await records.writeOnce(`${RECORDS.DECISIONS}${pending.id}.json`, writeRecord(record))) {
    throw new GateError('APPROVAL_DECIDED', 'somebody has decided already');
  }
  return { approval: pending.id, decision };
}

type Fields = Readonly<Record<string, string>>;

function fieldsOf(body: unknown): ReadonlyMap<string, unknown> {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw new GateError('REQUEST_INVALID', 'the body must be a JSON object');
  return new Map(Object.entries(body));
}

/** Exactly these fields, each a text. */
function only(fields: ReadonlyMap<string, unknown>, ...names: string[]): Fields {
  const unknown = [...fields.keys()].find((key) => key !== 'action' && !names.includes(key));
  if (unknown !== undefined) throw new GateError('REQUEST_INVALID', `the body has the unknown field ${JSON.stringify(unknown).slice(0, 80)}`);
  return Object.fromEntries(names.map((name) => {
    const value = fields.get(name);
    if (typeof value !== 'string' || value === '' || value.length > 2048) {
      throw new GateError('REQUEST_INVALID', `${name} must be a text`);
    }
    return [name, value];
  }));
}

function approver(caller: Person, { isApprover }: DeskPorts): Person {
  if (!isApprover(caller.arn)) throw new GateError('NOT_AN_APPROVER', `${caller.arn} is not among those who decide`);
  return caller;
}

async function pendingOf(id: string, records: RecordStore): Promise<PendingRecord> {
  const bytes = await records.read(`${RECORDS.PENDING}${id}.json`);
  if (!bytes) throw new GateError('APPROVAL_UNKNOWN', `there is no approval ${id}`);
  return readPending(bytes);
}

async function tokenOf(token: string, records: RecordStore): Promise<ApprovalToken> {
  const bytes = await records.read(tokenKey(tokenHash(token)));
  if (!bytes) throw new GateError('TOKEN_UNKNOWN', 'that is no token of this gate');
  return readToken(bytes);
}

function tokenKey(hash: string): string {
  return `${RECORDS.TOKENS}${hash}`;
}

function shownApproval({ id, modelPackageArn: arn, prefix, rootDigest, author, requester, expiresAt }: PendingRecord): object {
  return { approval: id, modelPackageArn: arn, prefix, rootDigest, author: author.arn, requester: requester.arn, expiresAt };
}
