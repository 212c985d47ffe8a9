/** Sids of the denies of a model package group. */
export const REGISTRY_GUARD = {
  APPROVAL: 'DenyApprovalByOthers',
  CHANGE: 'DenyChangeWithoutReview',
  REMOVAL: 'DenyRemoval',
  GROUP: 'DenyGroupChange',
  IDENTITIES: 'DenyForeignIdentities',
} as const;

/** Sids of the denies of a gate's records, so that proofs can take one away. */
export const RECORDS_GUARD = {
  DESK: 'DenyDecisionsByOthers',
  CHECK: 'DenyPendingByOthers',
  SIGN: 'DenySummariesByOthers',
} as const;
