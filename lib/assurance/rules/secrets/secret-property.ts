import type { Value } from '../../template';
import { Unknown } from '../../template';
import { COMPLIANT } from '../judgement';
import type { Rule } from '../rule';
import { ANY_TYPE } from '../rule';
import { judgeNamed, nameOf } from './literal-secrets';
import { secretName } from './secret-names';

/** `AISec-SE11`. */
export const secretProperty: Rule = {
  id: 'AISec-SE11',
  name: 'SecretProperty',
  title: 'No password or key is a literal property of a resource',
  severity: 'HIGH',
  controls: ['AA5', 'RT4'],
  threats: ['AML.T0055', 'AML.T0083'],
  why: 'The password of a database or the secret of a client is in the template and its history: whoever reads the repository logs in.',
  remedy: 'Use a dynamic reference to Secrets Manager, or a password that the service manages itself.',
  example: "masterUserPassword: secret.secretValueFromJson('password').unsafeUnwrap() // renders {{resolve:secretsmanager:...}}",
  source: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references-secretsmanager.html',
  types: [ANY_TYPE],
  check: ({ app, resource }) => {
    if (OWN_RULES.includes(resource.type)) return undefined;
    return app.textsOf(resource)
      .filter(({ path }) => secretName(nameOf(path)) !== undefined && !ENVIRONMENTS.test(path))
      .map(({ path, value }) => (isHidden(value) ? COMPLIANT : judgeNamed(nameOf(path), value, path)));
  },
};

/** Types whose secrets have a rule of their own. */
const OWN_RULES: readonly string[] = [
  'AWS::SecretsManager::Secret',
  'AWS::SSM::Parameter',
  'AWS::SageMaker::Pipeline',
  'AWS::StepFunctions::StateMachine',
  'AWS::SageMaker::NotebookInstanceLifecycleConfig',
  'AWS::SageMaker::StudioLifecycleConfig',
  'AWS::CodePipeline::Pipeline',
  'AWS::CodePipeline::Webhook',
];
const ENVIRONMENTS = /(?:^|\.)(?:Environment|EnvironmentVariables|Variables|UserData|BuildSpec|Environment\.\d+)(?:\.|$)/;

/** A parameter with NoEcho is where such a value belongs. */
function isHidden(value: Value): boolean {
  return value instanceof Unknown && value.kind === 'HIDDEN_PARAMETER';
}
