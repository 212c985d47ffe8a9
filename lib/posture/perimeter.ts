import type { WeakerChoice } from './weaker-choice';

/**
 * Who may reach data and models, and from where.
 *
 * Three denies in every bucket policy, switchable apart: identities, presigned URLs, networks.
 *
 * @see https://docs.aws.amazon.com/whitepapers/latest/building-a-data-perimeter-on-aws/building-a-data-perimeter-on-aws.html
 */
export interface PerimeterOptions {
  /**
   * The VPC endpoints through which objects may be read and written.
   *
   * @default - BASELINE: any network. REGULATED: any VPC endpoint that this account (or, with `organizationId`, this organisation)
   * owns, by `aws:VpceAccount` and `aws:VpceOrgID`. HIGH_ASSURANCE: none, endpoints must be named here
   */
  readonly vpcEndpointIds?: string[];
  /**
   * Lets objects be read and written from any network.
   *
   * @default - as `vpcEndpointIds` says
   */
  readonly anyNetwork?: WeakerChoice;
  /**
   * Lets presigned URLs work.
   *
   * @default - requests signed in the query string are denied
   */
  readonly presignedUrls?: WeakerChoice;
  /**
   * Lets identities of other accounts and organisations in as far as other statements allow them.
   *
   * @default - only identities of this account (or, with `organizationId`, of this organisation) and of named readers
   */
  readonly anyIdentity?: WeakerChoice;
}

/** How the network part of the perimeter is enforced. */
export enum NetworkPerimeter {
  /** Not at all. */
  OFF = 'OFF',
  /** By the owner of the VPC endpoint. */
  OWNED_ENDPOINTS = 'OWNED_ENDPOINTS',
  /** By the id of the VPC endpoint. */
  NAMED_ENDPOINTS = 'NAMED_ENDPOINTS',
}
