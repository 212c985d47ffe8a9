import type { Resource } from '../../template';
import type { JudgedApp, StatementSite } from '../judged-app';
import type { Judgement } from '../judgement';
import { undetermined } from '../judgement';
import type { ReadPolicy } from '../resource-policy';

const found = new WeakMap<Resource, readonly StatementSite[]>();

/** The statements of the policies of a bucket, looked up once: some twenty rules ask for them. */
export function bucketStatements(app: JudgedApp, bucket: Resource): readonly StatementSite[] {
  let sites = found.get(bucket);
  if (sites === undefined) found.set(bucket, (sites = policiesOf(app, bucket).flatMap((policy) => app.statementsAt(policy, 'PolicyDocument'))));
  return sites;
}

/** The policies of a bucket, read as one. */
export function readBucketPolicy(app: JudgedApp, bucket: Resource): ReadPolicy {
  return {
    sites: bucketStatements(app, bucket),
    unreadable: policiesOf(app, bucket).flatMap((policy) => app.unreadable(policy, 'PolicyDocument')),
  };
}

/** What of the policies of a bucket cannot be read. */
export function unreadableBucketPolicy(app: JudgedApp, bucket: Resource): Judgement[] {
  return policiesOf(app, bucket)
    .flatMap((policy) => app.unreadable(policy, 'PolicyDocument'))
    .map(({ reason }) => undetermined(`the policy of the bucket cannot be read: ${reason}`));
}

function policiesOf(app: JudgedApp, bucket: Resource): readonly Resource[] {
  return app.naming(bucket, 'AWS::S3::BucketPolicy', 'Bucket');
}
