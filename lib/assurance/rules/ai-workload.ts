import type { Resource, Value } from '../template';
import { isDict, isList } from '../template';
import type { JudgedApp } from './judged-app';
import { ObjectFlow } from './object-flow';

/** Services whose resources are AI workloads. */
const AI_TYPE = /^AWS::(SageMaker|Bedrock|BedrockAgentCore|Kendra|QBusiness|Comprehend|Lex)::/;

/** The services that act for AI workloads, as they stand in the trust policy of a role. */
export const AI_SERVICES: readonly string[] = [
  'sagemaker.amazonaws.com',
  'bedrock.amazonaws.com',
  'bedrock-agentcore.amazonaws.com',
  'kendra.amazonaws.com',
  'qbusiness.amazonaws.com',
  'application.qbusiness.amazonaws.com',
  'comprehend.amazonaws.com',
];

/** A tag of this name marks data of an AI workload that no AI resource of the templates refers to. */
export const AI_DATA_TAG = 'AiDataSet';

const found = new WeakMap<JudgedApp, AiWorkload>();

/** What of an app belongs to its AI workloads, by evidence in the templates. */
export class AiWorkload {
  /** The workload of an app, found once. */
  static of(app: JudgedApp): AiWorkload {
    let workload = found.get(app);
    if (workload === undefined) found.set(app, (workload = new AiWorkload(app)));
    return workload;
  }

  /** Resources of AI services. */
  readonly resources: readonly Resource[];
  private readonly named: ReadonlySet<Resource>;
  private readonly outcomes = new Map<Resource, boolean>();
  private readonly kept = new Map<Resource, boolean>();
  private anywhere: boolean | undefined;

  private constructor(private readonly app: JudgedApp) {
    this.resources = app.model.resources.filter(({ type }) => AI_TYPE.test(type));
    const named = new Set(this.resources.flatMap(({ outgoing }) => outgoing.filter(({ kind }) => kind !== 'DependsOn').map(({ to }) => to)));
    for (const resource of this.resources) collectNamed(resource.properties, app, named);
    this.named = named;
  }

  /** Whether the app has an AI workload at all: resources of AI services, or buckets that carry the tag. */
  get isAnywhere(): boolean {
    return (this.anywhere ??= this.resources.length > 0 || this.buckets.length > 0);
  }

  /** Whether an AI resource names it, by a reference or by its literal name or address. */
  isNamed(resource: Resource): boolean {
    return this.named.has(resource);
  }

  /** Buckets that AI resources read or write, and those that carry the tag. */
  get buckets(): Resource[] {
    return this.app.ofTypes('AWS::S3::Bucket').filter((bucket) => this.isBucket(bucket));
  }

  /** Whether a bucket holds data, models or results of an AI workload. */
  isBucket(bucket: Resource): boolean {
    return this.isNamed(bucket) || this.app.tag(bucket, AI_DATA_TAG) !== undefined;
  }

  /** Whether a bucket holds anything of an AI workload: its data, what was made of them, or the record of what was done. */
  isKept(bucket: Resource): boolean {
    let is = this.kept.get(bucket);
    if (is === undefined) this.kept.set(bucket, (is = this.isBucket(bucket) || this.isOutcome(bucket) || this.isRecord(bucket)));
    return is;
  }

  /** Whether a bucket holds what was made of data or models, such as reports, digests or decisions: a role writes there that reads them. */
  isOutcome(bucket: Resource): boolean {
    let is = this.outcomes.get(bucket);
    if (is === undefined) {
      const flow = ObjectFlow.of(this.app);
      is = !this.isBucket(bucket) && flow.writtenPlaces(bucket).some(({ role }) => this.readsData(role));
      this.outcomes.set(bucket, is);
    }
    return is;
  }

  /** Whether a role reads the objects of a bucket of data or models. */
  readsData(role: Resource): boolean {
    return ObjectFlow.of(this.app).readsFrom(role, (bucket) => this.isBucket(bucket));
  }

  /** Whether a bucket holds records of an AI workload: access logs of its buckets, a trail beside it, or the access logs of those. */
  isRecord(bucket: Resource): boolean {
    const logged = this.app.naming(bucket, 'AWS::S3::Bucket', 'LoggingConfiguration.DestinationBucketName').filter((one) => one !== bucket);
    return this.holdsRecord(bucket, logged) || (this.isAnywhere && logged.some((one) => this.holdsRecord(one, [])));
  }

  private holdsRecord(bucket: Resource, logged: readonly Resource[]): boolean {
    return logged.some((one) => this.isBucket(one) || this.isOutcome(one)) || (this.isAnywhere && this.app.naming(bucket, 'AWS::CloudTrail::Trail', 'S3BucketName').length > 0);
  }

  /** Whether a resource says by its tag that it is one to try things with: what is lost there is made again. */
  isForTrying(resource: Resource): boolean {
    const stage = this.app.tag(resource, 'Environment');
    return typeof stage === 'string' && /^(dev|development|sandbox|test|testing)$/i.test(stage);
  }

  /** Whether a key encrypts what AI resources or their buckets hold. */
  isKey(key: Resource): boolean {
    return this.isNamed(key) || key.incoming.some(({ from, kind }) => kind !== 'DependsOn' && from.type === 'AWS::S3::Bucket' && this.isBucket(from));
  }

  /** Whether a role acts for an AI service: named by an AI resource, or trusted to one of the services. */
  isRole(role: Resource): boolean {
    return this.isNamed(role) || this.trustedServices(role).length > 0;
  }

  /** The AI services that may assume a role. */
  trustedServices(role: Resource): string[] {
    return this.app
      .statementsAt(role, 'AssumeRolePolicyDocument')
      .filter(({ statement }) => statement.effect === 'Allow')
      .flatMap(({ statement }) => statement.principals?.principals ?? [])
      .filter(({ kind }) => kind === 'Service')
      .map(({ parts }) => parts.join(''))
      .filter((service) => AI_SERVICES.includes(service));
  }
}

/** Adds what literal texts name: an S3 address, an ARN or a name. */
function collectNamed(value: Value, app: JudgedApp, named: Set<Resource>): void {
  if (typeof value === 'string') {
    const image = /\.dkr\.ecr\.[^/]+\/([^:@]+)/.exec(value)?.[1];
    const resource = value.length > 2 && value.length < 2048 ? app.named(image ?? value) : undefined;
    if (resource !== undefined) named.add(resource);
  } else if (isList(value)) value.forEach((item) => collectNamed(item, app, named));
  else if (isDict(value)) Object.values(value).forEach((item) => collectNamed(item, app, named));
}
