import { AiWorkload } from '../ai-workload';
import type { Judgement } from '../judgement';
import type { Subject } from '../subject';

/** The type that rules about buckets are put to. */
export const BUCKET = ['AWS::S3::Bucket'];

/** Puts a question to a bucket of an AI workload; other buckets are none of the pack's business. */
export function ofAiBucket(
  judge: (bucket: Subject) => Judgement | readonly Judgement[],
): (bucket: Subject) => ReturnType<typeof judge> | undefined {
  return (bucket) => (AiWorkload.of(bucket.app).isBucket(bucket.resource) ? judge(bucket) : undefined);
}
