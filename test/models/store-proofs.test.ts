import { App, Stack } from 'aws-cdk-lib';
import { SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { ModelArtifactBucket, ModelPromoter, SigningKey } from 'cdk-secure-ai/models';
import { SecurityPosture } from 'cdk-secure-ai/posture';
import { describe, expect, test } from 'vitest';
import { ATTACK_CATALOGUE } from '../../lib/assurance/attacks/catalogue';
import { judgesOf } from '../../lib/assurance/attacks/proof-run';
import type { Counterexample } from '../../lib/assurance/prover';
import { withoutStatement } from '../../lib/assurance/prover';
import { ConstructMetadata, postureRecords, readAssembly } from '../../lib/assurance/template-source';
import { GUARD } from '../../lib/core/bucket-guards';
import { PERIMETER } from '../../lib/core/bucket-perimeter';
import { LeastPrivilegeRole } from '../../lib/core/least-privilege-role';
import { SIGNING_GUARD } from '../../lib/models/signing-guard';
import { ZONE_GUARD } from '../../lib/models/zone-guards';
import type { Request } from '../support/iam';
import { IamWorld, administrator } from '../support/iam';

const ACCOUNT = '111111111111';
const REGION = 'eu-central-1';

const app = new App();
const stack = new Stack(app, 'Stack', { env: { account: ACCOUNT, region: REGION } });
SecurityPosture.attach(stack, { operators: { breakGlassRoleArns: [`arn:aws:iam::${ACCOUNT}:role/break-glass`] } });
const store = new ModelArtifactBucket(stack, 'Models');
const vpc = Vpc.fromVpcAttributes(stack, 'Vpc', {
  vpcId: 'vpc-1', availabilityZones: ['a', 'b'], isolatedSubnetIds: ['subnet-1', 'subnet-2'], isolatedSubnetRouteTableIds: ['rtb-1', 'rtb-2'],
});
new ModelPromoter(stack, 'Promoter', { store, vpc, securityGroups: [SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-1')] });
const signer = new LeastPrivilegeRole(stack, 'Signer', { assumedBy: new ServicePrincipal('lambda.amazonaws.com'), description: 'signs' });
new SigningKey(stack, 'Signing').grantSign(signer);

const world = IamWorld.of(stack, { accountId: ACCOUNT, region: REGION });
const { directory } = app.synth();
const [{ judge }] = judgesOf(readAssembly(directory), {
  postures: postureRecords(ConstructMetadata.read(directory)),
  operators: ['arn:*:iam::*:role/cdk-*-cfn-exec-role-*', 'arn:*:iam::*:role/break-glass'],
});
const labels = new Set(judge.prover.estate.targets.flatMap(({ policies }) => policies.flatMap((p) => p.statements.map((s) => s.label))));

function attackOf(id: string) {
  const spec = ATTACK_CATALOGUE.find((one) => one.id === id);
  const meant = spec && judge.meant(spec);
  if (meant === undefined || typeof meant === 'string') throw new Error(`attack ${id} does not apply: ${meant}`);
  return meant.attack;
}

/** An ARN as the simulator has it: CloudFormation's names are placeholders in both, and not the same ones. */
function renamed(text: string): string {
  const own = [...judge.prover.estate.arns].find(([, arn]) => text === arn || text.startsWith(`${arn}/`));
  if (own === undefined) return text;
  const [id, arn] = own;
  return world.arnOf(id.slice(id.lastIndexOf('/') + 1)) + text.slice(arn.length);
}

/** The same request for the simulator. */
function simulated({ principal, action, resource, context, absent }: Counterexample): Request {
  // Who the caller is, is for the simulator to say; and headers of a write, which the prover may add to anything, are of no matter elsewhere.
  const ofWrites = (key: string) => /^s3:(x-amz-|ObjectCreationOperation$)/.test(key);
  const said = Object.entries(context).filter(([key]) => !/^aws:principal/i.test(key) && (action === 's3:PutObject' || !ofWrites(key)));
  return {
    principal: principal.startsWith('an administrator') ? administrator() : principal, action, resource: renamed(resource), via: 'internet',
    context: {
      ...Object.fromEntries(absent.map((key) => [key, undefined])),
      ...Object.fromEntries(said.map(([key, value]) => [key, typeof value === 'string' ? renamed(value) : value.map(renamed)])),
    },
  };
}

const BUCKETS = ['ModelsServed', 'ModelsQuarantine'] as const;

describe('without the denial the attack opens, for the prover and for a simulator of others, by the same request:', () => {
  test.each<[string, readonly string[], string]>([
    [ZONE_GUARD.OVERWRITE, ['ModelsServed'], 'AISEC-05A'],
    [ZONE_GUARD.UNSCANNED_READ, ['ModelsQuarantine'], 'AISEC-06A'],
    [ZONE_GUARD.TAG_FORGERY, ['ModelsQuarantine'], 'AISEC-06B'],
    [ZONE_GUARD.TAG_FORGERY_ON_PUT, ['ModelsQuarantine'], 'AISEC-06C'],
    [PERIMETER.NETWORKS, BUCKETS, 'AISEC-08A'],
    [PERIMETER.PRESIGNED, BUCKETS, 'AISEC-08C'],
    [GUARD.OLD_TLS, [...BUCKETS, 'ModelsAccessLogs'], 'AISEC-08G'],
    [GUARD.WRONG_KEY, BUCKETS, 'AISEC-08I'],
    [GUARD.CUSTOMER_KEY, BUCKETS, 'AISEC-08J'],
    [GUARD.OTHER_ENCRYPTION, BUCKETS, 'AISEC-08K'],
    [GUARD.DELETION, ['ModelsAccessLogs'], 'AISEC-24A'],
    [GUARD.DELETION, BUCKETS, 'AISEC-24B'],
    [GUARD.TAMPERING, [...BUCKETS, 'ModelsAccessLogs'], 'AISEC-24C'],
    [GUARD.POLICY, [...BUCKETS, 'ModelsAccessLogs'], 'AISEC-24D'],
    ['DenyKeyRemoval', ['ModelsServedKey', 'ModelsQuarantineKey', 'Signing'], 'AISEC-24E'],
    ['DenyGrantsToPeople', ['ModelsServedKey', 'ModelsQuarantineKey'], 'AISEC-24F'],
    [GUARD.PEOPLE, ['ModelsAccessLogs'], 'AISEC-24G'],
    [SIGNING_GUARD.OTHER_SIGNERS, ['Signing'], 'AISEC-05C'],
    [SIGNING_GUARD.GRANTS, ['Signing'], 'AISEC-05D'],
  ])('%s of %j against %s', async (sid, holders, id) => {
    const attack = attackOf(id);
    expect(judge.prover.prove(attack).verdict).toBe('PROVED');
    const unprotected = world.without({ sid });
    for (const holder of holders) {
      const label = [...labels].find((one) => new RegExp(`^${holder}(Policy)?[0-9A-F]{8}#${sid}$`).test(one));
      if (label === undefined) throw new Error(`${holder} has no ${sid}`);
      const proof = judge.prover.over(withoutStatement(judge.prover.estate, label)).prove(attack);
      expect(proof.verdict).toBe('REFUTED');
      // Who works in the account: an administrator where one is let through, else the promoter.
      const [found] = proof.counterexamples.filter(({ principal }) => /^(an administrator|Promoter)/.test(principal)).reverse();
      const request = simulated(found);
      const [before, after] = [await world.request(request), await unprotected.request(request)];
      expect([label, before.decision, before.deniedBy]).toEqual([label, 'explicit-deny', [sid]]);
      expect([label, after.decision, after.deniedBy]).toEqual([label, 'allowed', after.deniedBy]);
    }
  });
});

test('writes by others than the promoter are denied, however they look', () => {
  const attack = attackOf('AISEC-05B');
  expect(judge.prover.prove(attack).verdict).toBe('PROVED');
  const label = [...labels].find((one) => one.endsWith(`#${ZONE_GUARD.WRITE}`)) ?? '';
  const { verdict, reasons } = judge.prover.over(withoutStatement(judge.prover.estate, label)).prove(attack);
  expect({ verdict, reason: reasons[0] }).toEqual({ verdict: 'REFUTED', reason: expect.stringMatching(/^an administrator of 111111111111: s3:\w+ arn:aws:s3:::stack-modelsserved/) });
});
