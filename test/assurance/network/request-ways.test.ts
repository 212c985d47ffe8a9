import { describe, expect, test } from 'vitest';
import type { RequestWays } from '../../../lib/assurance/network';
import { Network, requestWays } from '../../../lib/assurance/network';
import { Prover } from '../../../lib/assurance/prover';
import { TemplateModel } from '../../../lib/assurance/template';

const ref = (Ref: string): object => ({ Ref });
const document = (...Statement: object[]): object => ({ Version: '2012-10-17', Statement });
const everything = { Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' };

/** A function in a closed VPC whose role may decrypt with every key, with an endpoint of KMS unless it is left out. */
function joined(options: { endpoint?: boolean; policy?: object; egress?: object[]; more?: object } = {}): { ways: RequestWays; decrypts: () => string } {
  const { endpoint = true, policy = document(everything), egress = [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '10.0.0.0/16' }], more = {} } = options;
  const Resources = {
    Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } },
    Subnet: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: ref('Vpc'), CidrBlock: '10.0.0.0/24' } },
    Group: { Type: 'AWS::EC2::SecurityGroup', Properties: { VpcId: ref('Vpc'), SecurityGroupEgress: egress, SecurityGroupIngress: [{ IpProtocol: '-1', CidrIp: '10.0.0.0/16' }] } },
    ...(endpoint
      ? {
          Kms: {
            Type: 'AWS::EC2::VPCEndpoint',
            Properties: {
              VpcId: ref('Vpc'), VpcEndpointType: 'Interface', ServiceName: 'com.amazonaws.eu-west-1.kms', SubnetIds: [ref('Subnet')], SecurityGroupIds: [ref('Group')], PolicyDocument: policy,
            },
          },
        }
      : {}),
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: document({ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }),
        Policies: [{ PolicyName: 'own', PolicyDocument: document({ Effect: 'Allow', Action: 'kms:Decrypt', Resource: '*' }) }],
      },
    },
    Fn: { Type: 'AWS::Lambda::Function', Properties: { Role: { 'Fn::GetAtt': ['Role', 'Arn'] }, VpcConfig: { SubnetIds: [ref('Subnet')], SecurityGroupIds: [ref('Group')] } } },
    ...more,
  };
  const model = TemplateModel.of([{ stackName: 'app', template: { Resources }, account: '111122223333', region: 'eu-west-1' }]);
  const prover = Prover.of(model);
  const ways = requestWays(Network.of(model), 'app/Fn', prover.estate);
  const where = ways.ways === 'ENDPOINTS' ? ways.where : {};
  const foreign = ['arn:aws:kms:eu-west-1:999999999999:key/11111111-2222-4333-8444-555555555555'];
  const decrypts = (): string => prover.prove({ id: 'x', title: 'x', action: ['kms:Decrypt'], resource: foreign, principals: { ids: ['Role'] }, where }).verdict;
  return { ways, decrypts };
}

describe('what a workload can ask of AWS from where it stands', () => {
  test('through its endpoint, when the policy of that lets everything through', () => {
    const { ways, decrypts } = joined();
    expect(ways).toMatchObject({ ways: 'ENDPOINTS', endpoints: ['app/Kms'] });
    expect(decrypts()).toBe('REFUTED');
  });
  test('not what the policy of its only endpoint does not let through, though its role may', () => {
    const own = document({ ...everything, Resource: 'arn:aws:kms:*:111122223333:key/*' });
    expect(joined({ policy: own }).decrypts()).toMatch(/^PROVED/);
  });
  test('whatever its role may, once another way leads out', () => {
    const more = {
      Igw: { Type: 'AWS::EC2::InternetGateway' },
      Table: { Type: 'AWS::EC2::RouteTable', Properties: { VpcId: ref('Vpc') } },
      Join: { Type: 'AWS::EC2::SubnetRouteTableAssociation', Properties: { SubnetId: ref('Subnet'), RouteTableId: ref('Table') } },
      Out: { Type: 'AWS::EC2::Route', Properties: { RouteTableId: ref('Table'), DestinationCidrBlock: '0.0.0.0/0', GatewayId: ref('Igw') } },
    };
    const own = document({ ...everything, Resource: 'arn:aws:kms:*:111122223333:key/*' });
    const { ways, decrypts } = joined({ policy: own, more, egress: [{ IpProtocol: '-1', CidrIp: '0.0.0.0/0' }] });
    expect(ways).toEqual({ ways: 'ANY', reasons: ['internet: nothing declared blocks the way'] });
    expect(decrypts()).toBe('REFUTED');
  });
  test('nothing without an endpoint, or with a rule that does not reach it', () => {
    expect(joined({ endpoint: false }).ways).toEqual({ ways: 'NONE' });
    expect(joined({ egress: [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '10.0.1.0/24' }] }).ways).toEqual({ ways: 'NONE' });
  });
});
