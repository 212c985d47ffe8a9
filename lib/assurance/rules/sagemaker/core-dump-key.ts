import { isPresent } from '../answer';
import { judged } from '../judgement';
import type { Rule } from '../rule';

/** `AISec-SM52`. */
export const coreDumpKey: Rule = {
  id: 'AISec-SM52',
  name: 'CoreDumpKey',
  title: 'Core dumps of an endpoint are encrypted with a key of your own',
  severity: 'HIGH',
  controls: ['DP2b', 'MI3'],
  threats: ['AML.T0025'],
  why: 'A dump holds the weights and the requests that were in memory; under the default key every reader of the bucket has them.',
  remedy: 'Leave CoreDumpConfig out, or set its KmsKeyId.',
  example: 'coreDumpConfig: { destinationS3Uri, kmsKeyId: key.keyArn }',
  source: 'https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariantCoreDumpConfig.html',
  types: ['AWS::SageMaker::EndpointConfig'],
  check: (config) =>
    ['ProductionVariants', 'ShadowProductionVariants'].flatMap((list) =>
      config.forEach(list, ({ path }, at) =>
        isPresent(at('CoreDumpConfig')) === 'NO'
          ? undefined
          : judged(
              isPresent(at('CoreDumpConfig.KmsKeyId')),
              'memory dumps are written without a key of your own',
              `${path}.CoreDumpConfig`,
            ),
      ),
    ),
};
