import { Arn, ArnFormat, Token } from 'aws-cdk-lib';

/**
 * The ARN of a bucket that a user gave, unchanged.
 *
 * @throws when it is the ARN of something else
 */
export function arnOfBucket(name: string, arn: string): string {
  if (Token.isUnresolved(arn)) return arn;
  const { service, resource } = Arn.split(arn, ArnFormat.NO_RESOURCE_NAME);
  if (service !== 's3' || !resource) throw new Error(`${name} must be the ARN of a bucket, got '${arn}'`);
  return arn;
}
