import { any, isOneOf, isPresent, not } from '../answer';
import { judged } from '../judgement';
import type { Rule } from '../rule';
import { ModelFront } from './model-front';

/** `AISec-API13`. */
export const modelFunctionCallers: Rule = {
  id: 'AISec-API13',
  name: 'ModelFunctionCallers',
  title: 'A function that calls a model is invoked by named callers only',
  severity: 'CRITICAL',
  controls: ['MI1', 'AA3'],
  threats: ['AML.T0040', 'AML.T0034', 'LLM10'],
  why: 'Every account of the world may invoke the function, and through it the model.',
  remedy: 'Name the account, role or service in Principal and add SourceArn; a star needs PrincipalOrgID.',
  example: "fn.addPermission('Api', { principal: new iam.ServicePrincipal('apigateway.amazonaws.com'), sourceArn: api.arnForExecuteApi() });",
  source: 'https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html',
  types: ['AWS::Lambda::Permission'],
  check: ({ app, resource }) => {
    if (!ModelFront.of(app).leadsToModel(resource, 'FunctionName')) return undefined;
    // The address of a function without a signature is judged by AISec-API05.
    if (resource.at('FunctionUrlAuthType') === 'NONE') return undefined;
    const bound = ['PrincipalOrgID', 'SourceArn', 'SourceAccount'].map((path) => isPresent(resource.at(path)));
    return judged(any([not(isOneOf('*')(resource.at('Principal'))), ...bound]), 'everybody may invoke the function, and through it a model', 'Principal');
  },
};
