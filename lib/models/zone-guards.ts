import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { deny, objectsIn, overwriteGuard, spare } from '../core/bucket-guards';
import { SCAN_STATUS_CLEAN, SCAN_STATUS_TAG } from './promote.contract';
import { RETIRED, RETIRED_TAG } from './retire.contract';

/** Sids of the denies of the two zones. */
export const ZONE_GUARD = {
  UNSCANNED_READ: 'DenyReadUntilClean',
  TAG_FORGERY: 'DenyTagsByOthers',
  TAG_FORGERY_ON_PUT: 'DenyScanTagOnUpload',
  WRITE: 'DenyWritesByOthers',
  OVERWRITE: 'DenyOverwrite',
  RETIRED_READ: 'DenyReadOfRetired',
  RETIRED_TAG: 'DenyRetirementByOthers',
} as const;

/** Sids of the denies of the archive. */
export const ARCHIVE_GUARD = { MODELS: 'DenyArchivingByOthers', CERTIFICATES: 'DenyCertificatesByOthers' } as const;

/**
 * Quarantine: what is not scanned clean is not read, and only the scanner says so.
 *
 * The scanner is spared by `aws:PrincipalArn`: `NotPrincipal` would miss the sessions of its role. Reads are apart: a second scan may be
 * spared from that deny, but not from those of the verdict.
 */
export function quarantineGuards(
  bucket: IBucket, scannerArn: string,
): { readonly reads: PolicyStatement; readonly tags: readonly PolicyStatement[] } {
  const [reads, ...tags] = [
    deny(ZONE_GUARD.UNSCANNED_READ, objectsIn(bucket), ['s3:GetObject', 's3:GetObjectVersion', 's3:GetObjectVersionForReplication'], {
      StringNotEquals: { [`s3:ExistingObjectTag/${SCAN_STATUS_TAG}`]: SCAN_STATUS_CLEAN },
    }),
    deny(
      ZONE_GUARD.TAG_FORGERY,
      objectsIn(bucket),
      ['s3:PutObjectTagging', 's3:PutObjectVersionTagging', 's3:DeleteObjectTagging', 's3:DeleteObjectVersionTagging', 's3:ReplicateTags'],
      {},
    ),
    deny(ZONE_GUARD.TAG_FORGERY_ON_PUT, objectsIn(bucket), ['s3:PutObject'], { Null: { [`s3:RequestObjectTag/${SCAN_STATUS_TAG}`]: 'false' } }),
  ];
  for (const guard of [reads, ...tags]) spare(guard, [scannerArn]);
  return { reads, tags };
}

/**
 * Served store: written by the promoter only, each key once.
 *
 * SageMaker loads objects by key again at each scale-out, so a key that could be overwritten would be verified once and served changed.
 */
export function servedGuards(bucket: IBucket): { readonly writes: PolicyStatement; readonly overwrites: PolicyStatement } {
  return {
    writes: deny(ZONE_GUARD.WRITE, objectsIn(bucket), ['s3:PutObject', 's3:ReplicateObject'], {}),
    overwrites: overwriteGuard(ZONE_GUARD.OVERWRITE, objectsIn(bucket)),
  };
}

/**
 * Served store: what was retired is read by nobody, whatever a role's own policy says, and only the retirement says so. A tag of one model
 * takes the access of all roles away at once, where a change of roles would have to find each of them.
 */
export function retiredGuards(bucket: IBucket): PolicyStatement[] {
  return [
    deny(ZONE_GUARD.RETIRED_READ, objectsIn(bucket), ['s3:GetObject', 's3:GetObjectVersion'], {
      StringEquals: { [`s3:ExistingObjectTag/${RETIRED_TAG}`]: RETIRED },
    }),
    deny(
      ZONE_GUARD.RETIRED_TAG,
      objectsIn(bucket),
      ['s3:PutObjectTagging', 's3:PutObjectVersionTagging', 's3:DeleteObjectTagging', 's3:DeleteObjectVersionTagging', 's3:ReplicateTags'],
      {},
    ),
  ];
}
