import { KMSClient, paginateListGrants, RevokeGrantCommand } from '@aws-sdk/client-kms';
import { PutObjectTaggingCommand, S3Client } from '@aws-sdk/client-s3';
import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { requireEnvironment } from '../core/handler-environment';
import type { ListedVersion } from './deploy-check/served-objects';
import { S3ServedObjects } from './deploy-check/s3-served-objects';
import { S3Served } from './promote/s3-served';
import { RETIRE_ENV, RETIRED, RETIRED_TAG, type RetireEvent, type RetireResult, type ServingEndpoint } from './retire.contract';
import { done, removeEndpoint } from './retire/endpoint-removal';
import { archiveModel, revokeAccess } from './retire/retire-model';
import { dueVersion, type ListedPackage, retirementSubject } from './retire/retirement-plan';

const s3 = new S3Client({});
const kms = new KMSClient({});
const sagemaker = new SageMakerClient({});

/** A file is begun as long as this much of the run is left. Unit: milliseconds. */
const BEGIN_MS = 300_000;

/** Takes one step of a retirement; see the contract. */
export async function handler(event: RetireEvent, context: { getRemainingTimeInMillis(): number }): Promise<RetireResult> {
  const result = await take(event, () => context.getRemainingTimeInMillis() > BEGIN_MS);
  console.log(JSON.stringify({ step: event.step, ...('subject' in event ? { prefix: event.subject.prefix } : {}), ...result }));
  return result;
}

async function take(event: RetireEvent, hasTime: () => boolean): Promise<RetireResult> {
  const served = requireEnvironment(RETIRE_ENV.SERVED_BUCKET);
  const objects = new S3ServedObjects(s3, served);
  switch (event.step) {
    case 'plan': return { due: dueVersion(event.listed as ListedPackage[], event.timeToLiveDays, new Date()) };
    case 'read': return retirementSubject(event.package, event.group, served);
    case 'remove': {
      const names = endpointsOf(event).map(({ name }) => name);
      for (const name of names) await removeEndpoint(sagemaker, name);
      return { removed: names };
    }
    case 'archive': {
      const archive = new S3Served(s3, served, requireEnvironment(RETIRE_ENV.ARCHIVE_BUCKET));
      return archiveModel(event.subject.prefix, event.cursor, objects, archive, hasTime);
    }
    case 'revoke': {
      const keys = [...new Set(endpointsOf(event).map(({ keyArn }) => keyArn))];
      return revokeAccess(event.subject.prefix, keys, { objects, mark: (version) => mark(served, version), revokeGrants });
    }
  }
}

/** Names of prefixes come from outside: `constructor` is one of no endpoint. */
function endpointsOf({ subject, endpoints }: Extract<RetireEvent, { readonly step: 'remove' | 'revoke' }>): readonly ServingEndpoint[] {
  return Object.hasOwn(endpoints, subject.prefix) ? endpoints[subject.prefix] : [];
}

async function mark(Bucket: string, { key, versionId }: ListedVersion): Promise<void> {
  await done('PutObjectTagging', () => s3.send(new PutObjectTaggingCommand({
    Bucket, Key: key, VersionId: versionId, Tagging: { TagSet: [{ Key: RETIRED_TAG, Value: RETIRED }] },
  })));
}

async function revokeGrants(KeyId: string): Promise<number> {
  return done('RevokeGrant', async () => {
    let count = 0;
    for await (const { Grants = [] } of paginateListGrants({ client: kms }, { KeyId })) {
      for (const { GrantId } of Grants) {
        await kms.send(new RevokeGrantCommand({ KeyId, GrantId }));
        count += 1;
      }
    }
    return count;
  });
}
