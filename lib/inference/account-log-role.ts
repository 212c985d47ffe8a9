import { CfnAccount } from 'aws-cdk-lib/aws-apigateway';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IDependable } from 'constructs';
import { Construct } from 'constructs';
import { LeastPrivilegeRole } from '../core/least-privilege-role';

/** The role with which API Gateway writes logs: there is one in each account and region. */
export class AccountLogRole {
  /** The account has one: a stage cannot be made without. */
  public static existing(): AccountLogRole {
    return new AccountLogRole(false);
  }

  /** A new one, which replaces the account's setting. Make it with one gateway of the account and region, not with each. */
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
    return this.isNew ? [new ApiGatewayAccount(scope, 'Account')] : [];
  }
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

