import { isOneOf } from '../answer';
import { COMPLIANT, judged } from '../judgement';
import type { Rule } from '../rule';
import { ModelFront } from './model-front';

/** `AISec-API05`. */
export const functionUrlAuth: Rule = {
  id: 'AISec-API05',
  name: 'FunctionUrlAuth',
  title: 'The address of a function that calls a model asks for a signature',
  severity: 'CRITICAL',
  controls: ['MI1', 'AA1'],
  threats: ['AML.T0040', 'AML.T0034', 'AML.CS0030', 'LLM10'],
  why: 'Whoever finds the address uses the model at the cost of the owner, and no limit is before it.',
  remedy: 'Set AuthType to AWS_IAM, or put an API with an authorizer before the function.',
  example: 'fn.addFunctionUrl({ authType: lambda.FunctionUrlAuthType.AWS_IAM });',
  source: 'https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html',
  types: ['AWS::Lambda::Url'],
  check: ({ app, resource }) => {
    if (!ModelFront.of(app).leadsToModel(resource, 'TargetFunctionArn')) return undefined;
    return judged(isOneOf('AWS_IAM')(resource.at('AuthType')), 'everybody may call the function, and through it a model', 'AuthType');
  },
};

/** `AISec-API11`. */
export const functionUrlOrigins: Rule = {
  id: 'AISec-API11',
  name: 'FunctionUrlOrigins',
  title: 'The address of a function that calls a model names the sites that may call it from a browser',
  severity: 'MEDIUM',
  controls: ['MI1', 'RT5'],
  threats: ['AML.T0051.001', 'LLM01'],
  why: 'Any page that a user opens speaks to the model in his name and reads the answer.',
  remedy: 'Name the origins in Cors.AllowOrigins.',
  example: "fn.addFunctionUrl({ authType: lambda.FunctionUrlAuthType.AWS_IAM, cors: { allowedOrigins: ['https://app.example.com'] } });",
  source: 'https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html',
  types: ['AWS::Lambda::Url'],
  check: (url) => {
    if (!ModelFront.of(url.app).leadsToModel(url.resource, 'TargetFunctionArn')) return undefined;
    const origins = url.forEach('Cors.AllowOrigins', ({ path, value }) => {
      const everywhere = isOneOf('*')(value);
      return judged(everywhere === 'YES' ? 'NO' : everywhere === 'NO' ? 'YES' : 'UNKNOWN', 'every site may call the model from a browser', path);
    });
    return [COMPLIANT, ...origins];
  },
};
