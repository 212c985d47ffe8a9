import { artifactNameProblem } from '../signing/artifact-name';
import { sortedByCodePoint } from '../signing/code-point-order';
import { PromotionError } from './promotion-error';

/** One file of a model: its name in the model, and the exact version in quarantine. */
export interface PromotionObject {
  readonly name: string;
  readonly key: string;
  readonly versionId: string;
}

/** What to promote. */
export interface PromotionRequest {
  readonly model: string;
  /** In code-point order of the names, which is the order of the root digest. */
  readonly objects: readonly PromotionObject[];
  /** The root digest that the caller expects, as 64 hexadecimal digits. */
  readonly expectedDigest?: string;
}

const MAX_OBJECTS = 1000;
const FIELDS = new Set(['model', 'objects', 'expectedDigest']);
const OBJECT_FIELDS = new Set(['name', 'key', 'versionId']);

/**
 * Reads an event, which is hostile until it has passed here.
 *
 * @throws PromotionError INVALID_REQUEST
 */
export function toPromotionRequest(event: unknown): PromotionRequest {
  const { model, objects, expectedDigest } = record(event, 'the event', FIELDS);
  if (typeof model !== 'string' || !/^[a-z0-9][a-z0-9._-]{0,62}$/.test(model)) {
    throw invalid(`model must be 1 to 63 of a-z, 0-9, '.', '_' and '-', starting with a letter or digit, got ${shown(model)}`);
  }
  if (!Array.isArray(objects) || objects.length === 0 || objects.length > MAX_OBJECTS) {
    throw invalid(`objects must be a list of 1 to ${MAX_OBJECTS} entries, got ${shown(objects)}`);
  }
  if (expectedDigest !== undefined && (typeof expectedDigest !== 'string' || !/^[0-9a-f]{64}$/.test(expectedDigest))) {
    throw invalid(`expectedDigest must be 64 lower-case hexadecimal digits, got ${shown(expectedDigest)}`);
  }
  const parsed = objects.map(toObject);
  const names = new Set(parsed.map((object) => object.name));
  if (names.size !== parsed.length) throw invalid('two objects have the same name');
  return {
    model,
    objects: sortedByCodePoint(parsed, (object) => object.name),
    ...(expectedDigest === undefined ? {} : { expectedDigest }),
  };
}

function toObject(value: unknown, index: number): PromotionObject {
  const { name, key, versionId } = record(value, `objects[${index}]`, OBJECT_FIELDS);
  if (typeof name !== 'string') throw invalid(`objects[${index}].name must be a string, got ${shown(name)}`);
  const problem = artifactNameProblem(name);
  if (problem) throw invalid(`objects[${index}].name ${shown(name)} ${problem}`);
  // The manifest has a line for each name.
  if (/[\u0000-\u001f\u007f]/.test(name)) throw invalid(`objects[${index}].name ${shown(name)} has a control character`);
  if (typeof key !== 'string' || key === '' || Buffer.byteLength(key) > 1024) {
    throw invalid(`objects[${index}].key must be a string of 1 to 1024 bytes, got ${shown(key)}`);
  }
  // `null` is the version id of objects written before versioning: they can be overwritten in place.
  if (typeof versionId !== 'string' || !/^[\w.\-+/=]{1,1024}$/.test(versionId) || versionId === 'null') {
    throw invalid(`objects[${index}].versionId must name an exact version, got ${shown(versionId)}`);
  }
  return { name, key, versionId };
}

function record(value: unknown, what: string, fields: ReadonlySet<string>): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid(`${what} must be an object, got ${shown(value)}`);
  const unknown = Object.keys(value).find((key) => !fields.has(key));
  if (unknown !== undefined) throw invalid(`${what} has the unknown field ${shown(unknown)}`);
  return value as Record<string, unknown>;
}

function invalid(message: string): PromotionError {
  return new PromotionError('INVALID_REQUEST', message);
}

/** Enough of a value to recognise it, never a whole payload. */
function shown(value: unknown): string {
  return Array.isArray(value) ? `a list of ${value.length}` : `${JSON.stringify(value) ?? 'nothing'}`.slice(0, 80);
}
