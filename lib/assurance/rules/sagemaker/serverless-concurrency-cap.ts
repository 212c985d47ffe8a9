import { isAtMost } from '../answer';
import { judged } from '../judgement';
import type { Rule } from '../rule';

/** `AISec-SM15`. */
export const serverlessConcurrencyCap: Rule = {
  id: 'AISec-SM15',
  name: 'ServerlessConcurrencyCap',
  title: 'Serverless variants have a low bound on concurrent requests',
  severity: 'LOW',
  controls: ['MI4'],
  threats: ['AML.T0034'],
  why: 'A flood of requests runs at the full concurrency of the variant and the account pays for it.',
  remedy: 'Set ServerlessConfig.MaxConcurrency to what the load needs: at most 50.',
  example: "productionVariants: [{ modelName, variantName: 'main', serverlessConfig: { maxConcurrency: 10, memorySizeInMb: 4096 } }]",
  source: 'https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariantServerlessConfig.html',
  types: ['AWS::SageMaker::EndpointConfig'],
  check: (config) =>
    config.forEach('ProductionVariants', ({ path }, at) => {
      if (at('ServerlessConfig') === undefined) return undefined;
      const place = `${path}.ServerlessConfig.MaxConcurrency`;
      return judged(isAtMost(50)(at('ServerlessConfig.MaxConcurrency')), 'the variant serves more than 50 requests at once', place);
    }),
};
