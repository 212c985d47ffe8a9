import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { WeakerChoice } from 'cdk-secure-ai/posture';
import { describe, expect, test } from 'vitest';
import { INTERFACES_ELSEWHERE } from '../../lib/core/segment-interfaces';
import type { Request } from '../support/iam';
import { expectGuarded, IamWorld } from '../support/iam';
import { endpointOf, workload } from './world';

const ACCOUNT = '111111111111';
const REGION = 'eu-central-1';
const ec2 = (resource: string) => `arn:aws:ec2:${REGION}:${ACCOUNT}:${resource}`;

describe('the network interfaces of a model', () => {
  const platform = workload(new App());
  const { role } = endpointOf(platform);
  const world = IamWorld.of(platform.stack, { accountId: ACCOUNT, region: REGION });
  const create = (resource: string): Request => ({ principal: role, action: 'ec2:CreateNetworkInterface', resource });
  const [model] = Object.values(Template.fromStack(platform.stack).findResources('AWS::SageMaker::Model')) as { Properties: { VpcConfig: { Subnets: { Ref: string }[] } } }[];
  const subnets = model.Properties.VpcConfig.Subnets.map(({ Ref }) => ec2(`subnet/${world.refOf(Ref)}`));
  const group = world.arnOf(platform.segment.securityGroup);

  test('are made in the segment, and nowhere else', () => expectGuarded({
    world,
    allowed: { ...Object.fromEntries(subnets.map((one) => [one, create(one)])), 'with its group': create(group), 'an interface': create(ec2('network-interface/eni-1')) },
    denied: { 'in a subnet of another network': create(ec2('subnet/subnet-attacker')), 'with a group that lets everything out': create(ec2('security-group/sg-attacker')) },
    protections: [INTERFACES_ELSEWHERE],
  }));
});

test('a model without a VPC has no permission for network interfaces', async () => {
  const platform = workload(new App(), 'Stack', { evaluationDate: '2026-11-24' });
  const { role } = endpointOf(platform, { serverless: { because: WeakerChoice.of({ reason: 'a demonstration', owner: 'platform', expires: '2027-03-31' }) } });
  const world = IamWorld.of(platform.stack, { accountId: ACCOUNT, region: REGION });
  for (const action of ['ec2:CreateNetworkInterface', 'ec2:DeleteNetworkInterface', 'ec2:CreateNetworkInterfacePermission']) {
    expect((await world.request({ principal: role, action, resource: ec2('network-interface/eni-1') })).decision).toBe('implicit-deny');
  }
});
