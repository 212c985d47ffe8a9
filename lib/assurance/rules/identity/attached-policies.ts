import { Unknown, listOf, textParts } from '../../template';
import type { Value } from '../../template';
import type { Judgement } from '../judgement';
import { undetermined, violated } from '../judgement';
import type { Subject } from '../subject';

const PATH = 'ManagedPolicyArns';

/** Judges the policies that a holder names by ARN: a violation for each that matches, undetermined for each that is not known. */
export function attachedPolicies({ resource }: Subject, forbidden: RegExp, message: string): Judgement[] {
  return listOf(resource.at(PATH)).flatMap((value, i) => judgeArn(value, `${PATH}.${i}`, forbidden, message));
}

function judgeArn(value: Value, path: string, forbidden: RegExp, message: string): Judgement[] {
  const parts = textParts(value) ?? [];
  const arn = parts.map((part) => (part instanceof Unknown ? '~' : part)).join('');
  if (forbidden.test(arn)) return [violated(`${message}: ${arn.replace(/^.*\//, '')} is attached`, path)];
  const last = parts.at(-1);
  if (!(last instanceof Unknown)) return [];
  if (last.candidates !== undefined) {
    const inner = last.candidates.flatMap((candidate) => (candidate === undefined ? [] : judgeArn(candidate, path, forbidden, message)));
    return inner.length > 0 ? [undetermined(`cannot be decided from the template: ${message}`, path)] : [];
  }
  return last.isParameter || last.kind === 'FUNCTION' ? [undetermined(`which policy is attached is not known: ${last.reason}`, path)] : [];
}
