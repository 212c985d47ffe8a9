import { ofAiApp } from '../of-ai-app';
import type { Rule } from '../rule';
import { demandsLike, isForAnybody } from '../statement-match';
import { KEY, judgeKeyAllows } from './key-policy';

const BOUND = /^(kms:calleraccount|aws:(principal(orgid|orgpaths|account|arn)|source(account|arn|orgid)))$/;

/** `AISec-DP14`. */
export const aiKeyNamedUsers: Rule = {
  id: 'AISec-DP14',
  name: 'AiKeyNamedUsers',
  title: 'A key of an app with an AI workload is used by named principals only',
  severity: 'CRITICAL',
  controls: ['DP3', 'AA3'],
  threats: ['AML.T0035', 'AML.T0048.004', 'LLM02'],
  why: 'The key is the second lock on models, data and logs: open to anybody it locks nothing.',
  remedy: 'Name the account root, which leaves it to IAM, or roles; a star needs kms:CallerAccount or aws:PrincipalOrgID.',
  example: "new kms.Key(this, 'Key', { enableKeyRotation: true }); // its policy names the account, and grants name roles",
  source: 'https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html',
  types: KEY,
  check: ofAiApp((key) => judgeKeyAllows(key, isForAnybody, (statement) => demandsLike(statement, BOUND), 'anybody may use the key')),
};
