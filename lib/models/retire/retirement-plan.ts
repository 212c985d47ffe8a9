import type { DescribedPackage } from '../gate/model-package';
import { digestOfPrefix } from '../model-prefix';
import { quoted } from '../signing/signing-error';
import { RetireError } from './retire-error';

/** A version as the registry lists it. */
export interface ListedPackage {
  readonly ModelPackageArn?: string;
  readonly CreationTime?: string;
}

/** What is retired. */
export interface RetirementSubject {
  readonly modelPackageArn: string;
  readonly prefix: string;
}

const DAY_MS = 86_400_000;

/** The oldest version whose time is over; an empty text when there is none. A version without a readable time is none: it is told of. */
export function dueVersion(listed: readonly ListedPackage[], timeToLiveDays: number, now: Date): string {
  const aged = listed.map(({ ModelPackageArn = '', CreationTime }) => ({ arn: ModelPackageArn, made: new Date(CreationTime ?? NaN).getTime() }));
  const unreadable = aged.find(({ arn, made }) => arn === '' || Number.isNaN(made));
  if (unreadable) throw new RetireError('INVALID_REQUEST', `the registry lists ${quoted(unreadable.arn)} without a name or a time`);
  const due = aged.filter(({ made }) => now.getTime() - made > timeToLiveDays * DAY_MS).sort((one, other) => one.made - other.made);
  return due[0]?.arn ?? '';
}

/**
 * Reads what a version of the registry loads.
 *
 * @throws RetireError INVALID_REQUEST when it is of another group, or loads anything but one promoted model of the served bucket
 */
export function retirementSubject(described: DescribedPackage, group: string, servedBucket: string): RetirementSubject {
  const { ModelPackageArn: modelPackageArn = '', ModelPackageGroupName } = described;
  const invalid = (message: string, cause?: unknown) => new RetireError('INVALID_REQUEST', message, { cause });
  if (modelPackageArn === '' || ModelPackageGroupName !== group) throw invalid(`${quoted(modelPackageArn)} is no version of ${group}`);
  const uris = new Set((described.InferenceSpecification?.Containers ?? []).map(({ ModelDataSource }) => ModelDataSource?.S3DataSource?.S3Uri ?? ''));
  const [uri = ''] = uris;
  const place = `s3://${servedBucket}/`;
  if (uris.size !== 1 || !uri.startsWith(place)) throw invalid(`${quoted(modelPackageArn)} does not load one model of ${servedBucket}`);
  const prefix = uri.slice(place.length);
  try {
    digestOfPrefix(prefix);
  } catch (cause) {
    throw invalid(`${quoted(modelPackageArn)} loads ${quoted(uri)}, which no promotion wrote`, cause);
  }
  return { modelPackageArn, prefix };
}
