import type { Statement, Subject} from './in-toto-statement';
import { writeStatement } from './in-toto-statement';
import { assertSubjects } from './attestation-shape';
import { assertProvenance } from './provenance-shape';
import { parseStrictJson } from './strict-json';
import { JsonShape } from './json-shape';

/** Predicate type of SLSA provenance v1. */
export const PROVENANCE_PREDICATE = 'https://slsa.dev/provenance/v1';

/** Something that went into a build or came out of it beside the subject. Digests are hexadecimal, by algorithm. */
export interface ResourceDescriptor {
  readonly name?: string;
  readonly uri?: string;
  readonly digest?: Readonly<Record<string, string>>;
  readonly downloadLocation?: string;
  readonly mediaType?: string;
  readonly annotations?: Readonly<Record<string, unknown>>;
}

/** How a model came to be, told by the control plane that ran the training. */
export interface Provenance {
  /** URI of the page that tells what the parameters mean. */
  readonly buildType: string;

  /** All that a caller of the training chose. Secrets do not belong here. */
  readonly externalParameters: object;

  /** What the platform chose. */
  readonly internalParameters?: object;
  readonly resolvedDependencies?: readonly ResourceDescriptor[];

  /** Who ran it: URI or ARN of the control plane, never of the training itself. */
  readonly builderId: string;
  readonly builderVersion?: Readonly<Record<string, string>>;

  readonly invocationId?: string;
  readonly startedOn?: Date;
  readonly finishedOn?: Date;
  readonly byproducts?: readonly ResourceDescriptor[];
}

/**
 * The bytes of a provenance statement, ready for `signStatement`.
 *
 * @throws SigningError PREDICATE_INVALID or SUBJECT_COUNT - what would be refused when read is not written
 */
export function writeProvenance(subject: readonly Subject[], provenance: Provenance): Buffer {
  const { builderId, builderVersion, invocationId, startedOn, finishedOn } = provenance;
  const statement: Statement = {
    subject,
    predicateType: PROVENANCE_PREDICATE,
    predicate: {
      buildDefinition: {
        buildType: provenance.buildType,
        externalParameters: provenance.externalParameters,
        internalParameters: provenance.internalParameters,
        resolvedDependencies: provenance.resolvedDependencies,
      },
      runDetails: {
        builder: { id: builderId, version: builderVersion },
        metadata: { invocationId, startedOn: isoTime(startedOn), finishedOn: isoTime(finishedOn) },
        byproducts: provenance.byproducts,
      },
    },
  };
  const payload = writeStatement(statement);
  const written = JsonShape.of(parseStrictJson(payload), 'statement');
  assertSubjects(written.objects('subject'));
  assertProvenance(written.object('predicate'));
  return payload;
}

/** SLSA has times without fractions in its examples; whole seconds are what everyone reads. */
function isoTime(time: Date | undefined): string | undefined {
  return time && Number.isFinite(time.getTime()) ? time.toISOString().replace(/\.\d{3}Z$/, 'Z') : time && 'invalid';
}
