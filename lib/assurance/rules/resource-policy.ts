import type { PolicyStatement, Unknown } from '../template';
import type { Answer } from './answer';
import type { StatementSite } from './judged-app';
import type { Judgement } from './judgement';
import { COMPLIANT, judged, undetermined } from './judgement';

/** Keys that say for whose account or resource a service acts. */
export const SOURCE = /^aws:source(account|arn|orgid|orgpaths)$/;
/** Keys that say who asks. */
export const WHO = /^aws:principal(orgid|orgpaths|account|arn)$/;

/** The statements of a resource policy, and what of it cannot be read. */
export interface ReadPolicy {
  readonly sites: readonly StatementSite[];
  readonly unreadable: readonly Unknown[];
  /** The property that holds it. @default PolicyDocument */
  readonly property?: string;
}

/** Judges each Allow of a resource policy that concerns a rule, and says what of the policy cannot be read. */
export function judgeAllows(
  { sites, unreadable, property = 'PolicyDocument' }: ReadPolicy,
  concerns: (statement: PolicyStatement) => boolean,
  isRight: (statement: PolicyStatement) => Answer,
  message: string,
): Judgement[] {
  return [
    COMPLIANT,
    ...unreadable.map(({ reason }) => undetermined(`the policy cannot be read: ${reason}`, property)),
    ...sites
      .filter(({ statement }) => statement.effect === 'Allow' && concerns(statement))
      .map(({ statement, path }) => {
        const right = isRight(statement);
        return judged(right === 'NO' && statement.presence === 'MAYBE' ? 'UNKNOWN' : right, message, `${path}.Statement.${statement.index}`);
      }),
  ];
}

/** Whether a statement names a service of AWS. */
export function isForService({ principals }: PolicyStatement): boolean {
  return principals?.negated === false && principals.principals.some(({ kind }) => kind === 'Service');
}
