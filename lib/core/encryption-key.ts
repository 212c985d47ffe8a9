import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { SecurityPosture } from '../posture';
import { KEY_POLICY, limitPolicySize } from './policy-size';

export interface EncryptionKeyProps {
  /** What it encrypts. */
  readonly description: string;
}

/**
 * A customer-managed key with rotation, kept when its stack goes.
 *
 * Its policy delegates to the account, so that it cannot lock everybody out, and denies what would turn it into a way out: grants to
 * people, and, as the posture says, deletion and disabling by anyone but break-glass roles. The waiting time of a deletion is left at
 * its maximum of 30 days.
 */
export class EncryptionKey extends Key {
  constructor(scope: Construct, id: string, props: EncryptionKeyProps) {
    super(scope, id, { description: props.description, enableKeyRotation: true, removalPolicy: RemovalPolicy.RETAIN });
    const { keysProtected, breakGlassRoleArns } = SecurityPosture.of(scope);
    this.addToResourcePolicy(grantsToServicesOnly());
    if (keysProtected) this.addToResourcePolicy(keyRemovalByBreakGlassOnly(breakGlassRoleArns));
    limitPolicySize(this, KEY_POLICY, () => this.policy);
  }

  /** Lets CloudWatch Logs use the key for log groups of the stack's account and region. */
  public allowLogGroups(): void {
    const { partition, region, account, urlSuffix } = Stack.of(this);
    this.addToResourcePolicy(new PolicyStatement({
      sid: 'LogGroups',
      principals: [new ServicePrincipal(`logs.${region}.${urlSuffix}`)],
      actions: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncryptFrom', 'kms:ReEncryptTo', 'kms:GenerateDataKey', 'kms:GenerateDataKeyWithoutPlaintext', 'kms:DescribeKey'],
      resources: ['*'],
      conditions: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': `arn:${partition}:logs:${region}:${account}:log-group:*` } },
    }));
  }
}

/** A grant to a person would outlive every policy: grants are for AWS services acting on a resource. */
export function grantsToServicesOnly(): PolicyStatement {
  return new PolicyStatement({
    sid: 'DenyGrantsToPeople',
    effect: Effect.DENY,
    principals: [new AnyPrincipal()],
    actions: ['kms:CreateGrant'],
    resources: ['*'],
    conditions: { BoolIfExists: { 'kms:GrantIsForAWSResource': 'false', 'aws:PrincipalIsAWSService': 'false' } },
  });
}

/** Who deletes or disables a key makes everything under it unreadable. */
export function keyRemovalByBreakGlassOnly(breakGlassRoleArns: readonly string[]): PolicyStatement {
  return new PolicyStatement({
    sid: 'DenyKeyRemoval',
    effect: Effect.DENY,
    principals: [new AnyPrincipal()],
    actions: ['kms:ScheduleKeyDeletion', 'kms:DisableKey', 'kms:DisableKeyRotation'],
    resources: ['*'],
    ...(breakGlassRoleArns.length > 0 ? { conditions: { ArnNotLike: { 'aws:PrincipalArn': [...breakGlassRoleArns] } } } : {}),
  });
}
