import type { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import type { IBucket } from 'aws-cdk-lib/aws-s3';

/**
 * A domain at which callers show a certificate of their own, besides what the gateway asks for anyway. The gateway's default address is
 * turned off then, since it asks for none.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-mutual-tls.html
 */
export interface MutualTlsDomain {
  /** The name, such as `models.example.com`. Its DNS record is made elsewhere. */
  readonly domainName: string;
  /** The server's certificate, in the region of the stack. */
  readonly certificate: ICertificate;
  /** The bucket with the certificates of the authorities that callers are trusted under. */
  readonly truststoreBucket: IBucket;
  /** The key of that object, a PEM file. */
  readonly truststoreKey: string;
  /** The version of that object: a new one takes effect with the next deployment, and not before. */
  readonly truststoreVersion: string;
}
