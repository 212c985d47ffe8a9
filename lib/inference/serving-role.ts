import { ArnFormat, Names, Stack } from 'aws-cdk-lib';
import type { CfnRole } from 'aws-cdk-lib/aws-iam';
import { Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { LeastPrivilegeRole } from '../core/least-privilege-role';
import type { InterfacePlaces } from '../core/segment-interfaces';
import { segmentInterfaces } from '../core/segment-interfaces';

export interface ServingRoleProps {
  readonly repositoryArn: string;
  readonly logGroupArn: string;
  /** The key of the volume; undefined where there is none. */
  readonly volumeKeyArn?: string;
  /** Where the containers join the network; undefined where they do not. */
  readonly interfaces?: InterfacePlaces;
  /** Whether buckets of other stacks must name it, which a name that is known at synthesis makes possible without a cycle. */
  readonly named: boolean;
}

/**
 * The role with which SageMaker loads an image and a model, joins the VPC and writes logs. The container, which is isolated from the
 * network, cannot use it. Interfaces are made in the subnets and with the security group of the endpoint's segment alone.
 *
 * Only SageMaker assumes it, and only for resources of this account and region.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html#sagemaker-roles-createmodel-perms
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/security-confused-deputy-prevention.html
 */
export class ServingRole extends LeastPrivilegeRole {
  /** Its ARN, which holds nothing of this stack where the role is named. */
  public readonly knownArn: string;

  constructor(scope: Construct, id: string, props: ServingRoleProps) {
    const stack = Stack.of(scope);
    super(scope, id, {
      assumedBy: new ServicePrincipal('sagemaker.amazonaws.com', {
        conditions: {
          StringEquals: { 'aws:SourceAccount': stack.account },
          ArnLike: { 'aws:SourceArn': stack.formatArn({ service: 'sagemaker', resource: '*', arnFormat: ArnFormat.NO_RESOURCE_NAME }) },
        },
      }),
      description: 'Serves one model on a SageMaker endpoint',
    });
    this.knownArn = props.named ? this.nameIt() : this.roleArn;
    const statements = [
      new PolicyStatement({ actions: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'], resources: [props.repositoryArn] }),
      new PolicyStatement({ actions: ['logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'], resources: [props.logGroupArn] }),
      new PolicyStatement({ actions: ['ecr:GetAuthorizationToken'], resources: ['*'] }),
      ...(props.interfaces ? segmentInterfaces(this, props.interfaces) : []),
    ];
    if (props.volumeKeyArn) {
      statements.push(new PolicyStatement({
        effect: Effect.ALLOW,
        actions: ['kms:CreateGrant'],
        resources: [props.volumeKeyArn],
        conditions: { Bool: { 'kms:GrantIsForAWSResource': 'true' } },
      }));
    }
    for (const statement of statements) this.addToPrincipalPolicy(statement);
  }

  private nameIt(): string {
    const roleName = Names.uniqueResourceName(this, { maxLength: 64, separator: '-' });
    (this.node.defaultChild as CfnRole).roleName = roleName;
    return Stack.of(this).formatArn({ service: 'iam', region: '', resource: 'role', resourceName: roleName });
  }
}
