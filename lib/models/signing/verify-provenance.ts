import { readStatement } from './in-toto-statement';
import { PROVENANCE_PREDICATE } from './provenance';
import { assertSubjects } from './attestation-shape';
import type { ProvenanceFacts } from './provenance-shape';
import { assertProvenance } from './provenance-shape';
import { quoted, SigningError } from './signing-error';
import { step } from './verification-step';
import type { VerifyStatementOptions } from './verify-statement';
import { verifyStatement } from './verify-statement';

export interface VerifyProvenanceOptions extends VerifyStatementOptions {
  /** Root digest of the model that must be among the subjects. */
  readonly subjectDigest: string;

  /** The builders that the caller trusts, exactly as they name themselves. */
  readonly builderIds: readonly string[];

  /** @default - any */
  readonly buildTypes?: readonly string[];
}

/**
 * Verifies that a trusted key signed a provenance of this very model, made by a trusted builder.
 *
 * @throws SigningError SUBJECT_MISMATCH, BUILDER_NOT_TRUSTED, or what statement and predicate throw
 */
export function verifyProvenance(bundle: Uint8Array, options: VerifyProvenanceOptions): ProvenanceFacts {
  const { payload } = verifyStatement(bundle, options);
  return step('statement', () => {
    const { subjects, predicate } = readStatement(payload, PROVENANCE_PREDICATE);
    assertSubjects(subjects);
    const facts = assertProvenance(predicate);
    if (!subjects.some((subject) => subject.object('digest').string('sha256') === options.subjectDigest)) {
      throw new SigningError('SUBJECT_MISMATCH', `provenance is not about the model with the root digest ${quoted(options.subjectDigest)}`);
    }
    if (!options.builderIds.includes(facts.builderId)) {
      throw new SigningError('BUILDER_NOT_TRUSTED', `builder ${quoted(facts.builderId)} is not trusted`);
    }
    if (options.buildTypes && !options.buildTypes.includes(facts.buildType)) {
      throw new SigningError('BUILDER_NOT_TRUSTED', `build type ${quoted(facts.buildType)} is not trusted`);
    }
    return facts;
  });
}
