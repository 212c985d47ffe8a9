import type { GroundPolicy } from './ground';

/** Kinds of principals that are tried one by one. */
export type PrincipalType = 'ROLE' | 'USER' | 'ACCOUNT_ADMIN' | 'FOREIGN' | 'ANONYMOUS' | 'SERVICE' | 'FEDERATED';

/** Who makes a request, with the policies that travel with the caller. */
export interface Principal {
  /** What people read: the role's logical id, `an administrator of 111122223333`, a service's name. */
  readonly id: string;
  readonly type: PrincipalType;
  readonly account?: string;
  /** Known for roles and users of the templates. */
  readonly arn?: string;
  /** Identity policies; undefined: unknown and taken as allowing everything. */
  readonly identity?: readonly GroundPolicy[];
  /** Names of identity policies that lie outside the templates: what they allow is not known. */
  readonly externalPolicies: readonly string[];
  readonly boundary?: GroundPolicy;
  readonly session?: GroundPolicy;
  /** Values of condition keys (lower case) that follow from who the caller is; undefined: the key is absent. */
  readonly keys: ReadonlyMap<string, string | readonly string[] | undefined>;
}

/** Something that a request can be aimed at and that may carry a policy of its own. */
export interface Target {
  readonly id: string;
  readonly type: string;
  readonly service: string;
  readonly account: string;
  /** ARN, and ARN with a star for what lies inside. */
  readonly arns: readonly string[];
  readonly policies: readonly GroundPolicy[];
  /** KMS keys and role trust: identity policies count only when the own policy names the account. */
  readonly needsGrant: boolean;
  /** The Resource element means nothing in this kind of policy. */
  readonly ignoresResource: boolean;
  /** Callers from outside the account get through as if the policy granted everything: what an accident would do. @default false */
  readonly openToOthers?: boolean;
}

/** Something that runs code with a role: who can change it has the role. */
export interface Carrier {
  readonly id: string;
  readonly arn: string;
  readonly roleArn: string;
  /** Actions that put code of the caller in, or that hand the role out. */
  readonly takenBy: readonly string[];
}

/** A VPC endpoint and its policy; no policy means the default, which allows everything. */
export interface Endpoint {
  readonly id: string;
  /** Value of `aws:SourceVpce`. */
  readonly endpointId: string;
  readonly vpcId: string | undefined;
  /** IAM service prefixes that it serves; undefined when the service name is unknown. */
  readonly services: readonly string[] | undefined;
  readonly policy: GroundPolicy | undefined;
}

/** Everything that decides requests, taken from the templates and the prover's options. */
export interface Estate {
  readonly accounts: readonly string[];
  readonly organizationId: string | undefined;
  readonly organizationPath: string | undefined;
  readonly principals: readonly Principal[];
  readonly targets: readonly Target[];
  readonly endpoints: readonly Endpoint[];
  readonly carriers: readonly Carrier[];
  /** ARNs of the resources by their id in the template model, as far as their format is known. */
  readonly arns: ReadonlyMap<string, string>;
  /** One list of policies per level, from the root down. */
  readonly serviceControl: readonly (readonly GroundPolicy[])[];
  readonly resourceControl: readonly (readonly GroundPolicy[])[];
  /** What was taken for granted when the templates leave something open. */
  readonly assumptions: readonly string[];
  /** Why no claim over these templates can be more than "undetermined". */
  readonly limits: readonly string[];
}
