import { Token } from 'aws-cdk-lib';
import type { IRepository } from 'aws-cdk-lib/aws-ecr';

/** A container image, named by its digest: a tag can be moved to another image. */
export class ModelImage {
  /**
   * An image of a repository of this account or of one that this account may pull from.
   *
   * @throws when the digest is not `sha256:` and 64 hexadecimal digits
   */
  public static fromEcr(repository: IRepository, digest: string): ModelImage {
    requireDigest(digest);
    return new ModelImage(repository.repositoryUriForDigest(digest), repository.repositoryArn);
  }

  /**
   * An image by its URI in ECR, for example one of AWS's deep learning containers:
   * `<account>.dkr.ecr.<region>.<suffix>/<repository>@sha256:<digest>`.
   *
   * @throws when it is no such URI, or names a tag
   */
  public static fromUri(uri: string): ModelImage {
    const match = /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.(amazonaws\.[a-z.]+|[a-z0-9.-]+)\/([a-z0-9][a-z0-9._/-]*)@(sha256:[0-9a-f]{64})$/.exec(uri);
    if (!match) {
      throw new Error(`an image is named by the digest of its content, like '111111111111.dkr.ecr.eu-central-1.amazonaws.com/model@sha256:…', got '${uri}'`);
    }
    const [, account, region, , repository] = match;
    return new ModelImage(uri, `arn:${partitionOf(region)}:ecr:${region}:${account}:repository/${repository}`);
  }

  private constructor(
    /** The URI with its digest. */
    public readonly imageUri: string,
    /** The ARN of its repository. */
    public readonly repositoryArn: string,
  ) {}
}

function requireDigest(digest: string): void {
  if (!Token.isUnresolved(digest) && !/^sha256:[0-9a-f]{64}$/.test(digest)) {
    throw new Error(`the digest of an image is 'sha256:' and 64 lower-case hexadecimal digits, got '${digest}'`);
  }
}

function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  if (region.startsWith('us-gov-')) return 'aws-us-gov';
  return region.startsWith('eusc-') ? 'aws-eusc' : 'aws';
}
