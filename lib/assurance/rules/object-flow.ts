import type { PolicyText, Resource } from '../template';
import { Unknown } from '../template';
import { isForEveryAction } from './grant';
import type { JudgedApp } from './judged-app';
import { coversAction, coversAnyAction } from './statement-match';

const READS = ['s3:GetObject', 's3:GetObjectVersion'];
const WRITES = 's3:PutObject';

/** A bucket, or a part of it, that the policy of a role names for reading or writing objects. */
export interface NamedPlace {
  readonly role: Resource;
  readonly bucket: Resource;
  /** The text that names it, such as the ARN of the bucket with `/reports/*` behind it. */
  readonly text: PolicyText;
}

const found = new WeakMap<JudgedApp, ObjectFlow>();

/** Which roles of the templates read and write the objects of which of their buckets, by name: a star names none. */
export class ObjectFlow {
  /** The flow of an app, found once. */
  static of(app: JudgedApp): ObjectFlow {
    let flow = found.get(app);
    if (flow === undefined) found.set(app, (flow = new ObjectFlow(app)));
    return flow;
  }

  private readonly reads = new Map<Resource, Set<Resource>>();
  private readonly writes = new Map<Resource, NamedPlace[]>();

  private constructor(app: JudgedApp) {
    if (app.ofTypes('AWS::S3::Bucket').length === 0) return;
    for (const role of app.ofTypes('AWS::IAM::Role')) {
      for (const { statement } of app.statementsOfHolder(role)) {
        const { effect, resources } = statement;
        if (effect !== 'Allow' || resources === undefined || resources.negated || isForEveryAction(statement)) continue;
        const reads = coversAnyAction(statement, READS) !== 'NO';
        const writes = coversAction(statement, WRITES) !== 'NO';
        if (!reads && !writes) continue;
        for (const text of resources.texts) {
          const bucket = bucketOf(app, text);
          if (bucket === undefined) continue;
          if (reads) this.reads.set(role, (this.reads.get(role) ?? new Set()).add(bucket));
          if (writes) this.writes.set(bucket, [...(this.writes.get(bucket) ?? []), { role, bucket, text }]);
        }
      }
    }
  }

  /** The places of a bucket that roles write to. */
  writtenPlaces(bucket: Resource): readonly NamedPlace[] {
    return this.writes.get(bucket) ?? [];
  }

  /** Whether a role reads objects of a bucket that answers to a question. */
  readsFrom(role: Resource, isMeant: (bucket: Resource) => boolean): boolean {
    return [...(this.reads.get(role) ?? [])].some(isMeant);
  }
}

function bucketOf(app: JudgedApp, { parts }: PolicyText): Resource | undefined {
  const origin = parts.find((part): part is Unknown => part instanceof Unknown && part.origin !== undefined)?.origin;
  const name = /^arn:[^:]*:s3:::([^/*?]+)(\/|$)/.exec(parts.join(''))?.[1];
  const bucket = origin ? app.model.resource(origin.resource) : name === undefined ? undefined : app.named(name);
  return bucket?.type === 'AWS::S3::Bucket' ? bucket : undefined;
}
