import type { Value } from '../../template';
import { valueAt } from '../../template';
import { placesAt } from '../places';
import type { Rule } from '../rule';
import { judgePairs } from './literal-secrets';
import { judgeScript } from './script-secrets';

/** `AISec-SE07`. */
export const buildEnvironment: Rule = {
  id: 'AISec-SE07',
  name: 'BuildEnvironment',
  title: 'No secret stands in the environment or the commands of a build',
  severity: 'HIGH',
  controls: ['AA5', 'RT4'],
  threats: ['AML.T0055', 'AML.T0083'],
  why: 'Builds print their environment, and everybody who may read the project reads it; with the token they write to the repository.',
  remedy: 'Set the type of the variable to SECRETS_MANAGER and its value to the name of the secret.',
  example: 'environmentVariables: { TOKEN: { type: codebuild.BuildEnvironmentVariableType.SECRETS_MANAGER, value: secret.secretName } }',
  source: 'https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html',
  types: ['AWS::CodeBuild::Project'],
  check: ({ resource }) => [
    ...judgePairs(placesAt(resource.properties, 'Environment.EnvironmentVariables.*').filter(({ value }) => isPlain(value))),
    ...placesAt(resource.properties, 'Source.BuildSpec').map(({ path, value }) => judgeScript(value, path)),
  ],
};

/** What is looked up by the value is no secret itself. */
function isPlain(variable: Value): boolean {
  const type = valueAt(variable, ['Type']);
  return type !== 'SECRETS_MANAGER' && type !== 'PARAMETER_STORE';
}
