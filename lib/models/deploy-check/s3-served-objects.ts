import type { GetObjectAttributesCommandOutput, ListObjectVersionsCommandOutput, ObjectVersion, S3Client } from '@aws-sdk/client-s3';
import { GetObjectAttributesCommand, GetObjectCommand, ListObjectVersionsCommand } from '@aws-sdk/client-s3';
import { DeployCheckError } from './deploy-check-error';
import type { ListedVersion, ServedObjects, StoredChecksum } from './served-objects';

type Listed = Pick<ObjectVersion, 'Key' | 'VersionId' | 'IsLatest' | 'LastModified' | 'Size'>;

/** The served bucket, as S3 answers for it. */
export class S3ServedObjects implements ServedObjects {
  public constructor(private readonly s3: Pick<S3Client, 'send'>, private readonly bucket: string) {}

  public async list(prefix: string, atMost: number): Promise<ListedVersion[]> {
    const found: ListedVersion[] = [];
    let keyMarker: string | undefined;
    let versionIdMarker: string | undefined;
    for (;;) {
      const page: ListObjectVersionsCommandOutput = await readable('ListObjectVersions', () => this.s3.send(new ListObjectVersionsCommand({
        // Keys may hold control characters, which XML cannot carry.
        Bucket: this.bucket, Prefix: prefix, EncodingType: 'url', KeyMarker: keyMarker, VersionIdMarker: versionIdMarker,
      })));
      found.push(...(page.Versions ?? []).map((one) => versionOf(one, false)));
      found.push(...(page.DeleteMarkers ?? []).map((one) => versionOf(one, true)));
      if (found.length > atMost) throw new DeployCheckError('OBJECT_EXTRA', `more than ${atMost} versions begin with '${prefix}'`);
      if (!page.IsTruncated) return found;
      if (!page.NextKeyMarker) throw new DeployCheckError('NOT_READABLE', `the list of '${prefix}' is cut without a marker`);
      keyMarker = decodeKey(page.NextKeyMarker);
      versionIdMarker = page.NextVersionIdMarker;
    }
  }

  public async read({ key, versionId }: ListedVersion): Promise<Buffer> {
    return readable('GetObject', async () => {
      const { Body } = await this.s3.send(new GetObjectCommand({ Bucket: this.bucket, Key: key, VersionId: versionId }));
      return Buffer.from(await Body!.transformToByteArray());
    });
  }

  public async checksum({ key, versionId }: ListedVersion): Promise<StoredChecksum> {
    const answer = await readable('GetObjectAttributes', () => this.s3.send(new GetObjectAttributesCommand({
      Bucket: this.bucket, Key: key, VersionId: versionId, ObjectAttributes: ['Checksum', 'ObjectParts', 'ObjectSize'], MaxParts: 1000,
    })));
    return { size: answer.ObjectSize ?? -1, sha256: sumOf(answer.Checksum?.ChecksumSHA256), parts: partsOf(answer) };
  }
}

/** Objects in parts have a checksum over those of the parts, which is written with their number behind it in some answers. */
function sumOf(text: string | undefined): string | undefined {
  return text?.replace(/-\d+$/, '');
}

function partsOf({ Checksum, ObjectParts }: GetObjectAttributesCommandOutput): StoredChecksum['parts'] {
  const inParts = Checksum?.ChecksumType === 'COMPOSITE' || /-\d+$/.test(Checksum?.ChecksumSHA256 ?? '');
  if (!inParts) return undefined;
  // A list that is cut leads to another checksum, and so to a refusal.
  return (ObjectParts?.Parts ?? []).map(({ Size, ChecksumSHA256 }) => ({ size: Size ?? -1, sha256: ChecksumSHA256 }));
}

function versionOf({ Key, VersionId, IsLatest, LastModified, Size }: Listed, isDeleteMarker: boolean): ListedVersion {
  if (Key === undefined || !VersionId || LastModified === undefined) {
    throw new DeployCheckError('NOT_READABLE', 'S3 listed an object without key, version or time');
  }
  const version = { key: decodeKey(Key), versionId: VersionId, size: Size ?? 0, lastModified: LastModified };
  return { ...version, isLatest: IsLatest === true, isDeleteMarker };
}

/** S3 encodes keys in lists as forms do: a space as `+`. */
function decodeKey(encoded: string): string {
  try {
    return decodeURIComponent(encoded.replaceAll('+', ' '));
  } catch (cause) {
    throw new DeployCheckError('OBJECT_EXTRA', 'S3 listed a key that is not UTF-8', { cause });
  }
}

/** @throws DeployCheckError NOT_READABLE - with the name of the error alone: its text may quote what was asked for */
async function readable<T>(operation: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (cause) {
    throw new DeployCheckError('NOT_READABLE', `${operation} failed: ${cause instanceof Error ? cause.name : 'unknown'}`, { cause });
  }
}
