import type { ProofGroup, RunVerdict } from './proof-run';
import { runVerdict } from './proof-run';

/** Value of `schema` in a file of proofs. */
export const PROOFS_SCHEMA = 'cdk-secure-ai/proofs/v1';

/** Proofs as they enter a report: one JSON document. */
export interface ProofsDocument {
  readonly schema: typeof PROOFS_SCHEMA;
  readonly verdict: RunVerdict;
  readonly groups: readonly ProofGroup[];
}

/** The document of some proofs. */
export function proofsDocument(groups: readonly ProofGroup[]): ProofsDocument {
  return { schema: PROOFS_SCHEMA, verdict: runVerdict(groups), groups };
}
