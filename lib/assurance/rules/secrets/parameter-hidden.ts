import { answer } from '../answer';
import type { Judgement } from '../judgement';
import { judged, undetermined, violated } from '../judgement';
import type { Rule } from '../rule';
import { ANY_TYPE } from '../rule';
import { secretName } from './secret-names';
import { secretIn } from './secret-text';

/** `AISec-SE09`. */
export const parameterHidden: Rule = {
  id: 'AISec-SE09',
  name: 'ParameterHidden',
  title: 'A parameter with the name of a secret is hidden and has no default',
  severity: 'HIGH',
  controls: ['AA5', 'RT4'],
  threats: ['AML.T0055', 'AML.T0083'],
  why: 'The default is in the template; without NoEcho the console and DescribeStacks show the value to every reader.',
  remedy: 'Pass the name of a secret instead. Where the value must be a parameter, set NoEcho and no default.',
  example: "new CfnParameter(this, 'TokenName', { type: 'String', description: 'Name of the secret that holds the token' });",
  source: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/security-best-practices.html',
  types: [ANY_TYPE],
  scope: 'STACK',
  check: ({ resource }) => [...resource.stack.rawParameters].flatMap(([name, parameter]) => judgeParameter(name, parameter)),
};

function judgeParameter(name: string, parameter: Readonly<Record<string, unknown>>): Judgement[] {
  const path = `Parameters.${name}`;
  const known = typeof parameter.Default === 'string' ? secretIn(name, parameter.Default) : undefined;
  if (known !== undefined) return [violated(`the default of parameter '${name}' is ${known}`, path)];
  if (secretName(name) === undefined) return [];
  if (String(parameter.Type).startsWith('AWS::SSM::')) {
    return [undetermined(`whether the stored value of parameter '${name}' is a secret is not known`, path)];
  }
  return [judged(answer(String(parameter.NoEcho) === 'true'), `parameter '${name}' is shown to every reader of the stack`, path)];
}
