import { App, Stack } from 'aws-cdk-lib';
import { CfnVPCEndpoint, SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import type { CfnBucket } from 'aws-cdk-lib/aws-s3';
import { AnyPrincipal, PolicyDocument, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { ModelArtifactBucket, ModelPromoter, SigningKey } from 'cdk-secure-ai/models';
import type { SecurityPostureProps } from 'cdk-secure-ai/posture';
import { SecurityPosture, WeakerChoice } from 'cdk-secure-ai/posture';
import { describe, expect, test } from 'vitest';
import { GUARD } from '../../lib/core/bucket-guards';
import { PERIMETER } from '../../lib/core/bucket-perimeter';
import { LeastPrivilegeRole } from '../../lib/core/least-privilege-role';
import { SIGNING_GUARD } from '../../lib/models/signing-guard';
import { ZONE_GUARD } from '../../lib/models/zone-guards';
import type { Request } from '../support/iam';
import { ALLOW_ALL, IamWorld, accountPrincipal, administrator, anonymous, awsService, expectGuarded, foreignEndpoint, foreignPrincipal } from '../support/iam';

const ACCOUNT = '111111111111';
const REGION = 'eu-central-1';
const BREAK_GLASS = accountPrincipal({ name: 'break-glass', policies: [ALLOW_ALL] });
const DEPLOYER = accountPrincipal({ name: `cdk-hnb659fds-cfn-exec-role-${ACCOUNT}-${REGION}`, policies: [ALLOW_ALL] });
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
const world = IamWorld.of(stack, { accountId: ACCOUNT, region: REGION, organizationId: 'o-a1b2c3d4e5' });
const scanner = store.node.findChild('Scan').node.findChild('Role');

const served = world.arnOf(store.servedBucket, '/models/fraud/sha256-0/model.onnx');
const quarantined = world.arnOf(store.quarantineBucket, '/uploads/model.onnx');
const logPrefix = (stack.resolve((store.servedBucket.node.defaultChild as CfnBucket).loggingConfiguration) as { logFilePrefix: string }).logFilePrefix;
const logged = world.arnOf(store.node.findChild('AccessLogs'), '/log');

const readServed: Request = { principal: reader, action: 's3:GetObject', resource: served, via: open };
const upload: Request = { principal: uploader, action: 's3:PutObject', resource: quarantined, via: open };
const promote: Request = { principal: promoter, action: 's3:PutObject', resource: served, via: open, context: NEW_KEY };

describe('served models are written once, by the promoter (FD-1, FD-2)', () => {
  test('an existing key is not overwritten: a write without the write-once header is denied, also a CopyObject, which knows none', () => expectGuarded({
    world,
    allowed: { 'a new key': promote, 'a part of an upload': { ...promote, context: { 's3:ObjectCreationOperation': 'false' } } },
    denied: {
      'absent key': { ...promote, context: { 's3:ObjectCreationOperation': 'true' } },
      'absent key of a copy': { ...promote, context: { 's3:ObjectCreationOperation': 'true', 's3:x-amz-copy-source': 'other/model.onnx' } },
    },
    protections: [ZONE_GUARD.OVERWRITE],
  }));

  test('nobody else writes, an administrator neither', () => expectGuarded({
    world,
    allowed: promote,
    denied: { administrator: { ...promote, principal: administrator() }, 'break-glass role': { ...promote, principal: BREAK_GLASS } },
    protections: [ZONE_GUARD.WRITE],
  }));

  test.each(['s3:DeleteObject', 's3:DeleteObjectVersion', 's3:BypassGovernanceRetention', 's3:PutObjectRetention', 's3:PutObjectLegalHold'])(
    '%s is for break-glass roles',
    (action) => expectGuarded({
      world,
      allowed: { principal: BREAK_GLASS, action, resource: served, via: open },
      denied: {
        administrator: { principal: administrator(), action, resource: served, via: open },
        deployer: { principal: DEPLOYER, action, resource: served, via: open },
      },
      protections: [GUARD.DELETION],
    }),
  );
});

describe('quarantine keeps what is not scanned clean (FD-3)', () => {
  test.each(['s3:GetObject', 's3:GetObjectVersion'])('%s waits for the clean tag', (action) => {
    const read: Request = { principal: administrator(), action, resource: quarantined, via: open };
    return expectGuarded({
      world,
      allowed: { 'a clean version': { ...read, context: CLEAN }, 'the scanner, before there is a tag': { ...read, principal: scanner, via: 'aws-network' } },
      denied: {
        'bad value': { ...read, context: { 's3:ExistingObjectTag/GuardDutyMalwareScanStatus': 'THREATS_FOUND' } },
        'value in another case': { ...read, context: { 's3:ExistingObjectTag/GuardDutyMalwareScanStatus': 'no_threats_found' } },
        'absent key': read,
      },
      protections: [ZONE_GUARD.UNSCANNED_READ],
    });
  });

  test.each(['s3:PutObjectTagging', 's3:PutObjectVersionTagging'])('%s is for the scanner', (action) => expectGuarded({
    world,
    allowed: { principal: scanner, action, resource: quarantined, via: 'aws-network' },
    denied: { administrator: { principal: administrator(), action, resource: quarantined, via: open } },
    protections: [ZONE_GUARD.TAG_FORGERY],
  }));

  test.each(['s3:DeleteObjectTagging', 's3:DeleteObjectVersionTagging', 's3:ReplicateTags'])('%s is for nobody', (action) => expectGuarded({
    world,
    allowed: upload,
    denied: { administrator: { principal: administrator(), action, resource: quarantined, via: open } },
    protections: [ZONE_GUARD.TAG_FORGERY],
  }));

  test('an upload does not bring its own verdict', () => expectGuarded({
    world,
    allowed: upload,
    denied: {
      'clean tag': { ...upload, context: { 's3:RequestObjectTag/GuardDutyMalwareScanStatus': 'NO_THREATS_FOUND' } },
      'any other value': { ...upload, context: { 's3:RequestObjectTag/GuardDutyMalwareScanStatus': 'x' } },
    },
    protections: [ZONE_GUARD.TAG_FORGERY_ON_PUT],
  }));

  test('GuardDuty writes its validation object: without headers, from outside the VPC, with its role and no other key', async () => {
    const validation = world.arnOf(store.quarantineBucket, '/malware-protection-resource-validation-object');
    const put: Request = { principal: scanner, action: 's3:PutObject', resource: validation, via: 'aws-network' };
    expect((await world.request(put)).decision).toBe('allowed');
    expect((await world.request({ ...put, resource: quarantined })).decision).toBe('implicit-deny');
  });

  test('only the malware scan can assume the role that passes the network perimeter', async () => {
    const assume: Request = { principal: awsService('malware-protection-plan.guardduty.amazonaws.com'), action: 'sts:AssumeRole', resource: scanner };
    expect((await world.request(assume)).decision).toBe('allowed');
    for (const principal of [administrator(), foreignPrincipal(), awsService('lambda.amazonaws.com'), awsService('ec2.amazonaws.com')]) {
      expect((await world.request({ ...assume, principal })).decision).toBe('implicit-deny');
    }
  });
});

describe('the data perimeter (FD-4; weight theft)', () => {
  test('an identity of another account is denied, although the bucket is open by accident', () => expectGuarded({
    world,
    allowed: readServed,
    denied: {
      'through our endpoint': { ...readServed, principal: foreignPrincipal() },
      'of our organisation': { ...readServed, principal: foreignPrincipal({ accountId: '222222222222', organization: 'same' }) },
    },
    protections: [PERIMETER.IDENTITIES, { publicAccessBlock: store.servedBucket }],
  }));

  test('a stolen model does not leave with a foreign identity through a foreign network: three layers', () => expectGuarded({
    world,
    allowed: readServed,
    denied: {
      'from the internet': { ...readServed, principal: foreignPrincipal(), via: 'internet' },
      'through an endpoint of its own': { ...readServed, principal: foreignPrincipal(), via: foreignEndpoint() },
    },
    protections: [PERIMETER.IDENTITIES, PERIMETER.NETWORKS, { publicAccessBlock: store.servedBucket }],
  }));

  test('nor anonymously', () => expectGuarded({
    world,
    allowed: readServed,
    denied: { 'from the internet': { ...readServed, principal: anonymous(), via: 'internet' } },
    protections: [PERIMETER.IDENTITIES, PERIMETER.NETWORKS, { publicAccessBlock: store.servedBucket }],
  }));

  test.each(['s3:GetObject', 's3:GetObjectVersion'])('the right role from the wrong network is denied %s', (action) => expectGuarded({
    world,
    allowed: { ...readServed, action },
    denied: {
      'absent key: the internet': { ...readServed, action, via: 'internet' },
      'bad value: an endpoint of another account': { ...readServed, action, via: foreignEndpoint() },
    },
    protections: [PERIMETER.NETWORKS],
  }));

  test('a presigned URL is denied, from inside and outside', async () => {
    const presigned = { 's3:authType': 'REST-QUERY-STRING' };
    await expectGuarded({ world, allowed: readServed, denied: { 'from inside': { ...readServed, context: presigned } }, protections: [PERIMETER.PRESIGNED] });
    await expectGuarded({
      world,
      allowed: readServed,
      denied: { 'from the internet': { ...readServed, context: presigned, via: 'internet' } },
      protections: [PERIMETER.PRESIGNED, PERIMETER.NETWORKS],
    });
  });

  test('weights do not go to a bucket of somebody else through our own endpoint', async () => {
    const foreign = { foreignArn: 'arn:aws:s3:::attacker/model.onnx', accountId: '999988887777' };
    const exfiltrate: Request = { principal: administrator(), action: 's3:PutObject', resource: foreign, via: narrow, context: NEW_KEY };
    await expectGuarded({ world, allowed: { ...promote, via: narrow }, denied: { administrator: exfiltrate }, protections: [{ endpointPolicy: narrow }] });
    // The promoter itself has two layers: its role names its buckets, and so does the endpoint.
    expect((await world.without({ endpointPolicy: narrow }).request({ ...exfiltrate, principal: promoter })).decision).toBe('implicit-deny');
  });

  test.each([['plain HTTP', { 'aws:SecureTransport': 'false' }, [GUARD.PLAIN_HTTP, GUARD.PLAIN_HTTP_BOOLEAN]], ['TLS 1.1', { 's3:TlsVersion': '1.1' }, [GUARD.OLD_TLS]]])(
    '%s is denied',
    (_, context, protections) => expectGuarded({ world, allowed: readServed, denied: { 'bad value': { ...readServed, context } }, protections: [...protections] }),
  );
});

describe('encryption with the right key (FD-5)', () => {
  const keyId = 's3:x-amz-server-side-encryption-aws-kms-key-id';
  test('a header that names another key is denied; no header is safe, the bucket fills it in', () => expectGuarded({
    world,
    allowed: { 'absent key': upload, 'good value': { ...upload, context: { [keyId]: world.arnOf(store.quarantineKey), 's3:x-amz-server-side-encryption': 'aws:kms' } } },
    denied: {
      'bad value': { ...upload, context: { [keyId]: 'arn:aws:kms:eu-central-1:999988887777:key/00000000-0000-0000-0000-000000000000' } },
      'the key of the other zone': { ...upload, context: { [keyId]: world.arnOf(store.servedKey) } },
    },
    protections: [GUARD.WRONG_KEY],
  }));

  test('another kind of encryption is denied', () => expectGuarded({
    world,
    allowed: upload,
    denied: { 'bad value': { ...upload, context: { 's3:x-amz-server-side-encryption': 'AES256' } } },
    protections: [GUARD.OTHER_ENCRYPTION],
  }));

  test('a key that the caller brings is denied, which is how buckets are taken hostage', () => expectGuarded({
    world,
    allowed: upload,
    denied: { 'bad value': { ...upload, context: { 's3:x-amz-server-side-encryption-customer-algorithm': 'AES256' } } },
    protections: [GUARD.CUSTOMER_KEY],
  }));
});

describe('records and settings stay (log tampering)', () => {
  test.each(['s3:DeleteObject', 's3:DeleteObjectVersion'])('%s of an access log is for break-glass roles', (action) => expectGuarded({
    world,
    allowed: { principal: BREAK_GLASS, action, resource: logged, via: open },
    denied: { administrator: { principal: administrator(), action, resource: logged, via: open } },
    protections: [GUARD.DELETION],
  }));

  test.each([
    's3:PutLifecycleConfiguration', 's3:PutBucketVersioning', 's3:PutBucketLogging', 's3:PutBucketObjectLockConfiguration', 's3:PutEncryptionConfiguration',
    's3:PutReplicationConfiguration', 's3:DeleteBucket',
  ])('%s is for CloudFormation and break-glass roles', (action) => expectGuarded({
    world,
    allowed: {
      deployer: { principal: DEPLOYER, action, resource: store.servedBucket },
      'break-glass role': { principal: BREAK_GLASS, action, resource: store.servedBucket },
    },
    denied: {
      administrator: { principal: administrator(), action, resource: store.servedBucket },
      'a role with a similar name': {
        principal: accountPrincipal({ name: 'my-cdk-hnb659fds-cfn-exec-role', policies: [ALLOW_ALL] }), action, resource: store.servedBucket,
      },
    },
    protections: [GUARD.TAMPERING],
  }));

  test.each(['s3:PutBucketPolicy', 's3:DeleteBucketPolicy', 's3:PutBucketPublicAccessBlock', 's3:PutBucketOwnershipControls'])(
    '%s is for CloudFormation and break-glass roles: who lifts the denies has everything',
    (action) => expectGuarded({
      world,
      allowed: { deployer: { principal: DEPLOYER, action, resource: store.servedBucket } },
      denied: { administrator: { principal: administrator(), action, resource: store.servedBucket } },
      protections: [GUARD.POLICY],
    }),
  );

  test('people write no access logs', () => expectGuarded({
    world,
    allowed: {
      'the delivery': {
        principal: awsService('logging.s3.amazonaws.com', { sourceAccount: ACCOUNT, sourceArn: world.arnOf(store.servedBucket) }),
        action: 's3:PutObject', resource: world.arnOf(store.node.findChild('AccessLogs'), `/${logPrefix}x`),
      },
    },
    denied: { administrator: { principal: administrator(), action: 's3:PutObject', resource: logged, via: open } },
    protections: [GUARD.PEOPLE],
  }));

  test.each(['kms:ScheduleKeyDeletion', 'kms:DisableKey', 'kms:DisableKeyRotation'])('%s is for break-glass roles', (action) => expectGuarded({
    world,
    allowed: { principal: BREAK_GLASS, action, resource: store.servedKey },
    denied: {
      administrator: { principal: administrator(), action, resource: store.servedKey },
      deployer: { principal: DEPLOYER, action, resource: store.servedKey },
    },
    protections: ['DenyKeyRemoval'],
  }));

  test('a grant on a key is for AWS services that act on a resource', () => expectGuarded({
    world,
    allowed: { principal: administrator(), action: 'kms:CreateGrant', resource: store.servedKey, context: { 'kms:GrantIsForAWSResource': 'true' } },
    denied: {
      'bad value': { principal: administrator(), action: 'kms:CreateGrant', resource: store.servedKey, context: { 'kms:GrantIsForAWSResource': 'false' } },
      'absent key': { principal: administrator(), action: 'kms:CreateGrant', resource: store.servedKey },
    },
    protections: ['DenyGrantsToPeople'],
  }));
});

describe('the signing key signs digests, for one role', () => {
  const good = { 'kms:MessageType': 'DIGEST', 'kms:SigningAlgorithm': 'ECDSA_SHA_256' };
  const sign: Request = { principal: signer, action: 'kms:Sign', resource: signing.key, context: good };

  test('an administrator does not sign', () => expectGuarded({
    world, allowed: sign, denied: { administrator: { ...sign, principal: administrator() } }, protections: [SIGNING_GUARD.OTHER_SIGNERS],
  }));

  test('a whole message is not signed', () => expectGuarded({
    world,
    allowed: sign,
    denied: { 'bad value': { ...sign, context: { ...good, 'kms:MessageType': 'RAW' } }, 'absent key': { ...sign, context: { ...good, 'kms:MessageType': undefined } } },
    protections: [SIGNING_GUARD.WHOLE_MESSAGES],
  }));

  test('another algorithm is not used', () => expectGuarded({
    world,
    allowed: sign,
    denied: {
      'bad value': { ...sign, context: { ...good, 'kms:SigningAlgorithm': 'ECDSA_SHA_512' } },
      'absent key': { ...sign, context: { ...good, 'kms:SigningAlgorithm': undefined } },
    },
    protections: [SIGNING_GUARD.OTHER_ALGORITHMS],
  }));

  test('no grant hands the key on', () => expectGuarded({
    world,
    allowed: sign,
    denied: { administrator: { principal: administrator(), action: 'kms:CreateGrant', resource: signing.key, context: { 'kms:GrantIsForAWSResource': 'true' } } },
    protections: [SIGNING_GUARD.GRANTS],
  }));

  test('verifiers read the public key', async () => {
    expect((await world.request({ principal: administrator(), action: 'kms:GetPublicKey', resource: signing.key })).decision).toBe('allowed');
  });
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
