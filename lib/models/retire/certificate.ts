import { checkFiles } from '../deploy-check/check-objects';
import { DeployCheckError } from '../deploy-check/deploy-check-error';
import { findModel } from '../deploy-check/served-model';
import type { ServedObjects } from '../deploy-check/served-objects';
import { writeStatement } from '../signing/in-toto-statement';
import { RetireError } from './retire-error';

/** Predicate type of a certificate of destruction. */
export const DESTRUCTION_PREDICATE = 'https://github.com/cdk-secure-ai/cdk-secure-ai/destruction/v1';

/** Why a model was retired. */
export type RetirementReason = 'time to live' | 'requested';

/** What was done to a model. */
export interface Destruction {
  readonly modelPackageArn: string;
  readonly prefix: string;
  readonly reason: RetirementReason;
  /** Names of the endpoints that were removed. */
  readonly endpoints: readonly string[];
  /** Versions that nobody reads any more, and grants that were revoked. */
  readonly objects: number;
  readonly grants: number;
  /** ARN of the state machine that did it. */
  readonly retiredBy: string;
  readonly archiveUri: string;
  readonly retiredAt: Date;
}

/**
 * The statement that a model was taken out of use: its endpoints, the access to its files and to their volumes. The files themselves are
 * not erased: they lie in the archive, under lock, which is checked here before anybody signs it.
 *
 * @throws RetireError NOT_ARCHIVED
 */
export async function destructionStatement(destruction: Destruction, archive: ServedObjects): Promise<Buffer> {
  const { prefix, retiredAt, archiveUri, endpoints, objects, grants, modelPackageArn, reason, retiredBy } = destruction;
  const files = await archivedFiles(prefix, retiredAt, archive);
  const digest = /sha256-([0-9a-f]{64})\/$/.exec(prefix)?.[1] ?? '';
  return writeStatement({
    subject: [{ name: prefix, digest: { sha256: digest } }],
    predicateType: DESTRUCTION_PREDICATE,
    predicate: {
      modelPackageArn,
      reason,
      retiredAt: retiredAt.toISOString(),
      retiredBy,
      endpointsRemoved: endpoints,
      objectsWithdrawn: objects,
      grantsRevoked: grants,
      archive: { uri: archiveUri, files },
    },
  });
}

async function archivedFiles(prefix: string, retiredAt: Date, archive: ServedObjects): Promise<number> {
  try {
    const { files } = await findModel(prefix, archive);
    await checkFiles(files, retiredAt, archive);
    return files.length;
  } catch (cause) {
    if (!(cause instanceof DeployCheckError)) throw cause;
    throw new RetireError('NOT_ARCHIVED', `the archive does not hold '${prefix}': ${cause.code}`, { cause });
  }
}
