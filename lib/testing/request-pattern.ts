/** A kind of caller. */
export enum CallerKind {
  /** A role of the templates, with the policies that they give it. */
  ROLE = 'ROLE',
  /** A user of the templates. */
  USER = 'USER',
  /** An unknown identity of the account that may do anything by its own policies. */
  ACCOUNT_ADMIN = 'ACCOUNT_ADMIN',
  /** An identity of another account, which may do anything there. */
  FOREIGN = 'FOREIGN',
  /** A request without a signature. */
  ANONYMOUS = 'ANONYMOUS',
  /** An AWS service by its own name. */
  SERVICE = 'SERVICE',
  /** An identity provider that a trust policy names. */
  FEDERATED = 'FEDERATED',
}

/** A set of requests, in the words of the policy language. */
export interface RequestPatternProps {
  /** Actions, with wildcards, for example `s3:GetObject`. */
  readonly actions: string[];

  /** Actions that are not meant. @default - none */
  readonly notActions?: string[];

  /** ARNs, with wildcards. `Proofs.arnOf` gives that of a construct. @default - any */
  readonly resources?: string[];

  /** ARNs that are not meant. @default - none */
  readonly notResources?: string[];

  /**
   * What the context must be like: operator, key, values, as in a `Condition` block. Negated operators hold for an absent key as well.
   *
   * @default - anything
   */
  readonly where?: { [operator: string]: { [key: string]: string[] } };

  /** Callers by id, with wildcards: a role's logical id, a service's name. `Proofs.callerOf` gives that of a role. @default - all */
  readonly callers?: string[];

  /** Kinds of callers. @default - all */
  readonly callerKinds?: CallerKind[];
}
