import { App, Stack } from 'aws-cdk-lib';
import { ArnPrincipal, CompositePrincipal, type IPrincipal, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { describe, expect, test } from 'vitest';
import { LeastPrivilegeRole } from '../../lib/core/least-privilege-role';
import { WILDCARD_PERMISSIONS, wildcardPermissionFor } from '../../lib/core/wildcard-permissions';

const LAMBDA = new ServicePrincipal('lambda.amazonaws.com');
const API_GATEWAY = new ServicePrincipal('apigateway.amazonaws.com');
const STEP_FUNCTIONS = new ServicePrincipal('states.amazonaws.com');
const SAGEMAKER = new ServicePrincipal('sagemaker.amazonaws.com');

function grant(assumedBy: IPrincipal, action: string): () => void {
  const role = new LeastPrivilegeRole(new Stack(new App(), 'Stack'), 'Role', { assumedBy, description: 'test' });
  return () => role.addToPrincipalPolicy(new PolicyStatement({ actions: [action], resources: ['*'] }));
}

describe('the closed list of wildcards', () => {
  test('holds no action, pattern and service twice', () => {
    const seen = WILDCARD_PERMISSIONS.flatMap(({ actions, resource, for: services = ['any'] }) =>
      actions.flatMap((action) => services.map((service) => `${action} ${resource.source} ${service}`)));
    expect(seen.filter((one, index) => seen.indexOf(one) !== index)).toEqual([]);
  });

  test('lets every resource of a service to the roles of named services only', () => {
    expect(WILDCARD_PERMISSIONS.filter(({ resource, for: services }) => resource.test('*') && services === undefined)).toEqual([]);
  });

  test.each<[string, string, IPrincipal, IPrincipal]>([
    ['reads of all logs', 'logs:GetLogEvents', API_GATEWAY, LAMBDA],
    ['searches of all logs', 'logs:FilterLogEvents', API_GATEWAY, STEP_FUNCTIONS],
    ['policies of the log service', 'logs:PutResourcePolicy', STEP_FUNCTIONS, LAMBDA],
    ['metrics', 'cloudwatch:PutMetricData', SAGEMAKER, LAMBDA],
    ['tokens of registries', 'ecr:GetAuthorizationToken', SAGEMAKER, STEP_FUNCTIONS],
    ['interfaces for others', 'ec2:CreateNetworkInterfacePermission', SAGEMAKER, LAMBDA],
  ])('gives %s to the role of one service, and not to another', (_, action, mayHold, mayNot) => {
    expect(grant(mayHold, action)).not.toThrow();
    expect(grant(mayNot, action)).toThrow(`takes '${action}' on exact resources only, got '*'`);
  });

  test('gives nothing of a service to a role that somebody else may take as well', () => {
    for (const principal of [new CompositePrincipal(LAMBDA, API_GATEWAY), new ArnPrincipal('arn:aws:iam::111111111111:role/somebody')]) {
      expect(grant(principal, 'logs:GetLogEvents')).toThrow("takes 'logs:GetLogEvents' on exact resources only");
    }
  });

  test('finds the entry of the service where several hold the action', () => {
    expect(wildcardPermissionFor('logs:DescribeLogGroups', '*', 'apigateway.amazonaws.com')?.for).toEqual(['apigateway.amazonaws.com']);
    expect(wildcardPermissionFor('logs:DescribeLogGroups', '*', 'states.amazonaws.com')?.for).toEqual(['states.amazonaws.com']);
    expect(wildcardPermissionFor('logs:DescribeLogGroups', '*', 'lambda.amazonaws.com')).toBeUndefined();
  });
});
