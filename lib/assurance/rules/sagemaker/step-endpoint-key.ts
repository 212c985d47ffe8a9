import { valueAt } from '../../template';
import { any } from '../answer';
import { DEFINITION_TYPES, stepsCalling } from '../definitions/definition';
import { judged } from '../judgement';
import { placesAt } from '../places';
import type { Rule } from '../rule';
import { volumeIsEncrypted } from './local-storage';

/** `AISec-SM22g`. */
export const stepEndpointKey: Rule = {
  id: 'AISec-SM22g',
  name: 'StepEndpointKey',
  title: 'Endpoint configurations that pipelines and state machines make have a key of your own',
  severity: 'HIGH',
  controls: ['DP2b', 'MI3'],
  threats: ['AML.T0048.004'],
  why: 'The endpoint that a workflow deploys is in no template: its volume with the weights stays under a key of AWS, unseen.',
  remedy: 'Set KmsKeyId in the request of CreateEndpointConfig; instance types with local NVMe storage refuse it.',
  example: "new tasks.SageMakerCreateEndpointConfig(this, 'Config', { kmsKey: key, endpointConfigName, productionVariants });",
  source: 'https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpointConfig.html',
  types: DEFINITION_TYPES,
  check: ({ resource }) =>
    stepsCalling(resource, 'sagemaker:createEndpointConfig').flatMap(({ name, path, request }) => {
      const variants = placesAt(request, 'ProductionVariants.*').filter(({ value }) => valueAt(value, ['ServerlessConfig']) === undefined);
      const key = valueAt(request, ['KmsKeyId']);
      const answers = variants.map(({ value }) => volumeIsEncrypted(key, valueAt(value, ['InstanceType'])));
      return answers.length === 0 ? [] : judged(any(answers), `${name}: the volumes are under a key of AWS`, `${path}.KmsKeyId`);
    }),
};
