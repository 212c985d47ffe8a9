import { JsonShape } from '../signing/json-shape';
import { quoted, SigningError } from '../signing/signing-error';
import { parseStrictJson } from '../signing/strict-json';
import type { ApprovalToken, PendingApproval } from './approval';
import { GateError } from './gate-error';
import type { Person } from './person';

/** Somebody asks for the approval of a model package. */
export interface ApprovalRequest {
  readonly id: string;
  readonly modelPackageArn: string;
  /** Where the promoted model lies in the served store, as `models/fraud/sha256-…/`. */
  readonly prefix: string;
  readonly requester: Person;
  readonly requestedAt: Date;
}

/** A model that waits, with what a person must know to decide. */
export interface PendingRecord extends PendingApproval {
  readonly prefix: string;
}

export interface DecisionRecord {
  readonly id: string;
  readonly decision: 'approve' | 'reject';
  readonly approver: Person;
  readonly decidedAt: Date;
}

const ID = /^[0-9a-f]{32}$/;
const PACKAGE = /^arn:aws[a-z-]*:sagemaker:[a-z0-9-]+:\d{12}:model-package\/[a-z0-9][a-z0-9-]{0,62}\/[1-9]\d{0,8}$/i;
const PREFIX = /^models\/[a-z0-9][a-z0-9._-]{0,62}\/sha256-[0-9a-f]{64}\/$/;

/** The name of an approval. @throws GateError REQUEST_INVALID */
export function approvalId(text: string): string {
  if (!ID.test(text)) throw new GateError('REQUEST_INVALID', `${quoted(text)} is no id of an approval`);
  return text;
}

/** @throws GateError REQUEST_INVALID */
export function modelPackageArn(text: string): string {
  if (!PACKAGE.test(text)) throw new GateError('REQUEST_INVALID', `${quoted(text)} is no ARN of a version in a model package group`);
  return text;
}

/** @throws GateError REQUEST_INVALID */
export function modelPrefix(text: string): string {
  if (!PREFIX.test(text)) throw new GateError('REQUEST_INVALID', `${quoted(text)} is no prefix of a promoted model: models/<name>/sha256-<digest>/`);
  return text;
}

export const writeRecord = (record: ApprovalRequest | PendingRecord | DecisionRecord | ApprovalToken): string => JSON.stringify(record);

export function readRequest(bytes: Uint8Array): ApprovalRequest {
  return reading(bytes, (shape) => ({
    id: approvalId(shape.string('id')),
    modelPackageArn: modelPackageArn(shape.string('modelPackageArn')),
    prefix: modelPrefix(shape.string('prefix')),
    requester: readPerson(shape.object('requester')),
    requestedAt: readDate(shape, 'requestedAt'),
  }));
}

export function readPending(bytes: Uint8Array): PendingRecord {
  return reading(bytes, (shape) => ({
    id: approvalId(shape.string('id')),
    modelPackageArn: modelPackageArn(shape.string('modelPackageArn')),
    prefix: modelPrefix(shape.string('prefix')),
    rootDigest: shape.string('rootDigest'),
    policySha256: shape.string('policySha256'),
    author: readPerson(shape.object('author')),
    requester: readPerson(shape.object('requester')),
    expiresAt: readDate(shape, 'expiresAt'),
  }));
}

export function readDecision(bytes: Uint8Array): DecisionRecord {
  return reading(bytes, (shape) => {
    const decision = shape.string('decision');
    if (decision !== 'approve' && decision !== 'reject') throw new SigningError('FIELD_INVALID', 'decision must be approve or reject');
    return { id: approvalId(shape.string('id')), decision, approver: readPerson(shape.object('approver')), decidedAt: readDate(shape, 'decidedAt') };
  });
}

export function readToken(bytes: Uint8Array): ApprovalToken {
  return reading(bytes, (shape) => ({
    hash: shape.string('hash'),
    approvalId: approvalId(shape.string('approvalId')),
    rootDigest: shape.string('rootDigest'),
    holder: readPerson(shape.object('holder')),
    expiresAt: readDate(shape, 'expiresAt'),
  }));
}

/** A record of the gate itself that does not read is no request of anybody: the error names it. @throws GateError REQUEST_INVALID */
function reading<T>(bytes: Uint8Array, read: (shape: JsonShape) => T): T {
  try {
    return read(JsonShape.of(parseStrictJson(bytes), 'record'));
  } catch (cause) {
    if (!(cause instanceof SigningError)) throw cause;
    throw new GateError('REQUEST_INVALID', cause.message, { cause });
  }
}

function readPerson(shape: JsonShape): Person {
  return { arn: shape.string('arn'), keys: shape.strings('keys') };
}

function readDate(shape: JsonShape, name: string): Date {
  const time = new Date(shape.string(name));
  if (Number.isNaN(time.getTime())) throw new SigningError('FIELD_INVALID', `${name} is no time`);
  return time;
}
