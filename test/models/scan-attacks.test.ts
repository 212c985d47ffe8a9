import { App, Stack } from 'aws-cdk-lib';
import { CfnVPCEndpoint, SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { ModelArtifactBucket, ModelPromoter, ModelScanner } from 'cdk-secure-ai/models';
import { SecurityPosture } from 'cdk-secure-ai/posture';
import { describe, expect, test } from 'vitest';
import { LeastPrivilegeRole } from '../../lib/core/least-privilege-role';
import { WRITE_ONCE_GUARD } from '../../lib/models/records-guard';
import { SIGNING_GUARD } from '../../lib/models/signing-guard';
import { ZONE_GUARD } from '../../lib/models/zone-guards';
import type { Request } from '../support/iam';
import { accountPrincipal, administrator, ALLOW_ALL, awsService, expectGuarded, foreignPrincipal, IamWorld } from '../support/iam';

const ACCOUNT = '111111111111';
const REGION = 'eu-central-1';
const DEPLOYER = accountPrincipal({ name: `cdk-hnb659fds-cfn-exec-role-${ACCOUNT}-${REGION}`, policies: [ALLOW_ALL] });
const CLEAN = { 's3:ExistingObjectTag/GuardDutyMalwareScanStatus': 'NO_THREATS_FOUND' };
const NEW_KEY = { 's3:if-none-match': '*', 's3:ObjectCreationOperation': 'true' };
const DIGEST = { 'kms:MessageType': 'DIGEST', 'kms:SigningAlgorithm': 'ECDSA_SHA_256' };

const stack = new Stack(new App(), 'Stack', { env: { account: ACCOUNT, region: REGION } });
SecurityPosture.attach(stack, {});
const store = new ModelArtifactBucket(stack, 'Models');
const vpc = Vpc.fromVpcAttributes(stack, 'Vpc', {
  vpcId: 'vpc-1', availabilityZones: ['a', 'b'], isolatedSubnetIds: ['subnet-1', 'subnet-2'], isolatedSubnetRouteTableIds: ['rtb-1', 'rtb-2'],
});
const network = { vpc, securityGroups: [SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-1')] };
const scanner = new ModelScanner(stack, 'Scanner', { store, ...network });
const promoter = new ModelPromoter(stack, 'Promoter', { store, scanner, ...network });
const uploader = new LeastPrivilegeRole(stack, 'Uploader', { assumedBy: new ServicePrincipal('codebuild.amazonaws.com'), description: 'Uploads' });
store.grantUpload(uploader);
const s3 = new CfnVPCEndpoint(stack, 'S3', { vpcId: 'vpc-1', serviceName: `com.amazonaws.${REGION}.s3`, routeTableIds: ['rtb-1'] });

const world = IamWorld.of(stack, { accountId: ACCOUNT, region: REGION });
const roleOf = (name: string) => scanner.node.findChild(name).node.findChild('Handler').node.findChild('Role');
const [artifacts, malware, verdict, finding] = ['Artifacts', 'Malware', 'Verdict', 'Finding'].map(roleOf);
const promoterRole = promoter.node.findChild('Handler').node.findChild('Role');
const machine = scanner.node.findChild('Machine').node.findChild('Role');
const starter = scanner.node.findChild('Machine').node.findChild('StarterRole');
const everyRole = { artifacts, malware, verdict, finding, promoter: promoterRole, machine, starter, uploader };
const quarantined = world.arnOf(store.quarantineBucket, '/uploads/7/model.pkl');

const write = (principal: Request['principal'], key: string): Request => ({
  principal, action: 's3:PutObject', resource: world.arnOf(scanner.records, `/${key}`), via: s3, context: NEW_KEY,
});

/** That every role but one is refused, whatever refuses it. */
async function onlyBy(role: keyof typeof everyRole, request: (principal: Request['principal']) => Request): Promise<void> {
  for (const [name, principal] of Object.entries(everyRole)) {
    const { decision } = await world.request(request(principal));
    expect([name, decision === 'allowed']).toEqual([name, name === role]);
  }
}

describe('nobody but the scanner writes verdicts', () => {
  test.each([
    ['reports/a.json', () => artifacts, WRITE_ONCE_GUARD.REPORTS], ['verdicts/a.json', () => verdict, WRITE_ONCE_GUARD.VERDICTS],
  ] as const)('%s has one writer, whom no administrator and no deployer stands in for', (key, writer, sid) => expectGuarded({
    world,
    allowed: write(writer(), key),
    denied: { administrator: write(administrator(), key), deployer: write(DEPLOYER, key) },
    protections: [sid],
  }));

  test('nor does any other role of the way from upload to promotion', async () => {
    await onlyBy('verdict', (principal) => write(principal, 'verdicts/a.json'));
    await onlyBy('artifacts', (principal) => write(principal, 'reports/a.json'));
  });

  test('a verdict is not written again', () => expectGuarded({
    world,
    allowed: write(verdict, 'verdicts/a.json'),
    denied: { 'an overwrite': { ...write(verdict, 'verdicts/a.json'), context: { 's3:ObjectCreationOperation': 'true' } } },
    protections: [WRITE_ONCE_GUARD.OVERWRITE],
  }));

  test('verdicts are signed by the verdict\'s role alone', async () => {
    const sign = (principal: Request['principal']): Request => ({ principal, action: 'kms:Sign', resource: world.arnOf(scanner.signingKey.key), context: DIGEST });
    await expectGuarded({
      world, allowed: sign(verdict), denied: { administrator: sign(administrator()), deployer: sign(DEPLOYER) }, protections: [SIGNING_GUARD.OTHER_SIGNERS],
    });
    await onlyBy('verdict', sign);
  });
});

describe('what the malware scan has not spoken of', () => {
  const read = (principal: Request['principal'], context = {}): Request => ({ principal, action: 's3:GetObjectVersion', resource: quarantined, via: s3, context });

  test('is read by the artifact scan, and by nobody else', async () => {
    await expectGuarded({
      world,
      allowed: { 'the artifact scan': read(artifacts), 'an administrator, once it is clean': read(administrator(), CLEAN) },
      denied: { administrator: read(administrator()), promoter: read(promoterRole), 'the wait for the malware scan': read(malware) },
      protections: [ZONE_GUARD.UNSCANNED_READ],
    });
    await onlyBy('artifacts', (principal) => read(principal));
  });

  test('is not called clean by the artifact scan: it writes no tag', async () => {
    for (const action of ['s3:PutObjectTagging', 's3:PutObjectVersionTagging', 's3:DeleteObjectVersionTagging']) {
      expect(await world.request({ principal: artifacts, action, resource: quarantined, via: s3 })).not.toMatchObject({ decision: 'allowed' });
    }
  });

  test('is not carried out by the artifact scan: it writes to no bucket but the records', async () => {
    for (const [bucket, key] of [[store.servedBucket, '/models/x'], [store.quarantineBucket, '/uploads/x'], [scanner.records, '/verdicts/x'], [scanner.records, '/other/x']] as const) {
      expect(await world.request({ ...write(artifacts, ''), resource: world.arnOf(bucket, key) })).not.toMatchObject({ decision: 'allowed' });
    }
  });
});

describe('nobody but the promoter promotes', () => {
  const promote = (principal: Request['principal']): Request => ({
    principal, action: 's3:PutObject', resource: world.arnOf(store.servedBucket, '/models/fraud/sha256-0/model.onnx'), via: s3, context: NEW_KEY,
  });

  test('not an administrator, not the deployer, and no role of the scanner', async () => {
    await expectGuarded({
      world, allowed: promote(promoterRole), denied: { administrator: promote(administrator()), deployer: promote(DEPLOYER) }, protections: [ZONE_GUARD.WRITE],
    });
    await onlyBy('promoter', promote);
  });

  test('the promoter reads verdicts and writes none', async () => {
    const read = (key: string) => world.request({ principal: promoterRole, action: 's3:GetObject', resource: world.arnOf(scanner.records, `/${key}`), via: s3 });
    expect(await read('verdicts/a.json')).toMatchObject({ decision: 'allowed' });
    expect(await read('reports/a.json')).not.toMatchObject({ decision: 'allowed' });
  });
});

describe('the state machine', () => {
  test('is started by new manifests, and its functions are invoked by it alone', async () => {
    await onlyBy('starter', (principal) => ({ principal, action: 'states:StartExecution', resource: world.arnOf(scanner.node.findChild('Machine').node.findChild('Resource')) }));
    for (const name of ['Artifacts', 'Malware', 'Verdict', 'Finding']) {
      const resource = world.arnOf(scanner.node.findChild(name).node.findChild('Handler').node.findChild('Resource'));
      await onlyBy('machine', (principal) => ({ principal, action: 'lambda:InvokeFunction', resource }));
    }
    await onlyBy('machine', (principal) => ({ principal, action: 'lambda:InvokeFunction', resource: world.arnOf(promoter.node.findChild('Handler').node.findChild('Resource')) }));
  });

  const sourceArn = `arn:aws:states:${REGION}:${ACCOUNT}:stateMachine:Scanner`;
  test.each([['states.amazonaws.com', () => machine, { sourceArn }], ['events.amazonaws.com', () => starter, {}]] as const)('the role for %s is assumed by it in this account', async (service, role, source) => {
    const assume = (principal: Request['principal']) => world.request({ principal, action: 'sts:AssumeRole', resource: world.arnOf(role()) });
    expect(await assume(awsService(service, { sourceAccount: ACCOUNT, ...source }))).toMatchObject({ decision: 'allowed' });
    for (const principal of [awsService(service, { sourceAccount: '999988887777', ...source }), awsService('lambda.amazonaws.com'), administrator(), foreignPrincipal()]) {
      expect(await assume(principal)).not.toMatchObject({ decision: 'allowed' });
    }
  });
});
