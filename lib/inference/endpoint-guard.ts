import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { unlessPrincipal } from '../core/bucket-guards';
import { ROLE_CHANGES } from '../core/role-changes';
import { SecurityPosture } from '../posture';
import { ENDPOINT_GUARD, PROXY_PATH, PROXY_TAG } from './proxy-tag';

/** What makes a function do something else, or lets somebody but its gateway call it. Who takes its tag takes it out of the guard. */
const FUNCTION_USES = [
  'AddPermission', 'CreateEventSourceMapping', 'CreateFunctionUrlConfig', 'InvokeFunction', 'InvokeFunctionUrl', 'TagResource', 'UntagResource',
  'UpdateFunctionCode', 'UpdateFunctionConfiguration', 'UpdateFunctionUrlConfig',
].map((name) => `lambda:${name}`);

/**
 * What keeps people from asking endpoints around the gateway.
 *
 * `InvokeEndpoint` knows no resource policy, so this deny must reach every identity of the account: as a service control policy, or, where
 * there is no organisation, in the permissions boundary of its roles.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsagemaker.html
 */
export class EndpointGuard {
  /**
   * The statements of a service control policy or a boundary: only the proxies of gateways ask endpoints, and only deployments make a role
   * look like one, pass or change the role of one, or touch its code, settings and callers.
   */
  public static statements(scope: IConstruct): PolicyStatement[] {
    const posture = SecurityPosture.of(scope);
    const others = unlessPrincipal([...posture.deploymentRoleArns(scope), ...posture.breakGlassRoleArns]);
    return [
      new PolicyStatement({
        sid: ENDPOINT_GUARD.INVOCATION,
        effect: Effect.DENY,
        actions: ['sagemaker:InvokeEndpoint', 'sagemaker:InvokeEndpointAsync', 'sagemaker:InvokeEndpointWithResponseStream'],
        resources: ['*'],
        conditions: { StringNotEquals: { [`aws:PrincipalTag/${PROXY_TAG.KEY}`]: PROXY_TAG.VALUE } },
      }),
      new PolicyStatement({
        sid: ENDPOINT_GUARD.DISGUISE,
        effect: Effect.DENY,
        actions: ['iam:CreateRole', 'iam:CreateUser', 'iam:TagRole', 'iam:TagUser', 'sts:AssumeRole', 'sts:TagSession'],
        resources: ['*'],
        conditions: {
          'ForAnyValue:StringEquals': { 'aws:TagKeys': [PROXY_TAG.KEY] },
          ...others,
        },
      }),
      new PolicyStatement({
        sid: ENDPOINT_GUARD.ROLE,
        effect: Effect.DENY,
        actions: ['iam:PassRole', ...ROLE_CHANGES],
        resources: [`arn:*:iam::*:role${PROXY_PATH}*`, `arn:*:iam::*:policy${PROXY_PATH}*`],
        conditions: others,
      }),
      new PolicyStatement({
        sid: ENDPOINT_GUARD.FUNCTION,
        effect: Effect.DENY,
        actions: FUNCTION_USES,
        resources: ['*'],
        conditions: { StringEquals: { [`aws:ResourceTag/${PROXY_TAG.KEY}`]: PROXY_TAG.VALUE }, ...others },
      }),
    ];
  }

  private constructor() {}
}
