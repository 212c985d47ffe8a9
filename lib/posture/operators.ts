/** The roles that may do what is denied to everybody else. Patterns with `*` are allowed, as `aws:PrincipalArn` is compared with them. */
export interface OperatorOptions {
  /**
   * Roles that may delete locked objects, delete keys and undo protections in an emergency.
   *
   * @default - none: only a change of the policy by an administrator, which the trail records, opens the way
   */
  readonly breakGlassRoleArns?: string[];
  /**
   * Roles through which CloudFormation changes the settings of buckets and keys. Name yours if the app is deployed without the
   * roles of `cdk bootstrap`, or updates of a bucket's lifecycle fail with "access denied".
   *
   * @default - the CloudFormation execution role of `cdk bootstrap` in the stack's account
   */
  readonly deploymentRoleArns?: string[];
}

/** The tags that the organisation's rules ask for; `DataClassification` is added from each construct's data class. */
export interface RequiredTags {
  /** Value of the tag `Environment`, for example `production`. */
  readonly environment: string;
  /** Value of the tag `OwnerTeam`. */
  readonly ownerTeam: string;
}
