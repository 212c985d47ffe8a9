import { any, isOneOf, isTrue, not } from '../answer';
import { judged } from '../judgement';
import { placesAt } from '../places';
import type { Rule } from '../rule';

/** `AISec-SM57`. */
export const multiModelIsolated: Rule = {
  id: 'AISec-SM57',
  name: 'MultiModelIsolated',
  title: 'A container that loads models by request is isolated',
  severity: 'HIGH',
  controls: ['RT1', 'RT3'],
  threats: ['AML.T0010.003', 'AML.T0011.000'],
  why: 'A multi-model container loads any archive below a prefix that a caller names: one planted file runs next to the other models.',
  remedy: 'Set EnableNetworkIsolation to true, or serve one model by one endpoint.',
  example:
    "new sagemaker.CfnModel(this, 'Model', { enableNetworkIsolation: true, primaryContainer: { mode: 'MultiModel', " +
    'image, modelDataUrl }, ... });',
  source: 'https://docs.aws.amazon.com/sagemaker/latest/dg/multi-model-endpoints.html',
  types: ['AWS::SageMaker::Model'],
  check: (model) => {
    const modes = ['PrimaryContainer.Mode', 'Containers.*.Mode'].flatMap((place) => placesAt(model.resource.properties, place));
    const several = any(modes.map(({ value }) => isOneOf('MultiModel')(value)));
    if (several === 'NO') return undefined;
    const isolated = isTrue(model.at('EnableNetworkIsolation'));
    return judged(any([not(several), isolated]), 'models that callers choose share an open network', 'EnableNetworkIsolation');
  },
};
