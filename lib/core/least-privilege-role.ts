import type { AddToPrincipalPolicyResult, IManagedPolicy, IPrincipal, Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Effect, ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { SecurityPosture } from '../posture';
import { acknowledgeWildcards } from './acknowledge-wildcards';
import { wildcardPermissionFor } from './wildcard-permissions';

/** Characters of one managed policy without white space. @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const POLICY_CHARACTERS = 6144;
/** Managed policies of one role before a quota increase. */
const POLICIES_PER_ROLE = 10;
/** A token stands for an ARN or a part of one, whose length is not known at synthesis; longer ones than this are not made here. */
const TOKEN_CHARACTERS = 150;

export interface LeastPrivilegeRoleProps {
  /** Who may assume it. */
  readonly assumedBy: IPrincipal;
  /** What it is for. */
  readonly description: string;
  /**
   * Its own path.
   *
   * @default '/'
   */
  readonly rolePath?: string;
  /**
   * The path of its policies, by which denies of the account know them.
   *
   * @default '/'
   */
  readonly policyPath?: string;
}

/**
 * A role whose every permission is a customer-managed policy of its own.
 *
 * Inline and AWS-managed policies are refused, and wildcards but those that the closed list has for the service that assumes it. The
 * posture's boundary is set. Policies are children of the role, so whatever depends on the role also waits for them: many services try the
 * role's permissions at once.
 */
export class LeastPrivilegeRole extends Role {
  private readonly policies: { policy: ManagedPolicy; characters: number }[] = [];
  private readonly policyPath?: string;
  private serviceWide?: ManagedPolicy;
  /** The one service that assumes it; undefined where something else does, or several may. */
  private readonly service?: string;

  constructor(scope: Construct, id: string, props: LeastPrivilegeRoleProps) {
    super(scope, id, {
      assumedBy: props.assumedBy,
      description: props.description,
      permissionsBoundary: SecurityPosture.of(scope).permissionsBoundary,
      ...(props.rolePath === undefined ? {} : { path: props.rolePath }),
    });
    this.policyPath = props.policyPath;
    if (props.assumedBy instanceof ServicePrincipal) this.service = props.assumedBy.service;
  }

  public override addToPrincipalPolicy(statement: PolicyStatement): AddToPrincipalPolicyResult {
    this.refuseWildcards(statement);
    const policy = statement.resources.includes('*') && statement.effect === Effect.ALLOW ? this.serviceWidePolicy() : this.policyWithRoomFor(statement);
    policy.addStatements(statement);
    return { statementAdded: true, policyDependable: policy };
  }

  public override addManagedPolicy(policy: IManagedPolicy): void {
    throw new Error(`'${this.node.path}' takes statements only: grant the actions it needs instead of attaching ${policy.managedPolicyArn}`);
  }

  public override attachInlinePolicy(policy: Policy): void {
    throw new Error(`'${this.node.path}' takes no inline policy: grant the actions of '${policy.node.path}' instead`);
  }

  /** Actions that take no resource stand apart, so that one small policy carries every finding about them. */
  private serviceWidePolicy(): ManagedPolicy {
    this.serviceWide ??= this.newPolicy('ServiceWide');
    return this.serviceWide;
  }

  private policyWithRoomFor(statement: PolicyStatement): ManagedPolicy {
    const characters = charactersOf(statement);
    const last = this.policies.at(-1);
    if (last && last.characters + characters <= POLICY_CHARACTERS) {
      last.characters += characters;
      return last.policy;
    }
    const number = this.policies.length + 1;
    if (number >= POLICIES_PER_ROLE) {
      throw new Error(`'${this.node.path}' needs more than ${POLICIES_PER_ROLE} managed policies, which IAM refuses: split what it does over several roles`);
    }
    const policy = this.newPolicy(number === 1 ? 'Policy' : `Policy${number}`);
    this.policies.push({ policy, characters: characters + '{"Version":"2012-10-17","Statement":[]}'.length });
    return policy;
  }

  private newPolicy(id: string): ManagedPolicy {
    const policy = new ManagedPolicy(this, id, { roles: [this], description: `Permissions of ${this.node.id}`, path: this.policyPath });
    acknowledgeWildcards(policy, this.service);
    return policy;
  }

  private refuseWildcards(statement: PolicyStatement): void {
    if (statement.effect !== Effect.ALLOW) return;
    const where = `'${this.node.path}'`;
    if (statement.notActions.length > 0 || statement.notResources.length > 0) {
      throw new Error(`${where} takes no NotAction or NotResource in an Allow: name what is needed`);
    }
    for (const action of statement.actions) {
      if (action.includes('*')) throw new Error(`${where} takes no wildcard in an action, got '${action}': name each action`);
      for (const resource of statement.resources) {
        const pattern = withoutTokens(resource);
        if (pattern.includes('*') && !wildcardPermissionFor(action, pattern, this.service)) {
          throw new Error(`${where} takes '${action}' on exact resources only, got '${pattern}': name the resource, or add the reason to the closed list`);
        }
      }
    }
  }
}

function withoutTokens(value: string): string {
  return value.replace(/\$\{Token\[[^\]]*\]\}/g, '<token>');
}

function charactersOf(statement: PolicyStatement): number {
  const json = JSON.stringify(statement.toStatementJson());
  return withoutTokens(json).replace(/<token>/g, 'x'.repeat(TOKEN_CHARACTERS)).length + 1;
}
