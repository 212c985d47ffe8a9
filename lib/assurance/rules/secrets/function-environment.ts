import type { Rule } from '../rule';
import { judgeMap } from './literal-secrets';

/** `AISec-SE01`. */
export const functionEnvironment: Rule = {
  id: 'AISec-SE01',
  name: 'FunctionEnvironment',
  title: 'No secret stands in the environment of a function',
  severity: 'HIGH',
  controls: ['AA5', 'RT4'],
  threats: ['AML.T0055', 'AML.T0083'],
  why: 'The environment is in the template, in its history, and in every answer of GetFunction: read access is enough to take the key.',
  remedy: 'Keep the secret in Secrets Manager and give the function its name and the permission to read it.',
  example: "new lambda.Function(this, 'F', { environment: { KEY_NAME: secret.secretName }, ... }); secret.grantRead(fn);",
  source: 'https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html',
  types: ['AWS::Lambda::Function'],
  check: ({ resource }) => judgeMap(resource.at('Environment.Variables'), 'Environment.Variables'),
};
