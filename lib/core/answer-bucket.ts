import { Fn, Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * The bucket of AWS into which functions of custom resources put their answers, by its exact name: names that only begin like it are free
 * for anybody to take.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-vpce-bucketnames.html
 */
export function answerBucket(scope: IConstruct): string {
  return `cloudformation-custom-resource-response-${Fn.join('', Fn.split('-', Stack.of(scope).region))}`;
}

/**
 * The host names of the answer bucket, with `<region>` and `<suffix>` in place of the region and the partition's DNS suffix: written with a
 * dash as well as with a dot before the region, and without a region.
 */
export function answerHosts(scope: IConstruct): string[] {
  return ['s3.<region>.<suffix>', 's3-<region>.<suffix>', 's3.<suffix>'].map((host) => `${answerBucket(scope)}.${host}`);
}
