import { Arn, ArnFormat, Stack, Token } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IConstruct } from 'constructs';

type Through = Readonly<Record<string, Record<string, string | string[]>>>;

/**
 * The condition by which a key works inside some services only: whoever holds the permission cannot decrypt bytes that were copied
 * elsewhere.
 *
 * The region is the key's, which may be another one than the stack's: KMS names the service where the key is asked.
 *
 * @param services such as `s3`
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
 */
export function viaService(key: IKey, ...services: string[]): Through {
  return condition(key, [key.env.region], services);
}

/**
 * The same for keys of which only the ARNs are known: those of other regions are written out, and a reference is to a key of the stack's
 * region.
 */
export function viaServiceOf(scope: IConstruct, keyArns: readonly string[], service: string): Through {
  const { region } = Stack.of(scope);
  const regions = keyArns.map((arn) => (Token.isUnresolved(arn) ? region : Arn.split(arn, ArnFormat.SLASH_RESOURCE_NAME).region ?? region));
  return condition(scope, regions, [service]);
}

function condition(scope: IConstruct, regions: readonly string[], services: readonly string[]): Through {
  const names = [...new Set(regions)].flatMap((region) => services.map((service) => `${service}.${region}.${Stack.of(scope).urlSuffix}`));
  return { StringEquals: { 'kms:ViaService': names.length === 1 ? names[0] : names } };
}
