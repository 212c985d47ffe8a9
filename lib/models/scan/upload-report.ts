import type { PromotionObject } from '../promote/promotion-request';
import type { Verdict } from '../scanning/verdict';
import { isHexDigest } from '../signing/digest-algorithm';
import { JsonShape } from '../signing/json-shape';
import { SigningError } from '../signing/signing-error';
import { parseStrictJson } from '../signing/strict-json';
import { UploadError } from './upload-error';

/** Where reports lie in the records. Only the scanner's role writes there. */
export const REPORTS = 'reports/';

const SCHEMA = 'cdk-secure-ai/upload-report/v1';
const VERDICTS: readonly string[] = ['SAFE', 'SUSPICIOUS', 'UNSCANNABLE', 'DANGEROUS'] satisfies Verdict[];

/** An object as it was scanned. */
export interface ExaminedObject extends PromotionObject {
  /** Unit: bytes. */
  readonly size: number;
  /** Left out of what was not found safe: it need not be named any further. */
  readonly sha256?: string;
}

/** What the scanner found in the files of an upload. */
export interface UploadReport {
  readonly id: string;
  readonly bucket: string;
  readonly verdict: Verdict;
  /** Codes of the scanner's reasons, each once. */
  readonly reasons: readonly string[];
  /** The worst of them in words, with where they are. */
  readonly details: readonly string[];
  readonly objects: readonly ExaminedObject[];
}

export function reportKey(id: string): string {
  return `${REPORTS}${id}.json`;
}

export function writeReport({ id, bucket, verdict, reasons, details, objects }: UploadReport): string {
  return JSON.stringify({ schema: SCHEMA, id, bucket, verdict, reasons, details, objects });
}

/** @throws UploadError REPORT_INVALID */
export function readReport(bytes: Uint8Array): UploadReport {
  try {
    const shape = JsonShape.of(parseStrictJson(bytes), 'report').only('schema', 'id', 'bucket', 'verdict', 'reasons', 'details', 'objects');
    const verdict = shape.string('verdict');
    if (shape.string('schema') !== SCHEMA || !VERDICTS.includes(verdict)) throw new UploadError('REPORT_INVALID', 'the report is of another schema');
    return {
      id: shape.string('id'),
      bucket: shape.string('bucket'),
      verdict: verdict as Verdict,
      reasons: shape.strings('reasons'),
      details: shape.strings('details'),
      objects: shape.objects('objects').map(readExamined),
    };
  } catch (cause) {
    if (!(cause instanceof SigningError)) throw cause;
    throw new UploadError('REPORT_INVALID', `the report cannot be read: ${cause.message}`, { cause });
  }
}

/** An object of a report or a verdict. @throws SigningError a FIELD code */
export function readExamined(shape: JsonShape): ExaminedObject {
  shape.only('name', 'key', 'versionId', 'size', 'sha256');
  const size = shape.get('size');
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) throw new SigningError('FIELD_INVALID', 'size must be a whole number of bytes');
  const sha256 = shape.optionalString('sha256');
  if (sha256 !== undefined && !isHexDigest('sha256', sha256)) throw new SigningError('FIELD_INVALID', 'sha256 must be lower-case hexadecimal');
  return {
    name: shape.string('name'), key: shape.string('key'), versionId: shape.string('versionId'), size, ...(sha256 === undefined ? {} : { sha256 }),
  };
}
