import type { Answer } from './answer';

/** What a rule says about one place of a resource. Undetermined is no pass. */
export interface Judgement {
  readonly verdict: 'COMPLIANT' | 'VIOLATED' | 'UNDETERMINED';
  /** What is wrong there, or what is not known; empty when compliant. */
  readonly message: string;
  /** Property path, such as `VpcConfig.Subnets`; empty for the resource as a whole. */
  readonly path: string;
}

/** Nothing is wrong. */
export const COMPLIANT: Judgement = { verdict: 'COMPLIANT', message: '', path: '' };

/** Something is wrong: say what, in a sentence without full stop. */
export function violated(message: string, path = ''): Judgement {
  return { verdict: 'VIOLATED', message, path };
}

/** The template does not decide it: say what is not known. */
export function undetermined(message: string, path = ''): Judgement {
  return { verdict: 'UNDETERMINED', message, path };
}

/** Turns an answer to "is this as it should be?" into a judgement. */
export function judged(answer: Answer, message: string, path = ''): Judgement {
  if (answer === 'YES') return COMPLIANT;
  return answer === 'NO' ? violated(message, path) : undetermined(`cannot be decided from the template: ${message}`, path);
}
