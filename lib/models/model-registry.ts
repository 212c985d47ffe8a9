import { Lazy, RemovalPolicy, Stack, Tags } from 'aws-cdk-lib';
import type { IGrantable, IRole } from 'aws-cdk-lib/aws-iam';
import { AnyPrincipal, Effect, Grant, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnModelPackageGroup } from 'aws-cdk-lib/aws-sagemaker';
import { Construct } from 'constructs';
import { unlessPrincipal } from '../core/bucket-guards';
import { declareControls } from '../core/control-declarations';
import { EncryptionKey } from '../core/encryption-key';
import { refuseOtherStack } from '../core/same-stack';
import { viaService } from '../core/via-service';
import { DataClass, SecurityPosture } from '../posture';
import { refuseForeign } from './model-store-grants';
import { REGISTRY_GUARD } from './registry-guard';

type Deny = (sid: string, actions: string[], resources: string[], conditions: Record<string, unknown>) => PolicyStatement;

/** What a registry is called. */
export interface ModelRegistryProps {
  /**
   * Name of the model package group: lower-case letters, digits and hyphens, at most 63. SageMaker asks for one, and it cannot be changed.
   */
  readonly groupName: string;
  /**
   * What the models in it are for.
   *
   * @default - no description
   */
  readonly description?: string;
}

/**
 * A model package group in which only a gate approves.
 *
 * Its policy denies everybody else to set a version to Approved, at creation or later, and everybody to change what an existing version
 * loads without setting its status, so that nothing approved changes unseen. Versions are encrypted with the registry's key, which the gate
 * checks.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/model-registry-deploy-xaccount.html
 */
export class ModelRegistry extends Construct {
  /** Name of the model package group. */
  public readonly groupName: string;
  /** Encrypts the versions. Give it as `SecurityConfig.KmsKeyId` when you register one. */
  public readonly key: IKey;
  private readonly approverArns: string[] = [];

  constructor(scope: Construct, id: string, props: ModelRegistryProps) {
    super(scope, id);
    if (!/^[a-z0-9](?:-*[a-z0-9]){0,62}$/.test(props.groupName)) {
      throw new Error(`'${this.node.path}': groupName must be lower-case letters, digits and hyphens, 63 at most, got '${props.groupName}'`);
    }
    declareControls(this, 'P3', 'ML7', 'MI3');
    // Versions name weights, metrics and code of a model: as confidential as a store is by default.
    Tags.of(this).add('DataClassification', DataClass.CONFIDENTIAL);
    this.groupName = props.groupName;
    this.key = new EncryptionKey(this, 'Key', { description: `Versions of the model package group ${props.groupName}` });
    const group = new CfnModelPackageGroup(this, 'Resource', {
      modelPackageGroupName: props.groupName,
      ...(props.description === undefined ? {} : { modelPackageGroupDescription: props.description }),
      modelPackageGroupPolicy: Lazy.any({ produce: () => new PolicyDocument({ statements: this.guards(true) }) }),
    });
    // A first deployment that fails leaves nothing in the way of the second, which needs the same name.
    group.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
  }

  /** ARN of the model package group. */
  public get groupArn(): string {
    return Stack.of(this).formatArn({ service: 'sagemaker', resource: 'model-package-group', resourceName: this.groupName });
  }

  /** ARN pattern of the versions. */
  public get versionArns(): string {
    return Stack.of(this).formatArn({ service: 'sagemaker', resource: 'model-package', resourceName: `${this.groupName}/*` });
  }

  /**
   * The same denies as statements of a service control policy or a permissions boundary: they hold also against who could change the
   * group's own policy.
   */
  public get serviceControlStatements(): PolicyStatement[] {
    return this.guards(false);
  }

  /** Lets a principal of this account register versions that wait for approval, encrypted with the registry's key. */
  public grantRegister(grantee: IGrantable): Grant {
    refuseForeign(this, grantee, 'let a role of this account register');
    return Grant.addToPrincipal({
      grantee,
      actions: ['sagemaker:CreateModelPackage'],
      resourceArns: [this.groupArn, this.versionArns],
      conditions: { StringEquals: { 'sagemaker:ModelApprovalStatus': 'PendingManualApproval' } },
    }).combine(Grant.addToPrincipal({
      grantee,
      actions: ['kms:Decrypt', 'kms:DescribeKey', 'kms:GenerateDataKey'],
      resourceArns: [this.key.keyArn],
      conditions: viaService(this.key, 'sagemaker'),
    }));
  }

  /**
   * Spares the role of a gate from the deny of approvals.
   *
   * @internal
   */
  public _admitApprover(role: IRole): void {
    if (this.approverArns.length > 0) throw new Error(`'${this.node.path}' has a gate already: one registry has one gate`);
    refuseOtherStack(this, role);
    this.approverArns.push(role.roleArn);
  }

  private guards(inPolicy: boolean): PolicyStatement[] {
    const posture = SecurityPosture.of(this);
    const operators = unlessPrincipal([...posture.deploymentRoleArns(this), ...posture.breakGlassRoleArns]);
    const deny: Deny = (sid, actions, resources, conditions) => new PolicyStatement({
      sid, effect: Effect.DENY, actions, resources, conditions, ...(inPolicy ? { principals: [new AnyPrincipal()] } : {}),
    });
    return [
      deny(REGISTRY_GUARD.APPROVAL, ['sagemaker:CreateModelPackage', 'sagemaker:UpdateModelPackage'], [this.versionArns], {
        StringEquals: { 'sagemaker:ModelApprovalStatus': 'Approved' },
        ...(this.approverArns.length > 0 ? { ArnNotEquals: { 'aws:PrincipalArn': [...this.approverArns] } } : {}),
      }),
      // A version without a status in the request would keep being approved, and load something else.
      deny(REGISTRY_GUARD.CHANGE, ['sagemaker:UpdateModelPackage'], [this.versionArns], { Null: { 'sagemaker:ModelApprovalStatus': 'true' } }),
      deny(REGISTRY_GUARD.REMOVAL, ['sagemaker:DeleteModelPackage'], [this.versionArns], operators),
      deny(
        REGISTRY_GUARD.GROUP,
        ['sagemaker:DeleteModelPackageGroup', 'sagemaker:DeleteModelPackageGroupPolicy', 'sagemaker:PutModelPackageGroupPolicy'],
        [this.groupArn],
        operators,
      ),
      ...(inPolicy && posture.foreignIdentitiesDenied ? [this.identityGuard(deny, posture.organizationId)] : []),
    ];
  }

  private identityGuard(deny: Deny, organizationId: string | undefined): PolicyStatement {
    const own = organizationId === undefined ? { 'aws:PrincipalAccount': Stack.of(this).account } : { 'aws:PrincipalOrgID': organizationId };
    return deny(
      REGISTRY_GUARD.IDENTITIES,
      [
        'sagemaker:CreateModelPackage', 'sagemaker:DeleteModelPackage', 'sagemaker:DescribeModelPackage', 'sagemaker:DescribeModelPackageGroup',
        'sagemaker:ListModelPackages', 'sagemaker:UpdateModelPackage',
      ],
      [this.groupArn, this.versionArns],
      { StringNotEquals: own, BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' } },
    );
  }
}
