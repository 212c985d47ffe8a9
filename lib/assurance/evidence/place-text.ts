import { Unknown } from '../template';

/** An account or a region as evidence shows it. */
export function placeText(value: string | Unknown): string {
  return value instanceof Unknown ? 'unknown' : value;
}
