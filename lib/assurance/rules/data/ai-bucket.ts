import type { Resource } from '../../template';
import { AI_DATA_TAG, AiWorkload } from '../ai-workload';
import type { Judgement } from '../judgement';
import type { Subject } from '../subject';
import { bucketStatements } from './bucket-policy';

/** The type that rules about buckets are put to. */
export const BUCKET = ['AWS::S3::Bucket'];

/** Where a model names what it loads. */
const MODEL_DATA = [
  'PrimaryContainer.ModelDataUrl',
  'PrimaryContainer.ModelDataSource.S3DataSource.S3Uri',
  'Containers.*.ModelDataUrl',
  'Containers.*.ModelDataSource.S3DataSource.S3Uri',
];

type BucketQuestion = (bucket: Subject) => Judgement | readonly Judgement[];
type MaybeAsked = (bucket: Subject) => Judgement | readonly Judgement[] | undefined;

/** Puts a question to a bucket of an AI workload; other buckets are none of the pack's business. */
export function ofAiBucket(judge: BucketQuestion): MaybeAsked {
  return (bucket) => (AiWorkload.of(bucket.app).isBucket(bucket.resource) ? judge(bucket) : undefined);
}

/** Puts a question to a bucket of an AI workload, to those of what was made of it, and to those of the record of what was done with it. */
export function ofKeptBucket(judge: BucketQuestion): MaybeAsked {
  return (bucket) => (AiWorkload.of(bucket.app).isKept(bucket.resource) ? judge(bucket) : undefined);
}

/** Puts a question to a bucket of access logs or trails of an AI workload. */
export function ofRecordBucket(judge: BucketQuestion): MaybeAsked {
  return (bucket) => {
    const workload = AiWorkload.of(bucket.app);
    return workload.isRecord(bucket.resource) && !workload.isBucket(bucket.resource) ? judge(bucket) : undefined;
  };
}

/** Puts a question to a bucket of what steps of an AI workload write down: reports, digests, decisions. */
export function ofOutcomeBucket(judge: BucketQuestion): MaybeAsked {
  return (bucket) => (AiWorkload.of(bucket.app).isOutcome(bucket.resource) ? judge(bucket) : undefined);
}

/** Puts a question to a bucket that a malware scan tags. */
export function ofScannedBucket(judge: BucketQuestion): MaybeAsked {
  return (bucket) => (AiWorkload.of(bucket.app).isBucket(bucket.resource) && isTagged(bucket) ? judge(bucket) : undefined);
}

/** Puts a question to a bucket from which models are served: one that a model names, or one for models without a scan of its own. */
export function ofServedBucket(judge: BucketQuestion): MaybeAsked {
  return (bucket) => {
    const { app, resource } = bucket;
    const named = MODEL_DATA.some((place) => app.naming(resource, 'AWS::SageMaker::Model', place).length > 0);
    return (named || app.tag(resource, AI_DATA_TAG) === 'models') && !isWaiting(bucket) ? judge(bucket) : undefined;
  };
}

/** Whether uploads wait there for a verdict: a plan of the templates tags them, or nobody reads them before a tag of another scan. */
function isWaiting(bucket: Subject): boolean {
  return (
    plansOf(bucket).length > 0 ||
    bucketStatements(bucket.app, bucket.resource).some(
      ({ statement: { effect, conditions } }) =>
        effect === 'Deny' &&
        conditions.some(({ foldedKey, operator }) => foldedKey.startsWith('s3:existingobjecttag/') && operator.includes('Not')),
    )
  );
}

function isTagged(bucket: Subject): boolean {
  return plansOf(bucket).some((plan) => plan.at('Actions.Tagging.Status') === 'ENABLED');
}

function plansOf({ app, resource }: Subject): readonly Resource[] {
  return app.naming(resource, 'AWS::GuardDuty::MalwareProtectionPlan', 'ProtectedResource.S3Bucket.BucketName');
}
