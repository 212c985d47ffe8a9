import { isPresent } from '../answer';
import type { Rule } from '../rule';

/** `AISec-SM10`. */
export const asyncOutputKey: Rule = {
  id: 'AISec-SM10',
  name: 'AsyncOutputKey',
  title: 'Results of asynchronous inference are encrypted with a key of your own',
  severity: 'HIGH',
  controls: ['DP2b'],
  threats: ['AML.T0024'],
  why: 'Answers of the model lie in S3 under the default key, readable for everybody who may read the bucket.',
  remedy: 'Set AsyncInferenceConfig.OutputConfig.KmsKeyId.',
  example: 'asyncInferenceConfig: { outputConfig: { s3OutputPath, s3FailurePath, kmsKeyId: key.keyArn } }',
  source: 'https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_AsyncInferenceOutputConfig.html',
  types: ['AWS::SageMaker::EndpointConfig'],
  check: (config) =>
    isPresent(config.at('AsyncInferenceConfig')) === 'NO'
      ? undefined
      : config.requirePresent('AsyncInferenceConfig.OutputConfig.KmsKeyId', 'results are written without a key of your own'),
};
