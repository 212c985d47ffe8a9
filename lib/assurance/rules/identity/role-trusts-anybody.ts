import type { Judgement } from '../judgement';
import { COMPLIANT, judged } from '../judgement';
import type { Rule } from '../rule';
import { demandsLike, isForAnybody } from '../statement-match';
import { isAiPrincipal } from './ai-principal';

/** `AISec-IAM07`. */
export const roleTrustsAnybody: Rule = {
  id: 'AISec-IAM07',
  name: 'RoleTrustsAnybody',
  title: 'A role of an AI workload names who may assume it',
  severity: 'CRITICAL',
  controls: ['AA1', 'AA3'],
  threats: ['AML.T0012', 'AML.CS0030'],
  why: 'Every account of the world may assume the role, use its models at the cost of the owner and read its data.',
  remedy: 'Name the accounts or roles in Principal, or demand aws:PrincipalOrgID.',
  example: "new iam.Role(this, 'Caller', { assumedBy: new iam.OrganizationPrincipal('o-abcd123456') });",
  source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html',
  types: ['AWS::IAM::Role'],
  check: ({ app, resource }) => {
    const relevant = isAiPrincipal(app, resource);
    if (relevant === 'NO') return undefined;
    const allows = app.statementsAt(resource, 'AssumeRolePolicyDocument').filter(({ statement }) => statement.effect === 'Allow');
    return allows.map(({ path, statement }): Judgement => {
      if (!isForAnybody(statement)) return COMPLIANT;
      const bound = demandsLike(statement, /^(aws:principal(orgid|orgpaths|arn|account)|aws:source(account|arn)|sts:externalid)$/);
      return judged(bound === 'NO' && relevant === 'UNKNOWN' ? 'UNKNOWN' : bound, 'anybody may assume the role', `${path}.Statement.${statement.index}`);
    });
  },
};
