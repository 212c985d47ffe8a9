import { describe, expect, test } from 'vitest';
import { AttackJudge } from '../../../lib/assurance/attacks/attack-judge';
import { EVERY_ATTACK } from '../../../lib/assurance/attacks/catalogue';
import { TemplateModel } from '../../../lib/assurance/template';
import { ACCOUNT, document, role } from './template';
import type { Json } from './template';

/** What the attacks leave out, from both sides: what it is meant for stays possible, and nothing that only looks like it does. */
const DEPLOYED = { account: ACCOUNT, region: 'eu-west-1' };

function judged(id: string, resources: Json, where: object = DEPLOYED): { verdict: string; text: string } {
  const spec = EVERY_ATTACK.find((one) => one.id === id);
  if (spec === undefined) throw new Error(`no attack ${id}`);
  const template: unknown = JSON.parse(JSON.stringify({ Resources: resources }));
  const { verdict, reasons } = AttackJudge.of(TemplateModel.of([{ stackName: 'app', template, ...where }])).judge(spec);
  return { verdict, text: reasons.join('\n') };
}

const ref = (Ref: string): Json => ({ Ref });
const group = (id: string): Json => ({ 'Fn::GetAtt': [id, 'GroupId'] });

describe('answers to CloudFormation', () => {
  /** Models, code that handles them, and an endpoint that carries answers of custom resources besides requests to own buckets. */
  const network = (answers: unknown): Json => ({
    Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } },
    Subnet: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: ref('Vpc'), CidrBlock: '10.0.1.0/24' } },
    Table: { Type: 'AWS::EC2::RouteTable', Properties: { VpcId: ref('Vpc') } },
    Join: { Type: 'AWS::EC2::SubnetRouteTableAssociation', Properties: { SubnetId: ref('Subnet'), RouteTableId: ref('Table') } },
    Own: {
      Type: 'AWS::EC2::SecurityGroup',
      Properties: {
        GroupDescription: 'own', VpcId: ref('Vpc'),
        SecurityGroupEgress: [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, DestinationSecurityGroupId: group('Doors') }],
      },
    },
    Doors: {
      Type: 'AWS::EC2::SecurityGroup',
      Properties: {
        GroupDescription: 'doors', VpcId: ref('Vpc'), SecurityGroupEgress: [{ IpProtocol: 'icmp', CidrIp: '255.255.255.255/32' }],
        SecurityGroupIngress: [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, SourceSecurityGroupId: group('Own') }],
      },
    },
    S3: {
      Type: 'AWS::EC2::VPCEndpoint',
      Properties: {
        VpcEndpointType: 'Interface', VpcId: ref('Vpc'), ServiceName: 'com.amazonaws.eu-west-1.s3', SubnetIds: [ref('Subnet')],
        SecurityGroupIds: [group('Doors')],
        PolicyDocument: document(
          { Effect: 'Allow', Principal: '*', Action: '*', Resource: '*', Condition: { StringEquals: { 'aws:ResourceAccount': ref('AWS::AccountId') } } },
          { Effect: 'Allow', Principal: '*', Action: 's3:PutObject', Resource: { 'Fn::Join': ['', ['arn:aws:s3:::', answers, '/*']] } },
        ),
      },
    },
    ModelBucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'models' } },
    ModelRole: role('model', 'sagemaker.amazonaws.com', [{ Effect: 'Allow', Action: ['s3:GetObject', 's3:PutObject'], Resource: ['arn:aws:s3:::models/*', { 'Fn::Join': ['', ['arn:aws:s3:::', answers, '/*']] }] }]),
    Model: {
      Type: 'AWS::SageMaker::Model',
      Properties: { ExecutionRoleArn: { 'Fn::GetAtt': ['ModelRole', 'Arn'] }, VpcConfig: { Subnets: [ref('Subnet')], SecurityGroupIds: [group('Own')] } },
    },
    Agent: {
      Type: 'AWS::BedrockAgentCore::Runtime',
      Properties: { NetworkConfiguration: { NetworkMode: 'VPC', NetworkModeConfig: { Subnets: [ref('Subnet')], SecurityGroups: [group('Own')] } } },
    },
  });
  test.each(['AISEC-07A', 'AISEC-07B', 'AISEC-06D', 'AISEC-06E', 'AISEC-14'])('%s: go to the bucket of the region, and to no other that begins like it', (id) => {
    expect(judged(id, network('cloudformation-custom-resource-response-euwest1'))).toMatchObject({ verdict: 'PROVED' });
    for (const others of ['-*', '-euwest1*', '-euwest1-mine', '-useast1']) {
      const { verdict, text } = judged(id, network(`cloudformation-custom-resource-response${others}`));
      expect([others, verdict]).toEqual([others, 'REFUTED']);
      expect(text).toContain('s3:PutObject arn:aws:s3:::cloudformation-custom-resource-response-');
    }
  });

  test('go to the bucket of the region where only the deployment decides on it', () => {
    const region = (parts: object) => ({ 'Fn::Join': ['', ['cloudformation-custom-resource-response-', parts]] });
    const split = { 'Fn::Split': ['-', ref('AWS::Region')] };
    expect(judged('AISEC-07B', network(region({ 'Fn::Join': ['', split] })), {})).toMatchObject({ verdict: 'PROVED' });
    for (const others of [ref('AWS::Region'), { 'Fn::Join': ['-', split] }]) expect(judged('AISEC-07B', network(region(others)), {}).verdict).toBe('REFUTED');
    for (const others of [{ 'Fn::Select': [0, split] }, { 'Fn::Join': ['x', split] }]) expect(judged('AISEC-07B', network(region(others)), {}).verdict).toBe('UNDETERMINED');
  });
});
