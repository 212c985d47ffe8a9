import { describe, expect, test } from 'vitest';
import { unknownIamNames } from '.';
import type { JsonObject } from './policy-document';

const check = (statement: JsonObject): Promise<string[]> =>
  unknownIamNames({
    Resources: {
      Policy: {
        Type: 'AWS::IAM::ManagedPolicy',
        Properties: { PolicyDocument: { Statement: [{ Effect: 'Deny', Resource: '*', ...statement }] } },
      },
    },
  });

describe('names that exist', () => {
  test.each<[string, JsonObject]>([
    ['an action in any case', { Action: 'S3:getobject' }],
    ['a wildcard that matches an action', { Action: ['sagemaker:CreatePresigned*Url', 's3:*'] }],
    ['every action', { Action: '*', Condition: { Bool: { 'aws:SecureTransport': 'false', 's3:ObjectCreationOperation': 'true' } } }],
    [
      'a global key with a name in it',
      { Action: 'ecr:GetAuthorizationToken', Condition: { StringEquals: { 'aws:PrincipalTag/team': 'x' } } },
    ],
    ['a key of the action with a name in it', { Action: 's3:PutObject', Condition: { Null: { 's3:RequestObjectTag/verdict': 'false' } } }],
    [
      'a key of the resource type',
      { Action: 'kms:Decrypt', Condition: { Null: { 'kms:EncryptionContext:aws:s3:arn': 'true', 'kms:ResourceAliases': 'true' } } },
    ],
    ['a key of one of several actions', { Action: ['s3:GetObject', 's3:PutObject'], Condition: { Null: { 's3:if-none-match': 'true' } } }],
    ['a key beside NotAction', { NotAction: 'iam:*', Condition: { Null: { 'sagemaker:NetworkIsolation': 'true' } } }],
    [
      'a key of an OIDC provider',
      { Action: 'sts:AssumeRoleWithWebIdentity', Condition: { StringEquals: { 'token.actions.githubusercontent.com:sub': 'x' } } },
    ],
  ])('%s', async (_, statement) => {
    expect(await check(statement)).toEqual([]);
  });
});

describe('names that do not exist', () => {
  test.each<[string, JsonObject, string]>([
    ['an action', { Action: 'bedrock:Converse' }, "Policy.PolicyDocument (no sid): no action matches 'bedrock:Converse'"],
    [
      'an action among others, with its Sid',
      { Sid: 'X', Action: ['s3:GetObject', 's3:ReadObject'] },
      "Policy.PolicyDocument X: no action matches 's3:ReadObject'",
    ],
    ['a wildcard', { Action: 's3:Fetch*' }, "Policy.PolicyDocument (no sid): no action matches 's3:Fetch*'"],
    [
      'an action that only contains a real one',
      { Action: 's3:GetObjectX' },
      "Policy.PolicyDocument (no sid): no action matches 's3:GetObjectX'",
    ],
    ['an excluded action', { NotAction: 's3:ReadObject' }, "Policy.PolicyDocument (no sid): no action matches 's3:ReadObject'"],
    ['a service', { Action: 'sage:CreateModel' }, "Policy.PolicyDocument (no sid): no service for 'sage:CreateModel'"],
    [
      'a key',
      { Action: 's3:*', Condition: { Bool: { 's3:Secure': 'x' } } },
      "Policy.PolicyDocument (no sid): condition key 's3:Secure' does not exist",
    ],
    [
      'a key beside every action',
      { Action: '*', Condition: { Bool: { 'aws:Secure': 'x' } } },
      "Policy.PolicyDocument (no sid): condition key 'aws:Secure' does not exist",
    ],
    [
      'a key of another action',
      { Action: 'bedrock:ApplyGuardrail', Condition: { Null: { 'bedrock:GuardrailIdentifier': 'true' } } },
      "Policy.PolicyDocument (no sid): condition key 'bedrock:GuardrailIdentifier' is known to none of the actions",
    ],
    [
      'a key without its name',
      { Action: 's3:PutObject', Condition: { Null: { 'aws:PrincipalTag/': 'x' } } },
      "Policy.PolicyDocument (no sid): condition key 'aws:PrincipalTag/' does not exist",
    ],
  ])('%s', async (_, statement, finding) => {
    expect(await check(statement)).toEqual([finding]);
  });

  test('in documents that are text, and in permissions of functions', async () => {
    expect(
      await unknownIamNames({
        Resources: {
          Logs: {
            Type: 'AWS::Logs::ResourcePolicy',
            Properties: {
              PolicyDocument: {
                'Fn::Join': ['', ['{"Statement":[{"Sid":"A","Effect":"Allow","Action":"logs:Put","Resource":"', { Ref: 'X' }, '"}]}']],
              },
            },
          },
          Permission: { Type: 'AWS::Lambda::Permission', Properties: { Action: 'lambda:Invoke' } },
        },
      }),
    ).toEqual(["Logs.PolicyDocument A: no action matches 'logs:Put'", "Permission.Action: no action matches 'lambda:Invoke'"]);
  });
});
