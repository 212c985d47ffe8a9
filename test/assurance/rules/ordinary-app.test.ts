import { judge } from '../../../lib/assurance/rules/judge';
import { RULE_PACK } from '../../../lib/assurance/rules/rule-pack';
import { TemplateModel } from '../../../lib/assurance/template';
import { describe, expect, test } from 'vitest';
import { allow, granted, policy, role, trustOf } from './fixtures/identity/policy-template';
import type { Fixture } from './rule-fixture';

function findings(resources: Fixture['resources']): string[] {
  return judge(TemplateModel.of([{ stackName: 'S', template: { Resources: resources } }]), RULE_PACK).findings.map(
    ({ ruleId, resource }) => `${ruleId} ${resource}`,
  );
}

describe('an app without AI', () => {
  test('is not judged, however open it is', () => {
    expect(
      findings({
        ...granted('lambda.amazonaws.com', allow(['s3:*', 'iam:PassRole', 'kms:Decrypt', 'sts:AssumeRole'], '*')),
        Bucket: { Type: 'AWS::S3::Bucket', Properties: {} },
        Key: { Type: 'AWS::KMS::Key', Properties: { KeyPolicy: { Statement: [{ Effect: 'Allow', Principal: '*', Action: 'kms:*', Resource: '*' }] } } },
        Group: { Type: 'AWS::EC2::SecurityGroup', Properties: { GroupDescription: 'web' } },
        Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } },
        Endpoint: { Type: 'AWS::EC2::VPCEndpoint', Properties: { VpcId: { Ref: 'Vpc' }, ServiceName: 'com.amazonaws.eu-central-1.s3' } },
        Images: { Type: 'AWS::ECR::Repository', Properties: {} },
        Topic: { Type: 'AWS::SNS::Topic', Properties: {} },
        CustomS3AutoDeleteObjectsCustomResourceProviderHandler9D90184F: { Type: 'AWS::Lambda::Function', Properties: { Code: { ZipFile: 'x' } } },
        Pool: { Type: 'AWS::Cognito::UserPool', Properties: {} },
        Collection: { Type: 'AWS::OpenSearchServerless::Collection', Properties: { Name: 'logs', Type: 'SEARCH' } },
        Network: {
          Type: 'AWS::OpenSearchServerless::SecurityPolicy',
          Properties: { Name: 'logs', Type: 'network', Policy: '[{"AllowFromPublic":true}]' },
        },
        Function: { Type: 'AWS::Lambda::Function', Properties: { Role: { 'Fn::GetAtt': ['Role', 'Arn'] }, Code: { ZipFile: 'x' } } },
        Url: { Type: 'AWS::Lambda::Url', Properties: { AuthType: 'NONE', TargetFunctionArn: { 'Fn::GetAtt': ['Function', 'Arn'] } } },
      }),
    ).toEqual([]);
  });
});

describe('an administrator', () => {
  test('of an app without AI is not listed once for each action', () => {
    expect(findings(granted('codebuild.amazonaws.com', allow('*', '*')))).toEqual([]);
  });

  test('is listed once where it is the role of an AI service', () => {
    expect(findings(granted('sagemaker.amazonaws.com', allow('*', '*')))).toEqual(['AISec-IAM10 S/Role']);
  });
});

describe('a boundary of the same template', () => {
  const MODEL = 'arn:aws:bedrock:eu-central-1::foundation-model/amazon.nova-pro-v1:0';
  const wide = (...statements: readonly unknown[]): Fixture['resources'] => ({
    Role: role(trustOf('lambda.amazonaws.com'), { PermissionsBoundary: { Ref: 'Boundary' } }),
    Policy: policy(allow('sagemaker:InvokeEndpoint', '*')),
    Boundary: { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: { Statement: statements } } },
  });

  test('that leaves nothing of the action makes it harmless', () => {
    expect(findings(wide(allow('s3:GetObject', '*')))).toEqual([]);
  });

  test('that lets the action through changes nothing', () => {
    expect(findings(wide(allow('sagemaker:*', '*')))).toEqual(['AISec-IAM01 S/Policy']);
  });

  test('grants nothing by itself', () => {
    expect(
      findings({
        Role: role(trustOf('lambda.amazonaws.com'), { PermissionsBoundary: { Ref: 'Boundary' } }),
        Boundary: { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: { Statement: [allow('bedrock:InvokeModel', '*')] } } },
      }).filter((finding) => /IAM01|BR05|BR07/.test(finding)),
    ).toEqual([]);
  });

  test('that the templates attach to nobody is a ceiling all the same', () => {
    const ceiling = (statement: object): Fixture['resources'] => ({
      Boundary: {
        Type: 'AWS::IAM::ManagedPolicy',
        Properties: { PolicyDocument: { Statement: [statement, allow('sagemaker:CreateTrainingJob', '*')] } },
      },
    });
    expect(findings(ceiling({ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }))).toEqual([]);
    // Nothing is said of isolation, shells, warm pools and groups.
    expect(findings(ceiling(allow('s3:GetObject', '*')))).toEqual(['02', '31', '34', '32'].map((id) => `AISec-IAM${id} S/Boundary`));
  });

  test('does not hide a policy that is not below it', () => {
    expect(findings({ ...granted('lambda.amazonaws.com', allow('bedrock:InvokeModel', MODEL)) })).toContain('AISec-BR05 S/Policy');
  });
});

describe('a role that stands in a policy', () => {
  test('does not hold it: the AI role that may be passed is not the one that passes', () => {
    expect(
      findings({
        ...granted('states.amazonaws.com', allow('s3:GetObject', '*'), allow('iam:PassRole', { 'Fn::GetAtt': ['Training', 'Arn'] })),
        Training: role(trustOf('sagemaker.amazonaws.com')),
      }),
    ).toEqual([]);
  });

  test('holds a policy of a type that names one role', () => {
    expect(
      findings({
        Training: role(trustOf('sagemaker.amazonaws.com')),
        Inline: {
          Type: 'AWS::IAM::RolePolicy',
          Properties: { RoleName: { Ref: 'Training' }, PolicyName: 'read', PolicyDocument: { Statement: [allow('s3:GetObject', '*')] } },
        },
      }),
    ).toEqual(['AISec-IAM14 S/Inline']);
  });
});
