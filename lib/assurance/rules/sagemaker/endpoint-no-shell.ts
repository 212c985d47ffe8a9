import { isTrue, not } from '../answer';
import { judged } from '../judgement';
import type { Rule } from '../rule';

/** `AISec-SM49`. */
export const endpointNoShell: Rule = {
  id: 'AISec-SM49',
  name: 'EndpointNoShell',
  title: 'Nobody opens a shell on the instances of an endpoint',
  severity: 'HIGH',
  controls: ['RT2', 'AA4'],
  threats: ['AML.T0012'],
  why: 'A session on the host reads the weights and the requests in memory, past the isolation of the container.',
  remedy: 'Leave EnableSSMAccess out.',
  example: "productionVariants: [{ initialInstanceCount: 2, instanceType: 'ml.m5.large', modelName, variantName: 'main' }]",
  source: 'https://docs.aws.amazon.com/sagemaker/latest/dg/ssm-access.html',
  types: ['AWS::SageMaker::EndpointConfig'],
  check: (config) =>
    ['ProductionVariants', 'ShadowProductionVariants'].flatMap((list) =>
      config.forEach(list, ({ path }, at) =>
        judged(not(isTrue(at('EnableSSMAccess'))), 'a shell opens on the instances of the endpoint', `${path}.EnableSSMAccess`),
      ),
    ),
};
