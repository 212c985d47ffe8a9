import { SigningError } from './signing-error';

/** The steps of verification in their order. Each takes what the one before it gave, or refuses. */
export const VERIFICATION_STEPS = [
  'size', 'json', 'bundle', 'key', 'signature', 'statement', 'root-digest', 'ignore-paths', 'inventory', 'names', 'content',
] as const;

export type VerificationStep = (typeof VERIFICATION_STEPS)[number];

/** Runs one step; a refusal leaves it with the step's name. */
export function step<T>(name: VerificationStep, action: () => T): T {
  try {
    const result = action();
    return result instanceof Promise ? result.catch((error: unknown) => refuse(name, error)) as T : result;
  } catch (error) {
    return refuse(name, error);
  }
}

function refuse(name: VerificationStep, error: unknown): never {
  if (error instanceof SigningError) error.step ??= name;
  throw error;
}
