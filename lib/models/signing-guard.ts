/** Sids of the denies of a signing key. */
export const SIGNING_GUARD = {
  OTHER_SIGNERS: 'DenySigningByOthers',
  WHOLE_MESSAGES: 'DenyWholeMessages',
  OTHER_ALGORITHMS: 'DenyOtherAlgorithms',
  GRANTS: 'DenyGrants',
} as const;
