import type { Answer } from '../answer';
import { any, isPresent } from '../answer';
import { COMPLIANT, judged } from '../judgement';
import type { Rule } from '../rule';

/** `AISec-SM37`. */
export const modelCardExists: Rule = {
  id: 'AISec-SM37',
  name: 'ModelCardExists',
  title: 'A model has a model card',
  severity: 'LOW',
  controls: ['PG4'],
  threats: ['AML.T0010.003'],
  why: 'Nobody can say what the model is meant for, who owns it and how it was tested, least of all during an incident.',
  remedy: 'Add a model card, in the templates or in the registry.',
  example:
    "new sagemaker.CfnModelCard(this, 'Card', { modelCardName: 'fraud', modelCardStatus: 'Approved', content, " +
    'securityConfig: { kmsKeyId } });',
  source: 'https://docs.aws.amazon.com/sagemaker/latest/dg/model-cards.html',
  types: ['AWS::SageMaker::Model', 'AWS::SageMaker::ModelPackage'],
  scope: 'APP',
  evidenceOnly: true,
  check: ({ resource, app }) => {
    if (app.ofTypes('AWS::SageMaker::ModelCard').some(({ presence }) => presence === 'YES')) return COMPLIANT;
    const inPackage = app.ofTypes('AWS::SageMaker::ModelPackage').map((version) => isPresent(version.at('ModelCard')));
    const maybe = app.ofTypes('AWS::SageMaker::ModelCard').map((): Answer => 'UNKNOWN');
    return judged(any([...inPackage, ...maybe]), `no model card describes ${resource.logicalId}`);
  },
};
