import { Stack } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { NetworkPerimeter, SecurityPosture } from '../posture';
import { deny, everythingIn, objectsIn, spare } from './bucket-guards';

/** Sids of the denies, so that proofs can take one away. */
export const PERIMETER = {
  IDENTITIES: 'DenyForeignIdentities',
  PRESIGNED: 'DenyPresignedUrls',
  NETWORKS: 'DenyForeignNetworks',
} as const;

/** Object actions that carry data: the network perimeter covers these and leaves settings to administrators anywhere. */
const DATA_ACTIONS = ['s3:GetObject*', 's3:PutObject*', 's3:DeleteObject*', 's3:AbortMultipartUpload', 's3:ListMultipartUploadParts'];

/** The data perimeter of one bucket: three denies, as far as the posture turns them on, and who was let through since. */
export class BucketPerimeter {
  /** The denies, for the bucket's policy. */
  public readonly guards: readonly PolicyStatement[];

  private readonly posture: SecurityPosture;
  private readonly identities?: PolicyStatement;
  private readonly networks?: PolicyStatement;
  private readonly ownAccount: string;
  private readonly accounts: string[];
  private readonly organizationPaths: string[] = [];
  private readonly serviceRoleArns: string[] = [];

  constructor(bucket: IBucket) {
    this.posture = SecurityPosture.of(bucket);
    // With an organisation its members need no listing.
    this.ownAccount = Stack.of(bucket).account;
    this.accounts = this.posture.organizationId ? [] : [this.ownAccount];
    const guards: PolicyStatement[] = [];
    if (this.posture.foreignIdentitiesDenied) {
      this.identities = deny(PERIMETER.IDENTITIES, everythingIn(bucket), ['s3:*'], { BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' } });
      guards.push(this.identities);
    }
    if (this.posture.presignedUrlsDenied) {
      guards.push(deny(PERIMETER.PRESIGNED, everythingIn(bucket), ['s3:*'], { StringEquals: { 's3:authType': 'REST-QUERY-STRING' } }));
    }
    if (this.posture.networkPerimeter !== NetworkPerimeter.OFF) {
      this.networks = deny(PERIMETER.NETWORKS, objectsIn(bucket), DATA_ACTIONS, {
        BoolIfExists: { 'aws:PrincipalIsAWSService': 'false', 'aws:ViaAWSService': 'false' },
      });
      guards.push(this.networks);
    }
    this.guards = guards;
    this.update();
  }

  /** Lets identities and VPC endpoints of another account through. */
  public trustAccount(account: string): void {
    this.accounts.push(account);
    this.update();
  }

  /** Lets identities and VPC endpoints below a path of an organisation through. */
  public trustOrganizationPath(path: string): void {
    this.organizationPaths.push(path);
    this.update();
  }

  /** Lets a role through from any network: it works from AWS's own, so only an AWS service may be able to assume it. */
  public admitServiceRole(roleArn: string): void {
    this.serviceRoleArns.push(roleArn);
    if (this.networks) spare(this.networks, this.serviceRoleArns);
  }

  private update(): void {
    if (this.identities) this.limit(this.identities, 'aws:PrincipalOrgID', 'aws:PrincipalAccount', 'aws:PrincipalOrgPaths');
    if (!this.networks) return;
    if (this.posture.networkPerimeter === NetworkPerimeter.NAMED_ENDPOINTS) {
      // The named endpoints are this account's; a reader of another account comes through its own.
      const readers = this.accounts.filter((account) => account !== this.ownAccount);
      this.networks.addCondition('StringNotEquals', {
        'aws:SourceVpce': this.posture.vpcEndpointIds,
        ...(readers.length > 0 ? { 'aws:VpceAccount': readers } : {}),
      });
      this.limitPaths(this.networks, 'aws:VpceOrgPaths');
    } else {
      this.limit(this.networks, 'aws:VpceOrgID', 'aws:VpceAccount', 'aws:VpceOrgPaths');
    }
  }

  /** A deny holds only when all its conditions do: whoever is inside the organisation, an account or a path passes. */
  private limit(guard: PolicyStatement, organizationKey: string, accountKey: string, pathKey: string): void {
    const { organizationId } = this.posture;
    guard.addCondition('StringNotEquals', {
      ...(organizationId ? { [organizationKey]: organizationId } : {}),
      ...(this.accounts.length > 0 ? { [accountKey]: [...this.accounts] } : {}),
    });
    this.limitPaths(guard, pathKey);
  }

  private limitPaths(guard: PolicyStatement, pathKey: string): void {
    if (this.organizationPaths.length > 0) guard.addCondition('ForAllValues:StringNotLike', { [pathKey]: [...this.organizationPaths] });
  }
}
