import { describe, expect, test } from 'vitest';
import { ISOLATION_TABLE } from '../../../lib/training/guard/isolation-table.generated';
import { expectGuarded } from '../../support/iam';
import type { Request } from '../../support/iam';
import { guardedAccount, isolatedContext, OWN, resourceOf, VALUES } from './guarded-account';

const LAYERS = ['managed policies', 'organisation policies'] as const;
const actions = Object.keys(ISOLATION_TABLE);
const isolable = actions.filter((action) => ISOLATION_TABLE[action].includes('NetworkIsolation'));
const presigned = actions.filter((action) => action.includes('Presigned'));
const updates = actions.filter((action) => action.startsWith('Update') && !isolable.includes(action));
const unisolable = actions.filter((action) => !isolable.includes(action) && !updates.includes(action));

async function requestOf(action: string, principal: Request['principal'], changes: Record<string, string | string[] | undefined> = {}): Promise<Request> {
  const context = Object.fromEntries(Object.entries({ ...isolatedContext(action), ...changes }).filter(([, value]) => value !== undefined));
  return { principal, action: `sagemaker:${action}`, resource: await resourceOf(action), context };
}

/** One attack for each bad value of a key, and one for its absence. */
function attacksOn(action: string): { name: string; changes: Record<string, string | string[] | undefined>; sids: string[] }[] {
  return ISOLATION_TABLE[action].flatMap((key) => {
    const { bad, absent, sids } = VALUES[key];
    return [
      ...bad.map((value) => ({ name: `${key} ${JSON.stringify(value)}`, changes: { [`sagemaker:${key}`]: value }, sids })),
      ...(absent === 'denied' ? [{ name: `${key} absent`, changes: { [`sagemaker:${key}`]: undefined }, sids }] : []),
    ];
  });
}

test('the table has attacks to make', () => {
  expect(isolable.length).toBeGreaterThanOrEqual(9);
  expect(unisolable.length).toBeGreaterThanOrEqual(20);
  expect(presigned.length).toBeGreaterThanOrEqual(5);
  expect(attacksOn('CreateTrainingJob').length).toBeGreaterThanOrEqual(19);
});

describe('an administrator under the guard, as managed policies and as organisation policies, either of which holds alone', () => {
  const { world, administrator, without } = guardedAccount(LAYERS);

  test.each(isolable)('%s: the good request passes, and each bad value and each absent key is denied', async (action) => {
    const allowed = await requestOf(action, administrator);
    for (const { name, changes, sids } of attacksOn(action)) {
      await expectGuarded({
        world, allowed, denied: { [name]: await requestOf(action, administrator, changes) }, protections: LAYERS.map((form) => without(form, sids)),
      });
    }
  });

  test.each(unisolable)('%s cannot be isolated, and is denied whatever its request says', async (action) => {
    await expectGuarded({
      world,
      allowed: await requestOf('CreateTrainingJob', administrator),
      denied: { unnamed: { ...(await requestOf(action, administrator)), via: 'aws-network', context: { ...isolatedContext(action), 'aws:SourceVpce': 'vpce-0a1b2c3d4e5f60718' } } },
      protections: LAYERS.map((form) => without(form, ['DenyUnisolatedWork'])),
    });
  });

  test.each(updates)('%s passes as long as it opens nothing', async (action) => {
    const allowed: Request = { principal: administrator, action: `sagemaker:${action}`, resource: await resourceOf(action) };
    expect((await world.request(allowed)).decision).toBe('allowed');
    for (const key of ISOLATION_TABLE[action]) {
      for (const value of VALUES[key].bad) {
        await expectGuarded({
          world, allowed, denied: { [`${key} ${String(value)}`]: { ...allowed, context: { [`sagemaker:${key}`]: value } } }, protections: LAYERS.map((form) => without(form, VALUES[key].sids)),
        });
      }
    }
  });
});

describe('volumes', () => {
  const { world, administrator, without } = guardedAccount(LAYERS);
  const noKey = { 'sagemaker:VolumeKmsKeyArn': undefined };

  test('instances with local disks take no key, and pass without one', async () => {
    const { decision } = await world.request(await requestOf('CreateTrainingJob', administrator, { ...noKey, 'sagemaker:InstanceTypes': ['ml.g5.xlarge', 'ml.p4d.24xlarge'] }));
    expect(decision).toBe('allowed');
  });

  test('one instance without local disks among others, or no type at all, needs the key', async () => {
    await expectGuarded({
      world,
      allowed: await requestOf('CreateTrainingJob', administrator),
      denied: {
        'a mixed group': await requestOf('CreateTrainingJob', administrator, { ...noKey, 'sagemaker:InstanceTypes': ['ml.g5.xlarge', 'ml.m5.xlarge'] }),
        'no type': await requestOf('CreateTrainingJob', administrator, { ...noKey, 'sagemaker:InstanceTypes': undefined }),
      },
      protections: LAYERS.map((form) => without(form, ['DenyNoVolumeKey', 'DenyNoVolumeKeyNoType'])),
    });
  });

  test('a key that AWS reports under its older name counts as given, and its value is compared', async () => {
    const request = await requestOf('CreateTrainingJob', administrator, noKey);
    const decide = async (arn: string) => (await world.request({ ...request, extraContext: { 'sagemaker:VolumeKmsKey': arn } })).decision;
    expect(await decide(OWN.volumeKeyArns![0])).toBe('allowed');
    expect(await decide('arn:aws:kms:eu-central-1:999988887777:key/99999999-2222-4333-8444-555555555555')).toBe('explicit-deny');
  });
});

describe('actions that the posture names', () => {
  test.each(unisolable.filter((action) => !presigned.includes(action)))('%s passes, with the isolation that its request can carry', async (action) => {
    const { world, administrator, without } = guardedAccount(LAYERS, { ...OWN, anyLauncher: true }, [action]);
    const allowed = await requestOf(action, administrator);
    expect((await world.request(allowed)).decision).toBe('allowed');
    for (const { name, changes, sids } of attacksOn(action)) {
      // A profile without groups takes those of its domain.
      if (action === 'CreateUserProfile' && name.endsWith('absent')) continue;
      await expectGuarded({
        world, allowed, denied: { [name]: await requestOf(action, administrator, changes) }, protections: LAYERS.map((form) => without(form, sids)),
      });
    }
  });

  test('one that can be isolated may leave keys out, and may not give them bad values', async () => {
    const action = 'CreateMonitoringSchedule';
    const { world, administrator, without } = guardedAccount(LAYERS, OWN, [action]);
    const allowed: Request = { principal: administrator, action: `sagemaker:${action}`, resource: await resourceOf(action) };
    for (const key of ['NetworkIsolation', 'InterContainerTrafficEncryption', 'VpcSubnets', 'OutputKmsKeyArn']) {
      const [value] = VALUES[key].bad;
      await expectGuarded({
        world, allowed, denied: { [key]: { ...allowed, context: { [`sagemaker:${key}`]: value } } }, protections: LAYERS.map((form) => without(form, VALUES[key].sids)),
      });
    }
  });
});

describe('links into workspaces', () => {
  test.each(presigned)('%s, named by the posture, works from the named endpoints only', async (action) => {
    const { world, administrator, without } = guardedAccount(LAYERS, OWN, [action]);
    const request: Request = { principal: administrator, action: `sagemaker:${action}`, resource: await resourceOf(action) };
    await expectGuarded({
      world,
      allowed: { ...request, via: 'aws-network', context: { 'aws:SourceVpce': 'vpce-0a1b2c3d4e5f60718' } },
      denied: { 'from the internet': request, 'through another endpoint': { ...request, context: { 'aws:SourceVpce': 'vpce-0fffffffffffffff0' } } },
      protections: LAYERS.map((form) => without(form, ['DenyPresignedFromOutside'])),
    });
  });

  test('without named endpoints they never work from the internet', async () => {
    const { world, administrator, without } = guardedAccount(LAYERS, {}, ['CreatePresignedDomainUrl']);
    const request: Request = { principal: administrator, action: 'sagemaker:CreatePresignedDomainUrl', resource: await resourceOf('CreatePresignedDomainUrl') };
    await expectGuarded({
      world,
      allowed: { ...request, context: { 'aws:SourceVpce': 'vpce-0fffffffffffffff0' } },
      denied: { 'from the internet': request },
      protections: LAYERS.map((form) => without(form, ['DenyPresignedFromOutside'])),
    });
  });
});

describe('the guard as a boundary, which leaves out what the denies deny', () => {
  const { world, administrator } = guardedAccount(['boundary']);
  const decide = async (request: Request) => (await world.request(request)).decision;

  test.each(isolable)('%s', async (action) => {
    expect(await decide(await requestOf(action, administrator))).toBe('allowed');
    for (const { name, changes } of attacksOn(action)) {
      expect([name, await decide(await requestOf(action, administrator, changes))]).not.toEqual([name, 'allowed']);
    }
  });

  test.each(unisolable)('%s is outside it', async (action) => {
    expect(await decide(await requestOf(action, administrator))).not.toBe('allowed');
  });

  test('what is not training is inside it, and remote debugging is not', async () => {
    expect(await decide({ principal: administrator, action: 'sagemaker:CreateEndpoint', resource: 'arn:aws:sagemaker:eu-central-1:111111111111:endpoint/x' })).toBe('allowed');
    const update: Request = { principal: administrator, action: 'sagemaker:UpdateTrainingJob', resource: await resourceOf('UpdateTrainingJob') };
    expect(await decide(update)).toBe('allowed');
    expect(await decide({ ...update, context: { 'sagemaker:EnableRemoteDebug': 'true' } })).not.toBe('allowed');
  });

  test.each(['CreateNotebookInstance', 'CreatePresignedDomainUrl'])('%s is inside it once the posture names it, with the values that isolate', async (action) => {
    const named = guardedAccount(['boundary'], { vpcEndpointIds: OWN.vpcEndpointIds! }, [action]);
    const ask = async (changes: Record<string, string | string[] | undefined> = {}) =>
      (await named.world.request(await requestOf(action, named.administrator, { 'aws:SourceVpce': OWN.vpcEndpointIds![0], ...changes }))).decision;
    expect(await ask()).toBe('allowed');
    const open = { CreateNotebookInstance: { 'sagemaker:DirectInternetAccess': 'Enabled' }, CreatePresignedDomainUrl: { 'aws:SourceVpce': 'vpce-0fffffffffffffff0' } }[action];
    expect(await ask(open)).toBe('explicit-deny');
  });

  test('an administrator without any guard does all of it', async () => {
    const open = guardedAccount([]);
    for (const action of actions) {
      expect([action, (await open.world.request({ principal: open.administrator, action: `sagemaker:${action}`, resource: await resourceOf(action) })).decision]).toEqual([action, 'allowed']);
    }
  });
});
