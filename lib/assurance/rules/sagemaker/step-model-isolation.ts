import type { Value } from '../../template';
import { valueAt } from '../../template';
import { hasItems, isTrue } from '../answer';
import { DEFINITION_TYPES, stepsCalling } from '../definitions/definition';
import { judged } from '../judgement';
import type { Rule } from '../rule';

/** `AISec-SM22f`. */
export const stepModelIsolation: Rule = {
  id: 'AISec-SM22f',
  name: 'StepModelIsolation',
  title: 'Models that pipelines and state machines make have no network of their own',
  severity: 'CRITICAL',
  controls: ['RT1', 'RT3'],
  threats: ['AML.T0025', 'AML.CS0031'],
  why: 'The model that a workflow deploys is in no template: an open network there is seen by no other check.',
  remedy: 'Set EnableNetworkIsolation to true and VpcConfig in the request of CreateModel.',
  example: "new tasks.SageMakerCreateModel(this, 'Model', { enableNetworkIsolation: true, vpc, ... });",
  source: 'https://docs.aws.amazon.com/sagemaker/latest/dg/mkt-algo-model-internet-free.html',
  types: DEFINITION_TYPES,
  check: ({ resource }) =>
    stepsCalling(resource, 'sagemaker:createModel').flatMap(({ name, path, request }) => {
      const at = (place: string): Value | undefined => valueAt(request, place.split('.'));
      return [
        judged(isTrue(at('EnableNetworkIsolation')), `${name}: the container may open connections`, `${path}.EnableNetworkIsolation`),
        judged(hasItems(1)(at('VpcConfig.Subnets')), `${name}: the model runs outside of your VPC`, `${path}.VpcConfig.Subnets`),
      ];
    }),
};
