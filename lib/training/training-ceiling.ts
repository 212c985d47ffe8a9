import type { CfnRole, ManagedPolicy } from 'aws-cdk-lib/aws-iam';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { LeastPrivilegeRole } from '../core/least-privilege-role';
import { SecurityPosture } from '../posture';
import type { GuardScope, GuardStatement } from './guard/guard-statements';
import { guardStatementsOn } from './guard/guard-statements';
import { trainingBoundary } from './training-boundary';

/** What all roles of an environment are held to, whatever they are granted. */
export class TrainingCeiling {
  private readonly boundary?: ManagedPolicy;
  private readonly denies: readonly GuardStatement[] = [];

  /**
   * The boundary is made here unless the posture has one; then the guard's denies go into the roles' own policies.
   *
   * @param guard what the roles are held to
   */
  constructor(scope: Construct, public readonly guard: GuardScope) {
    if (SecurityPosture.of(scope).permissionsBoundary) this.denies = guardStatementsOn(['sagemaker:CreateTrainingJob', 'iam:PassRole'], guard);
    else this.boundary = trainingBoundary(scope, 'Boundary', guard);
  }

  /** Holds a role to it. */
  public apply(role: LeastPrivilegeRole): void {
    if (this.boundary) (role.node.defaultChild as CfnRole).permissionsBoundary = this.boundary.managedPolicyArn;
    for (const statement of this.denies) role.addToPrincipalPolicy(PolicyStatement.fromJson(statement));
  }
}
