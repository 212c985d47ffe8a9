import type { PolicyStatement, Unknown, Value } from '../../template';
import { joinParts } from '../../template';
import type { Answer } from '../answer';
import { any } from '../answer';
import { isLocalStorage } from '../sagemaker/local-storage';
import { demands, testsOn } from '../statement-match';
import { demandsPresence } from './presence-demand';

/**
 * Whether an Allow holds only for jobs whose disks are encrypted: those with a volume key, or those of nothing but instances that
 * encrypt their local disks themselves and refuse such a key.
 */
export function demandsVolumeKey(statement: PolicyStatement): Answer {
  const names = namesOfKey('sagemaker:VolumeKmsKeyArn');
  return any([...names.flatMap((key) => [demands(statement, key), demandsPresence(statement, key)]), onlyLocal(statement)]);
}

/** AWS lists the key of a job under its ARN form for some calls, and documents the short form for the same: either counts. */
export function namesOfKey(key: string): string[] {
  return /KmsKeyArn$/.test(key) ? [key, key.replace(/Arn$/, '')] : [key];
}

/** Whether an Allow holds only for instances that encrypt their local disks themselves. */
export function onlyLocal(statement: PolicyStatement): Answer {
  const there = demandsPresence(statement, 'sagemaker:InstanceTypes');
  const local = testsOn(statement, 'sagemaker:InstanceTypes').some(
    ({ operator, quantifier, values }) =>
      /^String(Like|Equals)$/.test(operator) &&
      quantifier === 'ForAllValues' &&
      values.length > 0 &&
      values.every(({ parts }) => isLocalStorage(familyPattern(parts)) === 'YES'),
  );
  return local ? there : 'NO';
}

/** A policy names instance types by `ml.g5.*` as well: the size decides nothing. */
function familyPattern(parts: readonly (string | Unknown)[]): Value {
  return joinParts(parts.map((part) => (typeof part === 'string' ? part.replace(/\*$/, 'any') : part)));
}
