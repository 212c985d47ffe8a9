import { App } from 'aws-cdk-lib';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { KeySetMirror } from 'cdk-secure-ai/inference';
import { describe, expect, test } from 'vitest';
import { PERIMETER } from '../../lib/core/bucket-perimeter';
import { LeastPrivilegeRole } from '../../lib/core/least-privilege-role';
import { KEY_SET_OBJECT } from '../../lib/inference/authorise.contract';
import type { Request } from '../support/iam';
import { IamWorld, expectGuarded, foreignPrincipal } from '../support/iam';
import { gatewayOf, workload } from './world';

const platform = workload(new App());
const { gateway } = gatewayOf(platform, {}, 'oidc');
const mirror = platform.stack.node.findChild('Keys') as KeySetMirror;
const publisher = new LeastPrivilegeRole(platform.stack, 'Publisher', { assumedBy: new ServicePrincipal('codebuild.amazonaws.com'), description: 'mirrors keys' });
mirror.grantPublish(publisher);
const world = IamWorld.of(platform.stack, { accountId: '111111111111', region: 'eu-central-1' });
const authoriser = gateway.node.findChild('Authoriser').node.findChild('Handler').node.findChild('Role');
const via = platform.segment.node.findChild('Endpoints').node.findChild('S3Gateway');
const set = world.arnOf(mirror.bucket, `/${KEY_SET_OBJECT}`);
const write: Request = { principal: publisher, action: 's3:PutObject', resource: set, via };
const read: Request = { principal: authoriser, action: 's3:GetObject', resource: set, via };

describe('who decides whose tokens count', () => {
  test('the publisher replaces the key set, from a network of the posture, and nothing else', async () => {
    await expectGuarded({ world, allowed: write, denied: { 'from the internet': { ...write, via: 'internet' } }, protections: [PERIMETER.NETWORKS] });
    expect((await world.request({ ...write, resource: world.arnOf(mirror.bucket, '/keys/other.json') })).decision).toBe('implicit-deny');
    for (const action of ['s3:GetObject', 's3:DeleteObjectVersion']) expect((await world.request({ ...write, action })).decision).not.toBe('allowed');
  });

  test('the authoriser reads it, and writes nothing', async () => {
    expect((await world.request(read)).decision).toBe('allowed');
    expect((await world.request({ ...read, resource: world.arnOf(mirror.bucket, '/keys/other.json') })).decision).toBe('implicit-deny');
    expect((await world.request({ ...write, principal: authoriser })).decision).toBe('implicit-deny');
  });

  test('both work with the key through S3 alone', async () => {
    const through = { 'kms:ViaService': 's3.eu-central-1.amazonaws.com' };
    for (const [principal, action] of [[publisher, 'kms:GenerateDataKey'], [authoriser, 'kms:Decrypt']] as const) {
      const use: Request = { principal, action, resource: mirror.key, context: through };
      expect((await world.request(use)).decision).toBe('allowed');
      expect((await world.request({ ...use, context: {} })).decision).toBe('implicit-deny');
    }
  });

  test('nobody of another account writes it: by the perimeter, and since nothing lets them', async () => {
    const foreign: Request = { ...write, principal: foreignPrincipal() };
    expect(await world.request(foreign)).toMatchObject({ decision: 'explicit-deny', deniedBy: [PERIMETER.IDENTITIES] });
    expect((await world.without({ sid: PERIMETER.IDENTITIES }).request(foreign)).decision).toBe('implicit-deny');
  });
});
