import { AiWorkload } from '../ai-workload';
import { COMPLIANT, undetermined } from '../judgement';
import { judgeAnybody } from '../open-to-anybody';
import type { Rule } from '../rule';

/** `AISec-DP14`. */
export const aiKeyNamedUsers: Rule = {
  id: 'AISec-DP14',
  name: 'AiKeyNamedUsers',
  title: 'A key of an AI workload is used by named principals only',
  severity: 'CRITICAL',
  controls: ['DP3', 'AA3'],
  threats: ['AML.T0035', 'AML.T0048.004', 'LLM02'],
  why: 'The key is the second lock on models and data: open to anybody it locks nothing.',
  remedy: 'Name the account root, which leaves it to IAM, or roles; a star needs kms:CallerAccount or aws:PrincipalOrgID.',
  example: "new kms.Key(this, 'Key', { enableKeyRotation: true }); // its policy names the account, and grants name roles",
  source: 'https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html',
  types: ['AWS::KMS::Key'],
  check: ({ app, resource }) => {
    if (!AiWorkload.of(app).isKey(resource)) return undefined;
    const bound = /^(kms:calleraccount|aws:(principal(orgid|orgpaths|account|arn)|source(account|arn|orgid)))$/;
    const statements = app
      .statementsAt(resource, 'KeyPolicy')
      .map((site) => ({ ...site, path: `${site.path}.Statement.${site.statement.index}` }));
    return [
      COMPLIANT,
      ...app.unreadable(resource, 'KeyPolicy').map(({ reason }) => undetermined(`the policy of the key cannot be read: ${reason}`, 'KeyPolicy')),
      ...judgeAnybody(statements, bound, 'anybody may use the key'),
    ];
  },
};
