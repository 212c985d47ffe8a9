import { TrainingRequestError } from './training-request-error';

/** What somebody asks for: one run of a job that the environment knows. */
export interface TrainingRequest {
  readonly job: string;
  /** Names the run: the name of a training job is used once in an account and region. */
  readonly run: string;
  /** `repository@sha256:…`. */
  readonly image: { readonly repository: string; readonly digest: string };
  readonly instanceType: string;
  readonly instanceCount: number;
  readonly volumeGib: number;
  /** Undefined: the job's limit. */
  readonly maxRuntimeSeconds?: number;
  readonly hyperparameters: Readonly<Record<string, string>>;
}

const FIELDS = new Set(['job', 'run', 'image', 'instanceType', 'instanceCount', 'volumeGib', 'maxRuntimeSeconds', 'hyperparameters']);
/** SageMaker takes a hundred, of 256 and 2,500 characters. @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateTrainingJob.html */
const MAX_HYPERPARAMETERS = 100;
/** Characters of a name that a message repeats. */
const LONGEST_SHOWN = 100;

/**
 * Reads a request, which is hostile until it has passed here.
 *
 * @throws TrainingRequestError INVALID_REQUEST, IMAGE_NOT_ALLOWED
 */
export function toTrainingRequest(value: unknown): TrainingRequest {
  const fields = record(value, 'the request');
  const unknown = Object.keys(fields).find((key) => !FIELDS.has(key));
  if (unknown !== undefined) throw invalid(`the request has the unknown field ${named(unknown)}`);
  const { maxRuntimeSeconds } = fields;
  return {
    job: text(fields.job, 'job', /^[a-z0-9][a-z0-9-]{0,18}[a-z0-9]$/, "2 to 20 of a-z, 0-9 and '-', with a letter or digit at both ends"),
    run: text(fields.run, 'run', /^[a-z0-9](?:[a-z0-9]|-(?=[a-z0-9])){0,15}$/, "1 to 16 of a-z, 0-9 and single '-', with a letter or digit at both ends"),
    image: image(fields.image),
    instanceType: text(fields.instanceType, 'instanceType', /^ml\.[a-z0-9-]{1,20}\.[a-z0-9-]{1,20}$/, "like 'ml.m5.xlarge'"),
    instanceCount: whole(fields.instanceCount ?? 1, 'instanceCount'),
    volumeGib: whole(fields.volumeGib ?? 30, 'volumeGib'),
    ...(maxRuntimeSeconds === undefined ? {} : { maxRuntimeSeconds: whole(maxRuntimeSeconds, 'maxRuntimeSeconds') }),
    hyperparameters: hyperparameters(fields.hyperparameters ?? {}),
  };
}

/** A tag can be moved to another image after it was reviewed; a digest cannot. */
function image(value: unknown): TrainingRequest['image'] {
  const [, repository, digest] = typeof value === 'string' ? (/^([a-z0-9._/-]{1,255})@(sha256:[0-9a-f]{64})$/.exec(value) ?? []) : [];
  if (repository === undefined || digest === undefined) {
    throw new TrainingRequestError('IMAGE_NOT_ALLOWED', `image must be '<repository>@sha256:<64 hexadecimal digits>', got ${named(value)}`);
  }
  return { repository, digest };
}

function hyperparameters(value: unknown): Record<string, string> {
  const entries = Object.entries(record(value, 'hyperparameters'));
  if (entries.length > MAX_HYPERPARAMETERS) throw invalid(`hyperparameters has ${entries.length} entries, more than ${MAX_HYPERPARAMETERS}`);
  for (const [name, item] of entries) {
    if (!/^[A-Za-z0-9_.-]{1,256}$/.test(name) || name === '__proto__') throw invalid(`a hyperparameter has the name ${named(name)}`);
    if (typeof item !== 'string' || item.length > 2500) throw invalid(`the hyperparameter ${named(name)} must be a text of at most 2500 characters`);
  }
  return Object.fromEntries(entries) as Record<string, string>;
}

function text(value: unknown, name: string, pattern: RegExp, form: string): string {
  if (typeof value !== 'string' || !pattern.test(value)) throw invalid(`${name} must be ${form}, got ${named(value)}`);
  return value;
}

function whole(value: unknown, name: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 1) {
    throw invalid(`${name} must be a whole number above zero, got ${typeof value === 'number' ? value : kindOf(value)}`);
  }
  return value;
}

function record(value: unknown, what: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid(`${what} must be an object, got ${kindOf(value)}`);
  return value as Record<string, unknown>;
}

function invalid(message: string): TrainingRequestError {
  return new TrainingRequestError('INVALID_REQUEST', message);
}

/** A short text that identifies something: nothing else of a request is in a message, which Lambda logs and the execution shows. */
function named(value: unknown): string {
  return typeof value === 'string' && value.length <= LONGEST_SHOWN ? JSON.stringify(value) : kindOf(value);
}

function kindOf(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  return typeof value === 'string' ? `a text of ${value.length} characters` : typeof value;
}
