import type { RecordStore } from '../gate/record-store';
import type { CleanVerdict, VerdictSource } from '../promote/promote-model';
import { PromotionError } from '../promote/promotion-error';
import type { PromotionObject } from '../promote/promotion-request';
import type { JudgedObject, ScanVerdict } from './scan-verdict';
import { readVerdict, verdictKey } from './scan-verdict';
import { UploadError } from './upload-error';
import { uploadId } from './upload-id';

/** The verdicts that a scanner signed, for whoever acts on them. */
export class SignedVerdicts implements VerdictSource {
  /**
   * @param bucket the quarantine bucket
   * @param publicKey of the scanner, SPKI in PEM
   */
  public constructor(
    private readonly bucket: string, private readonly records: Pick<RecordStore, 'read'>, private readonly publicKey: () => Promise<string>,
  ) {}

  public async cleanVerdict(objects: readonly PromotionObject[]): Promise<CleanVerdict> {
    const found = await this.find(uploadId(this.bucket, objects));
    if (placesOf(found.files) !== placesOf(objects)) throw new PromotionError('VERDICT_INVALID', 'the verdict is about other versions');
    return found;
  }

  /**
   * The files of an upload by the id of its verdict.
   *
   * @throws PromotionError NO_VERDICT, VERDICT_INVALID or NOT_CLEAN
   */
  public async cleanUpload(id: string): Promise<readonly JudgedObject[]> {
    return (await this.find(id)).files;
  }

  private async find(id: string): Promise<{ readonly files: readonly JudgedObject[]; readonly bundle: Buffer }> {
    const bundle = /^[0-9a-f]{64}$/.test(id) ? await this.records.read(verdictKey(id)) : undefined;
    if (!bundle) throw new PromotionError('NO_VERDICT', `there is no signed verdict ${JSON.stringify(id).slice(0, 80)}: the scanner has not judged these versions`);
    const verdict = read(bundle, await this.publicKey());
    if (verdict.id !== id || verdict.bucket !== this.bucket || uploadId(this.bucket, verdict.objects) !== id) {
      throw new PromotionError('VERDICT_INVALID', `the verdict ${id} is about other versions`);
    }
    if (verdict.verdict !== 'CLEAN') throw new PromotionError('NOT_CLEAN', `the verdict ${id} is ${verdict.verdict}: ${verdict.reasons.join(', ')}`);
    return { files: verdict.objects, bundle };
  }
}

function read(bundle: Uint8Array, publicKey: string): ScanVerdict {
  try {
    return readVerdict(bundle, publicKey);
  } catch (cause) {
    if (!(cause instanceof UploadError)) throw cause;
    throw new PromotionError('VERDICT_INVALID', cause.message, { cause });
  }
}

function placesOf(objects: readonly PromotionObject[]): string {
  return JSON.stringify(objects.map(({ name, key, versionId }) => [name, key, versionId]));
}
