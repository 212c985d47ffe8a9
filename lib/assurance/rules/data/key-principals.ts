import { ofAiApp } from '../of-ai-app';
import type { Rule } from '../rule';
import { demandsLike, isForAnybody } from '../statement-match';
import { KEY, judgeKeyAllows } from './key-policy';

/** `AISec-DP60`. */
export const keyNamesPrincipals: Rule = {
  id: 'AISec-DP60',
  name: 'KeyNamesPrincipals',
  title: 'The policy of a key of an app with an AI workload says who uses it, and not only on whose behalf',
  severity: 'LOW',
  controls: ['DP3', 'AA3'],
  threats: ['AML.T0035'],
  why: 'A star with a source condition trusts every service that acts for the resource, not the one that was meant.',
  remedy: 'Name the service or the role in Principal, or demand kms:CallerAccount or aws:PrincipalOrgID.',
  example:
    "key.addToResourcePolicy(new iam.PolicyStatement({ principals: [new iam.ServicePrincipal('events.amazonaws.com')], actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: ['*'], conditions: { StringEquals: { 'aws:SourceAccount': account } } }));",
  source: 'https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-services.html',
  types: KEY,
  check: ofAiApp((key) =>
    judgeKeyAllows(
      key,
      // Without any bound AISec-DP14 finds it.
      (statement) => isForAnybody(statement) && demandsLike(statement, /^aws:source(account|arn|orgid)$/) !== 'NO',
      (statement) => demandsLike(statement, /^(kms:calleraccount|aws:principal(orgid|orgpaths|account|arn))$/),
      'every service may use the key that acts for the resource',
    ),
  ),
};
