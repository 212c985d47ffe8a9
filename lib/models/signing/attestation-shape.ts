import type { JsonShape } from './json-shape';
import { quoted, SigningError } from './signing-error';

/** Every subject has a name and digests, SHA-256 among them. @throws SigningError SUBJECT_COUNT, PREDICATE_INVALID or a FIELD code */
export function assertSubjects(subjects: readonly JsonShape[]): void {
  if (subjects.length === 0) throw new SigningError('SUBJECT_COUNT', 'statement has no subject');
  for (const subject of subjects) {
    subject.string('name');
    subject.object('digest').string('sha256');
    assertDigests(subject.object('digest'));
  }
}

/** A resource descriptor of in-toto. @throws SigningError PREDICATE_INVALID or a FIELD code */
export function assertDescriptor(descriptor: JsonShape): void {
  for (const field of ['name', 'uri', 'downloadLocation', 'mediaType']) descriptor.optionalString(field);
  if (!descriptor.has('uri') && !descriptor.has('digest') && !descriptor.has('content')) {
    throw new SigningError('PREDICATE_INVALID', 'a resource needs a uri, a digest or content');
  }
  if (descriptor.has('digest')) assertDigests(descriptor.object('digest'));
}

/** A digest set that is not empty. @throws SigningError PREDICATE_INVALID or a FIELD code */
export function assertDigests(digests: JsonShape): void {
  if (digests.keys().length === 0) throw new SigningError('PREDICATE_INVALID', 'a digest set is empty');
  for (const algorithm of digests.keys()) {
    const digest = digests.string(algorithm);
    const wrongLength = algorithm === 'sha256' && digest.length !== 64;
    if (!/^[0-9a-f]+$/.test(digest) || wrongLength) {
      throw new SigningError('PREDICATE_INVALID', `digest ${quoted(algorithm)} is ${quoted(digest)}; give lower-case hexadecimal`);
    }
  }
}

/** A time in UTC, or `undefined` when the field is left out. @throws SigningError PREDICATE_INVALID */
export function readUtcTime(shape: JsonShape, field: string): Date | undefined {
  const text = shape.optionalString(field);
  if (text === undefined) return undefined;
  const parsed = new Date(text);
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(text) || Number.isNaN(parsed.getTime())) {
    throw new SigningError('PREDICATE_INVALID', `${field} is ${quoted(text)}; give UTC as 2026-01-31T00:00:00Z`);
  }
  return parsed;
}

/** URIs and ARNs have a scheme; a bare name could be anybody's. */
export function readUri(shape: JsonShape, field: string): string {
  const text = shape.string(field);
  if (!/^[a-z][a-z0-9+.-]*:\S+$/i.test(text)) throw new SigningError('PREDICATE_INVALID', `${field} is ${quoted(text)}; give a URI`);
  return text;
}
