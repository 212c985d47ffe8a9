import type { ArnFormat } from 'aws-cdk-lib';
import { Stack } from 'aws-cdk-lib';
import type { CfnRole } from 'aws-cdk-lib/aws-iam';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { LeastPrivilegeRole } from '../core/least-privilege-role';
import { TRAINING_POLICY_PATH } from './guard/role-paths';
import type { TrainingCeiling } from './training-ceiling';

export interface TrainingRoleProps {
  readonly description: string;
  /** The one service that may assume it, for example `sagemaker`. */
  readonly service: string;
  /** What the service must act for: the part of an ARN behind the account, with wildcards. */
  readonly actsFor: { readonly resource: string; readonly name: string; readonly format: ArnFormat };
  /** The path by which the guard knows the role. */
  readonly path: string;
  readonly ceiling: TrainingCeiling;
}

/**
 * A role of a training environment: one service assumes it, for this account and for what has the given name only. A state machine gets its
 * name when it is made, so the launcher's role is for any of the account: the guard lets nobody pass it to another one.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/security-confused-deputy-prevention.html
 */
export class TrainingRole extends LeastPrivilegeRole {
  constructor(scope: Construct, id: string, props: TrainingRoleProps) {
    const { resource, name, format } = props.actsFor;
    super(scope, id, {
      description: props.description,
      policyPath: TRAINING_POLICY_PATH,
      assumedBy: new ServicePrincipal(`${props.service}.amazonaws.com`, {
        conditions: {
          StringEquals: { 'aws:SourceAccount': Stack.of(scope).account },
          // By name and not by reference: what the service acts for is made with this role.
          ArnLike: { 'aws:SourceArn': Stack.of(scope).formatArn({ service: props.service, resource, resourceName: name, arnFormat: format }) },
        },
      }),
    });
    (this.node.defaultChild as CfnRole).path = props.path;
    props.ceiling.apply(this);
  }
}
