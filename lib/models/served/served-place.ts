import { artifactNameProblem } from '../signing/artifact-name';
import { SERVED_PREFIX } from '../promote/served-prefix';
import { ServedModelError } from './served-model-error';

const PLACE = new RegExp(`^${SERVED_PREFIX}[a-z0-9][a-z0-9._-]{0,62}/sha256-([0-9a-f]{64})/`);

/** Where a promoted model is served. */
export interface ServedPlace {
  /** Ends in a slash. */
  readonly prefix: string;
  /** SHA-256 of the promoter's manifest. */
  readonly manifestDigest: string;
  /** Key of the manifest. */
  readonly manifest: string;
}

/** @throws ServedModelError INVALID_PLACE */
export function toServedPlace(prefix: unknown): ServedPlace {
  const [found, manifestDigest] = (typeof prefix === 'string' && PLACE.exec(prefix)) || [];
  if (found === undefined || manifestDigest === undefined || found !== prefix) {
    throw new ServedModelError('INVALID_PLACE', `prefix must be models/<name>/sha256-<digest>/, got ${shown(prefix)}`);
  }
  return { prefix: found, manifestDigest, manifest: `${found.slice(0, -1)}.manifest` };
}

/** The key of a file of a served model. @throws ServedModelError INVALID_PLACE */
export function toServedKey(key: unknown): string {
  const [prefix] = (typeof key === 'string' && PLACE.exec(key)) || [];
  if (typeof key !== 'string' || prefix === undefined || artifactNameProblem(key.slice(prefix.length)) !== undefined) {
    throw new ServedModelError('INVALID_PLACE', `key must be of a file below models/<name>/sha256-<digest>/, got ${shown(key)}`);
  }
  return key;
}

function shown(value: unknown): string {
  return `${JSON.stringify(value) ?? 'nothing'}`.slice(0, 200);
}
