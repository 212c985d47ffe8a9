import { App, Stack } from 'aws-cdk-lib';
import { CfnVPCEndpoint, SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { AnyPrincipal, PolicyDocument, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { ModelArtifactBucket, ModelPromoter, SigningKey } from 'cdk-secure-ai/models';
import type { SecurityPostureProps } from 'cdk-secure-ai/posture';
import { SecurityPosture, WeakerChoice } from 'cdk-secure-ai/posture';
import type { RequestPatternProps } from 'cdk-secure-ai/testing';
import { CallerKind } from 'cdk-secure-ai/testing';
import { describe, expect, test } from 'vitest';
import { GUARD } from '../../lib/core/bucket-guards';
import { PERIMETER } from '../../lib/core/bucket-perimeter';
import { LeastPrivilegeRole } from '../../lib/core/least-privilege-role';
import { SIGNING_GUARD } from '../../lib/models/signing-guard';
import { ZONE_GUARD } from '../../lib/models/zone-guards';
import type { Request } from '../support/iam';
import { IamWorld, administrator, anonymous, expectGuarded, foreignEndpoint, foreignPrincipal } from '../support/iam';
import { ProvenAssembly, expectImpossible } from '../support/proofs';

const ACCOUNT = '111111111111';
const REGION = 'eu-central-1';
const CLEAN = { 's3:ExistingObjectTag/GuardDutyMalwareScanStatus': 'NO_THREATS_FOUND' };
const NEW_KEY = { 's3:if-none-match': '*', 's3:ObjectCreationOperation': 'true' };

/** A store with everybody who works with it, in a VPC with two endpoints: one without a policy, one with the promoter's lines only. */
function platform(posture: SecurityPostureProps = {}) {
  const app = new App();
  const stack = new Stack(app, 'Stack', { env: { account: ACCOUNT, region: REGION } });
  SecurityPosture.attach(stack, { operators: { breakGlassRoleArns: [`arn:aws:iam::${ACCOUNT}:role/break-glass`] }, ...posture });
  const store = new ModelArtifactBucket(stack, 'Models');
  const vpc = Vpc.fromVpcAttributes(stack, 'Vpc', {
    vpcId: 'vpc-1', availabilityZones: ['a', 'b'], isolatedSubnetIds: ['subnet-1', 'subnet-2'], isolatedSubnetRouteTableIds: ['rtb-1', 'rtb-2'],
  });
  const promoter = new ModelPromoter(stack, 'Promoter', { store, vpc, securityGroups: [SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-1')] });
  const role = (id: string, service: string) => new LeastPrivilegeRole(stack, id, { assumedBy: new ServicePrincipal(service), description: id });
  const reader = role('Reader', 'sagemaker.amazonaws.com');
  const uploader = role('Uploader', 'codebuild.amazonaws.com');
  const signer = role('Signer', 'lambda.amazonaws.com');
  store.grantRead(reader);
  store.grantUpload(uploader);
  const signing = new SigningKey(stack, 'Signing');
  signing.grantSign(signer);
  const endpoint = (id: string, statements?: PolicyStatement[]) => new CfnVPCEndpoint(stack, id, {
    vpcId: 'vpc-1', serviceName: `com.amazonaws.${REGION}.s3`, routeTableIds: ['rtb-1'],
    ...(statements ? { policyDocument: new PolicyDocument({ statements }) } : {}),
  });
  const open = endpoint('OpenEndpoint');
  const narrow = endpoint('NarrowEndpoint', promoter.s3EndpointPolicyStatements);
  return { app, stack, store, promoter: promoter.node.findChild('Handler').node.findChild('Role'), reader, uploader, signer, signing, open, narrow };
}

const { stack, store, promoter, reader, uploader, signer, signing, open, narrow } = platform();
// An accident that the denies must withstand: somebody opens the served bucket to everybody.
store.servedBucket.addToResourcePolicy(new PolicyStatement({ sid: 'Accident', principals: [new AnyPrincipal()], actions: ['s3:*'], resources: [store.servedBucket.arnForObjects('*')] }));
const scanner = store.node.findChild('Scan').node.findChild('Role');
const assembly = ProvenAssembly.of(stack, { organizationId: 'o-a1b2c3d4e5' });
const { proofs } = assembly;
/** A second judge: it knows Block Public Access and single endpoints. */
const world = IamWorld.of(stack, { accountId: ACCOUNT, region: REGION, organizationId: 'o-a1b2c3d4e5' });

const served = `${proofs.arnOf(store.servedBucket)}/*`;
const quarantined = `${proofs.arnOf(store.quarantineBucket)}/*`;
const logs = proofs.arnOf(store.node.findChild('AccessLogs'));
const [PROMOTER, READER, UPLOADER, SIGNER, SCANNER] = [promoter, reader, uploader, signer, scanner].map((role) => [proofs.callerOf(role)]);
const { ROLE, USER, ACCOUNT_ADMIN, FOREIGN, ANONYMOUS } = CallerKind;
/** Everybody who works in the account: roles with what they were given, and an unknown identity that may do anything. */
const INSIDERS = [ROLE, USER, ACCOUNT_ADMIN];
const BY_OTHERS = { ArnNotLike: { 'aws:PrincipalArn': [`arn:aws:iam::${ACCOUNT}:role/break-glass`] } };
const BY_BREAK_GLASS = { ArnLike: { 'aws:PrincipalArn': [`arn:aws:iam::${ACCOUNT}:role/break-glass`] } };
const DEPLOYMENT = `arn:aws:iam::${ACCOUNT}:role/cdk-hnb659fds-cfn-exec-role-${ACCOUNT}-${REGION}`;
const FROM_INTERNET = { Null: { 'aws:SourceVpce': ['true'] }, BoolIfExists: { 'aws:PrincipalIsAWSService': ['false'], 'aws:ViaAWSService': ['false'] } };
const FROM_INSIDE = { Null: { 'aws:SourceVpce': ['false'] }, StringEquals: { 'aws:VpceAccount': [ACCOUNT] } };

const read: RequestPatternProps = { actions: ['s3:GetObject'], resources: [served], callers: READER };
const upload: RequestPatternProps = { actions: ['s3:PutObject'], resources: [quarantined], callers: UPLOADER };
const promote: RequestPatternProps = { actions: ['s3:PutObject'], resources: [served], callers: PROMOTER };

describe('served models are written once, by the promoter (FD-1, FD-2)', () => {
  test('an existing key is not overwritten: no write without the write-once header, and so no CopyObject, which knows none', () => expectImpossible({
    assembly,
    legitimate: {
      'a new key': { ...promote, where: { Null: { 's3:if-none-match': ['false'] }, Bool: { 's3:ObjectCreationOperation': ['true'] } } },
      'a part of an upload': { ...promote, where: { Bool: { 's3:ObjectCreationOperation': ['false'] } } },
    },
    attacks: { 'a write to any key': { ...promote, where: { Null: { 's3:if-none-match': ['true'] }, Bool: { 's3:ObjectCreationOperation': ['true'] } } } },
    protections: [ZONE_GUARD.OVERWRITE],
  }));

  test('nobody else writes, an administrator or a break-glass role neither', () => expectImpossible({
    assembly,
    legitimate: { 'the promoter': promote },
    attacks: { administrator: { ...promote, callers: undefined, callerKinds: [ACCOUNT_ADMIN] } },
    protections: [ZONE_GUARD.WRITE],
  }));

  test.each(['s3:DeleteObject', 's3:DeleteObjectVersion', 's3:BypassGovernanceRetention', 's3:PutObjectRetention', 's3:PutObjectLegalHold'])(
    '%s is for break-glass roles',
    (action) => {
      const act = { actions: [action], resources: [served], callerKinds: INSIDERS };
      expectImpossible({
        assembly, legitimate: { 'in an emergency': { ...act, where: BY_BREAK_GLASS } }, attacks: { 'anybody else': { ...act, where: BY_OTHERS } }, protections: [GUARD.DELETION],
      });
    },
  );
});

describe('quarantine keeps what is not scanned clean (FD-3)', () => {
  const TAG = 's3:ExistingObjectTag/GuardDutyMalwareScanStatus';
  test.each(['s3:GetObject', 's3:GetObjectVersion'])('%s waits for the clean tag: another value, another case and none at all are not it', (action) => {
    const get = { actions: [action], resources: [quarantined], callerKinds: [ACCOUNT_ADMIN] };
    expectImpossible({
      assembly,
      legitimate: {
        'a clean version': { ...get, where: { StringEquals: { [TAG]: ['NO_THREATS_FOUND'] } } },
        'the scanner, before there is a tag': { ...get, callerKinds: undefined, callers: SCANNER, where: { Null: { [TAG]: ['true'] } } },
      },
      attacks: { 'any other version': { ...get, where: { StringNotEquals: { [TAG]: ['NO_THREATS_FOUND'] } } } },
      protections: [ZONE_GUARD.UNSCANNED_READ],
    });
  });

  test.each(['s3:PutObjectTagging', 's3:PutObjectVersionTagging'])('%s is for the scanner', (action) => expectImpossible({
    assembly,
    legitimate: { 'the scanner': { actions: [action], resources: [quarantined], callers: SCANNER } },
    attacks: { administrator: { actions: [action], resources: [quarantined], callerKinds: [ACCOUNT_ADMIN] } },
    protections: [ZONE_GUARD.TAG_FORGERY],
  }));

  test.each(['s3:DeleteObjectTagging', 's3:DeleteObjectVersionTagging', 's3:ReplicateTags'])('%s is for nobody', (action) => expectImpossible({
    assembly,
    legitimate: { upload },
    attacks: { 'anybody who works here': { actions: [action], resources: [quarantined], callerKinds: INSIDERS } },
    protections: [ZONE_GUARD.TAG_FORGERY],
  }));

  test('an upload does not bring its own verdict, whatever its value', () => {
    const where = (absent: string) => ({ Null: { 's3:RequestObjectTag/GuardDutyMalwareScanStatus': [absent] } });
    const put = { ...upload, callers: undefined, callerKinds: [ACCOUNT_ADMIN] };
    expectImpossible({
      assembly, legitimate: { upload: { ...upload, where: where('true') } }, attacks: { 'with a verdict': { ...put, where: where('false') } },
      protections: [ZONE_GUARD.TAG_FORGERY_ON_PUT],
    });
  });

  test('GuardDuty writes its validation object, and nothing else', () => {
    const put = { actions: ['s3:PutObject'], callers: SCANNER, resources: [`${proofs.arnOf(store.quarantineBucket)}/malware-protection-resource-validation-object`] };
    proofs.expectSomeRequest(put);
    proofs.expectNoRequest({ ...put, resources: undefined, notResources: put.resources });
  });

  test('only the malware scan can assume the role that passes the network perimeter', () => {
    const assume = { actions: ['sts:AssumeRole', 'sts:AssumeRoleWithSAML', 'sts:AssumeRoleWithWebIdentity'], resources: [proofs.arnOf(scanner)] };
    proofs.expectSomeRequest({ ...assume, callers: ['malware-protection-plan.guardduty.amazonaws.com'] });
    proofs.expectNoRequest({ ...assume, callerKinds: [ROLE, USER, ACCOUNT_ADMIN, FOREIGN, ANONYMOUS, CallerKind.FEDERATED] });
    proofs.expectNoRequest({ ...assume, callers: ['lambda.amazonaws.com', 'codebuild.amazonaws.com', 'sagemaker.amazonaws.com', 'other.amazonaws.com'] });
  });
});

describe('the data perimeter (FD-4; weight theft)', () => {
  const steal = { ...read, actions: ['s3:GetObject', 's3:GetObjectVersion'], callers: undefined };

  test('an identity of another account is denied through our endpoints, although the bucket is open by accident', () => expectImpossible({
    assembly,
    legitimate: { 'a reader': read },
    attacks: { 'any identity of others': { ...steal, callerKinds: [FOREIGN], where: FROM_INSIDE } },
    protections: [PERIMETER.IDENTITIES],
  }));

  test('a stolen model leaves neither with a foreign identity nor anonymously through a foreign network: two denials, each of which holds alone', () => expectImpossible({
    assembly,
    legitimate: { 'a reader': read },
    attacks: { 'a foreign identity': { ...steal, callerKinds: [FOREIGN], where: FROM_INTERNET }, nobody: { ...steal, callerKinds: [ANONYMOUS], where: FROM_INTERNET } },
    protections: [PERIMETER.IDENTITIES, PERIMETER.NETWORKS],
  }));

  test('Block Public Access is a third layer beside them, which templates of policies do not show', () => {
    const request: Request = { principal: reader, action: 's3:GetObject', resource: world.arnOf(store.servedBucket, '/models/x'), via: open };
    return expectGuarded({
      world,
      allowed: request,
      denied: { 'a foreign identity': { ...request, principal: foreignPrincipal(), via: 'internet' }, nobody: { ...request, principal: anonymous(), via: 'internet' } },
      protections: [PERIMETER.IDENTITIES, PERIMETER.NETWORKS, { publicAccessBlock: store.servedBucket }],
    });
  });

  test('the right role from the wrong network is denied', () => expectImpossible({
    assembly,
    legitimate: { 'from inside': { ...read, where: FROM_INSIDE } },
    attacks: {
      'from the internet': { ...steal, callers: READER, where: FROM_INTERNET },
      'through an endpoint of another account': {
        ...steal, callers: READER,
        where: { ...FROM_INTERNET, Null: { 'aws:SourceVpce': ['false'] }, StringNotEquals: { 'aws:VpceAccount': [ACCOUNT], 'aws:VpceOrgID': ['o-a1b2c3d4e5'] } },
      },
    },
    protections: [PERIMETER.NETWORKS],
  }));

  test('a presigned URL is denied from inside, and from outside once more', () => {
    const presigned = { StringEquals: { 's3:authType': ['REST-QUERY-STRING'] } };
    const inside = { ...FROM_INSIDE, StringEquals: { ...FROM_INSIDE.StringEquals, ...presigned.StringEquals } };
    expectImpossible({ assembly, legitimate: { 'a reader': read }, attacks: { 'from inside': { ...steal, callers: READER, where: inside } }, protections: [PERIMETER.PRESIGNED] });
    expectImpossible({
      assembly, legitimate: { 'a reader': read }, attacks: { 'from the internet': { ...steal, callers: READER, where: { ...FROM_INTERNET, ...presigned } } },
      protections: [PERIMETER.PRESIGNED, PERIMETER.NETWORKS],
    });
  });

  test('weights do not go to a bucket of somebody else through one endpoint of our own, whatever another one lets through', async () => {
    const foreign = { foreignArn: 'arn:aws:s3:::attacker/model.onnx', accountId: '999988887777' };
    const exfiltrate: Request = { principal: administrator(), action: 's3:PutObject', resource: foreign, via: narrow, context: NEW_KEY };
    const own: Request = { principal: promoter, action: 's3:PutObject', resource: world.arnOf(store.servedBucket, '/models/x'), via: narrow, context: NEW_KEY };
    await expectGuarded({ world, allowed: own, denied: { administrator: exfiltrate }, protections: [{ endpointPolicy: narrow }] });
    // The promoter itself has two layers: its role names its buckets, and so does the endpoint.
    proofs.expectNoRequest({ ...promote, resources: undefined, where: { StringNotEquals: { 'aws:ResourceAccount': [ACCOUNT] }, Null: { 'aws:ResourceAccount': ['false'] } } });
  });

  test.each<[string, RequestPatternProps['where'], readonly string[]]>([
    ['plain HTTP', { Bool: { 'aws:SecureTransport': ['false'] } }, [GUARD.PLAIN_HTTP, GUARD.PLAIN_HTTP_BOOLEAN]],
    ['TLS before 1.2', { NumericLessThan: { 's3:TlsVersion': ['1.2'] } }, [GUARD.OLD_TLS]],
  ])('%s is denied to everybody', (_, where, protections) => expectImpossible({
    assembly,
    legitimate: { 'a reader': { ...read, where: { Bool: { 'aws:SecureTransport': ['true'] } } } },
    attacks: { 'a reader': { ...read, where }, 'an administrator': { ...read, callers: undefined, callerKinds: [ACCOUNT_ADMIN], where } },
    protections,
  }));
});

describe('encryption with the right key (FD-5)', () => {
  const HEADER = 's3:x-amz-server-side-encryption';
  const KEY = `${HEADER}-aws-kms-key-id`;
  const BROUGHT = `${HEADER}-customer-algorithm`;

  test('a header that names another key is denied, that of the other zone as well; no header is safe, the bucket fills it in', () => expectImpossible({
    assembly,
    legitimate: { 'no header': { ...upload, where: { Null: { [KEY]: ['true'] } } }, 'the right key': { ...upload, where: { StringEquals: { [KEY]: [proofs.arnOf(store.quarantineKey)] } } } },
    attacks: {
      'any other key': { ...upload, where: { Null: { [KEY]: ['false'] }, StringNotEquals: { [KEY]: [proofs.arnOf(store.quarantineKey)] } } },
      'the key of the other zone': { ...upload, where: { StringEquals: { [KEY]: [proofs.arnOf(store.servedKey)] } } },
    },
    protections: [GUARD.WRONG_KEY],
  }));

  test('another kind of encryption is denied', () => expectImpossible({
    assembly,
    legitimate: { upload: { ...upload, where: { StringEquals: { [HEADER]: ['aws:kms'] } } } },
    attacks: { 'any other kind': { ...upload, where: { Null: { [HEADER]: ['false'] }, StringNotEquals: { [HEADER]: ['aws:kms', 'aws:kms:dsse'] } } } },
    protections: [GUARD.OTHER_ENCRYPTION],
  }));

  test('a key that the caller brings is denied, which is how buckets are taken hostage', () => expectImpossible({
    assembly,
    legitimate: { upload: { ...upload, where: { Null: { [BROUGHT]: ['true'] } } } },
    attacks: { 'any that is brought': { ...upload, where: { Null: { [BROUGHT]: ['false'] } } } },
    protections: [GUARD.CUSTOMER_KEY],
  }));
});

describe('records and settings stay (log tampering)', () => {
  const inEmergency = (request: RequestPatternProps) => ({ 'in an emergency': { ...request, where: BY_BREAK_GLASS } });

  test.each(['s3:DeleteObject', 's3:DeleteObjectVersion'])('%s of an access log is for break-glass roles', (action) => {
    const act = { actions: [action], resources: [`${logs}/*`], callerKinds: INSIDERS };
    expectImpossible({ assembly, legitimate: inEmergency(act), attacks: { 'anybody else': { ...act, where: BY_OTHERS } }, protections: [GUARD.DELETION] });
  });

  /** Also a role whose name only looks like that of the deployment. */
  const byNobodyWhoMay = { ArnNotLike: { 'aws:PrincipalArn': [...BY_BREAK_GLASS.ArnLike['aws:PrincipalArn'], DEPLOYMENT] } };
  const byDeployment = { ArnEquals: { 'aws:PrincipalArn': [DEPLOYMENT] } };
  test.each([
    ...['s3:PutLifecycleConfiguration', 's3:PutBucketVersioning', 's3:PutBucketLogging', 's3:PutBucketObjectLockConfiguration', 's3:PutEncryptionConfiguration', 's3:PutReplicationConfiguration', 's3:DeleteBucket']
      .map((action) => [action, GUARD.TAMPERING]),
    // Who lifts the denies has everything.
    ...['s3:PutBucketPolicy', 's3:DeleteBucketPolicy', 's3:PutBucketPublicAccessBlock', 's3:PutBucketOwnershipControls'].map((action) => [action, GUARD.POLICY]),
  ])('%s is for CloudFormation and break-glass roles (%s)', (action, guard) => {
    const act = { actions: [action], resources: [proofs.arnOf(store.servedBucket)], callerKinds: [ACCOUNT_ADMIN] };
    expectImpossible({
      assembly,
      legitimate: { ...inEmergency(act), 'the deployment': { ...act, where: byDeployment } },
      attacks: { 'anybody else': { ...act, where: byNobodyWhoMay } },
      protections: [guard],
    });
  });

  test('people write no access logs', () => expectImpossible({
    assembly,
    legitimate: { 'the delivery': { actions: ['s3:PutObject'], resources: [`${logs}/*`], callers: ['logging.s3.amazonaws.com'], where: { StringEquals: { 'aws:SourceAccount': [ACCOUNT] } } } },
    attacks: { 'anybody who works here': { actions: ['s3:PutObject'], resources: [`${logs}/*`], callerKinds: INSIDERS } },
    protections: [GUARD.PEOPLE],
  }));

  test.each(['kms:ScheduleKeyDeletion', 'kms:DisableKey', 'kms:DisableKeyRotation'])('%s is for break-glass roles, not for the deployment', (action) => {
    const act = { actions: [action], resources: [proofs.arnOf(store.servedKey)], callerKinds: INSIDERS };
    expectImpossible({ assembly, legitimate: inEmergency(act), attacks: { 'anybody else': { ...act, where: BY_OTHERS } }, protections: ['DenyKeyRemoval'] });
  });

  test('a grant on a key is for AWS services that act on a resource', () => {
    const grant = { actions: ['kms:CreateGrant'], resources: [proofs.arnOf(store.servedKey)], callerKinds: INSIDERS };
    expectImpossible({
      assembly,
      legitimate: { 'for a resource': { ...grant, where: { Bool: { 'kms:GrantIsForAWSResource': ['true'] } } } },
      attacks: { 'for anybody, or for nobody says whom': { ...grant, where: { BoolIfExists: { 'kms:GrantIsForAWSResource': ['false'] } } } },
      protections: ['DenyGrantsToPeople'],
    });
  });
});

describe('the signing key signs digests, for one role', () => {
  const key = [proofs.arnOf(signing.key)];
  const sign = { actions: ['kms:Sign'], resources: key, callers: SIGNER };
  const right = { ...sign, where: { StringEquals: { 'kms:MessageType': ['DIGEST'], 'kms:SigningAlgorithm': ['ECDSA_SHA_256'] } } };

  test.each<[string, RequestPatternProps, string]>([
    ['an administrator does not sign', { ...right, callers: undefined, callerKinds: [ACCOUNT_ADMIN] }, SIGNING_GUARD.OTHER_SIGNERS],
    ['a whole message is not signed, nor one that is said to be neither', { ...sign, where: { StringNotEquals: { 'kms:MessageType': ['DIGEST'] } } }, SIGNING_GUARD.WHOLE_MESSAGES],
    ['another algorithm is not used, nor none', { ...sign, where: { StringNotEquals: { 'kms:SigningAlgorithm': ['ECDSA_SHA_256'] } } }, SIGNING_GUARD.OTHER_ALGORITHMS],
    [
      'no grant hands the key on, for a resource neither',
      { actions: ['kms:CreateGrant'], resources: key, callerKinds: INSIDERS, where: { Bool: { 'kms:GrantIsForAWSResource': ['true'] } } }, SIGNING_GUARD.GRANTS,
    ],
  ])('%s', (_, attack, guard) => expectImpossible({ assembly, legitimate: { 'the signer': right }, attacks: { attack }, protections: [guard] }));

  test('verifiers read the public key', () => expect(proofs.expectSomeRequest({ actions: ['kms:GetPublicKey'], resources: key, callerKinds: [ACCOUNT_ADMIN] })).toContain('kms:GetPublicKey'));
});

describe('readers of other accounts', () => {
  const shared = platform();
  shared.store.grantReadToAccount('222222222222');
  shared.store.grantReadToOrganizationPath('o-a1b2c3d4e5/r-ab12/ou-ab12-12345678/*');
  const account = IamWorld.of(shared.stack, { accountId: ACCOUNT, region: REGION });
  const object = account.arnOf(shared.store.servedBucket, '/models/fraud/sha256-0/model.onnx');
  const named = foreignPrincipal({ accountId: '222222222222' });
  const read: Request = { principal: named, action: 's3:GetObject', resource: object, via: foreignEndpoint('222222222222') };

  test('a named account reads through its own endpoints, and nobody else does', () => expectGuarded({
    world: account,
    allowed: read,
    denied: {
      'from the internet': { ...read, via: 'internet' },
      'through an endpoint of a third account': { ...read, via: foreignEndpoint('333333333333') },
    },
    protections: [PERIMETER.NETWORKS],
  }));

  test('a third account is not let in by anything', async () => {
    const third: Request = { ...read, principal: foreignPrincipal({ accountId: '333333333333' }), via: shared.open };
    expect(await account.request(third)).toMatchObject({ decision: 'explicit-deny', deniedBy: [PERIMETER.IDENTITIES] });
    expect((await account.without({ sid: PERIMETER.IDENTITIES }).request(third)).decision).toBe('implicit-deny');
  });

  test('a named account decrypts through S3 only, and writes nothing', async () => {
    const decrypt: Request = { principal: named, action: 'kms:Decrypt', resource: shared.store.servedKey, context: { 'kms:ViaService': `s3.${REGION}.amazonaws.com` } };
    expect((await account.request(decrypt)).decision).toBe('allowed');
    expect((await account.request({ ...decrypt, context: { 'kms:ViaService': `ec2.${REGION}.amazonaws.com` } })).decision).not.toBe('allowed');
    expect((await account.request({ ...decrypt, context: {} })).decision).not.toBe('allowed');
    expect((await account.request({ ...read, action: 's3:PutObject', context: NEW_KEY })).decision).toBe('explicit-deny');
  });

  test('an identity below the named path of the organisation reads, one beside it does not', async () => {
    const context = (path: string) => ({
      'aws:PrincipalOrgID': 'o-a1b2c3d4e5', 'aws:PrincipalOrgPaths': [path], 'aws:VpceOrgID': 'o-a1b2c3d4e5', 'aws:VpceOrgPaths': [path],
    });
    const member: Request = { ...read, principal: foreignPrincipal({ accountId: '444444444444' }), via: foreignEndpoint('444444444444') };
    expect((await account.request({ ...member, context: context('o-a1b2c3d4e5/r-ab12/ou-ab12-12345678/ou-x/') })).decision).toBe('allowed');
    expect((await account.request({ ...member, context: context('o-a1b2c3d4e5/r-ab12/ou-ab12-87654321/') })).decision).toBe('explicit-deny');
    expect((await account.request({ ...member, context: context('o-z9y8x7w6v5/r-ab12/ou-ab12-12345678/') })).decision).toBe('explicit-deny');
  });
});

test('a promoter of the user writes served models with what grantPromote gives it, and reads clean versions only', async () => {
  const own = platform();
  const role = new LeastPrivilegeRole(own.stack, 'OwnPromoter', { assumedBy: new ServicePrincipal('states.amazonaws.com'), description: 'promotes' });
  own.store.grantPromote(role);
  const after = IamWorld.of(own.stack, { accountId: ACCOUNT, region: REGION });
  const write: Request = { principal: role, action: 's3:PutObject', resource: after.arnOf(own.store.servedBucket, '/models/a'), via: own.open, context: NEW_KEY };
  const read: Request = { principal: role, action: 's3:GetObjectVersion', resource: after.arnOf(own.store.quarantineBucket, '/a'), via: own.open };
  expect((await after.request(write)).decision).toBe('allowed');
  expect((await after.request({ ...write, resource: after.arnOf(own.store.servedBucket, '/elsewhere') })).decision).toBe('implicit-deny');
  expect((await after.request({ ...read, context: CLEAN })).decision).toBe('allowed');
  expect((await after.request(read)).decision).toBe('explicit-deny');
});

test('under named endpoints a reader of another account comes through its own, and nobody through a third', async () => {
  const shared = platform({ perimeter: { vpcEndpointIds: ['vpce-0a1b2c3d4e5f60718'] } });
  shared.store.grantReadToAccount('222222222222');
  const after = IamWorld.of(shared.stack, { accountId: ACCOUNT, region: REGION });
  const read: Request = {
    principal: foreignPrincipal({ accountId: '222222222222' }), action: 's3:GetObject', resource: after.arnOf(shared.store.servedBucket, '/models/a'),
    via: foreignEndpoint('222222222222'),
  };
  expect((await after.request(read)).decision).toBe('allowed');
  expect((await after.request({ ...read, via: foreignEndpoint('333333333333') })).decision).toBe('explicit-deny');
  expect((await after.request({ ...read, via: 'internet' })).decision).toBe('explicit-deny');
});

test('a service role reads served models from the network of AWS, an ordinary reader does not', async () => {
  const own = platform();
  const role = new LeastPrivilegeRole(own.stack, 'Execution', { assumedBy: new ServicePrincipal('sagemaker.amazonaws.com'), description: 'loads models' });
  own.store.grantReadToServiceRole(role);
  const after = IamWorld.of(own.stack, { accountId: ACCOUNT, region: REGION });
  const read: Request = { principal: role, action: 's3:GetObject', resource: after.arnOf(own.store.servedBucket, '/models/a'), via: 'aws-network' };
  expect((await after.request(read)).decision).toBe('allowed');
  expect((await after.request({ ...read, principal: own.reader })).decision).toBe('explicit-deny');
});

describe('weaker choices open exactly what they name', () => {
  const because = { reason: 'migration', owner: 'platform-security', expires: '2027-03-31' };
  test.each<[string, SecurityPostureProps, string, Partial<Request>]>([
    ['anyNetwork', { perimeter: { anyNetwork: WeakerChoice.of(because) } }, 'allowed', { via: 'internet' }],
    ['presignedUrls', { perimeter: { presignedUrls: WeakerChoice.of(because) } }, 'allowed', { context: { 's3:authType': 'REST-QUERY-STRING' } }],
    ['anyNetwork leaves presigned URLs denied', { perimeter: { anyNetwork: WeakerChoice.of(because) } }, 'explicit-deny', { context: { 's3:authType': 'REST-QUERY-STRING' } }],
    ['presignedUrls leaves networks denied', { perimeter: { presignedUrls: WeakerChoice.of(because) } }, 'explicit-deny', { via: 'internet' }],
  ])('%s', async (_, posture, decision, change) => {
    const weaker = platform({ evaluationDate: '2026-11-24', ...posture });
    const after = IamWorld.of(weaker.stack, { accountId: ACCOUNT, region: REGION });
    const read: Request = { principal: weaker.reader, action: 's3:GetObject', resource: after.arnOf(weaker.store.servedBucket, '/models/a'), via: weaker.open };
    expect((await after.request({ ...read, ...change })).decision).toBe(decision);
  });
});
