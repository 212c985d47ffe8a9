import { isAtLeast } from '../answer';
import { judged } from '../judgement';
import type { Rule } from '../rule';

/** `AISec-SM48`. */
export const endpointTwoInstances: Rule = {
  id: 'AISec-SM48',
  name: 'EndpointTwoInstances',
  title: 'A variant of an endpoint runs on two instances at least',
  severity: 'LOW',
  controls: ['ML8'],
  threats: ['AML.T0029'],
  why: 'One instance, and with it the service, falls to one crash or one request that is too much for it.',
  remedy: 'Set InitialInstanceCount to two or more: they are spread over zones.',
  example: "productionVariants: [{ initialInstanceCount: 2, instanceType: 'ml.m5.large', modelName, variantName: 'main' }]",
  source: 'https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-best-practices.html',
  types: ['AWS::SageMaker::EndpointConfig'],
  check: (config) =>
    config.forEach('ProductionVariants', ({ path }, at) => {
      // Serverless and managed variants grow by themselves.
      if (at('ServerlessConfig') !== undefined || at('ManagedInstanceScaling') !== undefined) return undefined;
      return judged(isAtLeast(2)(at('InitialInstanceCount')), 'the variant runs on a single instance', `${path}.InitialInstanceCount`);
    }),
};
