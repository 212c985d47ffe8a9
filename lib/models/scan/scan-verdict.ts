import { writeStatement, readStatement } from '../signing/in-toto-statement';
import { readOwnBundle } from '../signing/own-bundle';
import { SigningError } from '../signing/signing-error';
import type { ExaminedObject } from './upload-report';
import { readExamined } from './upload-report';
import { UploadError } from './upload-error';

/** Predicate type of a statement that says whether uploaded versions are clean. */
export const SCAN_VERDICT_PREDICATE = 'https://github.com/cdk-secure-ai/cdk-secure-ai/scan-verdict/v1';

/** Where signed verdicts lie in the records. Only the role of the verdict's function writes there. */
export const VERDICTS = 'verdicts/';

/** An object whose content is named. */
export type JudgedObject = ExaminedObject & { readonly sha256: string };

/** What was found of exact versions of objects. */
export interface ScanVerdict {
  readonly id: string;
  /** The bucket of the objects. */
  readonly bucket: string;
  /** Nothing but `CLEAN` passes: the malware scan and the artifact scan found nothing, in any file. */
  readonly verdict: 'CLEAN' | 'REFUSED';
  /** Closed codes, none for `CLEAN`. */
  readonly reasons: readonly string[];
  readonly judgedAt: Date;
  readonly objects: readonly JudgedObject[];
}

export function verdictKey(id: string): string {
  return `${VERDICTS}${id}.json`;
}

/** The bytes of the statement, ready for `signStatement`: its subjects are the contents, its predicate says where they lie. */
export function writeVerdict({ id, bucket, verdict, reasons, judgedAt, objects }: ScanVerdict): Buffer {
  return writeStatement({
    subject: objects.map(({ name, sha256 }) => ({ name, digest: { sha256 } })),
    predicateType: SCAN_VERDICT_PREDICATE,
    predicate: { id, bucket, verdict, reasons, judgedAt: judgedAt.toISOString(), objects },
  });
}

/**
 * Verifies and reads a verdict.
 *
 * @param publicKey of the scanner, SPKI in PEM
 * @throws UploadError VERDICT_INVALID: not signed by whom the caller trusts, or not a verdict
 */
export function readVerdict(bundle: Uint8Array, publicKey: string): ScanVerdict {
  try {
    const { subjects, predicate } = readStatement(readOwnBundle(bundle, publicKey), SCAN_VERDICT_PREDICATE);
    predicate.only('id', 'bucket', 'verdict', 'reasons', 'judgedAt', 'objects');
    const verdict = predicate.string('verdict');
    if (verdict !== 'CLEAN' && verdict !== 'REFUSED') throw new UploadError('VERDICT_INVALID', `verdict must be CLEAN or REFUSED, got ${JSON.stringify(verdict).slice(0, 80)}`);
    const objects = predicate.objects('objects').map(readExamined);
    // Whoever reads subjects alone, as tools of others do, must not read of other contents.
    const named = subjects.map((subject) => [subject.string('name'), subject.object('digest').string('sha256')]);
    if (JSON.stringify(named) !== JSON.stringify(objects.map(({ name, sha256 }) => [name, sha256]))) {
      throw new UploadError('VERDICT_INVALID', 'the subjects of the verdict are not its objects');
    }
    return {
      id: predicate.string('id'),
      bucket: predicate.string('bucket'),
      verdict,
      reasons: predicate.strings('reasons'),
      judgedAt: new Date(predicate.string('judgedAt')),
      objects: objects as readonly JudgedObject[],
    };
  } catch (cause) {
    if (!(cause instanceof SigningError)) throw cause;
    throw new UploadError('VERDICT_INVALID', `the verdict is refused: ${cause.code}: ${cause.message}`, { cause });
  }
}
