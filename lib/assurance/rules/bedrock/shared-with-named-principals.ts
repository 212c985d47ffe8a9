import { COMPLIANT, undetermined } from '../judgement';
import { judgeAnybody } from '../open-to-anybody';
import type { Rule } from '../rule';

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
    ...app.unreadable(resource, 'PolicyDocument').map(({ reason }) => undetermined(`the policy cannot be read: ${reason}`, 'PolicyDocument')),
    ...judgeAnybody(app.statementsAt(resource, 'PolicyDocument'), /^aws:(principal(orgid|orgpaths|account|arn)|source(account|arn|vpce?))$/, 'is shared with anybody'),
  ],
};
