import { expect } from 'vitest';
import type { SigningErrorCode } from '../../../lib/models/signing/signing-error';
import { SigningError } from '../../../lib/models/signing/signing-error';

/** Expects the one error class with this code, and at this step when one is given. */
export async function expectRefusal(action: () => unknown, code: SigningErrorCode, step?: string): Promise<SigningError> {
  let thrown: unknown;
  try {
    await action();
  } catch (error) {
    thrown = error;
  }
  expect(thrown, `refusal with ${code}`).toBeInstanceOf(SigningError);
  const refusal = thrown as SigningError;
  expect(refusal.code, refusal.message).toBe(code);
  if (step !== undefined) expect(refusal.step).toBe(step);
  return refusal;
}
