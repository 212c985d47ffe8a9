import { valueAt } from '../../template';
import { isPresent, isTrue } from '../answer';
import { judged } from '../judgement';
import { placesAt } from '../places';
import type { Rule } from '../rule';
import { isServerlessOnly } from './variants';

/** `AISec-SM09`. */
export const endpointDataCapture: Rule = {
  id: 'AISec-SM09',
  name: 'EndpointDataCapture',
  title: 'An endpoint captures a sample of its traffic',
  severity: 'MEDIUM',
  controls: ['OB3'],
  threats: ['AML.T0015'],
  why: 'Nobody sees that inputs drift or that somebody probes the model when no request is kept to look at.',
  remedy: 'Set DataCaptureConfig with a sampling rate, or acknowledge the rule where the content must not be kept.',
  example:
    'dataCaptureConfig: { enableCapture: true, kmsKeyId: key.keyArn, destinationS3Uri, initialSamplingPercentage: 20, ' +
    'captureOptions }',
  source: 'https://docs.aws.amazon.com/sagemaker/latest/dg/model-monitor-data-capture.html',
  types: ['AWS::SageMaker::EndpointConfig'],
  check: (config) => {
    // Capture exists neither for serverless and asynchronous variants nor for inference components.
    const { resource } = config;
    const components = placesAt(resource.properties, 'ProductionVariants.*').some(
      ({ value }) => valueAt(value, ['ModelName']) === undefined,
    );
    if (isServerlessOnly(resource) || components || isPresent(resource.at('AsyncInferenceConfig')) !== 'NO') return undefined;
    const captured = config.at('DataCaptureConfig') === undefined ? undefined : (config.at('DataCaptureConfig.EnableCapture') ?? true);
    return judged(isTrue(captured), 'no traffic of the endpoint is kept: drift and probing go unseen', 'DataCaptureConfig');
  },
};
