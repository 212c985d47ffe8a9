import { App, Stack } from 'aws-cdk-lib';
import { LogArchive } from 'cdk-secure-ai/audit';
import { ModelArtifactBucket } from 'cdk-secure-ai/models';
import { describe, expect, test } from 'vitest';
import type { Request } from '../support/iam';
import { IamWorld, administrator, awsService, foreignEndpoint } from '../support/iam';

const ACCOUNT = '111111111111';
const REGION = 'eu-central-1';
const env = { account: ACCOUNT, region: REGION };

/** A model store that sends its access logs to an archive: of its own stack, or of another one, which then cannot name it. */
function storeWithLogsIn(place: 'the same stack' | 'another stack') {
  const app = new App();
  const stack = new Stack(app, 'Models', { env });
  const archive = new LogArchive(place === 'the same stack' ? stack : new Stack(app, 'Audit', { env }), 'Archive');
  const store = new ModelArtifactBucket(stack, 'Models', { accessLogs: archive.accessLogs });
  const iam = IamWorld.of(app, { accountId: ACCOUNT, region: REGION });
  const prefix = /Models-?\w*-Served-\w+\//.exec(JSON.stringify(iam.policies.map(({ document }) => document)))![0];
  const deliver = (sourceAccount: string): Request => ({
    principal: awsService('logging.s3.amazonaws.com', { sourceAccount, sourceArn: iam.arnOf(store.servedBucket) }),
    action: 's3:PutObject',
    resource: iam.arnOf(archive.accessLogs, `/${prefix}2030-01-15-12-00-00-ABC`),
  });
  return { iam, archive, deliver };
}

describe.each(['the same stack', 'another stack'] as const)('access logs of a bucket to a target in %s', (place) => {
  const { iam, archive, deliver } = storeWithLogsIn(place);

  test('are delivered for this account, below the prefix of the bucket', async () => {
    expect((await iam.request(deliver(ACCOUNT))).decision).toBe('allowed');
    expect((await iam.request({ ...deliver(ACCOUNT), resource: iam.arnOf(archive.accessLogs, '/elsewhere/log') })).decision).toBe('implicit-deny');
  });

  test('are not delivered on behalf of another account: a confused deputy', async () => {
    expect((await iam.request(deliver('999988887777'))).decision).toBe('implicit-deny');
  });

  test('are deleted by nobody', async () => {
    const request: Request = { principal: administrator(), action: 's3:DeleteObjectVersion', resource: deliver(ACCOUNT).resource, via: foreignEndpoint(ACCOUNT) };
    expect(await iam.request(request)).toMatchObject({ decision: 'explicit-deny', deniedBy: ['DenyDeletion'] });
  });
});
