import { Stack, Stage } from 'aws-cdk-lib';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { IConstruct } from 'constructs';

/** A bucket, or a part of one, whose reads and writes belong in the audit trail. */
export interface DataEventSource {
  readonly bucket: IBucket;
  /** Keys below it; empty: the whole bucket. */
  readonly prefix: string;
}

interface Registry {
  readonly sources: DataEventSource[];
  readonly recorders: IConstruct[];
}

const REGISTRY = Symbol.for('cdk-secure-ai.DataEvents');

/** Says that a bucket's object events belong in the audit trail: whichever trail is there when the app is synthesised records them. */
export function declareDataEvents(bucket: IBucket, prefix = ''): void {
  registryOf(bucket).sources.push({ bucket, prefix });
}

/** Makes a construct one that records what buckets declare. */
export function addDataEventRecorder(recorder: IConstruct): void {
  registryOf(recorder).recorders.push(recorder);
}

/** The recorders of a construct's stage, account and region, in the order in which they were made. */
export function dataEventRecordersBeside(scope: IConstruct): IConstruct[] {
  return registryOf(scope).recorders.filter((recorder) => recorder !== scope && isBeside(recorder, scope));
}

/** What a recorder is to record: each bucket has one recorder, the nearest up the tree, so that nothing is paid for twice. */
export function dataEventSourcesOf(recorder: IConstruct): DataEventSource[] {
  const { sources, recorders } = registryOf(recorder);
  return sources.filter(({ bucket }) => {
    const [nearest] = recorders
      .filter((candidate) => isBeside(candidate, bucket))
      .sort((a, b) => sharedAncestors(b, bucket) - sharedAncestors(a, bucket));
    return nearest === recorder;
  });
}

/** Stages are deployed apart, and a stack cannot refer to what is in another account or region. */
function isBeside(a: IConstruct, b: IConstruct): boolean {
  return Stage.of(a) === Stage.of(b) && Stack.of(a).account === Stack.of(b).account && Stack.of(a).region === Stack.of(b).region;
}

function sharedAncestors(a: IConstruct, b: IConstruct): number {
  const ancestors = new Set(a.node.scopes);
  return b.node.scopes.filter((scope) => ancestors.has(scope)).length;
}

function registryOf(scope: IConstruct): Registry {
  const root = scope.node.root as unknown as Record<symbol, Registry | undefined>;
  const known = root[REGISTRY];
  if (known) return known;
  const registry: Registry = { sources: [], recorders: [] };
  Object.defineProperty(root, REGISTRY, { value: registry });
  return registry;
}
