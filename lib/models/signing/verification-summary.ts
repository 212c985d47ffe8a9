import { assertDigests, assertSubjects, readUri, readUtcTime } from './attestation-shape';
import type { Subject} from './in-toto-statement';
import { readStatement, writeStatement } from './in-toto-statement';
import { JsonShape } from './json-shape';
import type { ResourceDescriptor } from './provenance';
import { quoted, shownTime, SigningError } from './signing-error';
import { parseStrictJson } from './strict-json';
import { step } from './verification-step';
import type { VerifyStatementOptions } from './verify-statement';
import { verifyStatement } from './verify-statement';

/** Predicate type of the SLSA verification summary v1. */
export const VERIFICATION_SUMMARY_PREDICATE = 'https://slsa.dev/verification_summary/v1';

/** What a gate found out about a model, so that others need not find it out again. */
export interface VerificationSummary {
  /** URI or ARN of the gate. */
  readonly verifierId: string;
  readonly timeVerified: Date;

  /** Where the model lies, as the one who asks for it names it. */
  readonly resourceUri: string;

  /** The policy that was applied, with its digest, so that a later policy is told from it. */
  readonly policy: { readonly uri: string; readonly digest: Readonly<Record<string, string>> };

  /** What was looked at: signature, scan verdict, provenance, results. */
  readonly inputAttestations?: readonly ResourceDescriptor[];
  readonly result: 'PASSED' | 'FAILED';
  readonly verifiedLevels: readonly string[];
}

/** @throws SigningError PREDICATE_INVALID, SUBJECT_COUNT or a FIELD code - what would be refused when read is not written */
export function writeVerificationSummary(subject: readonly Subject[], summary: VerificationSummary): Buffer {
  const payload = writeStatement({
    subject,
    predicateType: VERIFICATION_SUMMARY_PREDICATE,
    predicate: {
      verifier: { id: summary.verifierId },
      timeVerified: shownTime(summary.timeVerified),
      resourceUri: summary.resourceUri,
      policy: summary.policy,
      inputAttestations: summary.inputAttestations,
      verificationResult: summary.result,
      verifiedLevels: summary.verifiedLevels,
    },
  });
  const written = JsonShape.of(parseStrictJson(payload), 'statement');
  assertSubjects(written.objects('subject'));
  readSummary(written.object('predicate'));
  return payload;
}

export interface VerifySummaryOptions extends VerifyStatementOptions {
  /** Root digest of the model that must be among the subjects. */
  readonly subjectDigest: string;
  readonly verifierId: string;

  /** SHA-256 of the policy that must have been applied. @default - any policy */
  readonly policyDigest?: string;

  /** The time now, and how old the summary may be. Unit: seconds. @default - any age */
  readonly age?: { readonly now: Date; readonly maxSeconds: number };
}

interface ReadSummary {
  readonly verifierId: string;
  readonly timeVerified: Date;
  readonly resourceUri: string;
  readonly policyDigest: string;
  readonly result: string;
}

/**
 * Verifies that the trusted gate passed this very model under this very policy.
 *
 * @throws SigningError SUBJECT_MISMATCH, VERIFIER_NOT_TRUSTED, POLICY_MISMATCH, SUMMARY_NOT_PASSED, SUMMARY_OUTSIDE_AGE,
 * or what statement and predicate throw
 */
export function verifyVerificationSummary(bundle: Uint8Array, options: VerifySummaryOptions): ReadSummary {
  const { payload } = verifyStatement(bundle, options);
  return step('statement', () => {
    const { subjects, predicate } = readStatement(payload, VERIFICATION_SUMMARY_PREDICATE);
    assertSubjects(subjects);
    const summary = readSummary(predicate);
    if (!subjects.some((subject) => subject.object('digest').string('sha256') === options.subjectDigest)) {
      throw new SigningError('SUBJECT_MISMATCH', `summary is not about the model with the root digest ${quoted(options.subjectDigest)}`);
    }
    if (summary.verifierId !== options.verifierId) {
      throw new SigningError('VERIFIER_NOT_TRUSTED', `summary is of ${quoted(summary.verifierId)}, which is not trusted`);
    }
    if (options.policyDigest !== undefined && summary.policyDigest !== options.policyDigest) {
      throw new SigningError('POLICY_MISMATCH', `summary applied the policy ${summary.policyDigest}, not the one asked for`);
    }
    if (summary.result !== 'PASSED') throw new SigningError('SUMMARY_NOT_PASSED', `summary has the result ${quoted(summary.result)}`);
    if (options.age) assertAge(summary.timeVerified, options.age);
    return summary;
  });
}

function readSummary(predicate: JsonShape): ReadSummary {
  const policy = predicate.object('policy');
  assertDigests(policy.object('digest'));
  readUri(policy, 'uri');
  const result = predicate.string('verificationResult');
  if (result !== 'PASSED' && result !== 'FAILED') {
    throw new SigningError('PREDICATE_INVALID', `verificationResult is ${quoted(result)}; it must be PASSED or FAILED`);
  }
  if (predicate.array('verifiedLevels').length > 0) predicate.strings('verifiedLevels');
  predicate.string('timeVerified');
  return {
    verifierId: readUri(predicate.object('verifier'), 'id'),
    timeVerified: readUtcTime(predicate, 'timeVerified')!,
    resourceUri: readUri(predicate, 'resourceUri'),
    policyDigest: policy.object('digest').string('sha256'),
    result,
  };
}

function assertAge(verified: Date, age: { readonly now: Date; readonly maxSeconds: number }): void {
  const seconds = (age.now.getTime() - verified.getTime()) / 1000;
  // A time ahead of now is as suspicious as one that is too old; NaN is inside nothing.
  if (!(seconds >= 0 && seconds <= age.maxSeconds)) {
    throw new SigningError(
      'SUMMARY_OUTSIDE_AGE', `summary is of ${shownTime(verified)}, not of the ${age.maxSeconds} seconds before ${shownTime(age.now)}`,
    );
  }
}
