import { App, Stack, aws_guardduty as guardduty, aws_iam as iam, aws_lambda as lambda } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { passedRoles } from '.';

const policy = (...roles: string[]): object => ({ Type: 'AWS::IAM::ManagedPolicy', Properties: { Roles: roles.map((Ref) => ({ Ref })) } });
const role = { Type: 'AWS::IAM::Role', Properties: {} };
const model = (extra: object = {}): object => ({
  Type: 'AWS::SageMaker::Model',
  Properties: { ExecutionRoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] } },
  ...extra,
});
const check = (resources: Record<string, object>): string[] => passedRoles({ Resources: resources as never });

describe('a resource that takes a role', () => {
  test('is reported when it can be created before a policy of the role', () => {
    expect(check({ Role: role, Policy: policy('Role'), Second: policy('Other', 'Role'), Model: model({ DependsOn: 'Policy' }) })).toEqual([
      'Model.ExecutionRoleArn takes Role without depending on Second',
    ]);
  });

  test.each<[string, Record<string, object>]>([
    ['depends on the policy', { Model: model({ DependsOn: ['Policy'] }) }],
    ['depends on something that depends on it', { Between: { Type: 'X', DependsOn: 'Policy' }, Model: model({ DependsOn: ['Between'] }) }],
    [
      'refers to something that depends on it',
      {
        Between: { Type: 'X', DependsOn: 'Policy' },
        Model: { ...model(), Properties: { ExecutionRoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] }, Name: { 'Fn::Sub': 'a-${Between.Id}' } } },
      },
    ],
    [
      'only writes the ARN into its environment',
      {
        Function: {
          Type: 'AWS::Lambda::Function',
          Properties: { Environment: { Variables: { ROLE: { Ref: 'Role' }, JobRoleArn: { Ref: 'Role' } } } },
        },
      },
    ],
    ['is a policy itself', { Boundary: { Type: 'AWS::IAM::ManagedPolicy', Properties: { PassRole: { Ref: 'Role' } } } }],
  ])('is not reported when it %s', (_, resources) => {
    expect(check({ Role: role, Policy: policy('Role'), ...resources })).toEqual([]);
  });

  test('is found under nested and unusual property names, and through inline policies', () => {
    expect(
      check({
        Role: role,
        Inline: { Type: 'AWS::IAM::RolePolicy', Properties: { RoleName: { Ref: 'Role' } } },
        Rule: { Type: 'AWS::Events::Rule', Properties: { Targets: [{ RoleArn: { 'Fn::GetAtt': 'Role.Arn' } }] } },
        FlowLog: { Type: 'AWS::EC2::FlowLog', Properties: { DeliverLogsPermissionArn: { 'Fn::GetAtt': ['Role', 'Arn'] } } },
      }),
    ).toEqual([
      'Rule.Targets[0].RoleArn takes Role without depending on Inline',
      'FlowLog.DeliverLogsPermissionArn takes Role without depending on Inline',
    ]);
  });

  test('is reported for a CDK resource whose author forgot the dependency, and not for one that CDK looks after', () => {
    const stack = new Stack(new App(), 'Stack');
    const scan = new iam.Role(stack, 'Scan', { assumedBy: new iam.ServicePrincipal('malware-protection-plan.guardduty.amazonaws.com') });
    new iam.ManagedPolicy(stack, 'Rights', {
      roles: [scan],
      statements: [new iam.PolicyStatement({ actions: ['s3:GetObject'], resources: ['*'] })],
    });
    new guardduty.CfnMalwareProtectionPlan(stack, 'Plan', {
      role: scan.roleArn,
      protectedResource: { s3Bucket: { bucketName: 'b' } },
    });
    const handler = new lambda.Function(stack, 'Fn', {
      runtime: lambda.Runtime.NODEJS_22_X,
      handler: 'i.h',
      code: lambda.Code.fromInline('1'),
    });
    handler.addToRolePolicy(new iam.PolicyStatement({ actions: ['s3:GetObject'], resources: ['*'] }));
    const template = (): string[] => passedRoles(Template.fromStack(stack).toJSON());
    expect(template()).toHaveLength(1);
    expect(template()[0]).toMatch(/^Plan\.Role takes Scan\w+ without depending on Rights\w+$/);
  });
});
