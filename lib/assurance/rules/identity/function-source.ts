import { any, isPresent, matches } from '../answer';
import { judged } from '../judgement';
import { ofAiApp } from '../of-ai-app';
import type { Rule } from '../rule';

/** Services that invoke a function for a resource of their own, and send its ARN. */
const SENDS_ARN = /^(apigateway|events|scheduler|s3|sns|sqs|cognito-idp|bedrock|lexv2|iot|elasticloadbalancing)\.amazonaws\.com/;

/** `AISec-IAM41`. */
export const functionSourceNamed: Rule = {
  id: 'AISec-IAM41',
  name: 'FunctionSourceNamed',
  title: 'A service invokes a function of an app with an AI workload for a named resource',
  severity: 'LOW',
  controls: ['AA2', 'AA3'],
  threats: ['AML.T0049', 'AML.T0034'],
  why: 'Bound to the account alone, any interface or rule that somebody makes there calls the function behind the model, past the authoriser and the limits of the right one.',
  remedy: 'Set SourceArn to the resource that calls, beside SourceAccount.',
  example: "fn.addPermission('Api', { principal: new iam.ServicePrincipal('apigateway.amazonaws.com'), sourceArn: api.arnForExecuteApi('POST', '/infer', 'v1') });",
  source: 'https://docs.aws.amazon.com/lambda/latest/dg/permissions-function-services.html',
  types: ['AWS::Lambda::Permission'],
  check: ofAiApp(({ resource }) => {
    if (matches(SENDS_ARN)(resource.at('Principal')) === 'NO') return undefined;
    const named = isPresent(resource.at('SourceArn'));
    // Without any bound AISec-IAM25 finds it.
    if (named !== 'YES' && any(['SourceAccount', 'PrincipalOrgID', 'EventSourceToken'].map((path) => isPresent(resource.at(path)))) === 'NO') return undefined;
    return judged(named, 'the service may invoke the function for any resource of the account', 'SourceArn');
  }),
};
