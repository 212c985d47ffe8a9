import type { JobKind, OwnMark } from '../sweep.contract';

/** A job by name: what an event says of it, and nothing else. */
export interface JobReference {
  readonly kind: JobKind;
  readonly name: string;
}

/** A job as SageMaker describes it, in one form for all kinds. */
export interface Job extends JobReference {
  readonly arn: string;
  /** In milliseconds since 1970. */
  readonly createdAt: number;
  /** What is neither stopping nor over is running, also in a state that this code does not know. */
  readonly state: 'running' | 'stopping' | 'ended';
  readonly tags: ReadonlyMap<string, string>;
  /** One, but for a tuning job, which has one for each algorithm. */
  readonly definitions: readonly JobDefinition[];
}

/** What decides whether a job is isolated. A setting that the kind does not have is undefined; one that it has and was left out is not. */
export interface JobDefinition {
  readonly roleArn: string;
  /** Of each container; empty for an algorithm that has no image of its own. */
  readonly images: readonly string[];
  readonly networkIsolated: boolean;
  readonly trafficEncrypted: boolean | undefined;
  readonly subnets: readonly string[];
  readonly securityGroups: readonly string[];
  readonly instanceTypes: readonly string[];
  /** Empty when none is named. */
  readonly volumeKey: string;
  /** Empty when none is named; undefined when nothing is written. */
  readonly outputKey: string | undefined;
  /** In seconds; infinite when none is named. */
  readonly maxRuntime: number | undefined;
  readonly remoteDebug: boolean | undefined;
}

/** The environment whose jobs are judged. */
export interface SweptEnvironment {
  /** ARNs of the roles of environments up to the slash behind which the path of each begins, which is the value of its tag. */
  readonly rolesUnder: string;
  /** What it shares with nobody. */
  readonly ownMarks: ReadonlySet<OwnMark>;
  readonly volumeKeyArn: string;
  readonly outputKeyArn: string;
  readonly subnets: ReadonlySet<string>;
  readonly securityGroups: ReadonlySet<string>;
  readonly tag: { readonly key: string; readonly value: string };
  /** In seconds. */
  readonly maxRuntime: number;
  /** Families of instance types with local storage, which is encrypted in hardware and refuses a key. */
  readonly keylessFamilies: ReadonlySet<string>;
}
