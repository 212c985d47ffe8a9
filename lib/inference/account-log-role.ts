import { CfnResource, Stack, Stage } from 'aws-cdk-lib';
import { CfnAccount } from 'aws-cdk-lib/aws-apigateway';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IConstruct, IDependable } from 'constructs';
import { Construct } from 'constructs';
import { LeastPrivilegeRole } from '../core/least-privilege-role';

/** The role with which API Gateway writes logs: there is one in each account and region. */
export class AccountLogRole {
  /** The account has one: a stage cannot be made without. */
  public static existing(): AccountLogRole {
    return new AccountLogRole(false);
  }

  /**
   * A new one, which replaces the account's setting. The first gateway of an account and region makes it; the others of the app, whose
   * stacks are then deployed after that of the first, share it.
   */
  public static create(): AccountLogRole {
    return new AccountLogRole(true);
  }

  private constructor(private readonly isNew: boolean) {}

  /**
   * What a stage waits for.
   *
   * @internal
   */
  public _bind(scope: Construct): IDependable[] {
    return this.isNew ? [accountBeside(scope) ?? new ApiGatewayAccount(scope, 'Account')] : [];
  }
}

/** The setting of a construct's account and region, whoever made it: a second one would take the place of the first. */
function accountBeside(scope: Construct): IDependable | undefined {
  const isAccount = (node: IConstruct) => CfnResource.isCfnResource(node) && node.cfnResourceType === CfnAccount.CFN_RESOURCE_TYPE_NAME;
  return scope.node.root.node.findAll().find((node) => isAccount(node) && isBeside(node, scope));
}

/** Stages are deployed apart. */
function isBeside(a: IConstruct, b: IConstruct): boolean {
  return Stage.of(a) === Stage.of(b) && Stack.of(a).account === Stack.of(b).account && Stack.of(a).region === Stack.of(b).region;
}

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html */
class ApiGatewayAccount extends Construct {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const role = new LeastPrivilegeRole(this, 'Role', {
      // The setting is the account's: no API is there yet whose ARN it could send.
      assumedBy: new ServicePrincipal('apigateway.amazonaws.com'),
      description: 'Writes the logs of API Gateway',
    });
    role.addToPrincipalPolicy(new PolicyStatement({
      actions: [
        'logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:DescribeLogGroups', 'logs:DescribeLogStreams', 'logs:FilterLogEvents', 'logs:GetLogEvents',
        'logs:PutLogEvents',
      ],
      resources: ['*'],
    }));
    const account = new CfnAccount(this, 'Resource', { cloudWatchRoleArn: role.roleArn });
    // API Gateway tries the role's permissions.
    account.node.addDependency(role);
  }
}

