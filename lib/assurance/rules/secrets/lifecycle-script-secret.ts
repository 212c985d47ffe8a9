import { placesAt } from '../places';
import type { Rule } from '../rule';
import { judgeScript } from './script-secrets';

/** `AISec-SE04`. */
export const lifecycleScriptSecret: Rule = {
  id: 'AISec-SE04',
  name: 'LifecycleScriptSecret',
  title: 'No secret stands in a lifecycle script',
  severity: 'HIGH',
  controls: ['AA5', 'RT4'],
  threats: ['AML.T0055', 'AML.T0083'],
  why: 'The script is only encoded, not encrypted: DescribeNotebookInstanceLifecycleConfig gives it to every reader.',
  remedy: 'Let the script read the secret from Secrets Manager with the role of the notebook.',
  example: "content: Fn.base64('TOKEN=$(aws secretsmanager get-secret-value --secret-id hub --query SecretString --output text)')",
  source: 'https://docs.aws.amazon.com/sagemaker/latest/dg/notebook-lifecycle-config.html',
  types: ['AWS::SageMaker::NotebookInstanceLifecycleConfig', 'AWS::SageMaker::StudioLifecycleConfig'],
  check: ({ resource }) =>
    ['OnCreate.*.Content', 'OnStart.*.Content', 'StudioLifecycleConfigContent'].flatMap((place) =>
      placesAt(resource.properties, place).map(({ path, value }) => judgeScript(value, path)),
    ),
};
