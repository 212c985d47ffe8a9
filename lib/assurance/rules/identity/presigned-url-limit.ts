import { any } from '../answer';
import { IDENTITY_POLICY_TYPES, deniedUnless, judgeGrants } from '../grant';
import type { Rule } from '../rule';
import { demandsLike } from '../statement-match';
import { PRESIGN_SESSION } from './ai-actions';

/** `AISec-IAM04`. */
export const presignedUrlLimit: Rule = {
  id: 'AISec-IAM04',
  name: 'PresignedUrlLimit',
  title: 'Signed addresses of notebooks and studios are made only for requests from a known network',
  severity: 'HIGH',
  controls: ['AA2', 'RT1'],
  threats: ['AML.T0012', 'AML.CS0018'],
  why: 'A signed address is a session: whoever reads it in a log or a chat opens the notebook with its role, from anywhere.',
  remedy: 'Demand aws:SourceVpce, aws:SourceVpc or aws:SourceIp; the action has no condition keys of its own.',
  example:
    "new iam.PolicyStatement({ actions: ['sagemaker:CreatePresignedDomainUrl'], resources: [profileArn], conditions: { StringEquals: { 'aws:SourceVpce': endpoint.vpcEndpointId } } });",
  source: 'https://docs.aws.amazon.com/sagemaker/latest/dg/security_iam_id-based-policy-examples.html',
  types: IDENTITY_POLICY_TYPES,
  check: (policy) =>
    judgeGrants(
      policy,
      PRESIGN_SESSION,
      (statement) =>
        any([
          demandsLike(statement, /^aws:(sourcevpce?|sourceip|vpcsourceip)$/),
          deniedUnless(policy, statement, PRESIGN_SESSION, 'aws:SourceVpce', 'aws:SourceVpc', 'aws:SourceIp', 'aws:VpcSourceIp'),
        ]),
      'signs sessions of notebooks or studios for requests from anywhere',
    ),
};
