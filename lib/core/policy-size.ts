import { Annotations, Stack } from 'aws-cdk-lib';
import type { PolicyDocument } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';

/** How long the policy of a resource may be. */
export interface PolicyLimit {
  /** Whose policy it is, as the message says it. */
  readonly of: string;
  /** In bytes of JSON without white space. */
  readonly maxBytes: number;
  /** What makes it shorter. */
  readonly remedy: string;
}

/** "20 KB" may be either number of bytes: the smaller one is safe. @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html */
export const BUCKET_POLICY: PolicyLimit = {
  of: 'bucket',
  maxBytes: 20_000,
  remedy: 'let fewer roles in one by one, or divide them: serve some of the models from a second platform or store, and capture into a second CaptureStore',
};

/** @see https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html */
export const KEY_POLICY: PolicyLimit = {
  of: 'key',
  maxBytes: 32_768,
  remedy: 'let fewer accounts and roles in one by one, or divide them: give some of the resources another key',
};

/** From this part of the limit on, a warning says how much is left. */
const NEAR = 0.8;

/** No name or ARN of a bucket, key, role or function is longer. */
const ANY_ATTRIBUTE_BYTES = 128;

/** The longest that AWS has. */
const PSEUDO_PARAMETER_BYTES: Readonly<Record<string, number>> = {
  'AWS::AccountId': 12,
  'AWS::Partition': 10,
  'AWS::Region': 14,
  'AWS::URLSuffix': 16,
};

/** Refuses at synthesis, with what to do, a policy that its service would refuse in the deployment, and warns before. */
export function limitPolicySize(owner: IConstruct, limit: PolicyLimit, document: () => PolicyDocument | undefined): void {
  owner.node.addValidation({
    validate: () => {
      const { of, maxBytes, remedy } = limit;
      const policy = document();
      if (policy === undefined || isSmall(policy, maxBytes)) return [];
      const resolved: unknown = Stack.of(owner).resolve(policy);
      const bytes = policySize(resolved);
      if (bytes <= NEAR * maxBytes) return [];
      const size = `the policy of the ${of} '${owner.node.path}' has up to ${bytes} bytes of ${maxBytes}, most of them in ${largest(resolved)}`;
      if (bytes > maxBytes) return [`${size}: ${remedy}`];
      Annotations.of(owner).addWarningV2('cdk-secure-ai:large-policy', `${size}: before it is full, ${remedy}`);
      return [];
    },
  });
}

/** Whether a policy is so far from its limit that its tokens need not be resolved, which costs more than all the rest. */
function isSmall(policy: PolicyDocument, maxBytes: number): boolean {
  const text = JSON.stringify(policy.toJSON());
  // Of a list, or of what is no text, nobody knows how long it is.
  if (/#\{Token|<unresolved-token>/.test(text)) return false;
  return Buffer.byteLength(text) + text.split('${Token').length * ANY_ATTRIBUTE_BYTES < maxBytes / 2;
}

/**
 * How many bytes a policy has at most, once CloudFormation has put in names and ARNs, as JSON without white space.
 *
 * @param value the policy, or a part of it, as it is in a template
 */
export function policySize(value: unknown): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, one) => sum + 1 + policySize(one), 2);
  if (typeof value !== 'object' || value === null) return bytesOf(value);
  const known = intrinsicSize(value);
  if (known !== undefined) return 2 + known;
  return Object.entries(value).reduce((sum, [key, one]) => sum + bytesOf(key) + 2 + policySize(one), 2);
}

/** The length of the text that takes the place of an intrinsic function; undefined: it is none. */
function intrinsicSize(value: object): number | undefined {
  const entries = Object.entries(value);
  const [[name, argument]] = entries.length === 1 ? entries as [[string, unknown]] : [['', undefined]];
  if (name === 'Ref') return PSEUDO_PARAMETER_BYTES[String(argument)] ?? ANY_ATTRIBUTE_BYTES;
  if (name === 'Fn::Join' && Array.isArray(argument) && Array.isArray(argument[1])) {
    const [between, parts] = argument as [string, unknown[]];
    return parts.reduce<number>((sum, part) => sum + policySize(part) - 2 + Buffer.byteLength(between), 0);
  }
  if (name === 'Fn::Sub') {
    const text = String(Array.isArray(argument) ? argument[0] : argument);
    return bytesOf(text) + (text.match(/\$\{/g) ?? []).length * ANY_ATTRIBUTE_BYTES;
  }
  return name.startsWith('Fn::') ? ANY_ATTRIBUTE_BYTES : undefined;
}

function bytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value) ?? '');
}

function largest(policy: unknown): string {
  const { Statement = [] } = policy as { readonly Statement?: readonly { readonly Sid?: string }[] };
  const [first] = [...Statement].sort((a, b) => policySize(b) - policySize(a));
  return first?.Sid === undefined ? 'one statement' : `the statement '${first.Sid}'`;
}
