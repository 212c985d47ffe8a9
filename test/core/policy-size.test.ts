import { App, Lazy, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { AccountPrincipal, ArnPrincipal, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { ModelArtifactBucket } from 'cdk-secure-ai/models';
import { describe, expect, test } from 'vitest';
import { EncryptionKey } from '../../lib/core/encryption-key';
import { BUCKET_POLICY, KEY_POLICY, policySize } from '../../lib/core/policy-size';

const env = { account: '111111111111', region: 'eu-central-1' };

/** A stack with a store that lets so many roles in one by one. */
function storeFor(roles: number): Stack {
  const stack = new Stack(new App(), 'Models', { env });
  const store = new ModelArtifactBucket(stack, 'Store');
  for (let number = 0; number < roles; number += 1) {
    const name = `${String(number).padStart(4, '0')}-a-role-with-a-name-of-sixty-four-characters-that-iam-takes`.padEnd(64, 'x').slice(0, 64);
    store.grantReadToServiceRole(Role.fromRoleArn(stack, `Role${number}`, `arn:aws:iam::${env.account}:role/${name}`, { mutable: false }));
  }
  return stack;
}

/** The policy of the served bucket, as it is in the template. */
function servedPolicy(stack: Stack): unknown {
  const policies = Object.entries(Template.fromStack(stack).findResources('AWS::S3::BucketPolicy'));
  return (policies.find(([id]) => id.startsWith('StoreServed'))![1] as { Properties: { PolicyDocument: unknown } }).Properties.PolicyDocument;
}

/** What becomes of intrinsic functions with the longest names that AWS takes. */
function deployed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(deployed);
  if (typeof value !== 'object' || value === null) return value;
  const { Ref: ref, 'Fn::GetAtt': attribute, 'Fn::Join': join } = value as { 'Ref'?: string; 'Fn::GetAtt'?: [string, string]; 'Fn::Join'?: [string, unknown[]] };
  if (ref === 'AWS::Partition') return 'aws-us-gov';
  if (ref === 'AWS::AccountId') return env.account;
  if (ref === 'AWS::Region') return 'us-gov-west-1';
  if (attribute) return /Key/.test(attribute[0]) ? `arn:aws-us-gov:kms:us-gov-west-1:${env.account}:key/${'1'.repeat(36)}` : `arn:aws-us-gov:s3:::${'b'.repeat(63)}`;
  if (join) return join[1].map((part) => String(deployed(part))).join(join[0]);
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, deployed(one)]));
}

describe('the size of a policy', () => {
  test('is that of its JSON without white space, in bytes', () => {
    for (const policy of [{}, [], { a: ['b', 'c'], d: { e: true, f: 1.2 } }, { Sid: 'a "quoted" word and ü' }, { Version: '2012-10-17', Statement: [{ Effect: 'Deny' }] }]) {
      expect(policySize(policy)).toBeGreaterThanOrEqual(Buffer.byteLength(JSON.stringify(policy)));
      expect(policySize(policy)).toBeLessThanOrEqual(Buffer.byteLength(JSON.stringify(policy)) + 6);
    }
  });

  test('holds what CloudFormation puts in, at its longest', () => {
    expect(policySize({ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::', { Ref: 'AWS::AccountId' }, ':root']] })).toBe('"arn:aws-us-gov:iam::111111111111:root"'.length);
    expect(policySize({ 'Fn::Sub': 'arn:aws:s3:::${Bucket}/*' })).toBeGreaterThan(`arn:aws:s3:::${'b'.repeat(63)}/*`.length);
    expect(policySize({ 'Fn::ImportValue': 'Other:ExportsOutputRefKey' })).toBeGreaterThan(`arn:aws-us-gov:kms:us-gov-west-1:111111111111:key/${'1'.repeat(36)}`.length);
  });

  test('is never less than that of the policy which is deployed', () => {
    const policy = servedPolicy(storeFor(40));
    const sent = Buffer.byteLength(JSON.stringify(deployed(policy)));
    expect(policySize(policy)).toBeGreaterThanOrEqual(sent);
    expect(policySize(policy)).toBeLessThan(sent * 1.25);
  });
});

describe('a bucket', () => {
  const warning = Match.stringLikeRegexp("the policy of the bucket 'Models/Store/Served' has up to \\d+ bytes of 20000, most of them in the statement 'DenyForeignNetworks': before it is full");

  test('that lets a few roles in says nothing', () => {
    Annotations.fromStack(storeFor(10)).hasNoWarning('*', Match.stringLikeRegexp('the policy of'));
  });

  test('whose policy is nearly full says so, and what to do', () => {
    const stack = storeFor(115);
    Annotations.fromStack(stack).hasWarning('/Models/Store/Served', warning);
    expect(policySize(servedPolicy(stack))).toBeLessThanOrEqual(BUCKET_POLICY.maxBytes);
  });

  test('whose policy S3 would refuse is refused at synthesis', () => {
    expect(() => Template.fromStack(storeFor(170))).toThrow(/the policy of the bucket 'Models\/Store\/Served' has up to \d{5} bytes of 20000, .*'DenyForeignNetworks': let fewer roles in/);
  });

  test('is measured with what is known at synthesis only', () => {
    const stack = storeFor(0);
    const { servedBucket } = stack.node.findChild('Store') as ModelArtifactBucket;
    const arns = Lazy.list({ produce: () => Array.from({ length: 220 }, (_, number) => `arn:aws:iam::${env.account}:role/${String(number).padStart(64, 'r')}`) });
    servedBucket.addToResourcePolicy(new PolicyStatement({
      principals: [new AccountPrincipal(env.account)], actions: ['s3:GetObject'], resources: [servedBucket.arnForObjects('*')], conditions: { ArnEquals: { 'aws:PrincipalArn': arns } },
    }));
    expect(() => Template.fromStack(stack)).toThrow('most of them in one statement: let fewer roles in');
  });
});

describe('a key', () => {
  const keyFor = (roles: number): Stack => {
    const stack = new Stack(new App(), 'Keys', { env });
    const key = new EncryptionKey(stack, 'Key', { description: 'Data' });
    for (let number = 0; number < roles; number += 1) {
      key.addToResourcePolicy(new PolicyStatement({
        principals: [new ArnPrincipal(`arn:aws:iam::${env.account}:role/reader-${number}`), new ServicePrincipal('s3.amazonaws.com')], actions: ['kms:Decrypt'], resources: ['*'],
        conditions: { StringEquals: { 'kms:EncryptionContext:number': String(number) } },
      }));
    }
    return stack;
  };

  test('takes a longer policy than a bucket, and is refused beyond it', () => {
    expect(() => Template.fromStack(keyFor(90))).not.toThrow();
    expect(() => Template.fromStack(keyFor(200))).toThrow(new RegExp(`the policy of the key 'Keys/Key' has up to \\d{5} bytes of ${KEY_POLICY.maxBytes}, .*give some of the resources another key`));
  });
});
