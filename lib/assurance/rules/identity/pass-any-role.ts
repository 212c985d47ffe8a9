import type { PolicyStatement } from '../../template';
import { AI_SERVICES } from '../ai-workload';
import type { Answer } from '../answer';
import { any, answer, not } from '../answer';
import { IDENTITY_POLICY_TYPES, holderMay, judgeGrants } from '../grant';
import { isOpen } from '../resource-breadth';
import type { Rule } from '../rule';
import { demandsLike, testsOn } from '../statement-match';
import { RUN_WITH_ROLE } from './ai-actions';

const ANY_ROLE = /^\*+$|^arn:[^:]*:(iam|\*)::[^:]*:(role\/)?\*+$/;

/** `AISec-IAM09`. */
export const passAnyRole: Rule = {
  id: 'AISec-IAM09',
  name: 'PassAnyRole',
  title: 'Whoever starts AI workloads may pass named roles only',
  severity: 'HIGH',
  controls: ['AA3', 'P1'],
  threats: ['AML.T0012', 'LLM06'],
  why: 'With iam:PassRole on every role, whoever may start a notebook or a job runs code as the strongest role that trusts the service.',
  remedy: 'List the ARNs of the roles that are meant for these workloads.',
  example:
    "trainingRole.grantPassRole(pipelineRole); // names one role; iam:PassedToService as a condition says to whom",
  source: 'https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html',
  types: IDENTITY_POLICY_TYPES,
  check: (policy) => {
    if (holderMay(policy, RUN_WITH_ROLE) === 'NO') return undefined;
    return judgeGrants(
      policy,
      ['iam:PassRole'],
      (statement) => any([not(isOpen(statement, ANY_ROLE)), onlyToOthers(statement), demandsLike(statement, /^iam:resourcetag\/|^aws:resourcetag\//)]),
      'may pass every role of the account to an AI service',
    );
  },
};

/** Whether the role goes to services that run no AI workload. */
function onlyToOthers(statement: PolicyStatement): Answer {
  const services = testsOn(statement, 'iam:PassedToService')
    .filter(({ operator, ifExists }) => /^String(Equals|Like)/.test(operator) && !ifExists)
    .flatMap(({ values }) => values.map(({ parts }) => parts.join('')));
  return answer(services.length > 0 && !services.some((service) => AI_SERVICES.includes(service) || service.includes('*')));
}
