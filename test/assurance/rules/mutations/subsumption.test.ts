import { describe, expect, test } from 'vitest';
import { policyMutants, propertyMutants } from './mutants';
import { isEverybody, refusesAll } from './subsumption';

type Json = Record<string, unknown>;

const ARN = { 'Fn::GetAtt': ['Models', 'Arn'] };
const OBJECTS = { 'Fn::Join': ['', [ARN, '/*']] };
const deny = (more: Json): Json => ({ Effect: 'Deny', Principal: { AWS: '*' }, Action: 's3:GetObject', Resource: OBJECTS, ...more });
const PLAIN = deny({ Condition: { Bool: { 'aws:SecureTransport': 'false' } } });
const ORG = { StringNotEquals: { 'aws:PrincipalOrgID': 'o-abcd123456' } };
const named = (...roles: readonly string[]) => ({ ArnNotLike: { 'aws:PrincipalArn': roles } });

describe('a Deny is covered by another', () => {
  test.each<[string, Json, Json]>([
    ['that says the same', PLAIN, { ...PLAIN, Sid: 'Again' }],
    ['that says false as a boolean', deny({ Condition: { Bool: { 'aws:SecureTransport': false } } }), PLAIN],
    ['of more actions', deny({ Action: ['s3:PutObject', 's3:Get*'] }), deny({ Action: 's3:getobject' })],
    ['of every action', deny({ Action: '*' }), deny({ Action: ['s3:GetObject', 's3:*'] })],
    ['of more resources', deny({ Resource: [ARN, OBJECTS] }), deny({})],
    ['of every resource', deny({ Resource: '*' }), deny({})],
    ['of a wider prefix', deny({ Resource: 'arn:aws:s3:::models/*' }), deny({ Resource: 'arn:aws:s3:::models/fraud/*' })],
    ['of everybody', deny({}), deny({ Principal: { AWS: 'arn:aws:iam::111111111111:role/guest' } })],
    ['for everybody, said in the other way', deny({ Principal: '*' }), deny({})],
    ['without any condition', deny({}), deny({ Condition: ORG })],
    ['with one condition less', PLAIN, deny({ Condition: { Bool: { 'aws:SecureTransport': 'false' }, ...ORG } })],
    ['that an absent key meets as well', deny({ Condition: { BoolIfExists: { 'aws:SecureTransport': 'false' } } }), PLAIN],
    ['that spares fewer', deny({ Condition: named('a') }), deny({ Condition: named('a', 'b') })],
    ['that meets more', deny({ Condition: { StringEquals: { 's3:authType': ['REST-QUERY-STRING', 'POST'] } } }), deny({ Condition: { StringEquals: { 's3:authType': 'POST' } } })],
    ['of all but the same', deny({ Resource: undefined, NotResource: OBJECTS }), deny({ Resource: undefined, NotResource: OBJECTS, Condition: ORG })],
  ])('%s', (_, wide, narrow) => {
    const [all, some] = [wide, narrow].map((one) => JSON.parse(JSON.stringify(one)) as Json);
    expect(refusesAll(all, some)).toBe(true);
  });

  test.each<[string, Json, Json]>([
    ['that allows', { ...deny({}), Effect: 'Allow' }, deny({})],
    ['of other actions', deny({ Action: 's3:PutObject' }), deny({})],
    ['of fewer actions', deny({}), deny({ Action: ['s3:GetObject', 's3:PutObject'] })],
    ['of one of the actions of a star', deny({}), deny({ Action: 's3:*' })],
    ['whose pattern has a star in between', deny({ Action: 's3:*Object' }), deny({})],
    ['of fewer resources', deny({}), deny({ Resource: [ARN, OBJECTS] })],
    ['of another bucket', deny({ Resource: { 'Fn::Join': ['', [{ 'Fn::GetAtt': ['Logs', 'Arn'] }, '/*']] } }), deny({})],
    ['of all but some', deny({ Resource: undefined, NotResource: ARN }), deny({})],
    ['of all actions but some', deny({ Action: undefined, NotAction: 's3:PutObject' }), deny({})],
    ['of one role', deny({ Principal: { AWS: 'arn:aws:iam::111111111111:role/guest' } }), deny({})],
    ['of accounts, where services are meant', deny({}), deny({ Principal: { Service: 'cloudtrail.amazonaws.com' } })],
    ['of everybody but one', deny({ Principal: undefined, NotPrincipal: { AWS: 'a' } }), deny({})],
    ['with a condition', PLAIN, deny({})],
    ['with another condition', PLAIN, deny({ Condition: ORG })],
    ['with one condition more', deny({ Condition: { Bool: { 'aws:SecureTransport': 'false' }, ...ORG } }), PLAIN],
    ['the wrong way round', deny({ Condition: { Bool: { 'aws:SecureTransport': 'true' } } }), PLAIN],
    ['that an absent key does not meet', PLAIN, deny({ Condition: { BoolIfExists: { 'aws:SecureTransport': 'false' } } })],
    ['that spares more', deny({ Condition: named('a', 'b') }), deny({ Condition: named('a') })],
    ['that meets fewer', deny({ Condition: { StringEquals: { 's3:authType': 'POST' } } }), deny({ Condition: { StringEquals: { 's3:authType': ['REST-QUERY-STRING', 'POST'] } } })],
    ['with another limit', deny({ Condition: { NumericLessThan: { 's3:TlsVersion': '1.3' } } }), deny({ Condition: { NumericLessThan: { 's3:TlsVersion': '1.2' } } })],
    ['on a tag of another case', deny({ Condition: { StringEquals: { 's3:ExistingObjectTag/State': 'x' } } }), deny({ Condition: { StringEquals: { 's3:ExistingObjectTag/state': 'x' } } })],
    ['of several values at once', deny({ Condition: { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['a', 'b'] } } }), deny({ Condition: { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['a'] } } })],
    ['that is there in some stages', { 'Fn::If': ['On', deny({}), { Ref: 'AWS::NoValue' }] }, deny({})],
    ['with an action that is decided later', deny({ Action: { 'Fn::If': ['On', 's3:*', 's3:PutObject'] } }), deny({})],
    ['with conditions that are decided later', deny({ Condition: { 'Fn::If': ['On', ORG, { Ref: 'AWS::NoValue' }] } }), deny({ Condition: { ...ORG, Null: { 'aws:TokenIssueTime': 'true' } } })],
  ])('but not by one %s', (_, wide, narrow) => {
    const [all, some] = [wide, narrow].map((one) => JSON.parse(JSON.stringify(one)) as Json);
    expect(refusesAll(all, some)).toBe(false);
  });
});

test('everybody is a star, alone or as an account, and nothing beside it', () => {
  expect(['*', { AWS: '*' }, { AWS: ['*'] }].map(isEverybody)).toEqual([true, true, true]);
  expect([undefined, { Service: '*' }, { AWS: ['*', 'a'] }, { AWS: '*', Service: 'a' }, { AWS: '111111111111' }].map(isEverybody)).toEqual([false, false, false, false, false]);
});

describe('of the mutants', () => {
  const made = (resource: Json) => {
    const template = { Resources: { R: resource } };
    const mutants = [...propertyMutants(template), ...policyMutants(template)];
    return Object.fromEntries(mutants.map(({ name, changesNothing }) => [name.replace(/^R (PolicyDocument )?/, ''), changesNothing]));
  };
  const policy = (type: string, properties: Json, ...statements: readonly Json[]) =>
    made({ Type: type, Properties: { ...properties, PolicyDocument: { Statement: statements } } });

  test('those change nothing that drop one of two refusals, and those change something that drop the only one', () => {
    const twin = { ...PLAIN, Condition: { Bool: { 'aws:SecureTransport': false } } };
    const objects = deny({ Condition: ORG });
    const dropped = { 'statement 0: dropped': true, 'statement 1: dropped': true, 'statement 2: dropped': false };
    expect(policy('AWS::S3::BucketPolicy', {}, PLAIN, twin, objects)).toEqual(dropped);
  });

  test('those change nothing that let everybody in where everybody was', () => {
    const open = { Effect: 'Allow', Principal: { AWS: '*' }, Action: 's3:*', Resource: '*' };
    expect(policy('AWS::EC2::VPCEndpoint', {}, open)).toMatchObject({ 'statement 0: principal widened': true });
    expect(policy('AWS::EC2::VPCEndpoint', {}, { ...open, Principal: { AWS: '111111111111' } })).toMatchObject({ 'statement 0: principal widened': false });
  });

  test('those change nothing that widen the resource of a policy of a queue or topic beyond all that it is for', () => {
    const send = (Resource: unknown) => ({ Effect: 'Allow', Principal: { Service: 'events.amazonaws.com' }, Action: 'sqs:SendMessage', Resource });
    const own = send({ 'Fn::GetAtt': ['Q', 'Arn'] });
    const wider = (type: string, properties: Json, statement: Json) => policy(type, properties, statement)['statement 0: resource widened'];
    expect(wider('AWS::SQS::QueuePolicy', { Queues: [{ Ref: 'Q' }] }, own)).toBe(true);
    expect(wider('AWS::SNS::TopicPolicy', { Topics: [{ Ref: 'T' }] }, send({ Ref: 'T' }))).toBe(true);
    expect(wider('AWS::SQS::QueuePolicy', { Queues: [{ Ref: 'Q' }, { Ref: 'Other' }] }, own)).toBe(false);
    expect(wider('AWS::SQS::QueuePolicy', { Queues: ['https://sqs.eu-central-1.amazonaws.com/111111111111/q'] }, own)).toBe(false);
    expect(wider('AWS::SQS::QueuePolicy', { Queues: [] }, own)).toBe(false);
    expect(wider('AWS::S3::BucketPolicy', { Bucket: { Ref: 'Q' } }, own)).toBe(false);
  });

  test('those change nothing that take away what S3 does by itself', () => {
    const bucket = (properties: Json) => made({ Type: 'AWS::S3::Bucket', Properties: properties });
    const encryption = (by: Json) => ({ BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: by }] } });
    expect(bucket({ OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] } })).toMatchObject({ 'Properties.OwnershipControls removed': true });
    expect(bucket({ OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerPreferred' }] } })).toMatchObject({ 'Properties.OwnershipControls removed': false });
    expect(bucket(encryption({ SSEAlgorithm: 'AES256' }))).toMatchObject({ 'Properties.BucketEncryption removed': true });
    expect(bucket(encryption({ SSEAlgorithm: 'aws:kms', KMSMasterKeyID: 'k' }))).toMatchObject({ 'Properties.BucketEncryption removed': false });
    expect(bucket({ VersioningConfiguration: { Status: 'Enabled' } })).toMatchObject({ 'Properties.VersioningConfiguration removed': false });
  });
});
