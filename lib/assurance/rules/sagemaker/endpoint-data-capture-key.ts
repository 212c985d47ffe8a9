import { isPresent } from '../answer';
import type { Rule } from '../rule';

/** `AISec-SM08`. */
export const endpointDataCaptureKey: Rule = {
  id: 'AISec-SM08',
  name: 'EndpointDataCaptureKey',
  title: 'Captured requests and answers are encrypted with a key of your own',
  severity: 'HIGH',
  controls: ['DP2b', 'OB1'],
  threats: ['AML.T0024'],
  why: 'Capture writes prompts and personal data to S3; under the default key everybody with read access to the bucket reads them.',
  remedy: 'Set DataCaptureConfig.KmsKeyId to a key whose policy names the readers.',
  example:
    'dataCaptureConfig: { enableCapture: true, kmsKeyId: key.keyArn, destinationS3Uri, initialSamplingPercentage: 20, ' +
    'captureOptions }',
  source: 'https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DataCaptureConfig.html',
  types: ['AWS::SageMaker::EndpointConfig'],
  check: (config) => {
    if (isPresent(config.at('DataCaptureConfig')) === 'NO' || config.at('DataCaptureConfig.EnableCapture') === false) return undefined;
    return config.requirePresent('DataCaptureConfig.KmsKeyId', 'captured requests are written without a key of your own');
  },
};
