import { any, isOneOf, isPresent, matches, not } from '../answer';
import { ModelFront } from '../inference-api/model-front';
import { judged } from '../judgement';
import { ofAiApp } from '../of-ai-app';
import type { Rule } from '../rule';

const PERMISSION = ['AWS::Lambda::Permission'];

/** `AISec-IAM24`. */
export const functionNamedCallers: Rule = {
  id: 'AISec-IAM24',
  name: 'FunctionNamedCallers',
  title: 'A function of an app with an AI workload is invoked by named principals',
  severity: 'MEDIUM',
  controls: ['AA3', 'P1'],
  threats: ['AML.T0049', 'AML.T0034'],
  why: 'Functions that promote, sweep and sign are steps of the workload: whoever invokes them at will skips the steps before.',
  remedy: 'Name the service, account or role in Principal; a star needs PrincipalOrgID.',
  example: "fn.addPermission('Rule', { principal: new iam.ServicePrincipal('events.amazonaws.com'), sourceArn: rule.ruleArn });",
  source: 'https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html',
  types: PERMISSION,
  check: ofAiApp(({ app, resource }) => {
    // The address of a function without a signature is judged by AISec-API05, functions that call a model by AISec-API13.
    if (resource.at('FunctionUrlAuthType') === 'NONE') return undefined;
    const bySource = ['SourceArn', 'SourceAccount'].some((path) => resource.at(path) !== undefined);
    if (!bySource && ModelFront.of(app).leadsToModel(resource, 'FunctionName')) return undefined;
    return judged(any([not(isOneOf('*')(resource.at('Principal'))), isPresent(resource.at('PrincipalOrgID'))]), 'everybody may invoke the function', 'Principal');
  }),
};

/** `AISec-IAM25`. */
export const functionServicesBound: Rule = {
  id: 'AISec-IAM25',
  name: 'FunctionServicesBound',
  title: 'A service invokes a function of an app with an AI workload for the own account only',
  severity: 'MEDIUM',
  controls: ['AA2'],
  threats: ['AML.T0049'],
  why: 'The service acts for all its customers: a rule or a bucket of another account invokes the function with an event of its choice.',
  remedy: 'Add SourceArn, or SourceAccount.',
  example: "fn.addPermission('Rule', { principal: new iam.ServicePrincipal('events.amazonaws.com'), sourceArn: rule.ruleArn });",
  source: 'https://docs.aws.amazon.com/lambda/latest/dg/permissions-function-services.html',
  types: PERMISSION,
  check: ofAiApp(({ resource }) => {
    if (matches(/^[a-z0-9.-]+\.amazonaws\.com/)(resource.at('Principal')) === 'NO') return undefined;
    const bound = ['SourceArn', 'SourceAccount', 'PrincipalOrgID', 'EventSourceToken'].map((path) => isPresent(resource.at(path)));
    return judged(any(bound), 'the service may invoke the function for any account', 'SourceArn');
  }),
};

/** `AISec-IAM26`. */
export const functionInvokeOnly: Rule = {
  id: 'AISec-IAM26',
  name: 'FunctionInvokeOnly',
  title: 'A function of an app with an AI workload is opened for named actions only',
  severity: 'MEDIUM',
  controls: ['P1'],
  threats: ['AML.T0012'],
  why: 'A permission for lambda:* lets the caller replace the code of the function, and with it what runs under its role.',
  remedy: 'Set Action to lambda:InvokeFunction.',
  example: "new lambda.CfnPermission(this, 'Rule', { action: 'lambda:InvokeFunction', functionName, principal: 'events.amazonaws.com', sourceArn });",
  source: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-lambda-permission.html',
  types: PERMISSION,
  check: ofAiApp((permission) => permission.require('Action', (value) => not(isOneOf('lambda:*', '*')(value)), 'the caller may manage the function')),
};
