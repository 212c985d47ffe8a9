import { createHash } from 'node:crypto';
import { assertSubjects } from '../signing/attestation-shape';
import type { Subject } from '../signing/in-toto-statement';
import { readStatement, writeStatement } from '../signing/in-toto-statement';
import { quoted, SigningError } from '../signing/signing-error';
import type { TrustPolicy } from '../signing/trust-policy';
import { verifyStatement } from '../signing/verify-statement';
import type { EvaluationResult } from './evaluation-result';
import { parseEvaluationResult, readEvaluationResult, writeEvaluationResult } from './evaluation-result';
import type { GateFinding, GateFindingCode } from './gate-finding';

/** Predicate type of a statement that carries an evaluation result. */
export const EVALUATION_PREDICATE = 'https://github.com/cdk-secure-ai/cdk-secure-ai/evaluation-result/v1';

/** A bundle that was given as evidence, by the name that people know it by. */
export interface EvidenceFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** A result that a trusted key signed for this very model. */
export interface TrustedResult {
  readonly name: string;
  /** SHA-256 of the bundle. */
  readonly sha256: string;
  readonly result: EvaluationResult;
}

/**
 * The bytes of a statement about a model, ready for `signStatement`.
 *
 * @throws GateError RESULT_INVALID - what would be refused when read is not written
 */
export function writeResultStatement(subject: Subject, result: EvaluationResult): Buffer {
  const predicate = writeEvaluationResult(result);
  parseEvaluationResult(Buffer.from(JSON.stringify(predicate)));
  return writeStatement({ subject: [subject], predicateType: EVALUATION_PREDICATE, predicate });
}

/** Verifies one result; what is wrong with it is a finding, never a throw. */
export function readSignedResult(file: EvidenceFile, trust: TrustPolicy, rootDigest: string): TrustedResult | GateFinding {
  const refused = (code: GateFindingCode, error: unknown): GateFinding => {
    if (!(error instanceof SigningError)) throw error;
    return { code, about: file.name, reason: `${error.code}: ${error.message}` };
  };
  let payload: Buffer;
  try {
    ({ payload } = verifyStatement(file.bytes, { trust }));
  } catch (error) {
    return refused('RESULT_UNSIGNED', error);
  }
  try {
    const { subjects, predicate } = readStatement(payload, EVALUATION_PREDICATE);
    assertSubjects(subjects);
    if (!subjects.some((subject) => subject.object('digest').string('sha256') === rootDigest)) {
      return { code: 'RESULT_WRONG_SUBJECT', about: file.name, reason: `it is about ${named(subjects[0].string('name'))}, not the model with the root digest ${rootDigest}` };
    }
    return { name: file.name, sha256: createHash('sha256').update(file.bytes).digest('hex'), result: readEvaluationResult(predicate) };
  } catch (error) {
    return refused('RESULT_INVALID', error);
  }
}

function named(subject: string): string {
  return `the model ${quoted(subject)}`;
}
