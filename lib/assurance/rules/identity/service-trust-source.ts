import type { PolicyStatement } from '../../template';
import { ofAiApp } from '../of-ai-app';
import { judgeAllows, SOURCE } from '../resource-policy';
import type { Rule } from '../rule';
import { demandsLike } from '../statement-match';

const TRUST = 'AssumeRolePolicyDocument';
/** Services whose pages name the aws:SourceArn that they send when they assume a role. */
const NAME_SOURCE = /^(sagemaker|bedrock|states|vpc-flow-logs)\.amazonaws\.com/;

/** What uses such a role in the templates: then the kind of resource is known. */
const USERS = /^AWS::(SageMaker|Bedrock|StepFunctions)::|^AWS::EC2::FlowLog$/;

/** `AISec-IAM40`. */
export const serviceTrustNamesSource: Rule = {
  id: 'AISec-IAM40',
  name: 'ServiceTrustNamesSource',
  title: 'A service assumes a role that it uses in an app with an AI workload for named kinds of resources only',
  severity: 'LOW',
  controls: ['AA2', 'AA3'],
  threats: ['AML.T0012', 'LLM06'],
  why: 'Bound to the account alone, the role of the endpoint is used by any notebook, job or state machine that somebody in the account makes and may pass it to.',
  remedy: 'Demand aws:SourceArn as well, at least for the kind of resource and the account.',
  example:
    "new iam.ServicePrincipal('sagemaker.amazonaws.com', { conditions: { StringEquals: { 'aws:SourceAccount': this.account }, ArnLike: { 'aws:SourceArn': `arn:aws:sagemaker:${this.region}:${this.account}:training-job/*` } } })",
  source: 'https://docs.aws.amazon.com/sagemaker/latest/dg/security-confused-deputy-prevention.html',
  types: ['AWS::IAM::Role'],
  check: ofAiApp(({ app, resource }) => {
    if (!resource.incoming.some(({ from }) => USERS.test(from.type))) return undefined;
    return judgeAllows(
      { sites: app.statementsAt(resource, TRUST), unreadable: app.unreadable(resource, TRUST), property: TRUST },
      // Without any bound AISec-IAM06, AISec-IAM23 and AISec-BR12 find it.
      (statement) => isForSender(statement) && demandsLike(statement, SOURCE) !== 'NO',
      (statement) => demandsLike(statement, /^aws:sourcearn$/),
      'the service may assume the role for any resource of the account',
    );
  }),
};

function isForSender({ principals }: PolicyStatement): boolean {
  return (principals?.principals ?? []).some(({ kind, parts }) => kind === 'Service' && NAME_SOURCE.test(parts.join('')));
}
