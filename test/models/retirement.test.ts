import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { CfnVPCEndpoint } from 'aws-cdk-lib/aws-ec2';
import type { Role } from 'aws-cdk-lib/aws-iam';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { CheckResults, ComplianceChecks } from 'cdk-secure-ai/assurance';
import { ModelImage, SecureInferenceEndpoint } from 'cdk-secure-ai/inference';
import type { RetirementProps } from 'cdk-secure-ai/models';
import { ApprovedModel, ModelArtifactBucket, ModelRegistry, Retirement } from 'cdk-secure-ai/models';
import { NetworkSegment } from 'cdk-secure-ai/network';
import type { SecurityPostureProps } from 'cdk-secure-ai/posture';
import { SecurityPosture, SecurityProfile, WeakerChoice } from 'cdk-secure-ai/posture';
import { afterAll, describe, expect, test } from 'vitest';
import { LeastPrivilegeRole } from '../../lib/core/least-privilege-role';
import { SIGNING_GUARD } from '../../lib/models/signing-guard';
import { ARCHIVE_GUARD, ZONE_GUARD } from '../../lib/models/zone-guards';
import { PROFILE_POSTURES } from '../support/full-platform';
import type { Request } from '../support/iam';
import { accountPrincipal, administrator, ALLOW_ALL, awsService, expectGuarded, IamWorld } from '../support/iam';
import { headings } from '../support/runbook';

const temp = fs.mkdtempSync(path.join(os.tmpdir(), 'retirement-'));
afterAll(() => fs.rmSync(temp, { recursive: true, force: true }));
const ACCOUNT = '111111111111';
const env = { account: ACCOUNT, region: 'eu-central-1' };
const PREFIX = `models/fraud/sha256-${'0a1b2c3d'.repeat(8)}/`;
const VERSION = `arn:aws:sagemaker:eu-central-1:${ACCOUNT}:model-package/fraud-scoring/3`;
const BECAUSE = WeakerChoice.of({ reason: 'the test is about the end', owner: 'platform', expires: '2099-12-31' });

function worldIn(app: App, posture: SecurityPostureProps = {}, change: Partial<RetirementProps> = {}, endpoints = 1) {
  const stack = new Stack(app, 'Stack', { env });
  SecurityPosture.attach(stack, posture);
  const store = new ModelArtifactBucket(stack, 'Models');
  const registry = new ModelRegistry(stack, 'Registry', { groupName: 'fraud-scoring' });
  const segment = new NetworkSegment(stack, 'Network');
  const retirement = new Retirement(stack, 'Retirement', { registry, store, segment, ...change });
  const model = ApprovedModel.withoutProof(stack, 'Model', { store, prefix: PREFIX, because: BECAUSE });
  const volumes = Key.fromKeyArn(stack, 'Volumes', `arn:aws:kms:eu-central-1:${ACCOUNT}:key/volumes`);
  for (let at = 0; at < endpoints; at += 1) retirement.addEndpoint(`fraud-${at}`, model, volumes);
  return { stack, store, registry, segment, retirement };
}

describe.each(Object.values(SecurityProfile))('under %s', (profile) => {
  test('leaves no finding of any pack of the profile open', () => {
    const outdir = path.join(temp, profile);
    const app = new App({ outdir });
    worldIn(app, PROFILE_POSTURES[profile](app));
    ComplianceChecks.addTo(app);
    app.synth();
    const { packs } = CheckResults.read(outdir);
    expect(packs.length).toBeGreaterThanOrEqual(2);
    expect(packs.flatMap(({ open }) => open)).toEqual([]);
    expect(packs.flatMap(({ acknowledged }) => acknowledged).filter(({ classId }) => classId === 'USER')).toEqual([]);
  });
});

describe('a retirement', () => {
  const { stack } = worldIn(new App(), { alarmTopic: Topic.fromTopicArn(new Stack(new App(), 'Existing'), 'OnCall', `arn:aws:sns:eu-central-1:${ACCOUNT}:on-call`) }, { timeToLive: Duration.days(180) }, 2);
  const template = Template.fromStack(stack);

  test('runs once a day for versions whose time is over, with its endpoints and its time in the definition', () => {
    template.hasResourceProperties('AWS::Events::Rule', { ScheduleExpression: 'rate(1 day)', Targets: [Match.objectLike({ Input: '{"modelPackageArn":""}' })] });
    const [machine] = Object.values(template.findResources('AWS::StepFunctions::StateMachine')) as { Properties: { DefinitionString: unknown } }[];
    const text = JSON.stringify(machine.Properties.DefinitionString);
    for (const part of ['fraud-0', 'fraud-1', PREFIX, 'timeToLiveDays', '180', 'key/volumes']) expect(text).toContain(part);
  });

  test('keeps what is retired under lock for as long as its class asks', () => {
    const [archive] = Object.entries(template.findResources('AWS::S3::Bucket')).filter(([id]) => id.startsWith('RetirementArchive')) as [string, { Properties: object; DeletionPolicy: string }][];
    expect(archive[1]).toMatchObject({
      DeletionPolicy: 'Retain',
      Properties: { ObjectLockEnabled: true, ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: expect.stringMatching(/^(GOVERNANCE|COMPLIANCE)$/), Days: expect.any(Number) } } } },
    });
  });

  test('tells of every end but a good one, with an entry in the runbook', () => {
    const texts = (Object.values(template.findResources('AWS::CloudWatch::Alarm')) as { Properties: { AlarmDescription: string } }[])
      .map(({ Properties }) => Properties.AlarmDescription).filter((text) => text.includes('the retirement of a model'));
    expect(texts).toHaveLength(4);
    for (const text of texts) expect(headings()).toContain(/runbook\.md#(.+)$/.exec(text)?.[1]);
  });
});

describe('fails', () => {
  test.each<[string, Partial<RetirementProps>, string]>([
    ['for half a day', { timeToLive: Duration.hours(12) }, 'whole days'], ['for no time', { timeToLive: Duration.days(0) }, 'whole days'],
  ])('%s', (_, change, message) => expect(() => worldIn(new App(), {}, change)).toThrow(message));

  test('without an endpoint, and for a store of another stack', () => {
    const app = new App();
    expect(() => Template.fromStack(worldIn(app, {}, {}, 0).stack)).toThrow('knows no endpoint');
    const other = new Stack(app, 'Other', { env });
    expect(() => worldIn(new App(), {}, { store: new ModelArtifactBucket(other, 'Models') })).toThrow('must be in the stack');
  });
});

describe('an endpoint of another stack', () => {
  const serve = (app: App, keyOf: (retirement: Retirement, serving: Stack) => IKey) => {
    const world = worldIn(app, {}, {}, 0);
    const serving = new Stack(app, 'Serving', { env });
    const model = ApprovedModel.withoutProof(serving, 'Model', { store: world.store, prefix: PREFIX, because: BECAUSE });
    const key = keyOf(world.retirement, serving);
    const endpoint = new SecureInferenceEndpoint(serving, 'Endpoint', {
      model, key, segment: new NetworkSegment(serving, 'Network'), image: ModelImage.fromUri(`${ACCOUNT}.dkr.ecr.eu-central-1.amazonaws.com/fraud@sha256:${'4e5f6a7b'.repeat(8)}`),
    });
    world.retirement.addEndpoint(endpoint.endpointName, model, key);
    return { ...world, serving, endpoint };
  };

  test('is named by a key that the retirement made: the store\'s stack needs nothing of the other', () => {
    const app = new App();
    const { stack, serving, endpoint } = serve(app, (retirement) => retirement.newVolumeKey('Fraud'));
    const templates = [stack, serving].map((one) => Template.fromStack(one));
    expect([serving.dependencies, stack.dependencies]).toEqual([[stack], []]);
    const policies = JSON.stringify(templates[0].findResources('AWS::IAM::ManagedPolicy'));
    expect(policies).toContain(`endpoint/${endpoint.endpointName}`);
    const [keyId] = Object.keys(templates[0].findResources('AWS::KMS::Key', { Properties: { Description: 'Volumes and captured data of an inference endpoint', EnableKeyRotation: true } }));
    expect(policies).toMatch(new RegExp(`kms:RevokeGrant[^}]*.{0,80}${keyId}`));
    templates[1].hasResourceProperties('AWS::SageMaker::EndpointConfig', { KmsKeyId: { 'Fn::ImportValue': Match.stringLikeRegexp(keyId) } });
  });

  test('is refused with a key of its own stack, which would need this one first', () => {
    expect(() => serve(new App(), (_, serving) => new Key(serving, 'Volumes'))).toThrow('needs the stack of the store first');
  });
});

describe('who may do what', () => {
  const { stack, store, registry, segment, retirement } = worldIn(new App());
  const reader = new LeastPrivilegeRole(stack, 'Reader', { assumedBy: new ServicePrincipal('lambda.amazonaws.com'), description: 'Reads models' });
  store.grantRead(reader);
  const world = IamWorld.of(stack, { accountId: ACCOUNT, region: 'eu-central-1' });
  const roleOf = (name: string) => retirement.node.findChild(name).node.findChild('Handler').node.findChild('Role');
  const [retire, certify] = ['Retire', 'Certify'].map(roleOf);
  const machine = retirement.node.findChild('Machine').node.findChild('Role') as Role;
  const s3 = segment.node.findAll().find((one) => CfnVPCEndpoint.isCfnVPCEndpoint(one) && one.vpcEndpointType === 'Interface' && JSON.stringify(stack.resolve(one.serviceName)).includes('.s3'))!;
  const DEPLOYER = accountPrincipal({ name: `cdk-hnb659fds-cfn-exec-role-${ACCOUNT}-eu-central-1`, policies: [ALLOW_ALL] });
  const served = (action: string, principal: Request['principal'], context = {}): Request =>
    ({ principal, action, resource: world.arnOf(store.servedBucket, `/${PREFIX}weights`), via: s3, context });
  const RETIRED = { 's3:ExistingObjectTag/secure-ai-state': 'retired' };
  const NEW = { 's3:if-none-match': '*', 's3:ObjectCreationOperation': 'true' };

  test('what is retired is read by no role, whatever its own policy says, but for the archive', () => expectGuarded({
    world,
    allowed: {
      'a reader, before': served('s3:GetObjectVersion', reader), 'the archive, after': served('s3:GetObjectVersion', retire, RETIRED),
    },
    denied: {
      'a reader': served('s3:GetObjectVersion', reader, RETIRED), 'an administrator': served('s3:GetObject', administrator(), RETIRED), 'the deployer': served('s3:GetObject', DEPLOYER, RETIRED),
    },
    protections: [ZONE_GUARD.RETIRED_READ],
  }));

  test.each(['s3:PutObjectTagging', 's3:PutObjectVersionTagging', 's3:DeleteObjectTagging', 's3:DeleteObjectVersionTagging'])(
    'the mark is set and taken by the retirement alone: %s', (action) => expectGuarded({
      world,
      allowed: served('s3:PutObjectVersionTagging', retire),
      denied: { administrator: served(action, administrator()), deployer: served(action, DEPLOYER) },
      protections: [ZONE_GUARD.RETIRED_TAG],
    }));

  const archived = (principal: Request['principal'], key: string, context: Record<string, string> = NEW): Request =>
    ({ principal, action: 's3:PutObject', resource: world.arnOf(retirement.archive, `/${key}`), via: s3, context });

  test.each([[`${PREFIX}weights`, () => retire, () => certify, ARCHIVE_GUARD.MODELS], [`certificates/${PREFIX.slice(0, -1)}.json`, () => certify, () => retire, ARCHIVE_GUARD.CERTIFICATES]] as const)(
    'the archive has one writer for %s, which writes it once', async (key, writer, other, sid) => {
      await expectGuarded({
        world,
        allowed: archived(writer(), key),
        denied: { administrator: archived(administrator(), key), deployer: archived(DEPLOYER, key) },
        protections: [sid],
      });
      await expectGuarded({
        world, allowed: archived(writer(), key), denied: { 'an overwrite': archived(writer(), key, { 's3:ObjectCreationOperation': 'true' }) }, protections: [`${sid}Overwrite`],
      });
      expect(await world.request(archived(other(), key))).not.toMatchObject({ decision: 'allowed' });
    });

  test('certificates are signed by the certifier alone', () => {
    const signing: Request = {
      principal: certify, action: 'kms:Sign', resource: world.arnOf(retirement.signingKey.key), context: { 'kms:MessageType': 'DIGEST', 'kms:SigningAlgorithm': 'ECDSA_SHA_256' },
    };
    return expectGuarded({
      world, allowed: signing, denied: { administrator: { ...signing, principal: administrator() } }, protections: [SIGNING_GUARD.OTHER_SIGNERS],
    });
  });

  test('the machine rejects and nothing else, and the functions change no version', async () => {
    const update = (principal: Request['principal'], status: Record<string, string>) => world.request({ principal, action: 'sagemaker:UpdateModelPackage', resource: VERSION, context: status });
    expect(await update(machine, { 'sagemaker:ModelApprovalStatus': 'Rejected' })).toMatchObject({ decision: 'allowed' });
    for (const status of [{ 'sagemaker:ModelApprovalStatus': 'Approved' }, { 'sagemaker:ModelApprovalStatus': 'PendingManualApproval' }, {}]) {
      expect(await update(machine, status as never)).not.toMatchObject({ decision: 'allowed' });
    }
    for (const principal of [retire, certify]) expect(await update(principal, { 'sagemaker:ModelApprovalStatus': 'Rejected' })).not.toMatchObject({ decision: 'allowed' });
    expect(registry.groupName).toBe('fraud-scoring');
  });

  test('it removes the endpoints that it knows, and revokes on their keys alone', async () => {
    const endpoint = (name: string) => `arn:aws:sagemaker:eu-central-1:${ACCOUNT}:endpoint/${name}`;
    const ask = (action: string, resource: string, principal: Request['principal'] = retire) => world.request({ principal, action, resource });
    expect(await ask('sagemaker:DeleteEndpoint', endpoint('fraud-0'))).toMatchObject({ decision: 'allowed' });
    for (const name of ['fraud-1', 'other', 'fraud-00']) expect(await ask('sagemaker:DeleteEndpoint', endpoint(name))).not.toMatchObject({ decision: 'allowed' });
    for (const principal of [certify, machine, reader]) expect(await ask('sagemaker:DeleteEndpoint', endpoint('fraud-0'), principal)).not.toMatchObject({ decision: 'allowed' });
    expect(await ask('kms:RevokeGrant', world.arnOf(store.servedKey))).not.toMatchObject({ decision: 'allowed' });
    for (const action of ['s3:DeleteObject', 's3:DeleteObjectVersion', 's3:PutObject']) {
      expect(await world.request(served(action, retire, action === 's3:PutObject' ? NEW : {}))).not.toMatchObject({ decision: 'allowed' });
    }
  });

  test('its machine is started by EventBridge of this account, and its role is for Step Functions of this account', async () => {
    const assume = (principal: Request['principal']) => world.request({ principal, action: 'sts:AssumeRole', resource: world.arnOf(machine) });
    const states = (account: string) => awsService('states.amazonaws.com', {
      sourceAccount: account, sourceArn: `arn:aws:states:${env.region}:${account}:stateMachine:Retirement`,
    });
    expect(await assume(states(ACCOUNT))).toMatchObject({ decision: 'allowed' });
    const others = [states('999988887777'), awsService('states.amazonaws.com', { sourceAccount: ACCOUNT }), administrator()];
    for (const principal of others) expect(await assume(principal)).not.toMatchObject({ decision: 'allowed' });
  });
});
