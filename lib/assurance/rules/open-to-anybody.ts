import type { StatementSite } from './judged-app';
import type { Judgement } from './judgement';
import { judged } from './judgement';
import { demandsLike, isForAnybody } from './statement-match';

/** Judges each Allow for everybody: its conditions must demand one of the keys whose lower-case name matches. */
export function judgeAnybody(sites: readonly StatementSite[], bound: RegExp, message: string): Judgement[] {
  return sites
    .filter(({ statement }) => statement.effect === 'Allow' && isForAnybody(statement))
    .map(({ statement, path }) => judged(demandsLike(statement, bound), message, path));
}
