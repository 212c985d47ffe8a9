import { createHash } from 'node:crypto';

/**
 * The value of the API key that counts the requests of a principal.
 *
 * It is no secret: the gateway takes it from the authoriser only, never from a header.
 */
export function usageIdentifier(prefix: string, principal: string): string {
  return `${prefix}-${createHash('sha256').update(principal).digest('hex')}`;
}
