import { ManagedPolicy, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { declareControls } from '../core/control-declarations';
import { SecurityPosture } from '../posture';
import { boundaryPolicy } from './boundary-policy';
import type { BoundaryStatement } from './guard/boundary-statements';
import { boundaryStatements } from './guard/boundary-statements';
import type { GuardScope, GuardStatement } from './guard/guard-statements';
import { guardedActions, guardStatements } from './guard/guard-statements';
import { POLICY_LIMITS, policyPages } from './guard/policy-pages';
import { TRAINING_POLICY_PATH } from './guard/role-paths';
import { InstanceStorage } from './instance-family';
import { localDiskFamilies } from './instance-storage';
import { statementLength } from './statement-length';

/** What a guard lets through besides what isolation asks for. */
export interface TrainingGuardProps {
  /**
   * The subnets in which work may run.
   *
   * @default - any subnet, but not none
   */
  readonly subnetIds?: string[];
  /**
   * The security groups that work may have.
   *
   * @default - any group, but not none
   */
  readonly securityGroupIds?: string[];
  /**
   * ARNs of the keys for volumes.
   *
   * @default - any key, but not none; instances with local disks take none
   */
  readonly volumeKeyArns?: string[];
  /**
   * ARNs of the keys for what work writes.
   *
   * @default - any key, but not none
   */
  readonly outputKeyArns?: string[];
  /**
   * The VPC endpoints from which presigned URLs into workspaces may be asked for, once the posture names their actions.
   *
   * @default - those of the posture's perimeter or, without any, every endpoint; never the internet
   */
  readonly vpcEndpointIds?: string[];
  /**
   * Lets others than the launchers of training environments start training jobs, as long as the jobs are isolated.
   *
   * @default false
   */
  readonly anyLauncher?: boolean;
  /**
   * Instance families with local disks that the library does not know yet, for example `g7e`, besides those of its table.
   *
   * @default - those of the table alone
   */
  readonly localStorageFamilies?: string[];
}

/**
 * What keeps people from training without isolation, whatever else they are allowed.
 *
 * The launcher of a `SecureTrainingEnv` starts isolated jobs only, but an administrator needs no launcher: this guard must reach every
 * identity of the account, as a policy of the organisation, or as boundary or managed policy of its roles. Which action of SageMaker
 * carries which condition key comes from AWS's service authorisation reference. Actions that cannot be isolated are denied unless the
 * posture names them, and so are links into workspaces, remote debugging, warm pools, and roles that are passed to other services.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsagemaker.html
 */
export class TrainingGuard {
  /** The denies as customer-managed policies, to be attached to roles together: they do not fit one. */
  public static managedPolicies(scope: Construct, id: string, props: TrainingGuardProps = {}): ManagedPolicy[] {
    const at = new Construct(scope, id);
    declareControls(at, 'P1', 'P2', 'ML3');
    const pages = pagesOf(guardStatements(guardScope(at, props)), POLICY_LIMITS.MANAGED_POLICY);
    return pages.map((statements, index) => new ManagedPolicy(at, `Policy${index + 1}`, {
      description: 'Denies training without isolation',
      path: TRAINING_POLICY_PATH,
      statements: statements.map((statement) => PolicyStatement.fromJson(statement)),
    }));
  }

  /**
   * The guard as a permissions boundary for people and their roles: it allows what is not training, isolated training, and no more. It
   * grants nothing.
   */
  public static boundary(scope: Construct, id: string, props: TrainingGuardProps = {}): ManagedPolicy {
    const at = new Construct(scope, id);
    declareControls(at, 'P1', 'P2', 'ML3');
    const [statements, ...more] = pagesOf(boundaryStatements(guardScope(at, props)), POLICY_LIMITS.MANAGED_POLICY);
    if (more.length > 0) {
      throw new Error(`'${at.node.path}' is too long for a boundary, which is one policy: name fewer subnets, keys and unisolated actions, or attach managedPolicies`);
    }
    return boundaryPolicy(at, 'Boundary', statements);
  }

  /**
   * The denies as documents for service control policies of the organisation, each short enough for one: the `content` of a policy is its
   * `toJSON()`. With the account's own subnets and keys in `props` they hold for that account only; without, for every account.
   */
  public static organizationPolicies(scope: Construct, props: TrainingGuardProps = {}): PolicyDocument[] {
    return pagesOf(guardStatements(guardScope(scope, props)), POLICY_LIMITS.ORGANISATION_POLICY)
      .map((statements) => new PolicyDocument({ statements: statements.map((statement) => PolicyStatement.fromJson(statement)) }));
  }

  private constructor() {}
}

function guardScope(scope: Construct, props: TrainingGuardProps): GuardScope {
  const posture = SecurityPosture.of(scope);
  const ownFamilies = props.localStorageFamilies ?? [];
  const unknown = posture.unisolatedActions.find((action) => !guardedActions().includes(action));
  if (unknown) {
    throw new Error(`the posture's training.unisolatedActions names '${unknown}', which the training guard does not deny: name one of ${guardedActions().join(', ')}`);
  }
  return {
    subnetIds: props.subnetIds ?? [],
    securityGroupIds: props.securityGroupIds ?? [],
    volumeKeyArns: props.volumeKeyArns ?? [],
    outputKeyArns: props.outputKeyArns ?? [],
    vpcEndpointIds: props.vpcEndpointIds ?? posture.vpcEndpointIds,
    maxRuntimeSeconds: posture.maxTrainingSeconds,
    namedActions: posture.unisolatedActions,
    launcherOnly: !props.anyLauncher,
    exemptRoleArns: [...posture.deploymentRoleArns(scope), ...posture.breakGlassRoleArns],
    localStorageFamilies: localDiskFamilies(ownFamilies.map((family) => ({ family, storage: InstanceStorage.LOCAL_DISKS }))),
  };
}

function pagesOf<T extends GuardStatement | BoundaryStatement>(statements: readonly T[], limit: number): T[][] {
  return policyPages(statements, limit, statementLength);
}
