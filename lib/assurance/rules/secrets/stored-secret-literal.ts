import { Unknown, embeddedJson, isDict, textParts } from '../../template';
import { COMPLIANT, undetermined, violated } from '../judgement';
import type { Rule } from '../rule';
import { judgeMap, judgeNamed } from './literal-secrets';

/** `AISec-SE10`. */
export const storedSecretLiteral: Rule = {
  id: 'AISec-SE10',
  name: 'StoredSecretLiteral',
  title: 'The value of a secret does not stand in the template',
  severity: 'HIGH',
  controls: ['AA5', 'RT4'],
  threats: ['AML.T0055', 'AML.T0083'],
  why:
    'A secret that is written in the template is in the repository, in the history of the stack and in the parameter ' +
    'store, for every reader.',
  remedy: 'Let Secrets Manager generate the value, or put it in by hand after the deployment.',
  example: "new secretsmanager.Secret(this, 'Token', { generateSecretString: { passwordLength: 40 } });",
  source: 'https://docs.aws.amazon.com/secretsmanager/latest/userguide/best-practices.html',
  types: ['AWS::SecretsManager::Secret', 'AWS::SSM::Parameter'],
  check: ({ resource }) => {
    if (resource.type === 'AWS::SSM::Parameter') {
      return [judgeNamed(textParts(resource.at('Name'))?.join('').split('/').pop() ?? '', resource.at('Value'), 'Value')];
    }
    const value = resource.at('SecretString');
    if (value === undefined) return COMPLIANT;
    const content = embeddedJson(value);
    if (isDict(content)) return judgeMap(content, 'SecretString');
    if (typeof value === 'string' && value !== '') return violated('the value of the secret stands in the template', 'SecretString');
    return value instanceof Unknown && !value.isParameter && value.kind !== 'CONDITION'
      ? COMPLIANT
      : undetermined('the value of the secret may stand in the template', 'SecretString');
  },
};
