import { assertDescriptor, readUri, readUtcTime } from './attestation-shape';
import type { JsonShape } from './json-shape';
import { SigningError } from './signing-error';

/** What a verifier needs to know of a provenance; the rest stays in the payload. */
export interface ProvenanceFacts {
  readonly builderId: string;
  readonly buildType: string;
  readonly startedOn?: Date;
  readonly finishedOn?: Date;
}

/**
 * Checks the predicate of SLSA provenance v1. Fields that it does not name are allowed, as SLSA wants it of readers.
 *
 * @throws SigningError PREDICATE_INVALID or a FIELD code
 */
export function assertProvenance(predicate: JsonShape): ProvenanceFacts {
  const definition = predicate.object('buildDefinition');
  const run = predicate.object('runDetails');
  const buildType = readUri(definition, 'buildType');
  definition.object('externalParameters');
  if (definition.has('internalParameters')) definition.object('internalParameters');
  const builder = run.object('builder');
  const builderId = readUri(builder, 'id');
  if (builder.has('version')) for (const key of builder.object('version').keys()) builder.object('version').string(key);
  for (const [owner, field] of [[definition, 'resolvedDependencies'], [builder, 'builderDependencies'], [run, 'byproducts']] as const) {
    if (owner.has(field)) owner.objects(field).forEach(assertDescriptor);
  }
  return { builderId, buildType, ...times(run) };
}

function times(run: JsonShape): Pick<ProvenanceFacts, 'startedOn' | 'finishedOn'> {
  if (!run.has('metadata')) return {};
  const metadata = run.object('metadata');
  metadata.optionalString('invocationId');
  const startedOn = readUtcTime(metadata, 'startedOn');
  const finishedOn = readUtcTime(metadata, 'finishedOn');
  if (startedOn && finishedOn && finishedOn < startedOn) throw new SigningError('PREDICATE_INVALID', 'build finished before it started');
  return { startedOn, finishedOn };
}
