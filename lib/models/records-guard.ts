/** Sids of the denies of write-once records that have one writer for each part, so that proofs can take one away. */
export const WRITE_ONCE_GUARD = {
  REPORTS: 'DenyReportsByOthers',
  VERDICTS: 'DenyVerdictsByOthers',
  DIGESTS: 'DenyDigestsByOthers',
  OVERWRITE: 'DenyOverwrite',
} as const;
