import type { JsonShape } from '../signing/json-shape';
import { SigningError } from '../signing/signing-error';

/** A finite number, or `undefined` when the field is left out. @throws SigningError FIELD_INVALID */
export function optionalNumber(shape: JsonShape, name: string, what: string): number | undefined {
  if (!shape.has(name)) return undefined;
  const value = shape.get(name);
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new SigningError('FIELD_INVALID', `${what}.${name} must be a finite number`);
  return value;
}

/** A number in a range, ends included. @throws SigningError FIELD_INVALID */
export function numberBetween(value: number | undefined, name: string, least: number, most: number): number {
  if (value === undefined || !(value >= least && value <= most)) {
    throw new SigningError('FIELD_INVALID', `${name} must be a number from ${least} to ${most}, got ${value ?? 'nothing'}`);
  }
  return value;
}
