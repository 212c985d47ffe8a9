import type { PolicyDocument } from './policy-document';

export type PolicyKind = 'identity' | 'boundary' | 'trust' | 'resource' | 'endpoint' | 'scp' | 'rcp';

/** A policy at one place where IAM evaluates it; a managed policy of two roles appears twice. */
export interface AttachedPolicy {
  /** `stack/logicalId` of what holds the document. */
  readonly name: string;
  readonly kind: PolicyKind;
  /** ARN of the role, resource or endpoint; `account` for what holds for the whole account. */
  readonly target: string;
  readonly document: PolicyDocument;
}

/** Text of managed policies that no template holds, by ARN. */
export type ManagedPolicies = Readonly<Record<string, PolicyDocument>>;

export const ALLOW_ALL: PolicyDocument = {
  Version: '2012-10-17',
  Statement: [{ Sid: 'AllowAll', Effect: 'Allow', Action: '*', Resource: '*' }],
};
