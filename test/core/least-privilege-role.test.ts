import { App, Aws, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Effect, ManagedPolicy, Policy, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { SecurityPosture } from 'cdk-secure-ai/posture';
import { describe, expect, test } from 'vitest';
import { LeastPrivilegeRole } from '../../lib/core/least-privilege-role';

function roleIn(stack = new Stack(new App(), 'Stack')): { stack: Stack; role: LeastPrivilegeRole } {
  return { stack, role: new LeastPrivilegeRole(stack, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com'), description: 'test' }) };
}

function read(resource: string): PolicyStatement {
  return new PolicyStatement({ actions: ['s3:GetObject'], resources: [resource] });
}

interface PolicyResource {
  readonly Properties: { readonly PolicyDocument: { readonly Statement: unknown[] }; readonly Roles: unknown };
}

function policiesOf(stack: Stack): Record<string, PolicyResource> {
  return Template.fromStack(stack).findResources('AWS::IAM::ManagedPolicy') as unknown as Record<string, PolicyResource>;
}

describe('a least-privilege role', () => {
  test('puts every grant into a customer-managed policy, those without a resource into one apart', () => {
    const { stack, role } = roleIn();
    role.addToPrincipalPolicy(read('arn:aws:s3:::models/a.onnx'));
    role.addToPrincipalPolicy(new PolicyStatement({ actions: ['xray:PutTraceSegments'], resources: ['*'] }));
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::IAM::Policy', 0);
    const ids = Object.keys(policiesOf(stack)).map((id) => id.replace(/[0-9A-F]{8}$/, ''));
    expect(ids.sort()).toEqual(['RolePolicy', 'RoleServiceWide']);
  });

  test('takes the boundary of the posture', () => {
    const stack = new Stack(new App(), 'Stack');
    SecurityPosture.attach(stack, { permissionsBoundary: ManagedPolicy.fromManagedPolicyName(stack, 'Boundary', 'boundary') });
    roleIn(stack);
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Role', {
      PermissionsBoundary: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::', { Ref: 'AWS::AccountId' }, ':policy/boundary']] },
    });
  });

  test('starts another policy before one reaches 6,144 characters, tokens counted at their longest', () => {
    const { stack, role } = roleIn();
    const bucket = new Bucket(stack, 'Bucket');
    for (let i = 0; i < 60; i++) role.addToPrincipalPolicy(read(`${bucket.bucketArn}/some/rather/long/prefix/for/models/number-${i}/model.onnx`));
    const policies = Object.values(policiesOf(stack));
    expect(policies.length).toBeGreaterThan(1);
    for (const { Properties } of policies) {
      // Each token becomes an ARN at deployment: at most 150 characters here.
      const deployed = JSON.stringify(Properties.PolicyDocument).replace(/\{"Fn::Join":\["",\[\{"Fn::GetAtt":\[[^\]]*\]\},"([^"]*)"\]\]\}/g, `"${'x'.repeat(150)}$1"`);
      expect(deployed.length).toBeLessThanOrEqual(6144);
    }
    expect(policies.flatMap(({ Properties }) => Properties.PolicyDocument.Statement)).toHaveLength(60);
  });

  test('fails when more than ten policies would be needed', () => {
    const { role } = roleIn();
    expect(() => {
      for (let i = 0; i < 60; i++) role.addToPrincipalPolicy(read(`arn:aws:s3:::models/${'x'.repeat(900)}${i}`));
    }).toThrow('needs more than 10 managed policies, which IAM refuses: split what it does over several roles');
  });

  test.each([
    ['a wildcard in an action', { actions: ['s3:Get*'], resources: ['arn:aws:s3:::models/a'] }, "takes no wildcard in an action, got 's3:Get*'"],
    ['every resource', { actions: ['s3:GetObject'], resources: ['*'] }, "takes 's3:GetObject' on exact resources only, got '*'"],
    ['every bucket', { actions: ['s3:GetObject'], resources: ['arn:aws:s3:::*/models'] }, "on exact resources only, got 'arn:aws:s3:::*/models'"],
    ['every key', { actions: ['kms:Decrypt'], resources: [`arn:aws:kms:${Aws.REGION}:${Aws.ACCOUNT_ID}:key/*`] }, "takes 'kms:Decrypt' on exact resources only"],
    ['a complement of actions', { notActions: ['iam:PassRole'], resources: ['arn:aws:s3:::models'] }, 'takes no NotAction or NotResource'],
    ['a complement of resources', { actions: ['s3:GetObject'], notResources: ['arn:aws:s3:::models'] }, 'takes no NotAction or NotResource'],
  ])('fails for %s', (_, props, message) => {
    expect(() => roleIn().role.addToPrincipalPolicy(new PolicyStatement(props))).toThrow(message);
  });

  test('takes wildcards in a deny, which only makes it smaller', () => {
    const { role } = roleIn();
    expect(() => role.addToPrincipalPolicy(new PolicyStatement({ effect: Effect.DENY, actions: ['ec2:*'], resources: ['*'] }))).not.toThrow();
  });

  test('takes the objects of one bucket, whose keys are chosen at run time', () => {
    const { stack, role } = roleIn();
    expect(() => role.addToPrincipalPolicy(read(new Bucket(stack, 'Bucket').arnForObjects('models/*')))).not.toThrow();
  });

  test('fails for policies that it did not make', () => {
    const { stack, role } = roleIn();
    expect(() => role.addManagedPolicy(ManagedPolicy.fromAwsManagedPolicyName('AdministratorAccess'))).toThrow('takes statements only');
    expect(() => role.attachInlinePolicy(new Policy(stack, 'Inline'))).toThrow('takes no inline policy');
  });
});
