import { App, Stack } from 'aws-cdk-lib';
import { AnyPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { LogArchive, LogSource } from 'cdk-secure-ai/audit';
import { SecurityPosture } from 'cdk-secure-ai/posture';
import { describe, expect, test } from 'vitest';
import { GUARD } from '../../lib/core/bucket-guards';
import { PERIMETER } from '../../lib/core/bucket-perimeter';
import type { Principal, Request } from '../support/iam';
import { ALLOW_ALL, IamWorld, accountPrincipal, administrator, awsService, expectGuarded, foreignEndpoint, foreignPrincipal } from '../support/iam';

const ACCOUNT = '111111111111';
const OTHER = '999988887777';
const REGION = 'eu-central-1';
const BREAK_GLASS = accountPrincipal({ name: 'break-glass', policies: [ALLOW_ALL] });
const DEPLOYER = accountPrincipal({ name: `cdk-hnb659fds-cfn-exec-role-${ACCOUNT}-${REGION}`, policies: [ALLOW_ALL] });
const OWNER_CONTROL = { 's3:x-amz-acl': 'bucket-owner-full-control' };
/** An administrator inside the network perimeter. */
const inside = foreignEndpoint(ACCOUNT);

function world(sources: LogSource[]): { iam: IamWorld; archive: LogArchive } {
  const stack = new Stack(new App(), 'Stack', { env: { account: ACCOUNT, region: REGION } });
  SecurityPosture.attach(stack, { operators: { breakGlassRoleArns: [`arn:aws:iam::${ACCOUNT}:role/break-glass`] } });
  const archive = new LogArchive(stack, 'Archive');
  for (const source of sources) archive.admit(source);
  return { iam: IamWorld.of(stack, { accountId: ACCOUNT, region: REGION }), archive };
}

/** What each service says when it delivers for an account, as AWS documents it, and what it writes. */
interface Delivery {
  readonly source: LogSource;
  readonly from: (account: string) => Principal;
  readonly object: string;
  readonly context: Record<string, string>;
  readonly reads: readonly string[];
  readonly sid: string;
  /** What the service is held to: each alone is enough. */
  readonly heldTo: readonly string[];
}

const DELIVERIES: readonly Delivery[] = [
  {
    source: LogSource.CLOUDTRAIL,
    from: (account) => awsService('cloudtrail.amazonaws.com', { sourceArn: `arn:aws:cloudtrail:${REGION}:${account}:trail/Audit-1ABC` }),
    object: `/AWSLogs/${ACCOUNT}/CloudTrail/${REGION}/2030/01/15/log.json.gz`,
    context: OWNER_CONTROL,
    reads: ['s3:GetBucketAcl'],
    sid: 'Cloudtrail',
    heldTo: ['aws:SourceArn'],
  },
  {
    source: LogSource.VENDED_LOGS,
    from: (account) => awsService('delivery.logs.amazonaws.com', { sourceAccount: account, sourceArn: `arn:aws:logs:${REGION}:${account}:*` }),
    object: `/AWSLogs/${ACCOUNT}/vpcflowlogs/${REGION}/2030/01/15/log.gz`,
    context: OWNER_CONTROL,
    reads: ['s3:GetBucketAcl', 's3:ListBucket'],
    sid: 'VendedLogs',
    heldTo: ['aws:SourceArn', 'aws:SourceAccount'],
  },
  {
    source: LogSource.GUARDDUTY_FINDINGS,
    from: (account) => awsService('guardduty.amazonaws.com', {
      sourceAccount: account, sourceArn: `arn:aws:guardduty:${REGION}:${account}:detector/0123456789abcdef0123456789abcdef`,
    }),
    object: `/AWSLogs/${ACCOUNT}/GuardDuty/${REGION}/2030/01/15/findings.jsonl.gz`,
    context: {},
    reads: ['s3:GetBucketLocation'],
    sid: 'GuarddutyFindings',
    heldTo: ['aws:SourceArn', 'aws:SourceAccount'],
  },
];

describe.each(DELIVERIES)('$source', ({ source, from, object, context, reads, sid, heldTo }) => {
  const { iam, archive } = world([source]);
  const write: Request = { principal: from(ACCOUNT), action: 's3:PutObject', resource: iam.arnOf(archive.bucket, object), context };

  test('delivers past every guard, with a header that names the key and without any', async () => {
    const headers = { 's3:x-amz-server-side-encryption': 'aws:kms', 's3:x-amz-server-side-encryption-aws-kms-key-id': iam.arnOf(archive.key) };
    expect((await iam.request(write)).decision).toBe('allowed');
    expect((await iam.request({ ...write, context: { ...context, ...headers } })).decision).toBe('allowed');
    for (const action of reads) expect((await iam.request({ ...write, action, context: {}, resource: archive.bucket })).decision).toBe('allowed');
  });

  test('delivers because of the statement that lets it in, and of nothing else', async () => {
    expect((await iam.without({ sid: `${sid}Writes` }).request(write)).decision).toBe('implicit-deny');
    const closed = world([]);
    expect((await closed.iam.request({ ...write, resource: closed.iam.arnOf(closed.archive.bucket, object) })).decision).toBe('implicit-deny');
  });

  test('does not deliver on behalf of another account: a confused deputy', async () => {
    const attack: Request = { ...write, principal: from(OTHER) };
    expect((await iam.request(attack)).decision).toBe('implicit-deny');
    for (const action of reads) expect((await iam.request({ ...attack, action, context: {}, resource: archive.bucket })).decision).toBe('implicit-deny');
    // It is the conditions that stop it, and where there are two, each of them.
    const without = (keys: readonly string[]) => keys.reduce((at, key) => at.without({ sid: `${sid}Writes`, key }), iam);
    expect((await without(heldTo).request(attack)).decision).toBe('allowed');
    for (const kept of heldTo) {
      const others = heldTo.filter((key) => key !== kept);
      expect((await without(others).request(attack)).decision).toBe('implicit-deny');
    }
  });

  test('encrypts on behalf of this account only', async () => {
    const encrypt: Request = { principal: from(ACCOUNT), action: 'kms:GenerateDataKey', resource: archive.key };
    expect((await iam.request(encrypt)).decision).toBe('allowed');
    expect((await iam.request({ ...encrypt, principal: from(OTHER) })).decision).toBe('implicit-deny');
    expect((await iam.without({ sid: `${sid}Encrypts` }).request(encrypt)).decision).toBe('implicit-deny');
  });

  test('neither deletes nor reads what it delivered', async () => {
    for (const action of ['s3:DeleteObject', 's3:DeleteObjectVersion', 's3:GetObject']) {
      expect((await iam.request({ ...write, action, context: {} })).decision).not.toBe('allowed');
    }
  });
});

describe('CloudTrail in particular', () => {
  const { iam, archive } = world([LogSource.CLOUDTRAIL]);
  const from = DELIVERIES[0].from(ACCOUNT);

  test('delivers digests with SSE-S3, which it does not let anybody choose', async () => {
    const digest: Request = {
      principal: from, action: 's3:PutObject', resource: iam.arnOf(archive.bucket, `/AWSLogs/${ACCOUNT}/CloudTrail-Digest/${REGION}/digest.json.gz`),
      context: { ...OWNER_CONTROL, 's3:x-amz-server-side-encryption': 'AES256' },
    };
    expect((await iam.request(digest)).decision).toBe('allowed');
  });

  test('writes below its own prefix only', async () => {
    const elsewhere: Request = { principal: from, action: 's3:PutObject', resource: iam.arnOf(archive.bucket, `/AWSLogs/${OTHER}/log`), context: OWNER_CONTROL };
    expect((await iam.request(elsewhere)).decision).toBe('implicit-deny');
  });
});

describe('records stay as they were written (log tampering)', () => {
  const stack = new Stack(new App(), 'Stack', { env: { account: ACCOUNT, region: REGION } });
  SecurityPosture.attach(stack, { operators: { breakGlassRoleArns: [`arn:aws:iam::${ACCOUNT}:role/break-glass`] } });
  const archive = new LogArchive(stack, 'Archive');
  archive.admit(LogSource.CLOUDTRAIL);
  // An accident that the denies must withstand: somebody opens the archive to everybody.
  archive.bucket.addToResourcePolicy(new PolicyStatement({
    sid: 'Accident', principals: [new AnyPrincipal()], actions: ['s3:*'], resources: [archive.bucket.bucketArn, archive.bucket.arnForObjects('*')],
  }));
  const iam = IamWorld.of(stack, { accountId: ACCOUNT, region: REGION });
  const record = iam.arnOf(archive.bucket, `/AWSLogs/${ACCOUNT}/CloudTrail/log.json.gz`);
  const delivered: Request = { principal: DELIVERIES[0].from(ACCOUNT), action: 's3:PutObject', resource: record, context: OWNER_CONTROL };

  test.each(['s3:PutObject', 's3:PutObjectTagging', 's3:PutObjectVersionTagging', 's3:ReplicateObject'])('people do not forge or mark one: %s', (action) => expectGuarded({
    world: iam,
    allowed: delivered,
    denied: {
      administrator: { principal: administrator(), action, resource: record, via: inside },
      deployer: { principal: DEPLOYER, action, resource: record, via: inside },
      'break-glass role': { principal: BREAK_GLASS, action, resource: record, via: inside },
    },
    protections: [GUARD.PEOPLE],
  }));

  test('a foreign identity does not write one: three layers, and the public access block', () => expectGuarded({
    world: iam,
    allowed: delivered,
    denied: { 'from the internet': { principal: foreignPrincipal(), action: 's3:PutObject', resource: record } },
    protections: [GUARD.PEOPLE, PERIMETER.IDENTITIES, PERIMETER.NETWORKS, { publicAccessBlock: archive.bucket }],
  }));

  test.each(['s3:DeleteObject', 's3:DeleteObjectVersion', 's3:BypassGovernanceRetention', 's3:PutObjectRetention', 's3:PutObjectLegalHold'])(
    '%s is for break-glass roles',
    (action) => expectGuarded({
      world: iam,
      allowed: { principal: BREAK_GLASS, action, resource: record, via: inside },
      denied: {
        administrator: { principal: administrator(), action, resource: record, via: inside },
        deployer: { principal: DEPLOYER, action, resource: record, via: inside },
      },
      protections: [GUARD.DELETION],
    }),
  );

  test.each(['s3:PutLifecycleConfiguration', 's3:PutBucketVersioning', 's3:PutBucketObjectLockConfiguration', 's3:PutEncryptionConfiguration', 's3:DeleteBucket'])(
    '%s is for CloudFormation and break-glass roles',
    (action) => expectGuarded({
      world: iam,
      allowed: { deployer: { principal: DEPLOYER, action, resource: archive.bucket }, 'break-glass role': { principal: BREAK_GLASS, action, resource: archive.bucket } },
      denied: { administrator: { principal: administrator(), action, resource: archive.bucket } },
      protections: [GUARD.TAMPERING],
    }),
  );

  test.each(['s3:PutBucketPolicy', 's3:DeleteBucketPolicy', 's3:PutBucketPublicAccessBlock', 's3:PutBucketOwnershipControls'])(
    'nobody else lifts the denies: %s',
    (action) => expectGuarded({
      world: iam,
      allowed: { deployer: { principal: DEPLOYER, action, resource: archive.bucket }, 'break-glass role': { principal: BREAK_GLASS, action, resource: archive.bucket } },
      denied: { administrator: { principal: administrator(), action, resource: archive.bucket } },
      protections: [GUARD.POLICY],
    }),
  );

  test.each(['kms:ScheduleKeyDeletion', 'kms:DisableKey'])('nobody makes records unreadable: %s is for break-glass roles', (action) => expectGuarded({
    world: iam,
    allowed: { principal: BREAK_GLASS, action, resource: archive.key },
    denied: { administrator: { principal: administrator(), action, resource: archive.key } },
    protections: ['DenyKeyRemoval'],
  }));

  test('a record is not read past the network perimeter', () => expectGuarded({
    world: iam,
    allowed: { principal: administrator(), action: 's3:GetObject', resource: record, via: inside },
    denied: { 'from the internet': { principal: administrator(), action: 's3:GetObject', resource: record } },
    protections: [PERIMETER.NETWORKS],
  }));
});
