import { IDENTITY_POLICY_TYPES, deniedUnless, judgeGrants } from '../grant';
import { any } from '../answer';
import type { Rule } from '../rule';
import { demandsLike } from '../statement-match';
import { APPROVE_MODEL } from './ai-actions';

const KEY = 'sagemaker:ModelApprovalStatus';

/** `AISec-IAM42`. */
export const packageUpdatesOfStatus: Rule = {
  id: 'AISec-IAM42',
  name: 'PackageUpdatesOfStatus',
  title: 'Whoever updates model packages sets named approval statuses, and changes nothing else',
  severity: 'MEDIUM',
  controls: ['ML7', 'ML6'],
  threats: ['AML.T0018', 'AML.T0010.003', 'LLM03'],
  why: 'The same action adds containers and metadata to a package: an approved model gets another image or other artifacts after the approval.',
  remedy: `Demand ${KEY} with the statuses that the principal decides about: an update without a status is refused then.`,
  example:
    "new iam.PolicyStatement({ actions: ['sagemaker:UpdateModelPackage'], resources: [packageArn], conditions: { StringEquals: { 'sagemaker:ModelApprovalStatus': ['Approved', 'Rejected'] } } });",
  source: 'https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsagemakerai.html',
  types: IDENTITY_POLICY_TYPES,
  check: (policy) => {
    const said = judgeGrants(
      policy,
      [APPROVE_MODEL],
      (statement) => any([demandsLike(statement, /^sagemaker:modelapprovalstatus$/), deniedUnless(policy, statement, [APPROVE_MODEL], KEY)]),
      'packages are changed beyond their approval status',
    );
    return said.length === 0 ? undefined : said;
  },
};
