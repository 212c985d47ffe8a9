import type { Unknown } from '../../template';
import type { Judgement } from '../judgement';
import { COMPLIANT, judged, undetermined } from '../judgement';
import type { Rule } from '../rule';
import { demandsLike, isForAnybody } from '../statement-match';

/** `AISec-BR26`. */
export const sharedWithNamedPrincipals: Rule = {
  id: 'AISec-BR26',
  name: 'SharedWithNamedPrincipals',
  title: 'Models, guardrails and knowledge bases are shared with named principals only',
  severity: 'CRITICAL',
  controls: ['MI1', 'AA3'],
  threats: ['AML.T0040', 'AML.T0035', 'LLM02'],
  why: 'Every account of the world may use the custom model or read the documents of the knowledge base.',
  remedy: 'Name accounts or roles in Principal, or demand aws:PrincipalOrgID.',
  example: "new bedrock.CfnResourcePolicy(this, 'Share', { resourceArn: modelArn, policyDocument: { Statement: [{ Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::222222222222:root' }, Action: 'bedrock:InvokeModel', Resource: '*' }] } });",
  source: 'https://docs.aws.amazon.com/bedrock/latest/userguide/security_iam_service-with-iam.html',
  types: ['AWS::Bedrock::ResourcePolicy', 'AWS::Bedrock::KnowledgeBasePolicy'],
  check: ({ app, resource }) => [
    COMPLIANT,
    ...app.unreadable(resource, 'PolicyDocument').map(({ reason }: Unknown) => undetermined(`the policy cannot be read: ${reason}`, 'PolicyDocument')),
    ...app
      .statementsAt(resource, 'PolicyDocument')
      .filter(({ statement }) => statement.effect === 'Allow' && isForAnybody(statement))
      .map(({ statement, path }): Judgement =>
        judged(demandsLike(statement, /^aws:(principal(orgid|orgpaths|account|arn)|source(account|arn|vpce?))$/), 'is shared with anybody', path),
      ),
  ],
};
